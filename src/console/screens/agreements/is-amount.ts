import type { Schemas } from '../../../client/index.ts'
import { currencies, parseMoney } from '../../../core/money.ts'
import type { Money } from '../../parts/amount.tsx'

/** Whether a text is an amount above zero, with no more digits than its currency has. */
export function isAmount({ currency, amount }: Money): boolean {
  if (!currencies.includes(currency)) return false
  const read = parseMoney(currency, amount.trim())
  return read !== undefined && read.amount > 0n
}

export type Currency = Schemas['Money']['currency']

export function isCurrency(text: string | null): text is Currency {
  return text !== null && currencies.includes(text)
}
