/**
 * Sold in one currency and paid out in another: the export has the earning in both, and each claim of it is given its
 * part of what was paid, so that the parts are the whole to the last digit.
 */
import { type Decimal, isZero, negate, roundTo, subtract, sum } from '../../../src/core/decimal.ts'
import { assetOf, currencies, digitsOf } from '../../../src/core/money.ts'
import type { StatementLine } from '../../connector.ts'
import { currencyAt, decimalAt, optional, type Row } from './rows.ts'

type Paid = NonNullable<StatementLine['paid']>

/** What each claim came to in the currency of the payment, signed as what was paid out; empty where it is the same. */
export function paidParts(row: Row, claims: readonly StatementLine[]): Paid[] {
  const [first, ...rest] = claims
  if (first === undefined || optional(row, 'lastpaymentcurrency') === null) return []
  const currency = currencyAt(row, 'lastpaymentcurrency')
  if (currency === first.currency || optional(row, 'earningamountinlastpaymentcurrency') === null) return []
  const paid = decimalAt(row, 'earningamountinlastpaymentcurrency')
  const earned = sum(claims.map(({ amount }) => amount))
  if (isZero(earned)) return []
  const digits = currencies.includes(currency) ? digitsOf(assetOf(currency)) : 2
  const others = rest.map(({ amount }) => share(paid, amount, earned, digits))
  return [subtract(paid, sum(others)), ...others].map((amount) => ({ amount: negate(amount), currency }))
}

/** whole × part / of, half up at the last digit. */
function share(whole: Decimal, part: Decimal, of: Decimal, digits: number): Decimal {
  const scale = whole.scale + part.scale - of.scale
  const more = Math.max(0, digits + 2 - scale)
  const top = whole.coefficient * part.coefficient * 10n ** BigInt(more)
  const quotient: Decimal = { coefficient: top / of.coefficient, scale: scale + more }
  return { coefficient: roundTo(quotient, digits, 'half_up'), scale: digits }
}
