// A percentage off terms, exactly. Pure.
import {
  add,
  compare,
  type Decimal,
  decimal,
  formatDecimal,
  isNegative,
  multiply,
  parseDecimal,
  roundTo,
  subtract,
} from '../../../core/decimal.ts'
import { formatMoney, money, roundMoney, sumMoney } from '../../../core/money.ts'
import type { Terms } from './draft.ts'

const HUNDRED = decimal(100)
/** More digits than a usage price has on any cloud. */
const PRICE_DIGITS = 8

/** A discount as it is typed; undefined for anything that is not from 0 to 100. */
export function readPercent(text: string): Decimal | undefined {
  const value = parseDecimal(text.trim())
  return value === undefined || isNegative(value) || compare(value, HUNDRED) > 0 ? undefined : value
}

/** The same terms with a percentage off: every instalment rounded half up to the smallest unit, their sum the total. */
export function discounted(terms: Terms, percent: Decimal): Terms {
  const factor = multiply(subtract(HUNDRED, percent), decimal('0.01'))
  const { currency } = terms
  const cut = (price: string) => {
    const value = multiply(decimal(price), factor)
    // Adding nothing brings it to its shortest spelling.
    return formatDecimal(
      add(decimal(0), { coefficient: roundTo(value, PRICE_DIGITS, 'half_up'), scale: PRICE_DIGITS }),
    )
  }
  const cutAll = (prices: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, cut(price)]))
  if (terms.kind === 'free_trial') return terms
  if (terms.kind === 'usage') return { ...terms, usage_prices: cutAll(terms.usage_prices) }
  if (terms.kind === 'configurable') {
    const rates = terms.rates.map((rate) => ({ ...rate, prices: cutAll(rate.prices) }))
    return { ...terms, rates, usage_prices: cutAll(terms.usage_prices) }
  }
  const parts = terms.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: roundMoney(currency, multiply(decimal(amount), factor), 'half_up'),
  }))
  const total = formatMoney(
    sumMoney(
      money(currency, 0n).asset,
      parts.map(({ amount }) => amount),
    ),
  )
  const instalments = parts.map(({ due_on, amount }) => ({ due_on, amount: formatMoney(amount) }))
  return terms.kind === 'contract'
    ? { ...terms, total, instalments }
    : { ...terms, total, instalments, usage_prices: cutAll(terms.usage_prices) }
}
