/**
 * Pure mapping of prices and terms. Azure bills a flat rate by term or by a schedule, and beside it metered usage with
 * quantities that are included in the price.
 * Sources: Microsoft's pages on private offers, flexible billing and metered billing, 2023 to 2026.
 */
import {
  compare,
  type Decimal,
  formatDecimal,
  isNegative,
  isZero,
  sum,
  zero,
} from '../../../src/core/decimal.ts'
import { currencyOf, moneyDecimal } from '../../../src/core/money.ts'
import type { ChangeProblem, ListingDraft, OfferDraft } from '../../connector.ts'
import { toAzureNumber } from '../wire/numbers.ts'

export type Priced = Pick<
  OfferDraft,
  'currency' | 'grants' | 'instalments' | 'usage_prices' | 'duration_months' | 'expires_on'
>
export type AzureTerm = { type: 'month' | 'year'; value: number }

/** One month, or one to five whole years: Azure sells nothing in between. */
export function toAzureTerm(months: number): AzureTerm | undefined {
  if (months === 1) return { type: 'month', value: 1 }
  const years = months / 12
  return Number.isInteger(years) && years >= 1 && years <= 5 ? { type: 'year', value: years } : undefined
}

export function problem(code: string, field: string, plain: string): ChangeProblem {
  return { code, message: plain, field, plain }
}

const INSTALMENTS_MAX = 70
const METERS_MAX = 30

/** Prices that Azure has no terms for are said before anything is sent. */
export function pricingProblems(draft: Priced): ChangeProblem[] {
  const problems: ChangeProblem[] = []
  const add = (code: string, field: string, plain: string) => problems.push(problem(code, field, plain))
  const { instalments, usage_prices, grants } = draft
  if (draft.currency !== 'USD' || instalments.some(({ amount }) => currencyOf(amount.asset) !== 'USD'))
    add('CURRENCY', 'currency', 'Schedules of a private offer are written in US dollars. Price it in USD.')
  if (toAzureTerm(draft.duration_months) === undefined)
    add(
      'DURATION',
      'duration_months',
      'Azure sells one month or one to five whole years. Choose one of these.',
    )
  if (instalments.length === 0 && Object.keys(usage_prices).length === 0)
    add(
      'MISSING_PRICES',
      'usage_prices',
      'There is neither an instalment nor a usage price. Give one of them.',
    )
  if (instalments.length > INSTALMENTS_MAX)
    add(
      'TOO_MANY_INSTALMENTS',
      'instalments',
      `A schedule on Azure has at most ${INSTALMENTS_MAX} instalments.`,
    )
  const dates = instalments.map(({ due_on }) => due_on)
  if (new Set(dates).size !== dates.length)
    add('DUPLICATE_DATES', 'instalments', 'Two instalments fall on the same day. Give each its own date.')
  const early = instalments.filter(({ due_on }) => due_on <= draft.expires_on)
  if (early.length > 1)
    add(
      'EARLY_INSTALMENTS',
      'instalments',
      'Only one instalment may fall due before the offer can no longer be accepted.',
    )
  if (instalments.length === 0 && grants.some(({ dimension }) => usage_prices[dimension] === undefined))
    add(
      'UNPAID_GRANTS',
      'grants',
      'Quantities without a usage price are paid for by instalments. Give at least one.',
    )
  problems.push(...meterProblems(usage_prices, 'usage_prices'))
  return problems
}

function meterProblems(prices: Readonly<Record<string, Decimal>>, field: string): ChangeProblem[] {
  const problems = Object.entries(prices)
    .filter(([, price]) => isNegative(price) || toAzureNumber(price) === undefined)
    .map(([key, price]) =>
      problem('PRICE', `${field}.${key}`, `${formatDecimal(price)} cannot be written as a price of Azure.`),
    )
  if (Object.keys(prices).length > METERS_MAX)
    problems.push(problem('TOO_MANY_METERS', field, `An offer on Azure has at most ${METERS_MAX} meters.`))
  return problems
}

