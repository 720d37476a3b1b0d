import { canonicalJson, sha256 } from '../core/canonical.ts'
import { type Decimal, decimal, formatDecimal, multiply, roundTo } from '../core/decimal.ts'
import { type Asset, digitsOf, formatMoney, type Money, moneyDecimal } from '../core/money.ts'
import type { Month } from '../core/time.ts'

/** Shares are rounded half to even, so that many small ones do not drift to either side. */
export const SHARE_ROUNDING = 'half_even'

/** The digest's recipe, in words, for whoever recomputes it. */
export const DIGEST_OF =
  'SHA-256, in lower-case hex, of the content as UTF-8 JSON with sorted keys and no blanks between tokens'

/** What a partner is due of one disbursed line, with its arithmetic. */
export type ShareArithmetic = { unrounded: Decimal; rounded: Money }

/** basis × per cent / 100, then rounded to the minor unit. A negative basis gives a negative share. */
export function shareOf(basis: Money, share_percent: Decimal): ShareArithmetic {
  const unrounded = multiply(multiply(moneyDecimal(basis), share_percent), decimal('0.01'))
  const amount = roundTo(unrounded, digitsOf(basis.asset), SHARE_ROUNDING)
  return { unrounded, rounded: { asset: basis.asset, amount } }
}

/** One share as a row keeps it. */
export type Share = {
  line_key: string
  agreement_id: string
  month: Month
  basis: bigint
  share_percent: Decimal
  rounded: bigint
  occurred_at: Date
}

/** One line of a statement: everything needed to compute it again. */
export type StatementLine = {
  line_key: string
  agreement_id: string
  occurred_at: string
  /** The month it happened in; earlier than the statement's when it became known after that month was stated. */
  month: Month
  late: boolean
  basis: string
  share_percent: string
  unrounded: string
  rounding: typeof SHARE_ROUNDING
  rounded: string
}

/** What a statement's digest is made of. */
export type StatementContent = {
  organisation_id: string
  partner_id: string
  month: Month
  currency: string
  lines: StatementLine[]
  total: string
}

export function statementLine(asset: Asset, stated: Month, share: Share): StatementLine {
  const basis: Money = { asset, amount: share.basis }
  const { unrounded } = shareOf(basis, share.share_percent)
  return {
    line_key: share.line_key,
    agreement_id: share.agreement_id,
    occurred_at: share.occurred_at.toISOString(),
    month: share.month,
    late: share.month < stated,
    basis: formatMoney(basis),
    share_percent: formatDecimal(share.share_percent),
    unrounded: formatDecimal(unrounded),
    rounding: SHARE_ROUNDING,
    rounded: formatMoney({ asset, amount: share.rounded }),
  }
}

export function digestOf(content: StatementContent): Promise<string> {
  return sha256(canonicalJson(content))
}
