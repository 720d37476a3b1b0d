// Usage through the whole of our metering to AWS, as the sandbox plays it: what it took is held against what was used.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatDecimal } from '../../src/core/decimal.ts'
import { summary } from '../../src/metering/index.ts'
import { takeUsage } from '../../src/metering/ingest.ts'
import { done } from '../../src/work/index.ts'
import { type AwsMarket, awsMarket, buy, hear } from '../settlement/aws-market.ts'
import { agreementOf } from '../settlement/market.ts'
import { usageTerms } from '../settlement/support.ts'
import { handlers, settle } from './support.ts'

let market: AwsMarket
/** The cloud's id of each agreement by ours. */
let ids: Map<string, string>
beforeEach(async () => {
  market = await awsMarket()
  const { vendor } = market
  ids = new Map()
  for (const marker of ['offer_1', 'offer_2', 'offer_3']) {
    const cloud_id = await buy(market, usageTerms({ entries: '0.01' }), { marker })
    ids.set(await agreementOf(vendor, cloud_id), cloud_id)
  }
  await hear(market, vendor)
  await vendor.tenant(async ({ tx, organisation_id }) => {
    await tx.dimension.create({
      data: {
        organisation_id,
        product_id: 'prod_p1',
        key: 'entries',
        name: 'entries',
        description: 'entries',
        unit: 'unit',
        kind: 'metered',
        aggregation: 'sum',
        multiplier: '1',
        position: 0,
      },
    })
    await tx.agreement.updateMany({ where: { organisation_id }, data: { product_id: 'prod_p1' } })
  })
})
afterEach(() => market.close())

let numbered = 0
async function use(time: Date, quantity: string, tags?: Record<string, string>): Promise<void> {
  for (const agreement_id of ids.keys()) {
    numbered += 1
    const event = {
      specversion: '1.0',
      id: `event-${numbered}`,
      source: 'https://product.example',
      time: time.toISOString(),
      subject: agreement_id,
      type: 'entries',
      data: tags === undefined ? { quantity } : { quantity, tags },
    }
    const answers = await market.vendor.tenant((scope) => takeUsage(market.context, scope, [event]))
    expect(answers).toMatchObject([{ status: 'accepted' }])
  }
}

/** The service works on for some hours; agreements and money are none of this test. */
async function pass(hours: number): Promise<void> {
  const { context } = market
  const idle = async () => done
  const work = handlers(context, {
    'settlement.match': idle,
    'settlement.pull': idle,
    'agreements.pull': idle,
    'agreements.read': idle,
    'agreements.sign_up': idle,
    'ledger.roll_up': idle,
  })
  for (let turn = 0; turn < hours; turn += 1) {
    await market.move({ by: 'PT1H' })
    await settle(context, work)
  }
}

type Accepted = {
  agreement_id: string
  hour: string
  quantity: number
  allocations: { quantity: number; tags: Record<string, string> }[]
}
async function taken(): Promise<Record<string, number[]>> {
  const path = `/aws/accepted?kind=usage&account_id=${market.vendor.connection.account_id}`
  const all = await market.control<Accepted[]>(path)
  return Object.fromEntries(
    [...ids].map(([ours, theirs]) => [
      ours,
      all.filter(({ agreement_id }) => agreement_id === theirs).map(({ quantity }) => quantity),
    ]),
  )
}

async function accounted(): Promise<string[]> {
  const found: string[] = []
  for (const id of ids.keys()) {
    const [meter] = await market.vendor.tenant((scope) => summary(scope, id))
    expect(meter?.balanced).toBe(true)
    if (meter !== undefined) found.push(`${formatDecimal(meter.accepted)} ${formatDecimal(meter.lost)}`)
  }
  return found
}

test.each(['partial_batch', 'drop_request', 'drop_answer', 'throttle', 'error_503', 'truncated_json'])(
  'usage of many agreements is taken once, whatever %s does',
  async (fault) => {
    await market.control('/faults', { fault, cloud: 'aws', service: 'meteringmarketplace', times: 2 })
    await use(market.context.clock.now(), '7')
    await pass(3)
    expect(Object.values(await taken())).toEqual([[7], [7], [7]])
    expect(await accounted()).toEqual(['7 0', '7 0', '7 0'])
  },
)

test('tagged usage reaches AWS as a split, and the lost answer is asked for with the same one', async () => {
  await market.control('/faults', { fault: 'drop_answer', cloud: 'aws', service: 'meteringmarketplace' })
  await use(market.context.clock.now(), '2.5', { team: 'ads', zone: 'eu' })
  await use(market.context.clock.now(), '1.75')
  await pass(3)
  expect(Object.values(await taken())).toEqual([[4], [4], [4]])
  expect(await accounted()).toEqual(['4 0', '4 0', '4 0'])
  const all = await market.control<Accepted[]>('/aws/accepted?kind=usage')
  // 2.5 and 1.75 are owed; of four units two go to each, as 1.75 is more than what is left of 2.5 after two.
  for (const { allocations } of all)
    expect(allocations).toEqual([
      { quantity: 2, tags: { team: 'ads', zone: 'eu' } },
      { quantity: 2, tags: {} },
    ])
})

test('a record for which AWS refuses the whole batch does not take the others down: it is cut until that one stands alone', async () => {
  const [spoilt = ''] = ids.keys()
  await use(market.context.clock.now(), '7')
  // A licence that AWS does not know makes it refuse the request as a whole.
  await pass(1)
  await market.vendor.tenant(({ tx, organisation_id }) =>
    tx.agreement.update({
      where: { organisation_id_id: { organisation_id, id: spoilt } },
      data: { license: 'arn:aws:license-manager::294406891311:license:l-unknown' },
    }),
  )
  await use(market.context.clock.now(), '5')
  await pass(3)
  const all = await taken()
  expect(Object.entries(all).filter(([id]) => id !== spoilt)).toMatchObject([
    [expect.any(String), [7, 5]],
    [expect.any(String), [7, 5]],
  ])
  expect(all[spoilt]).toEqual([7])
  expect(await accounted()).toEqual(['7 5', '12 0', '12 0'])
})

test('the last hour of a month is taken before the cut-off, and what comes after it goes into the new month', async () => {
  await market.move({ to: '2026-09-30T23:10:00.000Z' })
  await use(market.context.clock.now(), '7')
  await pass(2)
  expect(Object.values(await taken())).toEqual([[7], [7], [7]])
  await market.move({ to: '2026-10-01T06:30:00.000Z' })
  // September is closed: what is told of it now waits for an hour of October.
  await use(new Date('2026-09-30T22:00:00Z'), '3')
  await pass(2)
  expect(Object.values(await taken()).map((all) => all.reduce((sum, one) => sum + one, 0))).toEqual([
    10, 10, 10,
  ])
  expect(await accounted()).toEqual(['10 0', '10 0', '10 0'])
})
