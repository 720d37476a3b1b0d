// A check of the verdict, and the comparisons that checks are made of.
import { add, type Decimal, decimal, formatDecimal, isZero, negate, sum } from '../core/decimal.ts'

export type Check = { name: string; ok: boolean; detail: string }

export function total(texts: readonly string[]): Decimal {
  return sum(texts.map((text) => decimal(text)))
}

/** Two figures that must be one; `what` says whose each is. */
export function equal(name: string, left: Decimal, right: Decimal, what: [string, string]): Check {
  const ok = isZero(add(left, negate(right)))
  return { name, ok, detail: `${what[0]} ${formatDecimal(left)}, ${what[1]} ${formatDecimal(right)}` }
}
