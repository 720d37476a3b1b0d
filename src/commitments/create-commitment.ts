import type { Cloud } from '../../connectors/connector.ts'
import { formatDecimal } from '../core/decimal.ts'
import { invalid } from '../core/problem.ts'
import type { LocalDate } from '../core/time.ts'
import { startOfDate } from '../core/time.ts'
import { post, recipes } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import type { CommitmentKind, CommitmentTerms } from './model.ts'
import { type Commitment, insertCommitment } from './store.ts'

export type CommitmentDraft = CommitmentTerms & {
  name: string
  kind: CommitmentKind
  cloud?: Cloud | undefined
  buyer_account_id: string
  starts_on: LocalDate
  ends_on: LocalDate
  source: string
}

/**
 * Writes a promise down as it was told to us. Sales that are invoiced from now on draw on it; those that were matched
 * before do not.
 */
export async function createCommitment(scope: Scope, draft: CommitmentDraft): Promise<Commitment> {
  if (draft.ends_on < draft.starts_on) {
    throw invalid('ends_on', 'lies before starts_on', 'Send a later last day')
  }
  if (draft.kind === 'cloud' && draft.cloud === undefined) {
    throw invalid('cloud', 'is needed for a promise to a cloud', 'Name the cloud')
  }
  if (draft.amount.amount <= 0n) throw invalid('amount', 'must be more than zero', 'Send what was promised')
  const { amount, eligible_percent, cap_percent, cloud, ...rest } = draft
  const commitment = await insertCommitment(scope, {
    ...rest,
    id: scope.id('commitment'),
    cloud: cloud ?? null,
    asset: amount.asset,
    amount: amount.amount,
    eligible_percent: formatDecimal(eligible_percent),
    cap_percent: formatDecimal(cap_percent),
  })
  const entry = recipes.commitmentPromised({
    commitment_id: commitment.id,
    amount,
    // Promised on its first day, unless it begins later than today: nothing is booked ahead of time.
    occurred_at: earlier(startOfDate(draft.starts_on), scope.now()),
    evidence: { source: draft.source },
  })
  if (entry !== null) await post(scope, [entry])
  return commitment
}

function earlier(left: Date, right: Date): Date {
  return left < right ? left : right
}
