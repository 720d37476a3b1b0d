import { type Decimal, decimal, multiply } from '../core/decimal.ts'
import { type Money, portion } from '../core/money.ts'

/** cloud: the buyer's promise to its cloud (EDP, PPA, MACC, Google commit); vendor: its promise to the vendor. */
export const commitmentKinds = ['cloud', 'vendor'] as const
export type CommitmentKind = (typeof commitmentKinds)[number]

/** Where a figure comes from. No cloud tells a seller what a buyer promised or has left. */
export type FigureBasis = 'evidence' | 'estimate' | 'given'

/** What a draw needs to know of a promise. Percentages are of a hundred. */
export type CommitmentTerms = {
  /** The whole promise. */
  amount: Money
  /** How much of an eligible sale counts. */
  eligible_percent: Decimal
  /** How much of the promise marketplace sales may cover. */
  cap_percent: Decimal
}

/** What earlier lines came to. */
export type Drawn = { eligible: bigint; drawn: bigint }

/** Part of a sale that counts, to the minor unit; half cents count. */
export function eligiblePart(invoiced: Money, terms: Pick<CommitmentTerms, 'eligible_percent'>): Money {
  return portion(invoiced, hundredth(terms.eligible_percent), 'half_up')
}

/** The most that marketplace sales can draw from a promise: its cap, rounded down. A cap is at most 100 per cent. */
export function limitOf(terms: Pick<CommitmentTerms, 'amount' | 'cap_percent'>): bigint {
  return portion(terms.amount, hundredth(terms.cap_percent), 'down').amount
}

/**
 * What one more line draws (negative: gives back): the promise is drawn by the sum of all eligible lines, held between
 * nothing and the limit. So the order of lines does not matter in the end, and a refund of what lay above the cap gives
 * nothing back.
 */
export function drawOf(before: Drawn, eligible: bigint, limit: bigint): bigint {
  const wanted = before.eligible + eligible
  const drawn = wanted < 0n ? 0n : wanted > limit ? limit : wanted
  return drawn - before.drawn
}

function hundredth(percent: Decimal): Decimal {
  return multiply(percent, decimal('0.01'))
}
