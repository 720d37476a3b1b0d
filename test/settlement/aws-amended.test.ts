// A buyer takes more of what it chose, or subscribes from its trial: AWS's events, its API and its feeds, and what our
// rooms make of them.
import { afterEach, expect, test } from 'vitest'
import { find } from '../../src/agreements/index.ts'
import { grantsOf, instalmentsOf, type Terms, totalOf } from '../../src/offers/model.ts'
import { read as readTimeline } from '../../src/timeline/index.ts'
import { buyerAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, booked, buy, hear, ours, resell } from './aws-market.ts'
import { agreementOf, facet, finished, type Seat } from './market.ts'
import { dollars, exceptions } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

const byChoice = (price: string): Terms => ({
  kind: 'configurable',
  currency: 'USD',
  rates: [{ duration_months: 12, prices: { seats: price } }],
  usage_prices: {},
})
const choice = { selector: 'P12M', dimensions: { seats: 2 } }
const amend = (agreement_id: string, seats: number) =>
  market.control(`/aws/buyers/${buyerAccount}/amend`, { agreement_id, dimensions: { seats } })

async function until(to: string, ...seats: Seat[]): Promise<void> {
  await market.move({ to: `${to}T06:00:00.000Z` })
  for (const of of seats) {
    await hear(market, of)
    await of.settle()
    await of.bank()
  }
}

/** What is known of an agreement: its quantities, its instalments, and what it comes to. */
async function known(of: Seat, id: string | null) {
  const agreement = await of.tenant((scope) => find(scope, id ?? ''))
  if (agreement === undefined) throw new Error(`there is no agreement ${id}`)
  const { terms, wholesale } = agreement
  return {
    grants: grantsOf(terms),
    total: dollars(totalOf(terms).amount),
    due: instalmentsOf(terms).map(({ due_on, amount }) => `${due_on} ${dollars(amount.amount)}`),
    cost: wholesale === null ? null : dollars(totalOf(wholesale).amount),
  }
}

async function clean(of: Seat, id: string): Promise<void> {
  expect(await ours(of, id)).toEqual(await booked(market, of, id))
  expect(await of.reconciled(await agreementOf(of, id))).toMatchObject({ explained: true, difference: 0n })
  expect(await of.balance('clearing')).toEqual({})
  expect(await of.balance('receivable')).toEqual({})
  expect(await of.balance('bookings:open')).toEqual({})
  expect(await exceptions(of)).toEqual([])
}

test('more seats half way: they are known, expected, invoiced and paid, and the books stay balanced', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  const id = await buy(market, byChoice('120.00'), { choice })
  const agreement = await agreementOf(vendor, id)
  await until('2026-11-20', vendor)
  expect(await known(vendor, agreement)).toMatchObject({
    grants: [{ dimension: 'seats', quantity: 2 }],
    total: '240.00',
  })
  await clean(vendor, id)

  await market.move({ to: '2027-03-03T06:00:00.000Z' })
  await amend(id, 5)
  await market.move({ by: 'PT5M' })
  await hear(market, vendor)
  // 183 of 365 days are left: 3 × 120 × 183 / 365.
  expect(await known(vendor, agreement)).toEqual({
    grants: [{ dimension: 'seats', quantity: 5 }],
    total: '420.49',
    due: ['2026-09-01 240.00', '2027-03-03 180.49'],
    cost: null,
  })
  expect(await vendor.balance('bookings:open')).toEqual({ [`bookings:open:${agreement}`]: '180.49' })
  const told = await vendor.tenant((scope) => readTimeline(scope, agreement ?? ''))
  expect(told.filter(({ kind }) => kind === 'amended').map(({ sentence }) => sentence)).toEqual([
    'The buyer took more: seats 2 → 5. It adds USD 180.49 to the agreement.',
  ])
  // The same news again adds nothing.
  await hear(market, vendor)
  await vendor.agreements()
  expect((await known(vendor, agreement)).total).toBe('420.49')
  await until('2027-04-20', vendor)
  await clean(vendor, id)
  expect(await vendor.balance('income')).toEqual({ 'income:contract': '-420.49' })
})

test('more seats of a resold contract: the reseller adds to its sale and its cost, the vendor to its wholesale', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  const reseller = await market.reseller()
  const deal = { wholesale: byChoice('100.00'), terms: byChoice('110.00'), markup: '10', choice }
  const id = await resell(market, reseller, deal)
  await until('2026-10-20', vendor, reseller)
  for (const of of [vendor, reseller]) await clean(of, id)
  await market.move({ to: '2027-03-03T06:00:00.000Z' })
  await amend(id, 4)
  await market.move({ by: 'PT5M' })
  for (const of of [vendor, reseller]) await hear(market, of)
  expect(await known(reseller, await agreementOf(reseller, id))).toMatchObject({
    grants: [{ dimension: 'seats', quantity: 4 }],
    total: '330.30',
    cost: '300.27',
  })
  expect(await known(vendor, await agreementOf(vendor, id))).toMatchObject({
    grants: [{ dimension: 'seats', quantity: 4 }],
    total: '300.27',
  })
  await until('2027-04-20', vendor, reseller)
  for (const of of [vendor, reseller]) await clean(of, id)
})

test('a trial costs nothing and what is used in it neither; the buyer subscribes, and the paid agreement is followed', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  const listings = facet(market, 'listings')
  const listed = { product_id: market.product, public_offer_id: null }
  const shown = { visibility: 'public', replacement_product_id: null } as const
  const change = await listings.setVisibility?.(vendor.connection, listed, shown, 'public-1')
  if (change === undefined) throw new Error('the listing cannot be made public')
  await finished(market, change, (one) => listings.check(vendor.connection, one), 'PT1M')
  const grants = [{ dimension: 'seats', quantity: 5 }]
  const trial: Terms = { kind: 'free_trial', currency: 'USD', trial_days: 14, grants }
  const id = await buy(market, trial)
  const agreement = await agreementOf(vendor, id)
  expect(await known(vendor, agreement)).toEqual({ grants, total: '0.00', due: [], cost: null })
  await market.move({ by: 'P3D' })
  type Listed = { id: string; buyer_accounts?: string[]; terms: { Type: string }[] }
  const offers = await market.control<Listed[]>('/aws/accepted?kind=offers')
  const forAll = offers.find(({ terms }) =>
    terms.some(({ Type }) => Type === 'ConfigurableUpfrontPricingTerm'),
  )
  const paid = await market.control(`/aws/buyers/${buyerAccount}/accept`, {
    offer_id: forAll?.id,
    replaces: id,
    configuration: choice,
  })
  await market.move({ by: 'PT5M' })
  await hear(market, vendor)
  const standing = async (cloud_agreement_id: string) => {
    const found = await agreementOf(vendor, cloud_agreement_id)
    return vendor.tenant(async (scope) => (await find(scope, found ?? ''))?.state)
  }
  expect([await standing(id), await standing(paid.agreement_id ?? '')]).toEqual(['replaced', 'active'])
  const now = await known(vendor, await agreementOf(vendor, paid.agreement_id ?? ''))
  expect(now).toMatchObject({ grants: [{ dimension: 'seats', quantity: 2 }], due: ['2026-09-04 300.00'] })
  await until('2026-11-20', vendor)
  await clean(vendor, paid.agreement_id ?? '')
  expect(await vendor.balance('income')).toEqual({ 'income:contract': '-300.00' })
  expect(await exceptions(vendor)).toEqual([])
})
