import { decimal } from '../../money.ts'
import { addDuration, endOfDate, parseDate, startOfDay } from '../../time.ts'
import { refuse } from '../catalog/change-context.ts'
import type { ErrorDetail, Product, Term } from '../model.ts'
import { limitProblems } from './pricing-limits.ts'

// Rules an offer and a resale authorization share. A resale term has the same shape under a longer name.

export function plainType(term: Term): string {
  return term.Type.replace(/^Resale/, '')
}

export function termOf(terms: Term[], type: string): Term | undefined {
  return terms.find((term) => plainType(term) === type)
}

const upfront = ['ConfigurableUpfrontPricingTerm', 'FixedUpfrontPricingTerm']
const pricing = [
  ...upfront,
  'UsageBasedPricingTerm',
  'ByolPricingTerm',
  'FreeTrialPricingTerm',
  'RecurringPaymentTerm',
]

export function isPricingTerm(term: Term): boolean {
  return pricing.includes(plainType(term))
}

function duplicates(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

/** What is wrong with the pricing terms by themselves and against the product's dimensions. */
export function pricingProblems(product: Product, model: string, terms: Term[]): ErrorDetail[] {
  const types = terms.map(plainType)
  const errors: ErrorDetail[] = []
  for (const type of duplicates(types))
    errors.push(refuse('DUPLICATE_TERM_TYPES', `${type} appears more than once.`))
  if (upfront.every((type) => types.includes(type))) {
    errors.push(
      refuse('INCOMPATIBLE_TERMS', 'An offer has a configurable or a fixed upfront price, never both.'),
    )
  }
  errors.push(...modelProblems(model, types))
  const currencies = new Set(terms.flatMap((term) => term.CurrencyCode ?? []))
  if (currencies.size > 1) {
    errors.push(refuse('INCOMPATIBLE_CURRENCY_CODE', 'All terms must have the same currency.'))
  }
  for (const term of terms) {
    errors.push(...termProblems(product, term), ...limitProblems(plainType(term), term))
  }
  return errors
}

function modelProblems(model: string, types: string[]): ErrorDetail[] {
  const problem = (message: string) => [refuse('INCOMPATIBLE_PRICING_MODEL', message)]
  const hasUpfront = types.some((type) => upfront.includes(type))
  const isUsed = ['UsageBasedPricingTerm', 'FreeTrialPricingTerm'].some((type) => types.includes(type))
  if (model === 'Usage' && (hasUpfront || !isUsed)) {
    return problem('The pricing model Usage takes a usage based term or a free trial, and no upfront term.')
  }
  if (model === 'Contract' && !hasUpfront) return problem('The pricing model Contract needs an upfront term.')
  if (model === 'Free' && !types.includes('FreeTrialPricingTerm') && types.length > 0) {
    return problem('The pricing model Free takes a free trial term.')
  }
  return []
}

function termProblems(product: Product, term: Term): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const metered = plainType(term) === 'UsageBasedPricingTerm'
  const keyProblems = (keys: string[], code: string) => {
    for (const key of duplicates(keys)) {
      errors.push(refuse('DUPLICATE_DIMENSION_KEYS', `The dimension ${key} appears more than once.`))
    }
    for (const key of keys) {
      const dimension = product.dimensions.find((candidate) => candidate.Key === key)
      // A free trial grants what is otherwise metered as well as what is entitled.
      const fits =
        plainType(term) === 'FreeTrialPricingTerm' ||
        dimension?.Types.includes(metered ? 'Metered' : 'Entitled')
      if (!dimension) errors.push(refuse(code, `The product has no dimension ${key}.`))
      else if (!fits)
        errors.push(refuse(code, `The dimension ${key} is not ${metered ? 'metered' : 'entitled'}.`))
    }
  }
  if (term.Grants)
    keyProblems(
      term.Grants.map((grant) => grant.DimensionKey),
      'INVALID_GRANTS',
    )
  for (const card of term.RateCards ?? []) {
    keyProblems(
      card.RateCard.map((rate) => rate.DimensionKey),
      'INVALID_RATE_CARD',
    )
    const { Constraints } = card
    if (Constraints && Constraints.MultipleDimensionSelection !== Constraints.QuantityConfiguration) {
      const message = 'MultipleDimensionSelection and QuantityConfiguration must be equal.'
      errors.push(refuse('INCOMPATIBLE_RATE_CARD_CONSTRAINTS', message))
    }
  }
  for (const value of duplicates((term.RateCards ?? []).flatMap((card) => card.Selector?.Value ?? []))) {
    errors.push(refuse('DUPLICATE_SELECTORS', `The selector ${value} appears more than once.`))
  }
  if (metered && term.CurrencyCode !== 'USD') {
    errors.push(refuse('INVALID_CURRENCY_CODE', 'Usage is priced in USD only.'))
  }
  return errors
}

