// What a buyer chose of configurable terms, as the contract that it makes of them. Pure.
import { decimal, multiply, zero } from '../core/decimal.ts'
import { formatMoney, money, roundMoney, sumMoney } from '../core/money.ts'
import type { LocalDate } from '../core/time.ts'
import { isFixed, ratesOf, type Terms } from './model.ts'

export type Choice = {
  duration_months: number
  grants: readonly { dimension: string; quantity: number }[]
  /** When it is charged. */
  due_on: LocalDate
}

/** What was chosen, read from the terms that a cloud tells of an agreement; undefined: it does not tell. */
export function choiceIn(told: Terms): Choice | undefined {
  if (!isFixed(told) || told.grants.length === 0) return undefined
  const due_on = told.instalments[0]?.due_on
  return due_on === undefined
    ? undefined
    : { duration_months: told.duration_months, grants: told.grants, due_on }
}

/**
 * Configurable terms with a choice made: price × quantity of each dimension, rounded half up to the smallest unit, all
 * of it due at once. Other terms stay as they are, and so do those whose choice they do not price.
 */
export function chosen(terms: Terms, choice: Choice | undefined): Terms {
  if (terms.kind !== 'configurable' || choice === undefined) return terms
  const { currency, usage_prices } = terms
  const rate = ratesOf(terms).find(({ duration_months }) => duration_months === choice.duration_months)
  if (rate === undefined || choice.grants.some(({ dimension }) => !Object.hasOwn(rate.prices, dimension)))
    return terms
  const amounts = choice.grants.map(({ dimension, quantity }) =>
    roundMoney(currency, multiply(rate.prices[dimension] ?? zero, decimal(quantity)), 'half_up'),
  )
  const total = formatMoney(sumMoney(money(currency, 0n).asset, amounts))
  const fixed = {
    currency,
    duration_months: choice.duration_months,
    total,
    grants: [...choice.grants],
    instalments: [{ due_on: choice.due_on, amount: total }],
  }
  return Object.keys(usage_prices).length === 0
    ? { kind: 'contract', ...fixed }
    : { kind: 'contract_with_consumption', ...fixed, usage_prices }
}
