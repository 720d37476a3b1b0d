import { z } from 'zod'
import { customerIdentifier } from './customers.ts'
import { AwsError } from './errors.ts'
import type { Agreement, Json } from './model.ts'
import { page, readPage } from './paging.ts'
import { termOf } from './selling/pricing-rules.ts'
import type { World } from './world.ts'

const schema = z.object({
  ProductCode: z.string().min(1).max(255),
  Filter: z
    .partialRecord(
      z.enum(['CUSTOMER_IDENTIFIER', 'CUSTOMER_AWS_ACCOUNT_ID', 'DIMENSION', 'LICENSE_ARN']),
      z.array(z.string()).min(1),
    )
    .optional(),
  MaxResults: z.int().min(1).max(25).optional(),
  NextToken: z.string().optional(),
})

/** What a buyer may use, by dimension: a fixed contract's grants, those of a trial while it runs, or the quantities the buyer configured. */
export function grantsOf(agreement: Agreement): [string, number][] {
  const trial = agreement.trial_over_at === undefined ? 'FreeTrialPricingTerm' : ''
  const fixed = termOf(agreement.terms, 'FixedUpfrontPricingTerm') ?? termOf(agreement.terms, trial)
  if (fixed?.Grants) return fixed.Grants.map((grant) => [grant.DimensionKey, grant.MaxQuantity ?? 1])
  return Object.entries(agreement.configuration?.dimensions ?? {})
}

export function getEntitlements(world: World, account: string, body: Json): object {
  const read = schema.safeParse(body)
  if (!read.success) {
    const issues = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw new AwsError('InvalidParameterException', `The request is not valid. ${issues}`)
  }
  const { ProductCode, Filter, MaxResults, NextToken } = read.data
  const product = world.entities
    .all()
    .find(
      (entity) =>
        entity.kind === 'SaaSProduct' && entity.product_code === ProductCode && entity.owner === account,
    )
  if (product?.kind !== 'SaaSProduct')
    throw new AwsError('InvalidParameterException', `The product code ${ProductCode} is not known.`)
  if (Filter?.CUSTOMER_IDENTIFIER && Filter.CUSTOMER_AWS_ACCOUNT_ID) {
    const message = 'CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID cannot be combined.'
    throw new AwsError('InvalidParameterException', message)
  }
  const offset = readPage(NextToken)
  if (offset === undefined) throw new AwsError('InvalidParameterException', 'The NextToken is not valid.')
  const found = world.agreements
    .all()
    .filter((agreement) => agreement.product_id === product.id && agreement.status === 'ACTIVE')
    .flatMap((agreement) =>
      grantsOf(agreement).map(([dimension, quantity]) => ({ agreement, dimension, quantity })),
    )
    .filter(({ agreement, dimension }) => {
      const customer = world.accounts.get(agreement.acceptor)?.encrypted_account_id ?? ''
      const allows = (values: string[] | undefined, value: string) => !values || values.includes(value)
      return (
        allows(Filter?.CUSTOMER_AWS_ACCOUNT_ID, agreement.acceptor) &&
        allows(Filter?.CUSTOMER_IDENTIFIER, customer) &&
        allows(Filter?.DIMENSION, dimension) &&
        allows(Filter?.LICENSE_ARN, agreement.license_arn)
      )
    })
  const { items, next } = page(found, offset, MaxResults ?? 25)
  return {
    Entitlements: items.map(({ agreement, dimension, quantity }) => ({
      ProductCode,
      Dimension: dimension,
      CustomerAWSAccountId: agreement.acceptor,
      ...customerIdentifier(world, product, agreement.acceptor),
      Value: { IntegerValue: quantity },
      ExpirationDate: agreement.ends_at / 1000,
      LicenseArn: agreement.license_arn,
    })),
    ...(next ? { NextToken: next } : {}),
  }
}
