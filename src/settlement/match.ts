// Pairs what was invoiced with what was expected, in stages, and names every difference. Pure: the same lines and
// expectations give the same explanation, so that it can be computed again whenever either changes.
import type { Agreement } from '../agreements/model.ts'
import type { Decimal } from '../core/decimal.ts'
import { DAY_MS, dateOf, type LocalDate, startOfDate } from '../core/time.ts'
import { cause, type FeeSale, feeCauses, saleCauses } from './causes.ts'
import { type ExpectationDraft, said } from './expected.ts'
import type { Cause, Expectation, ExpectationKind, Line } from './model.ts'

export type MatchStage = 'key' | 'amount' | 'period' | 'none'

/** How one line is explained. expected − received = the sum of the causes, to the cent. */
export type Explanation = {
  line: Line
  expectation: Expectation | null
  stage: MatchStage
  causes: Cause[]
}

/** Everything known about one agreement's invoices. Lines are current, count, and are invoiced or forgiven. */
export type AgreementCase = {
  agreement: Agreement
  lines: readonly Line[]
  expectations: readonly Expectation[]
  /** Instalments that are not due yet. */
  ahead: readonly ExpectationDraft[]
  /** What the cloud itself counted of a dimension in a month. */
  counted: (dimension: string, month: string) => Decimal | undefined
  /** Usage of months before this day has been expected already. */
  usage_expected_before: LocalDate
}

type Pair = { expectation: Expectation; stage: MatchStage }
type Pairs = Map<Line, Pair>

/** A line and an instalment further apart than this are not about the same thing, in days. */
const NEAR_DAYS = 40
/** A line this close to its due date is on it, in days. */
const ON_DATE_DAYS = 3

const kindsOfLine: Partial<Record<Line['kind'], readonly ExpectationKind[]>> = {
  sale: ['instalment', 'usage'],
  wholesale_cost: ['wholesale'],
  listing_fee: ['fee'],
}

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

/** Usage is billed for a span of days, an instalment for a moment. */
function isMonthly(line: Line): boolean {
  return line.period_starts_on !== null && line.period_starts_on !== line.period_ends_on
}

function daysBetween(
  line: Line,
  expectation: { due_on: string; period_starts_on: string; period_ends_on: string },
): number {
  if (expectation.period_starts_on !== expectation.period_ends_on) return 0
  const apart = line.occurred_at.getTime() - startOfDate(expectation.due_on).getTime()
  return Math.abs(Math.floor(apart / DAY_MS))
}

function twinOf(line: Line, pairs: Pairs): Line | undefined {
  for (const other of pairs.keys()) {
    const same =
      other !== line &&
      other.kind === line.kind &&
      other.minor === line.minor &&
      other.asset === line.asset &&
      other.period_starts_on === line.period_starts_on &&
      dateOf(other.occurred_at) === dateOf(line.occurred_at)
    if (same) return other
  }
  return undefined
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

/** The cause of a line that nothing was expected for: all of it is the difference. */
function unexpected(known: AgreementCase, line: Line, pairs: Pairs): Cause {
  const amount = -line.minor
  const facts = { received: said(line.asset, line.minor) }
  if (line.stage === 'forgiven') {
    return cause(
      'withheld',
      amount,
      `The cloud forgave ${said(line.asset, -line.minor)} of an invoice.`,
      facts,
    )
  }
  switch (line.kind) {
    case 'tax':
      return cause('tax', amount, `${facts.received} is tax that passes through to the authority.`, facts)
    case 'refund':
      return cause('refund', amount, `${said(line.asset, -line.minor)} was given back to the buyer.`, facts)
    case 'balance_adjustment':
      return cause('withheld', amount, `The cloud adjusted the balance by ${facts.received}.`, facts)
    case 'sale':
    case 'wholesale_cost':
    case 'listing_fee':
      return unexpectedCharge(known, line, pairs)
    default:
      return cause('unknown', amount, `The cloud does not say what ${facts.received} is for.`, facts)
  }
}

function unexpectedCharge(known: AgreementCase, line: Line, pairs: Pairs): Cause {
  const amount = -line.minor
  const what = said(line.asset, line.minor)
  const facts = { received: what, invoice_id: line.invoice_id ?? '' }
  if (line.kind === 'sale' ? line.minor < 0n : line.minor > 0n) {
    return cause('refund', amount, `${what} reverses an earlier ${line.kind.replace('_', ' ')}.`, facts)
  }
  const twin = twinOf(line, pairs)
  if (twin !== undefined) {
    return cause('duplicate', amount, `${what} was invoiced twice: ${twin.key} is the first.`, {
      ...facts,
      first_line: twin.key,
    })
  }
  const kinds = kindsOfLine[line.kind] ?? []
  const early = known.ahead.find(
    (plan) => kinds.includes(plan.kind) && plan.amount === line.minor && daysBetween(line, plan) <= NEAR_DAYS,
  )
  if (early !== undefined && !isMonthly(line)) {
    return cause('timing', amount, `${what} was invoiced before ${early.due_on}, when it is due.`, {
      ...facts,
      due_on: early.due_on,
    })
  }
  if (isMonthly(line)) {
    const month = (line.period_starts_on ?? '').slice(0, 7)
    if ((line.period_starts_on ?? '') >= known.usage_expected_before) {
      return cause('timing', amount, `${what} is usage of ${month}, which is not closed yet.`, facts)
    }
    if (line.kind === 'sale') {
      return cause(
        'missing_usage',
        amount,
        `The cloud billed ${what} of usage in ${month} that it accepted none of from here.`,
        facts,
      )
    }
  }
  return cause(
    'unknown',
    amount,
    `Nothing is expected that ${what} of ${dateOf(line.occurred_at)} could be.`,
    facts,
  )
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
