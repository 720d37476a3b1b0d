// Terms as they are typed, read into the API's shape. Pure.
import { formatDecimal, isNegative, parseDecimal } from '../../../core/decimal.ts'
import { type Composed, type Hints, hasUsage, type Missing, type Terms, type TermsForm } from './draft.ts'
import { readAmount, writeAmount } from './instalments.ts'

const WHOLE = /^[1-9]\d{0,9}$/

type Found = { hints: Record<string, Hints[string]>; missing: Missing[] }

/** The terms in the API's shape; undefined as long as something is missing or cannot be read. */
export function composeTerms(form: TermsForm): Composed<Terms> {
  const found: Found = { hints: {}, missing: [] }
  const value = read(form, found)
  const { hints, missing } = found
  return { value: missing.length > 0 || Object.keys(hints).length > 0 ? undefined : value, hints, missing }
}

function read(form: TermsForm, found: Found): Terms {
  const { kind, currency, plan } = form
  const { hints, missing } = found
  if (kind === 'free_trial') {
    const grants = readGrants(form.quantities, hints)
    if (grants.length === 0) missing.push('grants')
    if (!WHOLE.test(form.trial_days.trim())) hints['terms.trial_days'] = 'days'
    return { kind, currency, trial_days: Number(form.trial_days), grants }
  }
  const usage_prices = hasUsage(kind) ? readPrices('terms.usage_prices', form.prices, hints) : {}
  if (kind === 'configurable') return { kind, currency, rates: readRates(form.rates, found), usage_prices }
  const duration = form.duration.trim()
  if (duration === '') missing.push('duration')
  else if (!WHOLE.test(duration)) hints['terms.duration_months'] = 'months'
  const shared = { currency, duration_months: Number(duration) }
  if (kind === 'usage') return { kind, ...shared, usage_prices }
  if (form.total.trim() === '') missing.push('total')
  else if (readAmount(currency, form.total) === undefined) hints['terms.total'] = 'amount'
  const fixed = {
    ...shared,
    total: writeAmount(currency, plan.total),
    grants: readGrants(form.quantities, hints),
    instalments: plan.instalments.map(({ due_on, amount }) => ({
      due_on,
      amount: writeAmount(currency, amount),
    })),
  }
  return kind === 'contract' ? { kind, ...fixed } : { kind, ...fixed, usage_prices }
}

function readRates(rates: TermsForm['rates'], { hints, missing }: Found) {
  const read = rates.flatMap(({ months, prices }, index) => {
    const field = `terms.rates.${index}`
    const priced = readPrices(`${field}.prices`, prices, hints)
    if (!WHOLE.test(months.trim())) hints[`${field}.duration_months`] = 'months'
    return [{ duration_months: Number(months), prices: priced }]
  })
  if (read.every(({ prices }) => Object.keys(prices).length === 0)) missing.push('rates')
  return read
}

function readGrants(quantities: TermsForm['quantities'], hints: Record<string, Hints[string]>) {
  return Object.entries(quantities).flatMap(([dimension, typed]) => {
    const text = typed.trim()
    if (text === '') return []
    if (!WHOLE.test(text)) {
      hints[`terms.grants.${dimension}`] = 'quantity'
      return []
    }
    return [{ dimension, quantity: Number(text) }]
  })
}

function readPrices(field: string, prices: TermsForm['prices'], hints: Record<string, Hints[string]>) {
  const read: Record<string, string> = {}
  for (const [dimension, typed] of Object.entries(prices)) {
    const text = typed.trim()
    if (text === '') continue
    const value = parseDecimal(text)
    if (value === undefined || isNegative(value)) hints[`${field}.${dimension}`] = 'price'
    else read[dimension] = formatDecimal(value)
  }
  return read
}
