// What matching is given and what it answers, and how near a line is to what was expected. Pure.
import type { Agreement } from '../agreements/model.ts'
import type { Decimal } from '../core/decimal.ts'
import { DAY_MS, dateOf, type LocalDate, startOfDate } from '../core/time.ts'
import type { ExpectationDraft } from './expected.ts'
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

/** `amount`: what of the line meets the expectation; what a reseller keeps of a sale may be left out. */
export type Pair = { expectation: Expectation; stage: MatchStage; amount: bigint }
export type Pairs = Map<Line, Pair>

/** A line and an instalment further apart than this are not about the same thing, in days. */
const NEAR_DAYS = 40
/**
 * Some clouds charge at the purchase what is due up to the last day on which an offer can be accepted: so long before
 * its day a first instalment may come, in days.
 */
const PURCHASE_DAYS = 100
/** A line this close to its due date is on it, in days. */
export const ON_DATE_DAYS = 3

export const kindsOfLine: Partial<Record<Line['kind'], readonly ExpectationKind[]>> = {
  sale: ['instalment', 'usage'],
  wholesale_cost: ['wholesale'],
  listing_fee: ['fee'],
}

/** Lines that are a part of another: what a reseller keeps of a sale, what of usage was paid for in advance. */
export const partKinds: readonly Line['kind'][] = ['reseller_discount', 'credit_used']

/** The parts of each line, by its key. */
export function partsByKey(lines: readonly Line[]): Map<string, Line[]> {
  const parts = lines.filter(({ kind, parent_key }) => partKinds.includes(kind) && parent_key !== null)
  return Map.groupBy(parts, ({ parent_key }) => parent_key ?? '')
}

/** Usage is billed for a span of days, an instalment for a moment. */
export function isMonthly(line: Line): boolean {
  return line.period_starts_on !== null && line.period_starts_on !== line.period_ends_on
}

type Dated = { key: string; due_on: string; period_starts_on: string; period_ends_on: string }

export function daysBetween(line: Line, expectation: Dated): number {
  if (expectation.period_starts_on !== expectation.period_ends_on) return 0
  return Math.abs(daysAfter(line, expectation))
}

/** Whether a line and an instalment can be about the same thing. */
export function isNear(line: Line, expectation: Dated): boolean {
  const days = daysAfter(line, expectation)
  const first = /instalment:[^:]+:1:/.test(expectation.key)
  return days <= NEAR_DAYS && days >= (first ? -PURCHASE_DAYS : -NEAR_DAYS)
}

function daysAfter(line: Line, { due_on }: Dated): number {
  return Math.floor((line.occurred_at.getTime() - startOfDate(due_on).getTime()) / DAY_MS)
}

export function twinOf(line: Line, pairs: Pairs): Line | undefined {
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
