import { z } from 'zod'
import { day, hour, minute, startOfHour, startOfMonth } from '../time.ts'
import { planUsageInvoice, usagePrice } from './billing.ts'
import { AwsError } from './errors.ts'
import { feedUsage } from './feeds-charges.ts'
import type { Agreement, Json, Product, UsageRecord } from './model.ts'
import { product as findProduct, requestId, type World } from './world.ts'

/** Products made from here on are metered by licence only: many agreements of one customer may run side by side. */
const licenceKeyedSince = Date.parse('2026-06-01T00:00:00Z')
const oldestRecord = day
/** Last month's usage is taken until six in the morning UTC of the first day. */
const monthEndGrace = 6 * hour
/** After an agreement ended its last hours may still be sent for this long. */
const finalRecords = hour

const record = z.object({
  Timestamp: z.number(),
  CustomerIdentifier: z.string().optional(),
  CustomerAWSAccountId: z.string().optional(),
  LicenseArn: z.string().optional(),
  Dimension: z.string().min(1).max(255),
  Quantity: z.int().min(0).max(2147483647).default(0),
  UsageAllocations: z
    .array(
      z.object({
        AllocatedUsageQuantity: z.int().min(0).max(2147483647),
        Tags: z
          .array(z.object({ Key: z.string(), Value: z.string() }))
          .max(5)
          .optional(),
      }),
    )
    .max(2500)
    .optional(),
})
type WireRecord = z.infer<typeof record>

const batchSchema = z.object({ ProductCode: z.string().optional(), UsageRecords: z.array(record).max(25) })

type Keyed = {
  record: WireRecord
  product: Product
  agreement: Agreement | undefined
  by: UsageRecord['keyed_by']
}

/** Takes a batch; `half` is a fault that leaves the second half unprocessed. */
export function batchMeterUsage(world: World, account: string, body: Json, half: boolean): object {
  const read = batchSchema.safeParse(body)
  if (!read.success) {
    const issues = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw new AwsError('ValidationException', `The request is not valid. ${issues}`)
  }
  const { ProductCode, UsageRecords } = read.data
  const product = ProductCode ? ownProduct(world, account, ProductCode) : undefined
  const keyed = UsageRecords.map((item) => keyOf(world, account, item, product))
  if (new Set(keyed.map((item) => item.product.id)).size > 1) {
    throw new AwsError('InvalidLicenseException', 'All records of a batch must belong to one product.')
  }
  for (const item of keyed) checkRecord(world, item)
  const taken = half ? keyed.slice(0, Math.floor(keyed.length / 2)) : keyed
  return {
    Results: taken.map((item) => accept(world, account, item)),
    UnprocessedRecords: keyed.slice(taken.length).map((item) => item.record),
  }
}

function ownProduct(world: World, account: string, code: string): Product {
  const found = world.entities
    .all()
    .find((entity) => entity.kind === 'SaaSProduct' && entity.product_code === code)
  if (found?.kind !== 'SaaSProduct' || found.owner !== account) {
    throw new AwsError(
      'InvalidProductCodeException',
      `The product code ${code} is not known for this account.`,
    )
  }
  if (found.created_at >= licenceKeyedSince) {
    const message = 'This product is metered by LicenseArn and CustomerAWSAccountId: leave out ProductCode.'
    throw new AwsError('InvalidProductCodeException', message)
  }
  return found
}

function keyOf(world: World, account: string, item: WireRecord, product: Product | undefined): Keyed {
  if (product && !item.LicenseArn) {
    const customer = item.CustomerAWSAccountId ?? customerOf(world, item.CustomerIdentifier)
    const agreement = world.agreements
      .all()
      .findLast((candidate) => candidate.product_id === product.id && candidate.acceptor === customer)
    return { record: item, product, agreement, by: 'ProductCode' }
  }
  if (item.CustomerIdentifier !== undefined) {
    const message = 'CustomerIdentifier is not supported with LicenseArn: use CustomerAWSAccountId.'
    throw new AwsError('InvalidCustomerIdentifierException', message)
  }
  if (item.CustomerAWSAccountId === undefined) {
    throw new AwsError('InvalidCustomerIdentifierException', 'CustomerAWSAccountId is missing.')
  }
  const agreement = world.agreements.get(world.licenses.get(item.LicenseArn ?? '') ?? '')
  const sold = agreement && findProduct(world, agreement.product_id)
  if (!agreement || !sold || sold.owner !== account) {
    throw new AwsError(
      'InvalidLicenseException',
      `The license ${item.LicenseArn ?? '(missing)'} is not valid.`,
    )
  }
  return {
    record: item,
    product: sold,
    agreement: agreement.acceptor === item.CustomerAWSAccountId ? agreement : undefined,
    by: 'LicenseArn',
  }
}

