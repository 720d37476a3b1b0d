import { afterEach, expect, test } from 'vitest'
import {
  accept,
  approve,
  contractOffer,
  customer,
  type Market,
  offer,
  openMarket,
  operation,
  publishOffer,
  readReport,
  report,
  resold,
  service,
  usageOffer,
  usd,
} from './support.ts'

let market: Market
afterEach(async () => {
  await market.server.stop()
})

type Payout = { amount: string; month: string; reference: string; paid: boolean }
const payouts = () => market.control<Payout[]>('/gcp/payouts')
const bank = () => market.control<string>('/bank/vendor-inc.csv')
const details = (month: string) => readReport(market, 'detailed_disbursement', month)

async function deal(changes: Record<string, unknown> = {}, buyer = customer) {
  const accepted = await accept(market, await publishOffer(market, changes), buyer)
  return approve(market, accepted)
}

const discounted = (percent: string) => ({
  singleProductOffer: {
    baseStandardOffer: contractOffer,
    customIntervalPrice: {
      installments: [
        {
          priceModel: {
            flatFee: { flatFeeOverride: usd('600') },
            usage: { defaultDiscountPercent: { value: percent } },
          },
        },
      ],
    },
  },
})

test('a month is charged, reported, paid out on its day, and arrives at the bank', async () => {
  market = await openMarket()
  const { usageReportingId = '', account } = await deal(discounted('20'))
  await market.to('2026-11-02T10:30:00Z')
  await report(market, operation(usageReportingId ?? '', 'a', '2026-11-02T10:00:00Z'))
  await report(market, operation(usageReportingId ?? '', 'b', '2026-11-02T10:20:00Z'))
  await market.to('2026-12-14T21:00:00Z')
  const rows = await details('2026-11')
  const fields = ['usage_quantity', 'cust_charges', 'marketplace_fee_percent', 'marketplace_fee_amount']
  const amounts = rows.map((row) => [...fields, 'aggregated_payout'].map((field) => row[field]))
  // 2,000 calls at 0.0025 less 20 % are 4.00; the fee of 0.12 is 3 %.
  expect(amounts).toEqual([
    ['1', '600.00', '3', '18.00', '582.00'],
    ['2000', '4.00', '3', '0.12', '3.88'],
  ])
  expect(rows[0]).toMatchObject({
    account_id: account?.split('/').at(-1),
    total_contract_value: '600.00',
    offer_title: 'Deal',
    transaction_type: 'NEW',
    channel: 'DIRECT',
    country: 'US',
  })
  expect(Object.keys(rows[0] ?? {}).length).toBe(54)
  const [summary] = await readReport(market, 'disbursements_summary', '2026-11')
  expect(summary).toMatchObject({
    Entity: 'Google LLC',
    Currency: 'USD',
    Total: '585.88',
    'Payment Type': 'new',
  })
  const charges = await readReport(market, 'charges_and_usage', '2026-11')
  expect(charges.map((row) => [row.charges, row.due_partner])).toEqual([
    ['600.00', '582.00'],
    ['4.00', '3.88'],
  ])
  expect((await payouts())[0]).toMatchObject({ amount: '585.88', month: '2026-11', paid: false })
  expect((await bank()).trim().split('\n').length).toBe(1)
  await market.to('2026-12-23T21:00:00Z')
  const [paid] = await payouts()
  const line = `2026-12-23,2026-12-23,585.88,USD,GOOGLE MKTPLACE ${paid?.reference},Google LLC`
  expect(await bank()).toContain(line)
})

test('insights tell each day what arrived, late usage under the day it was used', async () => {
  market = await openMarket()
  await market.control('/gcp/metering', { window_minutes: null })
  const { usageReportingId } = await deal(discounted('0'))
  await market.to('2026-11-05T20:00:00Z')
  await report(market, operation(usageReportingId ?? '', 'now', '2026-11-05T19:00:00Z'))
  await report(market, operation(usageReportingId ?? '', 'late', '2026-11-03T19:00:00Z'))
  await market.to('2026-11-07T19:00:00Z')
  const before = await readReport(market, 'incremental_insights', '2026-11')
  expect(before.map((row) => row.report_date)).toEqual(['2026-11-01'])
  await market.to('2026-11-07T20:00:00Z')
  const rows = await readReport(market, 'incremental_insights', '2026-11')
  expect(
    rows.slice(1).map((row) => [row.report_date, row.date, row.usage, row.charges, row.due_vendor]),
  ).toEqual([
    ['2026-11-05', '2026-11-05', '1000', '2.50', '2.425'],
    ['2026-11-05', '2026-11-03', '1000', '2.50', '2.425'],
  ])
})

