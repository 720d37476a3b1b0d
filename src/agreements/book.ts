// What an agreement is booked with, and what a choice that is told later adds to it.
import { negateMoney, subtractMoney } from '../core/money.ts'
import * as ledger from '../ledger/index.ts'
import type * as offers from '../offers/index.ts'
import { totalOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import { withChoice } from './link.ts'
import type { Agreement } from './model.ts'
import { update } from './store.ts'

/** Puts what the buyer chose into the terms of an agreement, and books what that comes to. */
export async function choose(
  scope: Scope,
  known: Agreement,
  choice: offers.Choice | undefined,
): Promise<Agreement> {
  const { terms, wholesale } = withChoice(known, choice)
  if (terms === known.terms) return known
  const settled = await update(scope, known.id, { terms, wholesale })
  await book(scope, settled, known)
  return settled
}

/** Books the fixed total; for one whose terms became known only later, the difference to what was booked before. */
export async function book(scope: Scope, agreement: Agreement, before?: Agreement, at?: Date): Promise<void> {
  const total = totalOf(agreement.terms)
  const booked = before === undefined ? { ...total, amount: 0n } : totalOf(before.terms)
  const amount = subtractMoney(total, { ...booked, asset: total.asset })
  const less = amount.amount < 0n
  const entry = ledger.recipes.offerAccepted({
    agreement_id: agreement.id,
    key: before === undefined ? agreement.id : `${agreement.id}:${total.amount}`,
    amount: less ? negateMoney(amount) : amount,
    occurred_at: at ?? agreement.accepted_at ?? scope.now(),
    evidence: { cloud_agreement_id: agreement.cloud_agreement_id },
  })
  if (entry === null) return
  const turned = entry.postings.map(({ from, to, money }) => ({ from: to, to: from, money }))
  await ledger.post(scope, [less ? { ...entry, postings: turned } : entry])
}
