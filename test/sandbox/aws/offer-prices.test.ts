import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Market, problemsOf, twoInstalments } from '../support.ts'
import {
  card,
  configurableTerm,
  contract,
  fixedTerm,
  keys,
  noSchedule,
  type OfferBody,
  offerChange,
  on,
  openCatalog,
  pricing,
  privateOffer,
  publishProduct,
  rates,
  schedule,
  usageTerm,
} from './offer-world.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterAll(() => market.server.stop())

const refusals: Record<string, [code: string, broken: OfferBody][]> = {
  UpdatePricingTerms: [
    [
      'DUPLICATE_DIMENSION_KEYS',
      pricing('Contract', { ...fixedTerm(), Grants: [{ DimensionKey: 'seats' }, { DimensionKey: 'seats' }] }),
    ],
    ['DUPLICATE_SELECTORS', contract(card('P12M'), card('P12M'))],
    ['DUPLICATE_TERM_TYPES', pricing('Contract', fixedTerm(), usageTerm(), usageTerm('USD', 'traffic'))],
    [
      'INCOMPATIBLE_CURRENCY_CODE',
      {
        ...pricing('Contract', fixedTerm('EUR'), usageTerm()),
        UpdatePaymentScheduleTerms: schedule(twoInstalments, 'EUR'),
      },
    ],
    ['INVALID_CURRENCY_CODE', { ...pricing('Usage', usageTerm('EUR')), ...noSchedule }],
    ['INCOMPATIBLE_PRICING_MODEL', { ...pricing('Usage', configurableTerm([card('P1M')])), ...noSchedule }],
    ['INCOMPATIBLE_PRICING_MODEL', { ...pricing('Byol', usageTerm()), ...noSchedule }],
    ['INCOMPATIBLE_PRICING_MODEL', { ...pricing('Contract', usageTerm()), ...noSchedule }],
    ['INCOMPATIBLE_TERMS', pricing('Contract', fixedTerm(), configurableTerm([card('P12M')]))],
    [
      'INCOMPATIBLE_RATE_CARD_CONSTRAINTS',
      contract({
        ...card('P12M'),
        Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Disallowed' },
      }),
    ],
    ['INVALID_DURATION', pricing('Contract', { ...fixedTerm(), Duration: 'P0D' })],
    ['INVALID_DURATION', pricing('Contract', { ...fixedTerm(), Duration: 'P61M' })],
    [
      'MISSING_DURATION',
      { ...pricing('Contract', { ...fixedTerm(), Duration: undefined }), UpdateValidityTerms: undefined },
    ],
    ['INVALID_GRANTS', pricing('Contract', { ...fixedTerm(), Grants: [{ DimensionKey: 'calls' }] })],
    ['INVALID_GRANTS', pricing('Contract', { ...fixedTerm(), Grants: [{ DimensionKey: 'nothing' }] })],
    ['INVALID_RATE_CARD', contract({ ...card('P12M'), RateCard: [{ DimensionKey: 'calls', Price: '1' }] })],
    [
      'INVALID_RATE_CARD',
      { ...pricing('Contract', { ...configurableTerm([]), RateCards: undefined }), ...noSchedule },
    ],
    ['INVALID_SELECTOR_DURATION_VALUE', contract(card('P0M'))],
    ['INVALID_SELECTOR_DURATION_VALUE', contract(card('P5Y1D'))],
    [
      'TOO_MANY_RATE_CARDS',
      contract(...['P1M', 'P2M', 'P3M', 'P4M', 'P5M', 'P6M'].map((length) => card(length))),
    ],
  ],
  UpdatePaymentScheduleTerms: [
    ['INCOMPATIBLE_TERMS', pricing('Contract', { ...fixedTerm(), Price: '0.001' })],
    [
      'DUPLICATE_CHARGE_DATES',
      { UpdatePaymentScheduleTerms: schedule([on('2027-01-20'), on('2027-01-20')]) },
    ],
    ['INVALID_CHARGE_DATES', { UpdatePaymentScheduleTerms: schedule([on('2026-10-31')]) }],
    ['INVALID_CHARGE_DATES', { UpdatePaymentScheduleTerms: schedule([on('2027-11-02')]) }],
    [
      'TOO_MANY_BACKDATED_CHARGES',
      { UpdatePaymentScheduleTerms: schedule([on('2026-11-10'), on('2026-11-30')]) },
    ],
    ['INCOMPATIBLE_CURRENCY_CODE', { UpdatePaymentScheduleTerms: schedule(twoInstalments, 'GBP') }],
    [
      'TOO_MANY_CHARGES',
      {
        UpdatePaymentScheduleTerms: schedule(
          Array.from({ length: 61 }, (_, day) =>
            on(new Date(Date.UTC(2026, 11, 1 + day)).toISOString().slice(0, 10)),
          ),
        ),
      },
    ],
    [
      'INCOMPATIBLE_TERMS',
      { ...contract(card('P12M')), UpdatePaymentScheduleTerms: schedule(twoInstalments) },
    ],
  ],
}

const rows = Object.entries(refusals).flatMap(([type, cases]) =>
  cases.map(([code, broken]): [string, OfferBody] => [`${type}: ${code}`, broken]),
)
test.each(rows)('%s (%#)', async (problem, broken) => {
  const done = await offerChange(market, { ...privateOffer(productId), ...broken })
  expect(done).toMatchObject({ Status: 'FAILED', FailureCode: 'CLIENT_ERROR' })
  expect([...new Set(problemsOf(done))]).toEqual([problem])
})

const large: [string, OfferBody][] = [
  [
    'TOO_MANY_GRANTS',
    pricing('Contract', { ...fixedTerm(), Grants: keys(201).map((DimensionKey) => ({ DimensionKey })) }),
  ],
  ['TOO_MANY_RATES', contract({ ...card('P12M'), RateCard: rates(801) })],
]
test.each(large)('UpdatePricingTerms: %s, whatever else is wrong with so much', async (code, broken) => {
  const done = await offerChange(market, { ...privateOffer(productId), ...broken })
  expect(problemsOf(done)).toContain(`UpdatePricingTerms: ${code}`)
})
