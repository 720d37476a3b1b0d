import type { Agreement } from '../agreements/model.ts'
import { accounts, balance, post, recipes } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { neverDue } from './expected.ts'

/** What an agreement that is over still has open will never fall due: it is taken off the bookings, once. */
export async function closeOpen(scope: Scope, agreement: Agreement): Promise<void> {
  const { id, ended_at, cloud_state, cloud_agreement_id } = agreement
  if (neverDue(agreement) === 0n) return
  for (const open of await balance(scope, accounts.open(id))) {
    const entry = recipes.agreementEnded({
      key: `${id}:${open.amount}`,
      agreement_id: id,
      amount: open,
      occurred_at: ended_at ?? scope.now(),
      evidence: { cloud_agreement_id, cloud_state },
    })
    if (entry !== null) await post(scope, [entry])
  }
}
