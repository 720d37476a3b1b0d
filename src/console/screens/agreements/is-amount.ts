import type { Schemas } from '../../../client/index.ts'
import { currencies, parseMoney } from '../../../core/money.ts'
import type { Money } from '../../parts/amount.tsx'

/** Whether a text is an amount above zero, with no more digits than its currency has. */
export function isAmount({ currency, amount }: Money): boolean {
  if (!currencies.includes(currency)) return false
  const read = parseMoney(currency, amount.trim())
  return read !== undefined && read.amount > 0n
}

/** Whether one amount is larger than another of its currency. */
export function isMore(one: Money, other: Money): boolean {
  const [left, right] = [one, other].map(({ currency, amount }) => parseMoney(currency, amount.trim()))
  return left !== undefined && right !== undefined && left.amount > right.amount
}

export type Currency = Schemas['Money']['currency']

export function isCurrency(text: string | null): text is Currency {
  return text !== null && currencies.includes(text)
}
