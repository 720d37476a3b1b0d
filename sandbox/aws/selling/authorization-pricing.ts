import { decimal } from '../../money.ts'
import { addDuration, day, parseDate } from '../../time.ts'
import { refuse } from '../catalog/change-context.ts'
import type { ErrorDetail, Product, RateCard, Term } from '../model.ts'

// Asynchronous rules of the pricing terms of a resale authorization. Source: developer guide, resale authorizations,
// "Update pricing". Which message goes with which code is the guide's; bounds of durations are our default.

export const usageTerm = 'ResaleUsageBasedPricingTerm'
export const upfrontTerm = 'ResaleConfigurableUpfrontPricingTerm'
export const fixedTerm = 'ResaleFixedUpfrontPricingTerm'

const termsOfModel: Record<string, string[]> = {
  Usage: [usageTerm],
  Contract: [usageTerm, upfrontTerm, fixedTerm],
  Free: [],
}

/** A contract runs between one and sixty months. */
const longest = { least: 'P1M', most: 'P60M' }

export function wholesalePricingProblems(
  product: Product,
  model: string,
  terms: Term[],
  now: number,
): ErrorDetail[] {
  const types = terms.map((term) => term.Type)
  const strangers = types.filter((type) => !termsOfModel[model]?.includes(type))
  const errors: ErrorDetail[] = []
  if (strangers.length > 0) {
    const message = `The pricing model ${model} has no place for ${strangers.join(', ')}.`
    errors.push(refuse('INCOMPATIBLE_TERMS', message))
  } else if (model === 'Contract' && types.length > 0 && types.every((type) => type === usageTerm)) {
    errors.push(refuse('INCOMPATIBLE_TERMS', 'The pricing model Contract needs an upfront term.'))
  }
  if (types.includes(upfrontTerm) && types.includes(fixedTerm)) {
    errors.push(refuse('INCOMPATIBLE_TERMS', 'Upfront prices are configurable or fixed, never both.'))
  }
  if (new Set(terms.map((term) => term.CurrencyCode)).size > 1) {
    errors.push(refuse('INVALID_CURRENCY_CODE', 'All pricing terms must have the same CurrencyCode.'))
  } else if (types.includes(usageTerm) && terms.some((term) => term.CurrencyCode !== 'USD')) {
    errors.push(refuse('INVALID_CURRENCY_CODE', 'Usage is priced in USD only.'))
  }
  for (const term of terms) errors.push(...ofTerm(product, term, now))
  return errors
}

function ofTerm(product: Product, term: Term, now: number): ErrorDetail[] {
  if (term.Type === fixedTerm) return fixedProblems(product, term, now)
  const cards = term.RateCards ?? []
  const errors = cards.flatMap((card) => cardProblems(product, term.Type, card))
  if (term.Type === usageTerm) {
    if (cards.length > 1) errors.push(refuse('TOO_MANY_RATE_CARDS', 'Usage has one rate card.'))
    const priced = cards.flatMap(keysOf)
    const missing = product.dimensions.filter(
      ({ Key, Types }) => Types.includes('Metered') && !priced.includes(Key),
    )
    if (missing.length > 0) {
      const message = `Usage needs a rate for every metered dimension: ${missing.map(({ Key }) => Key)}.`
      errors.push(refuse('INVALID_RATE_CARD', message))
    }
    return errors
  }
  for (const value of repeated(cards.flatMap((card) => card.Selector?.Value ?? []))) {
    errors.push(refuse('DUPLICATE_SELECTORS', `The selector ${value} appears more than once.`))
  }
  for (const card of cards) {
    const { Constraints, Selector } = card
    if (Constraints && Constraints.MultipleDimensionSelection !== Constraints.QuantityConfiguration) {
      const message = 'MultipleDimensionSelection and QuantityConfiguration must be equal.'
      errors.push(refuse('INCOMPATIBLE_RATE_CARD_CONSTRAINTS', message))
    }
    if (Selector && !isWithin(Selector.Value, now)) {
      const message = `The duration ${Selector.Value} is not between 1 and 60 months.`
      errors.push(refuse('INVALID_SELECTOR_DURATION_VALUE', message))
    }
  }
  const sets = new Set(cards.map((card) => keysOf(card).sort().join(' ')))
  if (sets.size > 1) {
    errors.push(refuse('INVALID_RATE_CARD', 'Every duration must price the same dimensions.'))
  }
  return errors
}

