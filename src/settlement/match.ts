// Pairs what was invoiced with what was expected, in stages, and names every difference. Pure: the same lines and
// expectations give the same explanation, so that it can be computed again whenever either changes.
import { dateOf } from '../core/time.ts'
import {
  type AgreementCase,
  daysBetween,
  type Explanation,
  isMonthly,
  isNear,
  kindsOfLine,
  ON_DATE_DAYS,
  type Pair,
  type Pairs,
  partsByKey,
  twinOf,
} from './case.ts'
import { cause, type FeeSale, feeCauses, saleCauses } from './causes.ts'
import { said } from './expected.ts'
import type { Cause, Expectation, Line } from './model.ts'
import { unexpected } from './unexpected.ts'

type Parts = ReadonlyMap<string, readonly Line[]>

export function explainAgreement(known: AgreementCase): Explanation[] {
  const lines = [...known.lines].sort(
    (left, right) =>
      left.occurred_at.getTime() - right.occurred_at.getTime() || (left.key < right.key ? -1 : 1),
  )
  const parts = partsByKey(lines)
  const pairs: Pairs = new Map()
  const twins = new Set<Line>()
  const pair = (stage: Stage) =>
    pairAll({ lines, expectations: known.expectations, parts, twins }, pairs, stage)
  pair('key')
  for (const line of lines) if (!pairs.has(line) && !isMonthly(line) && twinOf(line, pairs)) twins.add(line)
  pair('amount')
  pair('period')
  const explained = lines.map((line) => explainLine(known, line, pairs, parts))
  return explained.map((item) => feeOfUnpaired(item, explained, pairs)).map(balanced)
}

type Stage = 'key' | 'amount' | 'period'
type Open = {
  lines: readonly Line[]
  expectations: readonly Expectation[]
  parts: Parts
  twins: ReadonlySet<Line>
}

function pairAll({ lines, expectations, parts, twins }: Open, pairs: Pairs, stage: Stage): void {
  const taken = new Set([...pairs.values()].map(({ expectation }) => expectation))
  const candidates: { line: Line; expectation: Expectation; days: number; off: bigint; amount: bigint }[] = []
  for (const line of lines) {
    if (pairs.has(line) || twins.has(line)) continue
    for (const expectation of expectations) {
      if (taken.has(expectation) || !fits(line, expectation)) continue
      const days = daysBetween(line, expectation)
      const amount = amountFor(line, expectation, parts)
      const off = magnitude(expectation.amount - amount)
      if (stage !== 'period' && off !== 0n) continue
      if (stage === 'key' && !hasKey(line, expectation, days)) continue
      candidates.push({ line, expectation, days, off, amount })
    }
  }
  candidates.sort(
    (left, right) =>
      left.days - right.days ||
      Number(left.off - right.off) ||
      (left.expectation.key < right.expectation.key ? -1 : 1),
  )
  for (const { line, expectation, amount } of candidates) {
    if (pairs.has(line) || taken.has(expectation)) continue
    pairs.set(line, { expectation, stage, amount })
    taken.add(expectation)
  }
}

/** What of a line is ours: less what a reseller keeps of it, unless it was expected whole, as nobody told us of that. */
function amountFor(line: Line, expectation: Expectation, parts: Parts): bigint {
  const own = line.minor + sumOf(partsOf(line, parts, 'reseller_discount'))
  return line.minor === expectation.amount ? line.minor : own
}

function partsOf(line: Line, parts: Parts, kind?: Line['kind']): readonly Line[] {
  return (parts.get(line.key) ?? []).filter((part) => kind === undefined || part.kind === kind)
}

function sumOf(lines: readonly Line[]): bigint {
  return lines.reduce((sum, { minor }) => sum + minor, 0n)
}

function fits(line: Line, expectation: Expectation): boolean {
  if (line.stage !== 'invoiced' || line.asset !== expectation.asset) return false
  if (kindsOfLine[line.kind]?.includes(expectation.kind) !== true) return false
  // A line that turns the usual direction gives something back: it meets no expectation.
  if (line.minor !== 0n && line.minor < 0n !== expectation.amount < 0n) return false
  if (expectation.period_starts_on !== expectation.period_ends_on) {
    const same = line.period_starts_on?.slice(0, 7) === expectation.period_starts_on.slice(0, 7)
    return isMonthly(line) && same && (line.dimension === null || line.dimension === expectation.dimension)
  }
  return !isMonthly(line) && isNear(line, expectation)
}

function hasKey(line: Line, expectation: Expectation, days: number): boolean {
  if (expectation.period_starts_on === expectation.period_ends_on) return days <= ON_DATE_DAYS
  return line.dimension !== null && line.dimension === expectation.dimension
}

function explainLine(known: AgreementCase, line: Line, pairs: Pairs, parts: Parts): Explanation {
  const pair = pairs.get(line)
  if (pair === undefined)
    return { line, expectation: null, stage: 'none', causes: [unexpected(known, line, pairs)] }
  const { expectation, stage } = pair
  const causes =
    expectation.kind === 'fee'
      ? feeCauses(known.agreement, expectation, line, saleOfFee(expectation, pairs, parts, known))
      : [...pairedCauses(known, pair), ...keptCause(line, pair.amount)]
  return { line, expectation, stage, causes }
}

function pairedCauses(known: AgreementCase, { expectation, amount }: Pair): Cause[] {
  const { dimension, period_starts_on } = expectation
  const counted = dimension === null ? undefined : known.counted(dimension, period_starts_on.slice(0, 7))
  return saleCauses(expectation, amount, counted)
}

/** What was expected is the sale less the reseller's part: the part has a line of its own, which gives it back. */
function keptCause(line: Line, amount: bigint): Cause[] {
  const kept = amount - line.minor
  if (kept === 0n) return []
  const sentence = `${said(line.asset, line.minor)} is the reseller's whole sale, of which it keeps ${said(line.asset, -kept)}.`
  return [cause('reseller_discount', kept, sentence, { sale: said(line.asset, line.minor) })]
}

/** What the sale behind a fee (with its parts, less its wholesale cost) came to; undefined while it is not invoiced. */
function saleOfFee(fee: Expectation, pairs: Pairs, parts: Parts, known: AgreementCase): FeeSale | undefined {
  let invoiced = 0n
  let expected = 0n
  let name: FeeSale['cause'] = 'rounding'
  let found = false
  for (const [line, pair] of pairs) {
    const { expectation } = pair
    const of_sale = expectation.key === fee.sale_key
    if (!of_sale && !(expectation.kind === 'wholesale' && expectation.sale_key === fee.sale_key)) continue
    found = true
    invoiced += line.minor + sumOf(partsOf(line, parts))
    expected += expectation.amount
    const part = partsOf(line, parts).find(({ kind }) => kind === 'credit_used' || pair.amount === line.minor)
    const partCause = part === undefined ? undefined : unexpected(known, part, pairs).cause
    name = pairedCauses(known, pair)[0]?.cause ?? partCause ?? name
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
