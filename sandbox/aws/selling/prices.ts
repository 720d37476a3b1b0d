import { cents, decimal, fromInteger, multiply, sum } from '../../money.ts'
import type { Term } from '../model.ts'
import { termOf } from './pricing-rules.ts'

/** What a buyer chose of a configurable contract: a duration, and a quantity of each dimension. */
export type Configuration = { selector: string; dimensions: Record<string, number> }

/** The total of a payment schedule. */
export function scheduleTotal(term: Term | undefined): bigint {
  return (term?.Schedule ?? []).reduce((total, item) => total + decimal(item.ChargeAmount), 0n)
}

/** price × quantity, exact. */
export function priceOf(price: string, quantity: number | bigint): bigint {
  return multiply(decimal(price), fromInteger(quantity))
}

/** The upfront total of configurable terms for what the buyer chose. */
export function configuredPrice(terms: Term[], configuration: Configuration | undefined): bigint {
  const cards = termOf(terms, 'ConfigurableUpfrontPricingTerm')?.RateCards ?? []
  const card = cards.find((candidate) => candidate.Selector?.Value === configuration?.selector)
  const chosen = configuration?.dimensions ?? {}
  return sum((card?.RateCard ?? []).map((rate) => cents(priceOf(rate.Price, chosen[rate.DimensionKey] ?? 0))))
}

/** What is charged at acceptance: a fixed price without a schedule, or a configured one. */
export function upfrontPrice(terms: Term[], configuration: Configuration | undefined): bigint {
  const fixed = termOf(terms, 'FixedUpfrontPricingTerm')?.Price
  return (fixed === undefined ? 0n : cents(priceOf(fixed, 1))) + configuredPrice(terms, configuration)
}
