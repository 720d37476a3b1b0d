import {
  BatchMeterUsageCommand,
  InvalidCustomerIdentifierException,
  InvalidLicenseException,
  InvalidProductCodeException,
  InvalidUsageAllocationsException,
  InvalidUsageDimensionException,
  ResolveCustomerCommand,
  ThrottlingException,
  TimestampOutOfBoundsException,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accept,
  buyer,
  change,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  productChanges,
  publicOfferChanges,
  publish,
  vendor,
} from './support.ts'

let market: Market
let license = ''
let agreementId = ''
let productId = ''

const send = (records: Partial<UsageRecord>[], more: object = {}) =>
  market.vendor.metering.send(
    new BatchMeterUsageCommand({
      UsageRecords: records.map((record) => ({
        CustomerAWSAccountId: buyer,
        LicenseArn: license,
        Dimension: 'calls',
        Timestamp: new Date('2026-11-05T09:00:00Z'),
        Quantity: 1,
        ...record,
      })),
      ...more,
    }),
  )
const at = (instant: string) => ({ Timestamp: new Date(instant) })
const usage = () => market.control<Record<string, unknown>[]>(`/aws/accepted?account_id=${vendor}&kind=usage`)

beforeAll(async () => {
  market = await openMarket()
  productId = (await publish(market)).productId
  const made = await accept(
    market,
    madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O'),
  )
  license = made.license_arn
  agreementId = made.agreement_id
  await market.to('2026-11-05T10:30:00Z')
  await market.control('/throttles', {
    service: 'meteringmarketplace',
    operation: 'BatchMeterUsage',
    rate_per_second: null,
  })
})
afterAll(() => market.server.stop())

describe('a record', () => {
  test('sent again is the same record', async () => {
    const first = await send([{ Quantity: 7 }])
    const again = await send([{ Quantity: 7 }])
    expect(first.Results?.[0]).toMatchObject({
      Status: 'Success',
      UsageRecord: { Quantity: 7, Dimension: 'calls' },
    })
    expect(again.Results?.[0]).toMatchObject({
      Status: 'Success',
      MeteringRecordId: first.Results?.[0]?.MeteringRecordId,
    })
    expect(await usage()).toMatchObject([{ quantity: 7, hour: '2026-11-05T09:00:00.000Z', customer: buyer }])
  })

  test('of the same hour with another quantity is a duplicate and changes nothing', async () => {
    const other = await send([{ Quantity: 8, ...at('2026-11-05T09:59:00Z') }])
    expect(other.Results?.[0]?.Status).toBe('DuplicateRecord')
    expect(await usage()).toMatchObject([{ quantity: 7 }])
  })

  test('of a customer without the licence is not subscribed', async () => {
    const stranger = await send([{ CustomerAWSAccountId: '999999999999' }])
    expect(stranger.Results?.[0]?.Status).toBe('CustomerNotSubscribed')
  })

  test('may carry allocations that add up', async () => {
    const allocated = (AllocatedUsageQuantity: number) => ({
      Quantity: 3,
      ...at('2026-11-05T08:00:00Z'),
      UsageAllocations: [{ AllocatedUsageQuantity, Tags: [{ Key: 'team', Value: 'a' }] }],
    })
    await expect(send([allocated(2)])).rejects.toThrow(InvalidUsageAllocationsException)
    expect((await send([allocated(3)])).Results?.[0]?.Status).toBe('Success')
  })
})