test('what a customer on probation owes is withheld, and released once', async () => {
  market = await openMarket()
  await deal(discounted('0'))
  await market.control(`/gcp/accounts/${customer}`, { pays: false }, 'PATCH')
  await market.to('2026-12-31T00:00:00Z')
  expect((await details('2026-11'))[0]).toMatchObject({
    cust_charges: '600.00',
    withheld_amount: '582.00',
    aggregated_payout: '0.00',
  })
  expect(await payouts()).toEqual([])
  await market.control(`/gcp/accounts/${customer}`, { pays: true }, 'PATCH')
  await market.to('2027-03-31T00:00:00Z')
  expect(await details('2026-12')).toMatchObject([
    { cust_charges: '0.00', withheld_amount: '0.00', released_amount: '582.00', aggregated_payout: '582.00' },
  ])
  expect((await readReport(market, 'disbursements_summary', '2026-12'))[0]?.Entity).toBe('Released Payout')
  expect((await payouts()).map(({ amount }) => amount)).toEqual(['582.00'])
})

test('what is never released is given up', async () => {
  market = await openMarket()
  const accepted = await deal(discounted('0'))
  await market.control(`/gcp/accounts/${customer}`, { pays: false }, 'PATCH')
  await market.to('2027-06-20T00:00:00Z')
  await report(market, operation(accepted.usageReportingId ?? '', 'x', '2027-06-20T00:00:00Z'))
  await market.to('2027-07-31T00:00:00Z')
  const rows = await details('2027-06')
  expect(rows.find((row) => row.abandoned_amount !== '0.00')).toMatchObject({ abandoned_amount: '582.00' })
  expect(await payouts()).toEqual([])
})

test("a reseller's discount comes off before Google's share", async () => {
  market = await openMarket()
  const { id } = await market.control<{ id: string }>('/gcp/reseller-plans', {
    account_id: 'vendor-inc',
    reseller: 'reseller-llc',
    standard_offer: contractOffer,
    billing_account: resold,
    ends_at: '2026-12-31T00:00:00Z',
    discount_percent: '12.5',
  })
  await market.control(`/gcp/reseller-plans/${id}/accept`, {})
  const target = { ...offer().customer, targetBillingAccount: `billingAccounts/${resold}` }
  const made = { plan_id: id, offer: { ...offer(discounted('0')), customer: target } }
  const { name } = await market.control<{ name: string }>('/gcp/resellers/reseller-llc/offers', made)
  await approve(market, await accept(market, name, resold))
  await market.to('2026-12-20T00:00:00Z')
  expect((await details('2026-11'))[0]).toMatchObject({
    channel: 'RESELLER',
    private_offer_creator: 'Reseller LLC',
    cust_charges: '600.00',
    reseller_discount: '75.00',
    wholesale_charges: '525.00',
    marketplace_fee_amount: '15.75',
    aggregated_payout: '509.25',
  })
})

test('usage under a commitment is drawn from its credit first', async () => {
  market = await openMarket()
  const commitment = { commitmentAmount: usd('100'), discountPercent: { value: '10' } }
  const changes = {
    singleProductOffer: {
      baseStandardOffer: usageOffer,
      customIntervalPrice: { installments: [{ priceModel: { commitment } }] },
    },
  }
  const { usageReportingId } = await deal(changes)
  await market.to('2026-11-02T10:30:00Z')
  const metricValues = [{ int64Value: '48000' }]
  const big = { metricValueSets: [{ metricName: `${service}/calls`, metricValues }] }
  await report(market, operation(usageReportingId ?? '', 'a', '2026-11-02T10:00:00Z', big))
  await market.to('2026-12-20T00:00:00Z')
  const rows = await details('2026-11')
  expect(rows.map((row) => [row.cust_charges, row.cud_credits_used, row.aggregated_payout])).toEqual([
    ['90.00', '0.00', '87.30'],
    ['120.00', '100.00', '19.40'],
  ])
})

test("reports are read from the provider's bucket", async () => {
  market = await openMarket()
  await deal(discounted('0'))
  await market.to('2026-12-20T00:00:00Z')
  const base = `${market.server.urls.gcp.storage}/storage/v1/b/vendor-inc-marketplace-reports/o`
  const get = async (path: string) =>
    fetch(`${base}${path}`, { headers: await market.auth.getRequestHeaders() })
  const listed = (await (await get('?prefix=detailed')).json()) as { items: { name: string; size: string }[] }
  const [item] = listed.items
  expect(item?.name).toBe('detailed_disbursement/2026-11-01 Detailed Disbursements Report.csv')
  const text = await (await get(`/${encodeURIComponent(item?.name ?? '')}?alt=media`)).text()
  expect([text.length, text.split(',')[0]]).toEqual([Number(item?.size), 'sku_id'])
  expect((await fetch(base)).status).toBe(401)
})
