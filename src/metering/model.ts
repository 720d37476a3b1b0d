import type { Allocation, Cloud, MeteringRules } from '../../connectors/connector.ts'
import type { Agreement } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import { type Decimal, decimal, formatDecimal } from '../core/decimal.ts'
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  monthOf,
  nextMonth,
  plus,
  startOfDate,
  startOfMonth,
} from '../core/time.ts'

/** Most events one request may bring. */
export const EVENTS_MAX = 1000
/** How far ahead of our clock an event may be, for clocks that differ. */
export const FUTURE_MS = 5 * MINUTE_MS
/** How far back an event may be: far beyond what any cloud takes. */
export const PAST_MS = 400 * DAY_MS
/** How long after its end an hour stays open for events that are on their way. */
export const GRACE_MS = 10 * MINUTE_MS
/** An hour with less time than this before its deadline is passed over while a later hour can take its usage. */
export const MARGIN_MS = 5 * MINUTE_MS
/** How long before a record becomes unbillable somebody is told. */
export const ALARM_MS = HOUR_MS
/** The largest quantity one record can carry: a signed 32-bit number (AWS's API model; nobody takes more). */
export const RECORD_QUANTITY_MAX: Decimal = decimal(2_147_483_647)
/** Decimals a quantity may have: what the tables keep exactly. */
export const QUANTITY_SCALE = 12
/** Whole digits a quantity may have. */
export const QUANTITY_DIGITS = 20

export const hourStates = ['open', 'closed'] as const
export type HourState = (typeof hourStates)[number]

/**
 * pending → sending → accepted | refused | pending again (the cloud did not look at it)
 * pending → superseded (a larger record took its place before it was sent) | expired (its deadline passed) |
 * written_off (a person gave it up while it was held back)
 */
export const recordStates = [
  'pending',
  'sending',
  'accepted',
  'refused',
  'expired',
  'written_off',
  'superseded',
] as const
export type RecordState = (typeof recordStates)[number]
/** Records that hold their hour at the cloud, or may yet. */
export const liveStates: readonly RecordState[] = ['pending', 'sending', 'accepted']

/** One agreement's dimension: what is counted and reported as one. */
export type MeterKey = { agreement_id: string; dimension: string }
export function meterText({ agreement_id, dimension }: MeterKey): string {
  return `${agreement_id} ${dimension}`
}

/** One report of one hour to a cloud. */
export type UsageRecord = MeterKey & {
  id: string
  connection_id: string
  hour: Date
  source_hour: Date
  quantity: Decimal
  /** How it divides by tags, decided with it; null: nothing of it has tags. */
  allocations: readonly Allocation[] | null
  state: RecordState
  attempts: number
  operation_id: string | null
  /** What named the purchase when it was last put into a request. */
  named_by: string | null
  cloud_record_id: string | null
  reason: string | null
  deadline_at: Date
  created_at: Date
  settled_at: Date | null
}

/** A record's parts as they are written and shown. */
export type AllocationText = { tags: Record<string, string>; quantity: string }
export function allocationTexts({ allocations }: Pick<UsageRecord, 'allocations'>): AllocationText[] | null {
  return (
    allocations?.map(({ tags, quantity }) => ({ tags: { ...tags }, quantity: formatDecimal(quantity) })) ??
    null
  )
}

/** Whether this installation can report usage to a cloud. */
export function meters(context: Pick<Context, 'connectors'>, cloud: Cloud): boolean {
  return context.connectors[cloud]?.metering !== undefined
}

/** The metering rules of a cloud. Usage is taken in only for agreements of clouds that this installation connects to. */
export function rulesOf(context: Pick<Context, 'connectors'>, cloud: Cloud): MeteringRules {
  const rules = context.connectors[cloud]?.metering?.rules
  if (rules === undefined) throw new Error(`This installation has no connector that meters on ${cloud}`)
  return rules
}

/** From when to when an agreement counts usage; null: without a bound. */
export type Span = { starts_at: Date | null; ends_at: Date | null }

export function spanOf(
  agreement: Pick<Agreement, 'starts_at' | 'accepted_at' | 'ends_at' | 'ended_at'>,
): Span {
  const ends = [agreement.ended_at, agreement.ends_at].filter((end) => end !== null)
  const starts = [agreement.starts_at, agreement.accepted_at].filter((start) => start !== null)
  return { starts_at: earliest(starts), ends_at: earliest(ends) }
}

export function earliest(instants: readonly Date[]): Date | null {
  return instants.reduce<Date | null>((least, one) => (least === null || one < least ? one : least), null)
}

export function isInside(span: Span, instant: Date): boolean {
  return (
    (span.starts_at === null || instant >= span.starts_at) &&
    (span.ends_at === null || instant < span.ends_at)
  )
}

/** True when any moment of the hour lies inside the agreement. */
export function hourIsInside(span: Span, hour: Date): boolean {
  return (
    (span.starts_at === null || plus(hour, HOUR_MS) > span.starts_at) &&
    (span.ends_at === null || hour < span.ends_at)
  )
}

/** When the usage of an hour becomes unbillable: its window, the month's cut-off or the time after the end. */
export function deadlineOf(rules: MeteringRules, span: Span, hour: Date): Date {
  const limits = [windowEnd(rules, hour)]
  if (span.ends_at !== null) limits.push(plus(span.ends_at, rules.after_end_ms))
  return earliest(limits) ?? hour
}

/**
 * Until when the cloud takes an hour. The window that counts is the one in force on the day of sending: an hour that a
 * narrower window has shut out is not waited for, and one that a wider window had let in ends no earlier than that window.
 */
function windowEnd(rules: MeteringRules, hour: Date): Date {
  let begun = hour
  for (const { until, ...window } of rules.earlier ?? []) {
    const change = startOfDate(until)
    const end = limitOf(window, hour)
    if (end <= change) return latest(end, begun)
    begun = change
  }
  return latest(limitOf(rules, hour), begun)
}

function latest(left: Date, right: Date): Date {
  return new Date(Math.max(left.getTime(), right.getTime()))
}

function limitOf(
  { window_ms, month_cutoff_ms }: Pick<MeteringRules, 'window_ms' | 'month_cutoff_ms'>,
  hour: Date,
): Date {
  const window = plus(hour, window_ms)
  if (month_cutoff_ms === null) return window
  const cutoff = plus(startOfMonth(nextMonth(monthOf(hour))), month_cutoff_ms)
  return new Date(Math.min(cutoff.getTime(), window.getTime()))
}

/** When an hour is closed: a grace after it can bring no more usage, but in time for its deadline. */
export function closesAt(rules: MeteringRules, span: Span, hour: Date): Date {
  const full = plus(hour, HOUR_MS)
  const over = span.ends_at !== null && span.ends_at < full && span.ends_at > hour ? span.ends_at : full
  const latest = plus(deadlineOf(rules, span, hour), -2 * MARGIN_MS)
  const chosen = Math.min(plus(over, GRACE_MS).getTime(), latest.getTime())
  return new Date(Math.max(chosen, over.getTime()))
}
