// One currency became another: both amounts, and the rate between them as evidence. Pure.
import { type Decimal, formatDecimal } from '../core/decimal.ts'
import { currencyOf, digitsOf, formatMoney, type Money } from '../core/money.ts'

/** What the recipe of an exchange is told: what was given, what came, and at which rate. */
export function exchangeOf(
  evidence: Readonly<Record<string, unknown>>,
  sold: Money,
  bought: Money,
): { sold: Money; bought: Money; evidence: Record<string, unknown> } {
  const rate = rateOf(sold, bought)
  return {
    sold,
    bought,
    evidence: { ...evidence, sold: formatMoney(sold), bought: formatMoney(bought), rate },
  }
}

/** The rate one unit was exchanged at, to eight places. */
function rateOf(sold: Money, bought: Money): string {
  if (sold.amount === 0n) return '0'
  const top = bought.amount * 10n ** BigInt(digitsOf(sold.asset) + 8)
  const bottom = sold.amount * 10n ** BigInt(digitsOf(bought.asset))
  const rate: Decimal = { coefficient: top / bottom, scale: 8 }
  return `${formatDecimal(rate)} ${currencyOf(bought.asset)} per ${currencyOf(sold.asset)}`
}
