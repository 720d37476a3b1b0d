// Offers of a reseller out of a seed, against a small model of the rules: what it says of an offer is what the sandbox
// answers, with every code. Source of the rules: developer guide, channel partner private offers.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, change, type Keys, type Market, madeBy } from '../support.ts'
import {
  authorizationOf,
  channelOfferOf,
  type Details,
  modes,
  openChannel,
  outcome,
  parts,
} from './support.ts'

const RUNS = 200
const second = '300000000004'
let market: Market
let productId = ''
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
  await market.control('/clock', { mode: 'stopped' })
  await market.control<Keys>('/aws/accounts', { account_id: second, name: 'Second Corp', role: 'buyer' })
})
afterAll(() => market.server.stop())

// The three authorizations: 10 seats for a year in two payments, seats at 150 for one or two years, and usage.
const KINDS = {
  fixed: 'for one offer, paid by instalments',
  list: 'until a date, at list prices',
  usage: 'without an end, for usage',
} as const
const OWED = [20_000, 25_000]
const SEAT = 15_000
const LONGEST_DAYS = 60
const LATEST_START = '2027-02-28'

const given = fc.record({
  kind: fc.constantFrom('fixed', 'list', 'usage' as const),
  named: fc.boolean(),
  payable: fc.boolean(),
  latest: fc.boolean(),
})
type Given = typeof given extends fc.Arbitrary<infer One> ? One : never

const markup = fc.record({
  by: fc.constant('markup' as const),
  percent: fc.constantFrom('0', '7.5', '.000000001'),
})
const plan = fc.record({
  by: fc.constantFrom('plan', 'both' as const),
  vendors_days: fc.boolean(),
  /** Cents above what is owed on each day. */
  above: fc.tuple(fc.constantFrom(-1, 0, 5_000), fc.constantFrom(-1, 0, 5_000)),
})
const fixedPlan = fc.record({
  by: fc.constant('fixed' as const),
  months: fc.constantFrom(12, 24, 18),
  seats: fc.constantFrom(1, 10, 17),
  /** Cents above what the list asks for them. */
  above: fc.constantFrom(-1, 0, 123_456),
})
const offered = fc.record({
  price: fc.oneof(markup, plan, fixedPlan),
  buyer: fc.constantFrom(buyer, second),
  net_days: fc.constantFrom(undefined, 30, 60, 90),
  starts_on: fc.constantFrom(undefined, '2027-01-15', '2027-03-15'),
})
type Offered = typeof offered extends fc.Arbitrary<infer One> ? One : never

const RA = 'INCOMPATIBLE_RESALE_AUTHORIZATION'

/** The model: what is wrong with an offer under what was given. */
function verdict({ kind, named, payable, latest }: Given, offer: Offered): string[] {
  const { price, net_days, starts_on } = offer
  const found: string[] = []
  const refuse = (when: boolean, type: string, code = RA) => {
    if (when) found.push(`${type}: ${code}`)
  }
  if (price.by === 'both') {
    refuse(true, 'UpdateMarkup', 'INCOMPATIBLE_TERMS')
    refuse(true, 'UpdatePaymentScheduleTerms', 'INCOMPATIBLE_TERMS')
  }
  if (price.by === 'plan') {
    const low = price.above.some((cents) => cents < 0)
    refuse(kind === 'usage' || !price.vendors_days || low, 'UpdatePaymentScheduleTerms')
  }
  if (price.by === 'fixed') {
    const { months, seats } = price
    const lengths = kind === 'list' ? [12, 24] : kind === 'fixed' ? [12] : []
    const others = kind === 'fixed' && seats !== 10
    refuse(kind === 'usage' || !lengths.includes(months) || others, 'UpdatePricingTerms')
    // One payment is on neither of the vendor's days, and does not pay for usage.
    refuse(kind !== 'list', 'UpdatePaymentScheduleTerms')
  }
  refuse(named && offer.buyer === second, 'UpdateTargeting')
  refuse(net_days !== undefined && (!payable || net_days > LONGEST_DAYS), 'UpdateNetPaymentTerms')
  refuse(latest && starts_on !== undefined && starts_on > LATEST_START, 'UpdateValidityTerms')
  // Whether terms fit each other is looked at once each of them is fine.
  const low = price.by === 'fixed' && kind === 'list' && price.above < 0
  refuse(low && found.length === 0, 'UpdatePaymentScheduleTerms')
  return found.sort()
}

const money = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
const schedule = (...items: [string, number][]) => ({
  Terms: [
    {
      Type: 'PaymentScheduleTerm',
      CurrencyCode: 'USD',
      Schedule: items.map(([ChargeDate, cents]) => ({ ChargeDate, ChargeAmount: money(cents) })),
    },
  ],
})

