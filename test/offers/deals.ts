// Deals without a fault, and one violation of each rule to plant in them.
import fc from 'fast-check'
import { offerRules as rules } from '../../connectors/aws/offers.ts'
import { decimal, formatDecimal } from '../../src/core/decimal.ts'
import { formatMoney, money } from '../../src/core/money.ts'
import { DAY_MS, dateOf, plus, startOfDate } from '../../src/core/time.ts'
import { type Checked, checkOffer } from '../../src/offers/check.ts'
import type { Finding, Terms } from '../../src/offers/model.ts'
import type { ProductDimension } from '../../src/products/model.ts'

export const now = new Date('2026-01-05T09:00:00.000Z')
export const today = dateOf(now)
export const day = (from: string, days: number) => dateOf(plus(startOfDate(from), days * DAY_MS))

const dimension = (key: string, kind: ProductDimension['kind'], position: number): ProductDimension => ({
  product_id: 'prod_1',
  key,
  name: key,
  description: key,
  unit: 'Units',
  kind,
  aggregation: 'sum',
  multiplier: decimal('1'),
  position,
})
export const dimensions = [
  dimension('seats', 'entitled', 0),
  dimension('rooms', 'entitled', 1),
  dimension('scans', 'metered', 2),
  dimension('calls', 'metered', 3),
]
export const check = (offer: Checked): Finding[] =>
  checkOffer(offer, rules, dimensions, { now, seller_draws: false })

type Fixed = Extract<Terms, { kind: 'contract_with_consumption' }>
type Offer = Omit<Checked, 'terms' | 'buyer_account_ids' | 'expires_on'> & {
  terms: Fixed
  buyer_account_ids: string[]
  expires_on: string
}

const price = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.nat({ max: rules.usage_price_digits }))
  .map(([coefficient, scale]) => formatDecimal({ coefficient, scale }))

/** A deal that breaks no rule. */
export const sound: fc.Arbitrary<Offer> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: rules.name_max }),
    buyers: fc.uniqueArray(fc.integer({ min: 10 ** 11, max: 10 ** 12 - 1 }), {
      minLength: 1,
      maxLength: rules.buyers_max,
    }),
    duration_months: fc.integer({ min: 1, max: rules.duration_months_max }),
    gaps: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: rules.instalments_max }),
    cents: fc.infiniteStream(fc.bigInt({ min: 1n, max: 10n ** 11n })),
    expires_in: fc.nat({ max: 60 }),
    first: fc.nat({ max: 60 }),
    grants: fc.uniqueArray(fc.constantFrom('seats', 'rooms'), { minLength: 1 }),
    quantity: fc.integer({ min: 1, max: 2_147_483_647 }),
    usage: fc.uniqueArray(fc.constantFrom('scans', 'calls'), { minLength: 1 }),
    price,
  })
  .map(({ gaps, cents, first, expires_in, duration_months, ...parts }): Offer => {
    const expires_on = day(today, expires_in)
    const last = day(today, duration_months * 28 - 1)
    const dates: string[] = []
    let next = day(today, first)
    for (const gap of gaps) {
      // At most the first may be due before the last day of acceptance.
      if (dates.length > 0 && next <= expires_on) next = day(expires_on, 1)
      if (next > last) break
      dates.push(next)
      next = day(next, gap)
    }
    if (dates.length === 0) dates.push(today)
    const amounts = dates.map(() => cents.next().value)
    const text = (amount: bigint) => formatMoney(money('USD', amount))
    return {
      name: parts.name,
      buyer_account_ids: parts.buyers.map(String),
      expires_on,
      terms: {
        kind: 'contract_with_consumption',
        currency: 'USD',
        duration_months,
        total: text(amounts.reduce((left, right) => left + right, 0n)),
        grants: parts.grants.map((key) => ({ dimension: key, quantity: parts.quantity })),
        instalments: dates.map((due_on, index) => ({ due_on, amount: text(amounts[index] ?? 0n) })),
        usage_prices: Object.fromEntries(parts.usage.map((key) => [key, parts.price])),
      },
    }
  })

const terms = (offer: Offer, change: Partial<Fixed>): Offer => ({
  ...offer,
  terms: { ...offer.terms, ...change },
})
const instalment = (offer: Offer, index: number, change: Partial<Fixed['instalments'][number]>): Offer =>
  terms(offer, {
    instalments: offer.terms.instalments.map((item, at) => (at === index ? { ...item, ...change } : item)),
  })

