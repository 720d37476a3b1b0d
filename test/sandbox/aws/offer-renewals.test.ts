import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Market, problemsOf } from '../support.ts'
import {
  atSamePrice,
  card,
  contract,
  halves,
  type OfferBody,
  offerChange,
  openCatalog,
  privateOffer,
  publishProduct,
  range,
  renewing,
  template,
} from './offer-world.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterAll(() => market.server.stop())

const refusals: Record<string, [code: string, broken: OfferBody][]> = {
  UpdateRenewalTerms: [
    ['MISSING_PRICE_INCREASE', renewing({ TermTemplates: halves })],
    ['MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE', renewing({ PriceIncrease: atSamePrice })],
    [
      'INCOMPATIBLE_TERMS',
      { ...contract(card('P12M')), ...renewing({ PriceIncrease: atSamePrice, TermTemplates: halves }) },
    ],
    [
      'INVALID_PERCENTAGE_RANGE',
      renewing({ PriceIncrease: range('5', '5', '5'), AdjustmentDeadline: 'P60D', TermTemplates: halves }),
    ],
    [
      'INVALID_PERCENTAGE_RANGE',
      renewing({ PriceIncrease: range('1', '5', '6'), AdjustmentDeadline: 'P60D', TermTemplates: halves }),
    ],
    ['MISSING_ADJUSTMENT_DEADLINE', renewing({ PriceIncrease: range('1', '5', '2'), TermTemplates: halves })],
    [
      'INVALID_ADJUSTMENT_DEADLINE',
      renewing({
        PriceIncrease: range('1', '5', '2'),
        AdjustmentDeadline: 'P30D',
        LockoutPeriod: 'P30D',
        TermTemplates: halves,
      }),
    ],
    [
      'INVALID_ADJUSTMENT_DEADLINE',
      renewing({ PriceIncrease: atSamePrice, AdjustmentDeadline: 'P30D', TermTemplates: halves }),
    ],
    [
      'INVALID_LOCKOUT_PERIOD',
      renewing({ PriceIncrease: atSamePrice, LockoutPeriod: 'P1M', TermTemplates: halves }),
    ],
    [
      'INVALID_LOCKOUT_PERIOD',
      renewing({ PriceIncrease: atSamePrice, LockoutPeriod: 'P365D', TermTemplates: halves }),
    ],
    [
      'INVALID_CHARGE_PERCENTAGES',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template({ ChargeDateOffset: 'P0D', ChargePercentage: '99.99' }),
      }),
    ],
    [
      'INVALID_CHARGE_PERCENTAGES',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template(
          { ChargeDateOffset: 'P0D', ChargePercentage: '100' },
          { ChargeDateOffset: 'P1D', ChargePercentage: '0.00' },
        ),
      }),
    ],
    [
      'INVALID_CHARGE_DATE_OFFSETS',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template(
          { ChargeDateOffset: 'P0D', ChargePercentage: '50' },
          { ChargeDateOffset: 'P1M', ChargePercentage: '50' },
        ),
      }),
    ],
    [
      'INVALID_CHARGE_DATE_OFFSETS',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template({ ChargeDateOffset: 'P12M', ChargePercentage: '100' }),
      }),
    ],
    [
      'DUPLICATE_CHARGE_DATE_OFFSETS',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template(
          { ChargeDateOffset: 'P1M', ChargePercentage: '50' },
          { ChargeDateOffset: 'P1M', ChargePercentage: '50' },
        ),
      }),
    ],
    [
      'INVALID_DAY_OF_MONTH',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template({ ChargeDateOffset: 'P1M', ChargePercentage: '100', DayOfMonth: 32 }),
      }),
    ],
    [
      'INVALID_DAY_OF_MONTH',
      renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: template({ ChargeDateOffset: 'P1D', ChargePercentage: '100', DayOfMonth: 1 }),
      }),
    ],
    [
      'INVALID_UPDATE_REQUEST',
      renewing({ PriceIncrease: atSamePrice, TermTemplates: [...halves, ...halves] }),
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