function pricesOf({ price }: Offered): Details {
  if (price.by === 'markup') return { UpdateMarkup: { Percentage: price.percent } }
  const own = { UpdateMarkup: undefined }
  if (price.by === 'fixed') {
    const { months, seats, above } = price
    const Grants = [{ DimensionKey: 'seats', MaxQuantity: seats }]
    const term = { ...parts.fixed, Type: 'FixedUpfrontPricingTerm', Duration: `P${months}M`, Grants }
    const UpdatePaymentScheduleTerms = schedule(['2027-01-20', seats * SEAT + above])
    return { ...own, UpdatePricingTerms: parts.pricing(term), UpdatePaymentScheduleTerms }
  }
  const days = price.vendors_days ? ['2026-12-10', '2027-03-10'] : ['2026-12-11', '2027-03-10']
  const [first = 0, last = 0] = OWED.map((cents, index) => cents + (price.above[index] ?? 0))
  const UpdatePaymentScheduleTerms = schedule([days[0] ?? '', first], [days[1] ?? '', last])
  return price.by === 'both'
    ? { UpdateMarkup: { Percentage: '5' }, UpdatePaymentScheduleTerms }
    : { ...own, UpdatePaymentScheduleTerms }
}

function changesOf(id: string, offer: Offered) {
  const { net_days, starts_on } = offer
  const term = { Type: 'NetPaymentTerm', PaymentDuePeriod: `P${net_days}D` }
  const year = Number(starts_on?.slice(0, 4)) + 1
  const AgreementEndDate = starts_on?.replace(/^\d{4}/, String(year)).replace(/15$/, '14')
  const period = { Type: 'ValidityTerm', AgreementStartDate: starts_on, AgreementEndDate }
  return channelOfferOf(id, {
    ...pricesOf(offer),
    UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [offer.buyer] } },
    ...(net_days === undefined ? {} : { UpdateNetPaymentTerms: { Terms: [term] } }),
    ...(starts_on === undefined ? {} : { UpdateValidityTerms: { Terms: [period] } }),
  })
}

const reused = new Map<string, string>()

/** What may be sold from often is made once. */
async function authorized(one: Given): Promise<string> {
  const key = JSON.stringify(one)
  const before = reused.get(key)
  if (before !== undefined && one.kind !== 'fixed') return before
  const net = { Type: 'ResaleNetPaymentTerm', PaymentDuePeriod: `P${LONGEST_DAYS}D` }
  const latest = { Type: 'BuyerValidityTerm', MaximumAgreementStartDate: LATEST_START }
  const made = await change(
    market,
    market.vendor,
    authorizationOf(productId, modes[KINDS[one.kind]] ?? {}, {
      ...(one.named ? {} : { UpdateBuyerTargetingTerms: undefined }),
      ...(one.payable ? { UpdateNetPaymentTerms: { Terms: [net] } } : {}),
      ...(one.latest ? { UpdateBuyerValidityTerms: { Terms: [latest] } } : {}),
    }),
  )
  reused.set(key, madeBy(made, 'A'))
  return reused.get(key) ?? ''
}

/** A plan without a fixed choice over list prices is no form that the guide describes. */
const described = (one: Given, { price }: Offered) =>
  one.kind !== 'list' || (price.by !== 'plan' && price.by !== 'both')

test(`of ${RUNS} offers of a reseller each is taken or refused as the model says`, async () => {
  const met = new Set<string>()
  const property = fc.asyncProperty(given, offered, async (one, offer) => {
    fc.pre(described(one, offer))
    const expected = verdict(one, offer)
    const answer = await outcome(market, market.reseller, changesOf(await authorized(one), offer))
    const found = [
      ...new Set(answer.filter((problem) => !problem.startsWith('ReleaseOffer: MISSING'))),
    ].sort()
    expect(found).toEqual(expected.length === 0 ? ['SUCCEEDED'] : expected)
    for (const code of found) met.add(`${one.kind} ${code}`)
  })
  await fc.assert(property, { seed: 7, numRuns: RUNS })
  const kinds = ['fixed', 'list', 'usage']
  for (const kind of kinds) expect(met).toContain(`${kind} SUCCEEDED`)
  for (const type of [
    'UpdatePricingTerms',
    'UpdateTargeting',
    'UpdateNetPaymentTerms',
    'UpdateValidityTerms',
  ])
    for (const kind of kinds) expect(met).toContain(`${kind} ${type}: ${RA}`)
}, 120_000)