/** When an agreement accepted at `at` would end by these terms; undefined when nothing says so. */
export function agreementEnd(terms: Term[], at: number, selector?: string): number | undefined {
  const validity = termOf(terms, 'ValidityTerm')
  const start = validity?.AgreementStartDate ? parseDate(validity.AgreementStartDate) : at
  if (validity?.AgreementEndDate) return endOfDate(validity.AgreementEndDate)
  const duration =
    validity?.AgreementDuration ??
    termOf(terms, 'FixedUpfrontPricingTerm')?.Duration ??
    selector ??
    // A trial that goes over into paid usage does not end the agreement.
    (termOf(terms, 'UsageBasedPricingTerm') ? undefined : termOf(terms, 'FreeTrialPricingTerm')?.Duration)
  return duration === undefined ? undefined : addDuration(start, duration)
}

const mostCharges = 60

type ScheduleBounds = { now: number; availability_end_date: string | undefined }

/** What is wrong with a payment schedule beside the terms it stands with. */
export function scheduleProblems(terms: Term[], bounds: ScheduleBounds): ErrorDetail[] {
  const term = termOf(terms, 'PaymentScheduleTerm')
  if (!term?.Schedule) return []
  const errors: ErrorDetail[] = []
  const dates = term.Schedule.map((item) => item.ChargeDate)
  if (dates.length > mostCharges) {
    errors.push(refuse('TOO_MANY_CHARGES', `A payment schedule takes at most ${mostCharges} charges.`))
  }
  for (const date of duplicates(dates)) {
    errors.push(refuse('DUPLICATE_CHARGE_DATES', `The charge date ${date} appears more than once.`))
  }
  if (dates.some((date) => parseDate(date) < startOfDay(bounds.now))) {
    errors.push(refuse('INVALID_CHARGE_DATES', 'A charge date must not be in the past.'))
  }
  const end = agreementEnd(terms, bounds.now)
  if (end !== undefined && dates.some((date) => parseDate(date) > end)) {
    errors.push(
      refuse('INVALID_CHARGE_DATES', 'The last charge date must be before the end of the agreement.'),
    )
  }
  const lastDay = bounds.availability_end_date
  if (lastDay && dates.filter((date) => date <= lastDay).length > 1) {
    const message = 'At most one charge date may be on or before the end of the availability.'
    errors.push(refuse('TOO_MANY_BACKDATED_CHARGES', message))
  }
  const others = terms.filter(isPricingTerm).flatMap((other) => other.CurrencyCode ?? [])
  if (others.some((currency) => currency !== term.CurrencyCode)) {
    errors.push(
      refuse('INCOMPATIBLE_CURRENCY_CODE', 'The payment schedule must have the currency of the prices.'),
    )
  }
  const fixed = termOf(terms, 'FixedUpfrontPricingTerm')
  if (!fixed) {
    errors.push(refuse('INCOMPATIBLE_TERMS', 'A payment schedule needs a fixed upfront pricing term.'))
  } else if (decimal(fixed.Price ?? '0') !== 0n) {
    errors.push(refuse('INCOMPATIBLE_TERMS', 'With a payment schedule the fixed upfront price must be 0.'))
  }
  return errors
}

/** "Update*Terms" replaces a whole family: what the request leaves out is gone. */
export function replaceTerms(terms: Term[], types: (type: string) => boolean, added: Term[]): Term[] {
  return [...terms.filter((term) => !types(plainType(term))), ...added]
}
