import {
  GetEntitlementsCommand,
  InvalidParameterException,
} from '@aws-sdk/client-marketplace-entitlement-service'
import {
  BatchMeterUsageCommand,
  InvalidProductCodeException,
  InvalidTagException,
  InvalidUsageAllocationsException,
  MeterUsageCommand,
  ResolveCustomerCommand,
  type UsageAllocation,
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
  publish,
} from '../support.ts'

let market: Market
let code = ''
let publicOffer = ''
let first: { agreement_id: string; license_arn: string }
let second: { agreement_id: string; license_arn: string }

const configuration = (seats: number) => ({ configuration: { selector: 'P12M', dimensions: { seats } } })

beforeAll(async () => {
  market = await openMarket()
  const { productId, publicOfferId } = await publish(market)
  publicOffer = publicOfferId
  first = await accept(
    market,
    madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O'),
  )
  second = await accept(market, publicOffer, configuration(3))
  const { registration_token } = await market.control<{ registration_token: string }>(
    `/aws/buyers/${buyer}/register`,
    { agreement_id: first.agreement_id },
  )
  const resolved = await market.vendor.metering.send(
    new ResolveCustomerCommand({ RegistrationToken: registration_token }),
  )
  code = resolved.ProductCode ?? ''
  await market.to('2026-11-05T10:30:00Z')
})
afterAll(() => market.server.stop())

const entitlements = (Filter?: Record<string, string[]>, more = {}) =>
  market.vendor.entitlement.send(new GetEntitlementsCommand({ ProductCode: code, Filter, ...more }))

describe('two agreements of one buyer for one product', () => {
  test('have an entitlement each, told apart by the licence', async () => {
    const all = await entitlements({ CUSTOMER_AWS_ACCOUNT_ID: [buyer] })
    expect(all.Entitlements?.map((item) => [item.LicenseArn, item.Value?.IntegerValue])).toEqual([
      [first.license_arn, 25],
      [second.license_arn, 3],
    ])
    const one = await entitlements({ LICENSE_ARN: [second.license_arn], DIMENSION: ['seats', 'other'] })
    expect(one.Entitlements?.map((item) => item.Value?.IntegerValue)).toEqual([3])
    expect((await entitlements({ DIMENSION: ['other'] })).Entitlements).toEqual([])
  })

  test('are paged', async () => {
    const page = await entitlements(undefined, { MaxResults: 1 })
    const rest = await entitlements(undefined, { MaxResults: 1, NextToken: page.NextToken })
    expect([page, rest].flatMap((item) => item.Entitlements?.map((one) => one.LicenseArn))).toEqual([
      first.license_arn,
      second.license_arn,
    ])
    expect(rest.NextToken).toBeUndefined()
  })

  test('are asked for by one kind of customer id, with tokens and sizes the model knows', async () => {
    const both = entitlements({ CUSTOMER_AWS_ACCOUNT_ID: [buyer], CUSTOMER_IDENTIFIER: ['abc'] })
    await expect(both).rejects.toThrow(InvalidParameterException)
    await expect(entitlements(undefined, { MaxResults: 26 })).rejects.toThrow(InvalidParameterException)
    await expect(entitlements(undefined, { NextToken: 'x' })).rejects.toThrow(InvalidParameterException)
    await expect(entitlements({ COLOUR: ['red'] })).rejects.toThrow(InvalidParameterException)
  })

  test('meter the same hour and dimension apart', async () => {
    const send = (LicenseArn: string, Quantity: number) =>
      market.vendor.metering.send(
        new BatchMeterUsageCommand({
          UsageRecords: [
            {
              CustomerAWSAccountId: buyer,
              LicenseArn,
              Dimension: 'calls',
              Timestamp: new Date('2026-11-05T09:00:00Z'),
              Quantity,
            },
          ],
        }),
      )
    expect((await send(first.license_arn, 5)).Results?.[0]?.Status).toBe('Success')
    expect((await send(second.license_arn, 6)).Results?.[0]?.Status).toBe('Success')
    expect((await send(second.license_arn, 7)).Results?.[0]?.Status).toBe('DuplicateRecord')
  })
})