describe('a batch is refused whole', () => {
  test('for one record that is a day old', async () => {
    const before = (await usage()).length
    const late = send([at('2026-11-05T07:00:00Z'), at('2026-11-04T10:29:00Z')])
    await expect(late).rejects.toThrow(TimestampOutOfBoundsException)
    await expect(send([at('2026-11-05T11:00:00Z')])).rejects.toThrow(TimestampOutOfBoundsException)
    expect((await usage()).length).toBe(before)
  })

  test('for a dimension that is not metered, an unknown licence, an identifier, a product code', async () => {
    await expect(send([{ Dimension: 'seats' }])).rejects.toThrow(InvalidUsageDimensionException)
    await expect(send([{ LicenseArn: `${license}0` }])).rejects.toThrow(InvalidLicenseException)
    await expect(send([{ CustomerIdentifier: 'abc' }])).rejects.toThrow(InvalidCustomerIdentifierException)
    await expect(send([{}], { ProductCode: 'nothing' })).rejects.toThrow(InvalidProductCodeException)
  })

  test('for more than 25 records', async () => {
    const many = Array.from({ length: 26 }, () => ({}))
    await expect(send(many)).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

test('a planned fault leaves half of a batch unprocessed', async () => {
  await market.control('/faults', {
    service: 'meteringmarketplace',
    operation: 'BatchMeterUsage',
    fault: 'partial_batch',
  })
  const records = [at('2026-11-05T06:00:00Z'), at('2026-11-05T05:00:00Z')]
  const half = await send(records)
  expect([half.Results?.length, half.UnprocessedRecords?.length]).toEqual([1, 1])
  expect(half.UnprocessedRecords?.[0]?.Timestamp).toEqual(new Date('2026-11-05T05:00:00Z'))
  expect((await send(records)).Results?.map((result) => result.Status)).toEqual(['Success', 'Success'])
})

test('a caller that is too fast is throttled by wall time', async () => {
  const rule = { service: 'meteringmarketplace', operation: 'BatchMeterUsage' }
  await market.control('/throttles', { ...rule, rate_per_second: 0.001, burst: 2 })
  await send([{ Quantity: 7 }])
  await send([{ Quantity: 7 }])
  await expect(send([{ Quantity: 7 }])).rejects.toThrow(ThrottlingException)
  await market.control('/throttles', { ...rule, rate_per_second: null })
})

test('last month is taken until six in the morning of the first', async () => {
  await market.to('2026-12-01T05:59:00Z')
  expect((await send([at('2026-11-30T23:00:00Z')])).Results?.[0]?.Status).toBe('Success')
  await market.to('2026-12-01T06:00:00Z')
  await expect(send([at('2026-11-30T22:00:00Z')])).rejects.toThrow(TimestampOutOfBoundsException)
  expect((await send([at('2026-12-01T00:00:00Z')])).Results?.[0]?.Status).toBe('Success')
})

test('the last hours of an ended agreement may be sent for one hour more', async () => {
  await market.to('2026-12-02T10:30:00Z')
  await market.control(`/aws/buyers/${buyer}/cancel`, { agreement_id: agreementId })
  await market.by('PT59M')
  const status = async (instant: string) => (await send([at(instant)])).Results?.[0]?.Status
  expect(await status('2026-12-02T10:00:00Z')).toBe('Success')
  expect(await status('2026-12-02T11:00:00Z')).toBe('CustomerNotSubscribed')
  await market.by('PT2M')
  expect(await status('2026-12-02T09:00:00Z')).toBe('CustomerNotSubscribed')
})

test('a product from before June 2026 is metered by its code, and by licence beside it', async () => {
  const old = await openMarket({ start: '2026-05-01T00:00:00Z' })
  try {
    const { metering } = old.vendor
    const made = await change(old, old.vendor, [...productChanges(), ...publicOfferChanges])
    const accepted = await accept(old, madeBy(made, 'O'), {
      configuration: { selector: 'P12M', dimensions: { seats: 2 } },
    })
    const { registration_token } = await old.control<{ registration_token: string }>(
      `/aws/buyers/${buyer}/register`,
      { agreement_id: accepted.agreement_id },
    )
    const customer = await metering.send(
      new ResolveCustomerCommand({ RegistrationToken: registration_token }),
    )
    expect(customer.CustomerIdentifier).toBeTruthy()
    const byCode = await metering.send(
      new BatchMeterUsageCommand({
        ProductCode: customer.ProductCode,
        UsageRecords: [
          {
            CustomerIdentifier: customer.CustomerIdentifier,
            Dimension: 'calls',
            Timestamp: new Date('2026-05-01T00:01:00Z'),
            Quantity: 5,
          },
        ],
      }),
    )
    expect(byCode.Results?.[0]?.Status).toBe('Success')
    const [record] = await old.control<Record<string, unknown>[]>(
      `/aws/accepted?account_id=${vendor}&kind=usage`,
    )
    expect(record).toMatchObject({ keyed_by: 'ProductCode', license_arn: accepted.license_arn })
  } finally {
    await old.server.stop()
  }
})
