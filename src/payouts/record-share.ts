import type { Agreement } from '../agreements/model.ts'
import { formatDecimal } from '../core/decimal.ts'
import { displayMoney, formatMoney, type Money } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { monthOf } from '../core/time.ts'
import { post, recipes } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { findAuthorization } from '../syndication/index.ts'
import { SHARE_ROUNDING, shareOf } from './model.ts'
import { findPartnerOf, keepShare, type ShareRow } from './store.ts'

/** One disbursed line of an agreement; a line that takes money back has a negative amount. */
type DisbursedLine = {
  agreement: Pick<Agreement, 'id' | 'role' | 'seller_account_id'> &
    Partial<Pick<Agreement, 'authorization_id'>>
  /** Unique per line: its share is recorded once. */
  line_key: string
  amount: Money
  occurred_at: Date
}

/** Not every cloud names a reseller's account on its sales; the permission that we gave it does. */
async function resellerOf(
  scope: Scope,
  { authorization_id, seller_account_id }: DisbursedLine['agreement'],
): Promise<{ account_id: string; organisation_id: string | null }> {
  if (authorization_id == null) return { account_id: seller_account_id, organisation_id: null }
  const opened = await findAuthorization(scope, authorization_id)
  return { account_id: opened.reseller_account_id, organisation_id: opened.reseller_organisation_id }
}

/**
 * Records what a partner is due of a disbursed sale that it made: owed from this moment, and stated with its month.
 * undefined where the agreement is our own sale or its reseller is no partner. The same line again changes nothing and
 * keeps the percentage that held then; with another amount it throws a conflict.
 */
export async function recordShare(scope: Scope, line: DisbursedLine): Promise<ShareRow | undefined> {
  const { agreement, line_key, amount, occurred_at } = line
  if (agreement.role !== 'manufacturer' || amount.amount === 0n) return undefined
  const partner = await findPartnerOf(scope, await resellerOf(scope, agreement))
  if (partner === undefined) return undefined
  const share = await keepShare(scope, {
    line_key,
    partner_id: partner.id,
    agreement_id: agreement.id,
    month: monthOf(occurred_at),
    asset: amount.asset,
    basis: amount.amount,
    share_percent: partner.share_percent,
    rounded: shareOf(amount, partner.share_percent).rounded.amount,
    occurred_at,
  })
  if (share.basis !== amount.amount || share.asset !== amount.asset) {
    const before = displayMoney({ asset: share.asset, amount: share.basis })
    throw new Refusal(
      'conflict',
      `The share of line ${line_key} was taken of ${before}, not ${displayMoney(amount)}.`,
    )
  }
  const entry = recipes.partnerShare({
    key: line_key,
    partner_id: share.partner_id,
    amount: { asset: share.asset, amount: share.rounded },
    occurred_at: share.occurred_at,
    evidence: {
      line_key,
      agreement_id: share.agreement_id,
      basis: formatMoney(amount),
      share_percent: formatDecimal(share.share_percent),
      rounding: SHARE_ROUNDING,
    },
  })
  if (entry !== null) await post(scope, [entry])
  return share
}