function fixedProblems(product: Product, term: Term, now: number): ErrorDetail[] {
  const keys = (term.Grants ?? []).map((grant) => grant.DimensionKey)
  const errors = keyProblems(product, term.Type, keys)
  if (decimal(term.Price ?? '0') !== 0n) {
    errors.push(refuse('INCOMPATIBLE_TERMS', 'The price of a fixed upfront term must be 0.'))
  }
  if (!term.Duration) errors.push(refuse('MISSING_DURATION', `${term.Type} needs a Duration.`))
  else if (!isWithin(term.Duration, now)) {
    errors.push(refuse('INVALID_DURATION', `The duration ${term.Duration} is not between 1 and 60 months.`))
  }
  return errors
}

const keysOf = (card: RateCard) => card.RateCard.map((rate) => rate.DimensionKey)

const cardProblems = (product: Product, type: string, card: RateCard) =>
  keyProblems(product, type, keysOf(card))

function keyProblems(product: Product, type: string, keys: string[]): ErrorDetail[] {
  const wanted = type === usageTerm ? 'Metered' : 'Entitled'
  const found = (key: string) => product.dimensions.find((dimension) => dimension.Key === key)
  const unknown = keys.filter((key) => !found(key))
  const unfit = keys.filter((key) => found(key) && !found(key)?.Types.includes(wanted))
  return [
    ...[...new Set(repeated(keys))].map((key) =>
      refuse('DUPLICATE_DIMENSION_KEYS', `The dimension ${key} appears more than once in ${type}.`),
    ),
    ...(unknown.length > 0
      ? [refuse('INCOMPATIBLE_PRODUCT', `The product has no dimension ${unknown.join(', ')}, see ${type}.`)]
      : []),
    ...(unfit.length > 0
      ? [refuse('INVALID_RATE_CARD', `${type} takes ${wanted} dimensions only, not ${unfit.join(', ')}.`)]
      : []),
  ]
}

function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

function isWithin(duration: string, now: number): boolean {
  const length = (text: string) => (addDuration(now, text) ?? Number.NaN) - now
  return length(duration) >= length(longest.least) - 3 * day && length(duration) <= length(longest.most)
}

/** What is wrong with the wholesale instalments, beside the terms and the availability they stand with. */
export function wholesaleScheduleProblems(terms: Term[], now: number): ErrorDetail[] {
  const schedule = terms.find((term) => term.Type === 'ResalePaymentScheduleTerm')
  if (!schedule?.Schedule) return []
  const errors: ErrorDetail[] = []
  const dates = schedule.Schedule.map((item) => item.ChargeDate)
  for (const date of new Set(repeated(dates))) {
    errors.push(refuse('DUPLICATE_CHARGE_DATES', `The charge date ${date} appears more than once.`))
  }
  if (dates.some((date) => parseDate(date) <= now)) {
    errors.push(refuse('INVALID_CHARGE_DATES', 'Every charge date must be in the future.'))
  }
  const fixed = terms.find((term) => term.Type === fixedTerm)
  const end = fixed?.Duration ? addDuration(now, fixed.Duration) : undefined
  if (end !== undefined && dates.some((date) => parseDate(date) > end)) {
    errors.push(
      refuse('INVALID_CHARGE_DATES', 'The last charge date must be before the end of the contract.'),
    )
  }
  const others = terms.filter((term) => term.RateCards ?? term.Grants)
  if (others.some((term) => term.CurrencyCode !== schedule.CurrencyCode)) {
    errors.push(refuse('INVALID_CURRENCY_CODE', 'Prices and instalments must have the same CurrencyCode.'))
  }
  return errors
}