describe('allocations', () => {
  // They are more than AWS takes in the moment they need.
  beforeAll(async () => {
    const rule = { service: 'meteringmarketplace', operation: 'BatchMeterUsage' }
    await market.control('/throttles', { ...rule, rate_per_second: 1000, burst: 1000 })
  })

  const send = (UsageAllocations: UsageAllocation[], Quantity: number, hour = '07') =>
    market.vendor.metering.send(
      new BatchMeterUsageCommand({
        UsageRecords: [
          {
            CustomerAWSAccountId: buyer,
            LicenseArn: first.license_arn,
            Dimension: 'calls',
            Timestamp: new Date(`2026-11-05T${hour}:00:00Z`),
            Quantity,
            UsageAllocations,
          },
        ],
      }),
    )
  const tags = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }))
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      AllocatedUsageQuantity: 1,
      Tags: [{ Key: 'team', Value: String(index) }],
    }))

  test('have at most five tags of known letters, each key once', async () => {
    const tagged = (Tags: { Key: string; Value: string }[]) => send([{ AllocatedUsageQuantity: 1, Tags }], 1)
    await expect(tagged(tags(6))).rejects.toThrow(InvalidTagException)
    await expect(tagged([{ Key: 'team', Value: 'a;b' }])).rejects.toThrow(InvalidTagException)
    await expect(tagged([{ Key: 'k'.repeat(101), Value: 'v' }])).rejects.toThrow(InvalidTagException)
    const twice = [...tags(1), ...tags(1)]
    await expect(tagged(twice)).rejects.toThrow(InvalidTagException)
  })

  test('allocate each set of tags once, and once what has none', async () => {
    const part = (...names: string[]) => ({
      AllocatedUsageQuantity: 1,
      Tags: names.map((Key) => ({ Key, Value: 'v' })),
    })
    await expect(send([part('a', 'b'), part('b', 'a')], 2)).rejects.toThrow(InvalidUsageAllocationsException)
    const rest = { AllocatedUsageQuantity: 1 }
    await expect(send([rest, rest], 2)).rejects.toThrow(InvalidUsageAllocationsException)
    expect((await send([part('a', 'b'), part('a'), rest], 3, '06')).Results?.[0]?.Status).toBe('Success')
    const shown = await market.control<{ hour: string }[]>('/aws/accepted?kind=usage')
    expect(shown.filter(({ hour }) => hour.includes('T06'))).toMatchObject([
      {
        quantity: 3,
        allocations: [
          { quantity: 1, tags: { a: 'v', b: 'v' } },
          { quantity: 1, tags: { a: 'v' } },
          { quantity: 1, tags: {} },
        ],
      },
    ])
  })

  test('are part of the record: another split of the same hour is a duplicate', async () => {
    for (const _ of ['first', 'again'])
      expect((await send(many(2), 2, '05')).Results?.[0]?.Status).toBe('Success')
    const other = many(2).map((one) => ({ ...one, Tags: [{ Key: 'zone', Value: one.Tags[0]?.Value ?? '' }] }))
    expect((await send(other, 2, '05')).Results?.[0]?.Status).toBe('DuplicateRecord')
  })

  test('are at most 2500 and add up', async () => {
    await expect(send(many(2501), 2501)).rejects.toThrow(InvalidUsageAllocationsException)
    await expect(send(many(2), 3)).rejects.toThrow(InvalidUsageAllocationsException)
    expect((await send(many(2500), 2500)).Results?.[0]?.Status).toBe('Success')
  })
})

test('MeterUsage is for other kinds of products', async () => {
  const call = market.vendor.metering.send(
    new MeterUsageCommand({ ProductCode: code, Timestamp: new Date(), UsageDimension: 'calls' }),
  )
  await expect(call).rejects.toThrow(InvalidProductCodeException)
})
