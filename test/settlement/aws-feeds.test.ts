// Data feeds that err, come late or spell a word otherwise; and the reports that somebody exports beside them.
import { afterEach, expect, test } from 'vitest'
import { vendorAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, booked, buy, ours } from './aws-market.ts'
import { agreementOf, type Seat } from './market.ts'
import { contract, exceptions } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

async function until(to: string, of: Seat): Promise<void> {
  await market.move({ to: `${to}T06:00:00.000Z` })
  await of.settle()
  await of.bank()
}

const change = (settings: object) => market.control(`/aws/accounts/${vendorAccount}`, settings, 'PATCH')

async function billingEvent(of: Seat, kind: string, stage: string): Promise<string> {
  const row = await of.tenant(({ tx }) =>
    tx.statement_line.findFirst({ where: { kind, stage, current: true } }),
  )
  return row?.key ?? ''
}

const one = contract(['2026-09-05', '600.00'])

test('a billing event that was misprinted is booked as it was said, and corrected with the feed', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 20 } })
  const { vendor } = market
  const id = await buy(market, one)
  await until('2026-09-07', vendor)
  const billing_event_id = await billingEvent(vendor, 'sale', 'invoiced')
  await market.control('/aws/feeds/slips', { billing_event_id, slip: 'misprinted', amount: '590.00' })
  await until('2026-09-08', vendor)
  expect(await ours(vendor, id)).toMatchObject({ seller_net_revenue: '572.00' })
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'line_unexplained' }])
  for (const to of ['2026-09-10', '2026-10-20']) {
    await until(to, vendor)
    expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  }
  expect(await vendor.reconciled(await agreementOf(vendor, id))).toMatchObject({
    difference: 0n,
    explained: true,
  })
  expect(await vendor.balance('clearing')).toEqual({})
  expect(await exceptions(vendor)).toEqual([])
})

test('a billing event that was told twice is a duplicate until AWS deletes it', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 20 } })
  const { vendor } = market
  const id = await buy(market, one)
  await until('2026-09-07', vendor)
  const billing_event_id = await billingEvent(vendor, 'sale', 'invoiced')
  await market.control('/aws/feeds/slips', { billing_event_id, slip: 'doubled' })
  await until('2026-09-08', vendor)
  const found = await vendor.reconciled(await agreementOf(vendor, id))
  expect(found.causes.map(({ cause, amount }) => [cause, amount])).toContainEqual(['duplicate', -60_000n])
  for (const to of ['2026-09-10', '2026-10-20']) {
    await until(to, vendor)
    expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  }
  expect(await vendor.reconciled(await agreementOf(vendor, id))).toMatchObject({
    difference: 0n,
    banked: 58_200n,
  })
  expect(await exceptions(vendor)).toEqual([])
})

test.each(['DISBURSED', 'DISBURSEMENT'])(
  'usage beside instalments, with rows that come days late and pay-outs that are called %s',
  async (disbursement_word) => {
    market = await awsMarket({ buyer: { days_to_pay: 5 } })
    const { vendor } = market
    await change({ disbursement_word, feed_delay_days: 4 })
    const id = await buy(market, {
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: '600.00',
      grants: [{ dimension: 'seats', quantity: 1 }],
      instalments: [{ due_on: '2026-09-05', amount: '600.00' }],
      usage_prices: { entries: '0.0123' },
    })
    const agreement_id = await agreementOf(vendor, id)
    await meter(id, '2001')
    await vendor.used(agreement_id, 'entries', hourNow(), '2001')
    await until('2026-09-08', vendor)
    expect(await ours(vendor, id)).toMatchObject({ seller_net_revenue: '0.00' })
    for (const to of ['2026-09-20', '2026-10-09', '2026-10-20', '2026-11-25']) await until(to, vendor)
    expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
    expect(await vendor.reconciled(agreement_id)).toMatchObject({ difference: 0n, explained: true })
    // 600.00 and 2,001 × 0.0123 = 24.61, less 3 per cent: 18.00 and 0.74.
    expect(await vendor.balance('')).toEqual({
      'asset:bank:main': '605.87',
      'expense:listing_fee:aws': '18.74',
      'income:contract': '-600.00',
      'income:usage': '-24.61',
    })
    expect(await exceptions(vendor)).toEqual([])
  },
)

const hourNow = () => new Date(Math.floor(market.context.clock.now().getTime() / 3_600_000) * 3_600_000)

async function meter(agreement_id: string, quantity: string): Promise<void> {
  const { metering, agreements } = market.connector
  const read = await agreements?.read(market.vendor.connection, agreement_id)
  const record = {
    id: 'rec_1',
    product_id: market.product,
    product_code: null,
    license: read?.license ?? null,
    agreement_id,
    plan: null,
    buyer_account_id: read?.buyer_account_id ?? '',
    dimension: 'entries',
    hour: hourNow(),
    quantity: { coefficient: BigInt(quantity), scale: 0 },
  }
  const report = await metering?.report(market.vendor.connection, [record])
  expect(report?.answers).toMatchObject([{ status: 'accepted' }])
}
