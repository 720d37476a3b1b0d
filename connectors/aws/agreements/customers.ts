/** The agreements of a customer that one of the older topics named: by its licences, and by its private offer. */
import type { Filter } from '@aws-sdk/client-marketplace-agreement'
import type { CloudCustomer, Connection } from '../../connector.ts'
import type { Aws } from '../clients.ts'
import { isFaultOf } from '../faults.ts'
import { CATALOG } from '../wire/changesets.ts'

/** Licences of one customer for one product that are looked up; more are found by the next pull. */
const LICENSES_MAX = 20

export async function agreementsOf(
  aws: Aws,
  connection: Connection,
  { customer, product_code, offer_id }: CloudCustomer,
): Promise<string[]> {
  const licenses = await licensesOf(aws, connection, product_code, customer)
  const filters: Filter[] = [
    ...licenses.slice(0, LICENSES_MAX).map((license) => ({ name: 'LicenseArn', values: [license] })),
    ...(offer_id === null ? [] : [{ name: 'OfferId', values: [offer_id] }]),
  ]
  const found = new Set<string>()
  for (const filter of filters) for (const id of await search(aws, connection, filter)) found.add(id)
  return [...found]
}

/** None where AWS does not know the product, or the customer bought nothing that is counted. */
async function licensesOf(
  aws: Aws,
  connection: Connection,
  ProductCode: string,
  customer: string,
): Promise<string[]> {
  const client = await (await aws.clients(connection)).entitlement()
  const request = { ProductCode, Filter: { CUSTOMER_IDENTIFIER: [customer] }, MaxResults: 25 }
  try {
    const answer = await aws.guard(connection, 'GetEntitlements', (abortSignal) =>
      client.getEntitlements(request, { abortSignal }),
    )
    return [...new Set((answer.Entitlements ?? []).flatMap(({ LicenseArn }) => LicenseArn ?? []))]
  } catch (error) {
    if (isFaultOf(error, 'invalid', 'not_found', 'forbidden')) return []
    throw error
  }
}

async function search(aws: Aws, connection: Connection, filter: Filter): Promise<string[]> {
  const client = await (await aws.clients(connection)).agreement()
  const filters = [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    filter,
  ]
  const answer = await aws.guard(connection, 'SearchAgreements', (abortSignal) =>
    client.searchAgreements({ catalog: CATALOG, filters }, { abortSignal }),
  )
  return (answer.agreementViewSummaries ?? []).flatMap(({ agreementId }) => agreementId ?? [])
}
