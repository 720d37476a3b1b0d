/** Who stands behind a registration token, and what a licence entitles to. */
import type { Entitlement as AwsEntitlement } from '@aws-sdk/client-marketplace-entitlement-service'
import type { Connection, Entitlement, Registration } from '../../connector.ts'
import type { Aws } from '../clients.ts'
import { missing } from '../faults.ts'

/** Pages of entitlements of one licence; more than this is not a list that ends. */
const PAGES_MAX = 20

export async function readEntitlements(
  aws: Aws,
  connection: Connection,
  product_code: string,
  license: string,
): Promise<Entitlement[]> {
  const client = await (await aws.clients(connection)).entitlement()
  const found: Entitlement[] = []
  let token: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const request = {
      ProductCode: product_code,
      Filter: { LICENSE_ARN: [license] },
      MaxResults: 25,
      ...(token === undefined ? {} : { NextToken: token }),
    }
    const answer = await aws.guard(connection, 'GetEntitlements', (abortSignal) =>
      client.getEntitlements(request, { abortSignal }),
    )
    found.push(...(answer.Entitlements ?? []).map(fromAwsEntitlement))
    token = answer.NextToken
    if (token === undefined) break
  }
  return found
}

/** The value is one of four types; which one is not said, so the one that is there counts. */
export function fromAwsEntitlement(entitlement: AwsEntitlement): Entitlement {
  const { IntegerValue, DoubleValue, BooleanValue, StringValue } = entitlement.Value ?? {}
  return {
    dimension: entitlement.Dimension ?? '',
    value: String(IntegerValue ?? DoubleValue ?? BooleanValue ?? StringValue ?? ''),
    expires_at: entitlement.ExpirationDate ?? null,
    license: entitlement.LicenseArn ?? null,
  }
}

export async function resolveToken(aws: Aws, connection: Connection, token: string): Promise<Registration> {
  const client = await (await aws.clients(connection)).metering()
  const answer = await aws.guard(connection, 'ResolveCustomer', (abortSignal) =>
    client.resolveCustomer({ RegistrationToken: token }, { abortSignal }),
  )
  if (!answer.CustomerAWSAccountId) throw missing('ResolveCustomer', 'CustomerAWSAccountId', answer)
  return {
    buyer_account_id: answer.CustomerAWSAccountId,
    product_code: answer.ProductCode || null,
    license: answer.LicenseArn || null,
    // The token is as good as a password until it ends, so it is not kept.
    evidence: aws.evidence(undefined, answer),
  }
}