/** A price that was checked before; a schedule's amounts are whole cents, which numbers hold exactly. */
function number(value: Decimal): number {
  const found = toAzureNumber(value)
  if (found === undefined) throw new Error(`${formatDecimal(value)} was not checked before it was mapped`)
  return found
}

/** The pricing of a private plan: the schedule, or a flat rate of nothing where only usage is paid. */
export function toAzurePrivatePricing(draft: Priced) {
  const term = toAzureTerm(draft.duration_months) ?? { type: 'year', value: 1 }
  const price =
    draft.instalments.length === 0
      ? { billingTerm: term, paymentOption: term, pricePerPaymentInUsd: 0 }
      : {
          contractDuration: term,
          billingFrequency: BILLING_FREQUENCY,
          flexibleSchedule: toAzureSchedule(draft),
        }
  const included = new Map(draft.grants.map(({ dimension, quantity }) => [dimension, quantity]))
  return {
    recurrentPrice: { recurrentPriceMode: 'flatRate', priceInputOption: 'usd', prices: [price] },
    ...toAzureMeters(draft.usage_prices, term, included),
  }
}

/** No published page shows the literal; this one is what third parties send. */
const BILLING_FREQUENCY = 'flexible'

/** What is due before the offer can no longer be accepted is charged at the purchase; the rest on its dates. */
function toAzureSchedule({ instalments, expires_on }: Priced) {
  const first = instalments.find(({ due_on }) => due_on <= expires_on)
  const rest = instalments.filter((instalment) => instalment !== first)
  return {
    initialCharge: {
      pricePerPaymentInUsd: first === undefined ? 0 : number(moneyDecimal(first.amount)),
      note: first === undefined ? 'Nothing at the purchase' : 'At the purchase',
    },
    billingSchedule: rest.map(({ due_on, amount }, index) => ({
      chargeDate: due_on,
      pricePerPaymentInUsd: number(moneyDecimal(amount)),
      note: `Instalment ${index + (first === undefined ? 1 : 2)}`,
    })),
  }
}

function toAzureMeters(
  prices: Readonly<Record<string, Decimal>>,
  term: AzureTerm,
  included: ReadonlyMap<string, number>,
) {
  const entries = Object.entries(prices).map(([key, price]) => [
    key,
    {
      pricePerPaymentInUsd: number(price),
      includedQuantities: [{ billingTerm: term, quantity: included.get(key) ?? 0, isInfinite: false }],
    },
  ])
  return entries.length === 0
    ? {}
    : { customMeters: { priceInputOption: 'usd', meters: Object.fromEntries(entries) } }
}

/** A public flat rate knows no quantities: it is the price of one of each entitled dimension. */
export function toAzurePublicPricing({ prices }: ListingDraft) {
  const term = toAzureTerm(prices.term_months) ?? { type: 'year', value: 1 }
  const rate = sum(Object.values(prices.entitled))
  return {
    licenseModel: 'payAsYouGo',
    recurrentPrice: {
      recurrentPriceMode: 'flatRate',
      priceInputOption: 'usd',
      prices: [{ billingTerm: term, paymentOption: term, pricePerPaymentInUsd: number(rate) }],
    },
    ...toAzureMeters(prices.metered, term, new Map()),
  }
}

export function publicPriceProblems({ prices }: ListingDraft): ChangeProblem[] {
  const problems = meterProblems(prices.metered, 'prices.metered')
  if (prices.currency !== 'USD')
    problems.push(
      problem('CURRENCY', 'prices.currency', 'Public prices are entered in US dollars; Azure converts them.'),
    )
  if (toAzureTerm(prices.term_months) === undefined)
    problems.push(
      problem('DURATION', 'prices.term_months', 'Azure sells one month or one to five whole years.'),
    )
  const rate = sum(Object.values(prices.entitled))
  if (compare(rate, zero) < 0 || toAzureNumber(rate) === undefined)
    problems.push(
      problem('PRICE', 'prices.entitled', `${formatDecimal(rate)} cannot be written as a price of Azure.`),
    )
  if (isZero(rate) && Object.keys(prices.metered).length === 0)
    problems.push(problem('MISSING_PRICES', 'prices', 'The listing has no price. Give at least one.'))
  return problems
}
