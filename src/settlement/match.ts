// Pairs what was invoiced with what was expected, in stages, and names every difference. Pure: the same lines and
// expectations give the same explanation, so that it can be computed again whenever either changes.
import { dateOf } from '../core/time.ts'
import {
  type AgreementCase,
  daysBetween,
  type Explanation,
  isMonthly,
  kindsOfLine,
  NEAR_DAYS,
  ON_DATE_DAYS,
  type Pairs,
  twinOf,
} from './case.ts'
import { cause, type FeeSale, feeCauses, saleCauses } from './causes.ts'
import { said } from './expected.ts'
import type { Expectation, Line } from './model.ts'
import { unexpected } from './unexpected.ts'

export function explainAgreement(known: AgreementCase): Explanation[] {
  const lines = [...known.lines].sort(
    (left, right) =>
      left.occurred_at.getTime() - right.occurred_at.getTime() || (left.key < right.key ? -1 : 1),
  )
  const pairs: Pairs = new Map()
  const twins = new Set<Line>()
  pairAll(lines, known.expectations, pairs, 'key', twins)
  for (const line of lines) if (!pairs.has(line) && !isMonthly(line) && twinOf(line, pairs)) twins.add(line)
  pairAll(lines, known.expectations, pairs, 'amount', twins)
  pairAll(lines, known.expectations, pairs, 'period', twins)
  const explained = lines.map((line) => explainLine(known, line, pairs))
  return explained.map((item) => feeOfUnpaired(item, explained, pairs)).map(balanced)
}

function pairAll(
  lines: readonly Line[],
  expectations: readonly Expectation[],
  pairs: Pairs,
  stage: 'key' | 'amount' | 'period',
  twins: ReadonlySet<Line>,
): void {
  const taken = new Set([...pairs.values()].map(({ expectation }) => expectation))
  const candidates: { line: Line; expectation: Expectation; days: number; off: bigint }[] = []
  for (const line of lines) {
    if (pairs.has(line) || twins.has(line)) continue
    for (const expectation of expectations) {
      if (taken.has(expectation) || !fits(line, expectation)) continue
      const days = daysBetween(line, expectation)
      const off = magnitude(expectation.amount - line.minor)
      if (stage !== 'period' && off !== 0n) continue
      if (stage === 'key' && !hasKey(line, expectation, days)) continue
      candidates.push({ line, expectation, days, off })
    }
  }
  candidates.sort(
    (left, right) =>
      left.days - right.days ||
      Number(left.off - right.off) ||
      (left.expectation.key < right.expectation.key ? -1 : 1),
  )
  for (const { line, expectation } of candidates) {
    if (pairs.has(line) || taken.has(expectation)) continue
    pairs.set(line, { expectation, stage })
    taken.add(expectation)
  }
}

function fits(line: Line, expectation: Expectation): boolean {
  if (line.stage !== 'invoiced' || line.asset !== expectation.asset) return false
  if (kindsOfLine[line.kind]?.includes(expectation.kind) !== true) return false
  // A line that turns the usual direction gives something back: it meets no expectation.
  if (line.minor < 0n !== expectation.amount < 0n) return false
  if (expectation.period_starts_on !== expectation.period_ends_on) {
    const same = line.period_starts_on?.slice(0, 7) === expectation.period_starts_on.slice(0, 7)
    return isMonthly(line) && same && (line.dimension === null || line.dimension === expectation.dimension)
  }
  return !isMonthly(line) && daysBetween(line, expectation) <= NEAR_DAYS
}

function hasKey(line: Line, expectation: Expectation, days: number): boolean {
  if (expectation.period_starts_on === expectation.period_ends_on) return days <= ON_DATE_DAYS
  return line.dimension !== null && line.dimension === expectation.dimension
}

function explainLine(known: AgreementCase, line: Line, pairs: Pairs): Explanation {
  const pair = pairs.get(line)
  if (pair === undefined)
    return { line, expectation: null, stage: 'none', causes: [unexpected(known, line, pairs)] }
  const { expectation, stage } = pair
  const month = expectation.period_starts_on.slice(0, 7)
  const counted = expectation.dimension === null ? undefined : known.counted(expectation.dimension, month)
  const causes =
    expectation.kind === 'fee'
      ? feeCauses(known.agreement, expectation, line, saleOfFee(expectation, pairs, known))
      : saleCauses(expectation, line, counted)
  return { line, expectation, stage, causes }
}

/** What the sale behind a fee (less its wholesale cost) came to; undefined while it is not invoiced. */
function saleOfFee(fee: Expectation, pairs: Pairs, known: AgreementCase): FeeSale | undefined {
  let invoiced = 0n
  let expected = 0n
  let name: FeeSale['cause'] = 'rounding'
  let found = false
  for (const [line, { expectation }] of pairs) {
    const of_sale = expectation.key === fee.sale_key
    if (!of_sale && !(expectation.kind === 'wholesale' && expectation.sale_key === fee.sale_key)) continue
    found = true
    invoiced += line.minor
    expected += expectation.amount
    const counted =
      expectation.dimension === null
        ? undefined
        : known.counted(expectation.dimension, expectation.period_starts_on.slice(0, 7))
    name = saleCauses(expectation, line, counted)[0]?.cause ?? name
  }
  return found ? { invoiced, expected, cause: name } : undefined
}

/** A fee on a sale that was not expected follows that sale's cause. */
function feeOfUnpaired(item: Explanation, all: readonly Explanation[], pairs: Pairs): Explanation {
  const { line } = item
  const first = item.causes[0]
  if (line.kind !== 'listing_fee' || pairs.has(line) || first?.cause !== 'unknown') return item
  const sale = all.find(
    (other) =>
      other.line.kind === 'sale' &&
      !pairs.has(other.line) &&
      other.causes[0]?.cause !== 'unknown' &&
      dateOf(other.line.occurred_at) === dateOf(line.occurred_at),
  )
  const follows = sale?.causes[0]
  if (sale === undefined || follows === undefined) return item
  const sentence = `The fee on ${said(sale.line.asset, sale.line.minor)}: ${follows.sentence}`
  return {
    ...item,
    causes: [cause(follows.cause, first.amount, sentence, { ...first.arithmetic, sale: sale.line.key })],
  }
}

/** Our own arithmetic is checked before anything is booked. */
function balanced(item: Explanation): Explanation {
  const causes = item.causes.filter(({ amount }) => amount !== 0n)
  const expected = item.expectation?.amount ?? 0n
  const named = causes.reduce((sum, { amount }) => sum + amount, 0n)
  if (expected - item.line.minor !== named) {
    throw new Error(
      `Line ${item.line.key}: ${expected} - ${item.line.minor} is not the sum of its causes, ${named}`,
    )
  }
  return { ...item, causes }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