export type Plant = { rule: string; plant(offer: Offer, at: number): Offer; field?: (at: number) => string }

/** One violation of each rule; `at` is a place among the instalments. */
export const plants: Plant[] = [
  { rule: 'name-too-long', plant: (offer) => ({ ...offer, name: 'n'.repeat(rules.name_max + 1) }) },
  {
    rule: 'too-many-buyers',
    plant: (offer) => ({ ...offer, buyer_account_ids: Array<string>(27).fill('123456789012') }),
  },
  {
    rule: 'buyer-account-form',
    plant: (offer) => ({ ...offer, buyer_account_ids: [...offer.buyer_account_ids, '12345678901x'] }),
  },
  { rule: 'currency', plant: (offer) => terms(offer, { currency: 'CHF' }) },
  { rule: 'currency', plant: (offer) => terms(offer, { currency: 'ZZZ' }) },
  { rule: 'usage-currency', plant: (offer) => terms(offer, { currency: 'EUR' }) },
  { rule: 'expiry-past', plant: (offer) => ({ ...offer, expires_on: day(today, -1) }) },
  { rule: 'expiry-past', plant: (offer) => ({ ...offer, expires_on: '2026-02-30' }) },
  { rule: 'duration', plant: (offer) => terms(offer, { duration_months: rules.duration_months_max + 1 }) },
  {
    rule: 'too-many-instalments',
    plant: (offer) =>
      terms(offer, {
        instalments: Array.from({ length: 61 }, (_, index) => ({ due_on: day(today, index), amount: '1' })),
      }),
  },
  {
    rule: 'instalment-amount',
    plant: (offer, at) => instalment(offer, at, { amount: '0.001' }),
    field: (at) => `terms.instalments.${at}.amount`,
  },
  {
    rule: 'instalment-amount',
    plant: (offer, at) => instalment(offer, at, { amount: '0.00' }),
    field: (at) => `terms.instalments.${at}.amount`,
  },
  {
    rule: 'instalment-amount',
    plant: (offer, at) => instalment(offer, at, { amount: '-5' }),
    field: (at) => `terms.instalments.${at}.amount`,
  },
  {
    rule: 'instalment-order',
    plant: (offer, at) =>
      terms(offer, {
        instalments: offer.terms.instalments.flatMap((item, index) => (index === at ? [item, item] : [item])),
      }),
    field: (at) => `terms.instalments.${at + 1}.due_on`,
  },
  {
    rule: 'instalment-past',
    plant: (offer, at) => instalment(offer, at, { due_on: day(today, -1) }),
    field: (at) => `terms.instalments.${at}.due_on`,
  },
  {
    rule: 'instalment-after-end',
    plant: (offer, at) => instalment(offer, at, { due_on: day(today, 61 * 31) }),
    field: (at) => `terms.instalments.${at}.due_on`,
  },
  {
    rule: 'instalments-before-expiry',
    plant: (offer) =>
      terms(offer, { instalments: [0, 1].map(() => ({ due_on: offer.expires_on, amount: '1' })) }),
  },
  { rule: 'instalments-sum', plant: (offer, at) => instalment(offer, at, { amount: '987654321987.65' }) },
  {
    rule: 'instalments-sum',
    plant: (offer) => terms(offer, { total: `${offer.terms.total.replace(/\..*/, '')}.999` }),
  },
  {
    rule: 'unknown-dimension',
    plant: (offer) => terms(offer, { grants: [{ dimension: 'scans', quantity: 1 }] }),
  },
  {
    rule: 'unknown-dimension',
    plant: (offer) => terms(offer, { grants: [{ dimension: 'constructor', quantity: 1 }] }),
  },
  {
    rule: 'unknown-dimension',
    plant: (offer) => terms(offer, { usage_prices: { ...offer.terms.usage_prices, seats: '1' } }),
  },
  {
    rule: 'dimension-twice',
    plant: (offer) => terms(offer, { grants: offer.terms.grants.flatMap((grant) => [grant, grant]) }),
  },
  { rule: 'usage-price', plant: (offer) => terms(offer, { usage_prices: { scans: '0.123456789' } }) },
  { rule: 'usage-price', plant: (offer) => terms(offer, { usage_prices: { scans: '-1' } }) },
  { rule: 'usage-price-missing', plant: (offer) => terms(offer, { usage_prices: {} }) },
]
