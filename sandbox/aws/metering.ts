import { z } from 'zod'
import { day, hour, minute, startOfHour, startOfMonth } from '../time.ts'
import { licenceKeyedSince } from './customers.ts'
import { AwsError } from './errors.ts'
import type { Agreement, Json, Product, UsageRecord } from './model.ts'
import { planUsageInvoice, usagePrice } from './money/billing.ts'
import { feedUsage } from './money/feeds-charges.ts'
import { product as findProduct, requestId, type World } from './world.ts'

type MeteringWindow = { from: string; oldest: number; month_end_grace: number }

/**
 * How old a record may be, and until when last month's usage is taken after the month's end. Source: the API model of
 * the metering service (2016-01-14). When a window changes, one more entry with its date stands here.
 */
const meteringWindows: MeteringWindow[] = [{ from: '2016-01-14', oldest: day, month_end_grace: 6 * hour }]

function windowAt(now: number): MeteringWindow {
  const found = meteringWindows.findLast((candidate) => Date.parse(candidate.from) <= now)
  if (!found) throw new Error('there is no metering window')
  return found
}

/** A request must stay below this size. */
const requestBytesMax = 1024 * 1024
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
        Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
      }),
    )
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
  if (Buffer.byteLength(JSON.stringify(body)) >= requestBytesMax) {
    throw new AwsError('ValidationException', 'The request must be smaller than 1 MB.')
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
  const { oldest, month_end_grace } = windowAt(now)
  const monthStart = startOfMonth(now)
  const closed = at < monthStart && now >= monthStart + month_end_grace
  if (at <= now - oldest || at > now + minute || closed) {
    const message = `The timestamp ${new Date(at).toISOString()} is outside the accepted range.`
    throw new AwsError('TimestampOutOfBoundsException', message)
  }
  const dimension = product.dimensions.find((candidate) => candidate.Key === item.Dimension)
  if (!dimension?.Types.includes('Metered')) {
    const message = `The usage dimension ${item.Dimension} does not match one of the product's UsageDimensions.`
    throw new AwsError('InvalidUsageDimensionException', message)
  }
  checkAllocations(item)
}

const tagText = /^[a-zA-Z0-9+ \-=._:/@]+$/

function checkAllocations(item: WireRecord): void {
  const allocations = item.UsageAllocations
  if (!allocations) return
  if (allocations.length === 0 || allocations.length > 2500) {
    const message = 'A record has between 1 and 2500 usage allocations.'
    throw new AwsError('InvalidUsageAllocationsException', message)
  }
  for (const { Tags } of allocations) {
    if (!Tags) continue
    const keys = Tags.map((tag) => tag.Key)
    const sound = Tags.every(
      ({ Key, Value }) =>
        Key.length <= 100 && Value.length <= 256 && tagText.test(Key) && tagText.test(Value),
    )
    if (!sound || Tags.length === 0 || Tags.length > 5 || new Set(keys).size < keys.length) {
      const message = 'The tag is invalid, or the number of tags is greater than 5.'
      throw new AwsError('InvalidTagException', message)
    }
  }
  const sets = allocations.map(({ Tags }) =>
    JSON.stringify((Tags ?? []).map(({ Key, Value }) => [Key, Value]).sort()),
  )
  if (new Set(sets).size < sets.length) {
    const message = 'Each set of tags, and usage without tags, is allocated once.'
    throw new AwsError('InvalidUsageAllocationsException', message)
  }
  const allocated = allocations.reduce((total, part) => total + part.AllocatedUsageQuantity, 0)
  if (allocated !== item.Quantity) {
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
