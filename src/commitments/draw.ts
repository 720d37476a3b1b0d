import type { Cloud } from '../../connectors/connector.ts'
import type { Agreement } from '../agreements/model.ts'
import { displayMoney, type Money } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import { post, recipes } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { type CommitmentKind, commitmentKinds, drawOf, eligiblePart, limitOf } from './model.ts'
import {
  type Commitment,
  type Drawdown,
  drawdownsOfLine,
  insertDrawdown,
  lockMatching,
  type Sums,
  sumDrawdowns,
} from './store.ts'

/** An invoiced sale, or a refund with a negative amount. */
type Sale = {
  agreement: Pick<Agreement, 'id'>
  buyer_account_id: string
  cloud: Cloud
  /** Before tax. */
  amount: Money
  /** Unique per sale: it draws once. */
  line_key: string
  occurred_at: Date
}

const NOTHING: Sums = { invoiced: 0n, eligible: 0n, drawn: 0n, of_agreement: 0n }

/**
 * Draws the buyer's commitments by an invoiced sale: one promise to the cloud and one to the vendor, where there are
 * any. Of several it takes the one that ends first and has something left; what a
 * sale exceeds that one by is not carried to the next. Answers the drawdowns; none where nothing
 * was promised. The same line again changes nothing; with another amount it throws a conflict.
 */
export async function draw(scope: Scope, sale: Sale): Promise<Drawdown[]> {
  const on = dateOf(sale.occurred_at)
  const matching = await lockMatching(scope, { ...sale, asset: sale.amount.asset, on })
  const known = await drawdownsOfLine(scope, sale.line_key)
  if (known.length > 0) {
    requireSame(sale, known)
    return known
  }
  if (matching.length === 0 || sale.amount.amount === 0n) return []
  const sums = await sumDrawdowns(
    scope,
    matching.map(({ id }) => id),
    sale.agreement.id,
  )
  const drawn: Drawdown[] = []
  for (const kind of commitmentKinds) {
    const chosen = choose(matching, kind, sums, sale)
    if (chosen !== undefined) drawn.push(await drawOne(scope, sale, chosen, sums.get(chosen.id) ?? NOTHING))
  }
  return drawn
}

/** A sale takes the first promise with something left; a refund goes back to one its agreement drew on. */
function choose(
  matching: readonly Commitment[],
  kind: CommitmentKind,
  sums: ReadonlyMap<string, Sums>,
  sale: Sale,
): Commitment | undefined {
  const candidates = matching.filter((commitment) => commitment.kind === kind)
  const of = (commitment: Commitment) => sums.get(commitment.id) ?? NOTHING
  const fitting =
    sale.amount.amount < 0n
      ? candidates.findLast((commitment) => of(commitment).of_agreement > 0n)
      : candidates.find((commitment) => of(commitment).drawn < limitOf(commitment))
  return fitting ?? candidates[0]
}

async function drawOne(scope: Scope, sale: Sale, commitment: Commitment, before: Sums): Promise<Drawdown> {
  const eligible = eligiblePart(sale.amount, commitment)
  const limit = limitOf(commitment)
  const drawn = drawOf(before, eligible.amount, limit)
  const entry = recipes.commitmentDrawn({
    key: `${commitment.id}:${sale.line_key}`,
    commitment_id: commitment.id,
    amount: { asset: sale.amount.asset, amount: drawn },
    occurred_at: sale.occurred_at,
    evidence: {
      line_key: sale.line_key,
      agreement_id: sale.agreement.id,
      invoiced: displayMoney(sale.amount),
      eligible: displayMoney(eligible),
      limit: displayMoney({ asset: sale.amount.asset, amount: limit }),
    },
  })
  if (entry !== null) await post(scope, [entry])
  return insertDrawdown(scope, {
    commitment_id: commitment.id,
    line_key: sale.line_key,
    agreement_id: sale.agreement.id,
    asset: sale.amount.asset,
    invoiced: sale.amount.amount,
    eligible: eligible.amount,
    drawn,
    occurred_at: sale.occurred_at,
  })
}

function requireSame(sale: Sale, known: readonly Drawdown[]): void {
  for (const { invoiced, asset } of known) {
    if (invoiced === sale.amount.amount && asset === sale.amount.asset) continue
    const before = displayMoney({ asset: sale.amount.asset, amount: invoiced })
    throw new Refusal(
      'conflict',
      `Line ${sale.line_key} drew on a commitment with ${before}, not with ${displayMoney(sale.amount)}.`,
    )
  }
}