function customerOf(world: World, identifier: string | undefined): string | undefined {
  return world.accounts.all().find((account) => account.encrypted_account_id === identifier)?.account_id
}

/** What makes the whole batch fail: one such record is enough. */
function checkRecord(world: World, { record: item, product }: Keyed): void {
  const now = world.clock.now()
  const at = item.Timestamp * 1000
  const monthStart = startOfMonth(now)
  const closed = at < monthStart && now >= monthStart + monthEndGrace
  if (at <= now - oldestRecord || at > now + minute || closed) {
    const message = `The timestamp ${new Date(at).toISOString()} is outside the accepted range.`
    throw new AwsError('TimestampOutOfBoundsException', message)
  }
  const dimension = product.dimensions.find((candidate) => candidate.Key === item.Dimension)
  if (!dimension?.Types.includes('Metered')) {
    const message = `The usage dimension ${item.Dimension} does not match one of the product's UsageDimensions.`
    throw new AwsError('InvalidUsageDimensionException', message)
  }
  const allocations = item.UsageAllocations
  const allocated = (allocations ?? []).reduce((total, part) => total + part.AllocatedUsageQuantity, 0)
  if (allocations && allocated !== item.Quantity) {
    throw new AwsError('InvalidUsageAllocationsException', 'The allocations must add up to the quantity.')
  }
}

function subscribed(world: World, agreement: Agreement | undefined, at: number): agreement is Agreement {
  if (!agreement || at < startOfHour(agreement.starts_at)) return false
  if (agreement.ended_at === undefined) return true
  return at <= agreement.ended_at && world.clock.now() <= agreement.ended_at + finalRecords
}

/** One record an hour for each agreement and dimension: the same again is the same record, another is a duplicate. */
function accept(world: World, account: string, { record: item, product, agreement, by }: Keyed): object {
  const at = item.Timestamp * 1000
  if (!subscribed(world, agreement, at)) return { UsageRecord: item, Status: 'CustomerNotSubscribed' }
  const key = [agreement.id, by, item.Dimension, startOfHour(at)].join('/')
  const allocations = JSON.stringify(item.UsageAllocations ?? [])
  const before = world.usage.get(key)
  if (before) {
    const same =
      before.quantity === item.Quantity && before.timestamp === at && before.allocations === allocations
    return { UsageRecord: item, MeteringRecordId: before.id, Status: same ? 'Success' : 'DuplicateRecord' }
  }
  const stored = world.usage.put(key, {
    id: requestId(world),
    account_id: account,
    agreement_id: agreement.id,
    product_id: product.id,
    customer: agreement.acceptor,
    license_arn: agreement.license_arn,
    dimension: item.Dimension,
    hour: startOfHour(at),
    timestamp: at,
    quantity: item.Quantity,
    allocations,
    keyed_by: by,
    received_at: world.clock.now(),
  })
  planUsageInvoice(world, stored.hour)
  feedUsage(world, agreement, stored, usagePrice(agreement, item.Dimension))
  return { UsageRecord: item, MeteringRecordId: stored.id, Status: 'Success' }
}

/** Trades a buyer's registration token for who the buyer is. */
export function resolveCustomer(world: World, account: string, body: Json): object {
  const { RegistrationToken = '' } = (body ?? {}) as { RegistrationToken?: string }
  const token = world.tokens.get(RegistrationToken)
  const agreement = token && world.agreements.get(token.agreement_id)
  const product = agreement && findProduct(world, agreement.product_id)
  if (!token || !agreement || product?.owner !== account) {
    throw new AwsError('InvalidTokenException', 'The registration token is not valid.')
  }
  if (token.expires_at <= world.clock.now()) {
    throw new AwsError('ExpiredTokenException', 'The registration token is expired.')
  }
  const identifier = world.accounts.get(agreement.acceptor)?.encrypted_account_id
  return {
    ProductCode: product.product_code,
    CustomerAWSAccountId: agreement.acceptor,
    LicenseArn: agreement.license_arn,
    ...(product.created_at < licenceKeyedSince && identifier ? { CustomerIdentifier: identifier } : {}),
  }
}

/** Metering from inside a buyer's own account is for other kinds of products than the sandbox has. */
export function meterUsage(): object {
  const message = 'The product code is not that of an AMI or a container product.'
  throw new AwsError('InvalidProductCodeException', message)
}
