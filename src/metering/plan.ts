/**
 * What becomes of the usage of one meter (agreement × dimension): a pure function of what is known, without clock or
 * database. Usage moves between an hour and the meter's carry; each movement keeps
 * used + carried_in = drawn + sent + carried_out + lost. An open hour's carried_out is its used: nothing is decided.
 */
import type { MeteringRules } from '../../connectors/connector.ts'
import {
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  minimum,
  splitWhole,
  subtract,
  zero,
} from '../core/decimal.ts'
import { HOUR_MS, hourOf, monthOf, plus } from '../core/time.ts'
import { closesAt, deadlineOf, earliest, hourIsInside, RECORD_QUANTITY_MAX } from './model.ts'
import { acceptableHours, canTake, inTime, isOver } from './plan-hours.ts'
import type { LossReason, Movement, Plan, PlanInput, PlannedRecord, RecordDraft } from './plan-model.ts'
import { type Split, splitOf } from './split.ts'

type Draft = Plan & {
  taken: Map<number, PlannedRecord | RecordDraft>
  included_left: Decimal
  /** Absent where the meter never had tagged usage. */
  split: Split | undefined
}

export function plan(input: PlanInput): Plan {
  const draft: Draft = {
    movements: [],
    records: [],
    losses: [],
    carry: input.carry,
    carry_hour: input.carry_hour,
    next_close_at: null,
    buckets: [],
    taken: new Map(),
    included_left: input.included_left,
    split: input.carries === undefined ? undefined : splitOf(input),
  }
  for (const record of input.records) {
    if (!['superseded', 'expired', 'written_off'].includes(record.state)) {
      draft.taken.set(record.hour.getTime(), record)
    }
  }
  const homeless = closeHours(input, draft)
  for (const hour of homeless) place(input, draft, hour)
  placeCarry(input, draft)
  const final_at = input.span.ends_at === null ? null : plus(input.span.ends_at, input.rules.after_end_ms)
  if (final_at !== null && input.now >= final_at) finish(input, draft, input.span.ends_at ?? final_at)
  draft.carry_hour = isZero(sendable(input.rules, draft.carry))
    ? null
    : (draft.carry_hour ?? hourOf(input.now))
  draft.next_close_at = nextClose(input, draft, final_at)
  const { taken: _, included_left: __, split, ...made } = draft
  return { ...made, buckets: split?.moves() ?? [] }
}

/** Closes every open hour whose time has come. Answers the hours whose usage looks for another hour's record. */
function closeHours({ now, rules, span, hours }: PlanInput, draft: Draft): Date[] {
  const homeless = hours.filter((one) => one.state === 'closed' && !isZero(one.late_pending))
  const due = hours.filter((one) => one.state === 'open' && closesAt(rules, span, one.hour) <= now)
  for (const one of due.toSorted((left, right) => left.hour.getTime() - right.hour.getTime())) {
    const available = add(one.used, draft.carry)
    const drawn = rules.draws_included === 'seller' ? drawable(available, draft.included_left) : zero
    draft.split?.close(one)
    draft.split?.draw(drawn)
    const rest = subtract(available, drawn)
    const usable = canTake({ now, rules, span }, draft, one.hour)
    const sent = usable ? sendable(rules, rest) : zero
    draft.included_left = subtract(draft.included_left, drawn)
    const carried_out = subtract(subtract(rest, sent), one.used)
    draft.movements.push({
      hour: one.hour,
      closes: true,
      carried_in: draft.carry,
      drawn,
      sent,
      carried_out,
      lost: zero,
    })
    draft.carry = subtract(rest, sent)
    if (!isZero(sent)) addRecord({ rules, span }, draft, one.hour, one.hour, sent)
    if (!usable) homeless.push(one)
  }
  return homeless.map(({ hour }) => hour)
}

function drawable(available: Decimal, included_left: Decimal): Decimal {
  const least = minimum(available, included_left)
  return isNegative(least) ? zero : least
}

/** What of a quantity a record can carry: the whole part where the cloud takes whole numbers, never a negative. */
function sendable(rules: MeteringRules, quantity: Decimal): Decimal {
  if (isNegative(quantity)) return zero
  const most = minimum(quantity, RECORD_QUANTITY_MAX)
  return rules.quantity === 'whole' ? splitWhole(most).whole : most
}

/**
 * Late usage goes first into its own hour (where it has no record, or one that was not sent yet), then into the
 * nearest free hour of its month.
 */
function place(input: PlanInput, draft: Draft, source: Date): void {
  const quantity = sendable(input.rules, draft.carry)
  if (isZero(quantity)) return
  if (canTake(input, draft, source)) {
    report(input, draft, source, source, quantity)
    return
  }
  if (enlarge(input, draft, source, quantity)) return
  const month = monthOf(source)
  const free = acceptableHours(input, draft).filter((hour) => monthOf(hour) === month)
  const nearest = free.toSorted(
    (left, right) => distance(left, source) - distance(right, source) || right.getTime() - left.getTime(),
  )[0]
  if (nearest !== undefined) report(input, draft, nearest, source, quantity)
}

/**
 * Whole quantities that found no place take the first free hour since then, as the next hours are closed; after the
 * agreement's end there are no next hours, so any that is free.
 */
function placeCarry(input: PlanInput, draft: Draft): void {
  const over = isOver(input.span, input.now)
  const since = draft.carry_hour ?? (over ? hourOf(input.now) : null)
  const quantity = sendable(input.rules, draft.carry)
  if (since === null || isZero(quantity)) return
  const hour = acceptableHours(input, draft).find((free) => over || free >= since)
  if (hour !== undefined) report(input, draft, hour, since, quantity)
}

/** The agreement is over and takes nothing more: what can still be sent is sent, the rest is lost and named. */
function finish(input: PlanInput, draft: Draft, ends_at: Date): void {
  const last = hourOf(new Date(ends_at.getTime() - 1))
  const open = new Set(input.hours.filter((one) => one.state === 'open').map((one) => one.hour.getTime()))
  for (const movement of draft.movements) open.delete(movement.hour.getTime())
  // Usage counted before we learnt of the end may lie in an hour that is still to be closed.
  if (open.size > 0 || isZero(draft.carry)) return
  const quantity = draft.carry
  draft.movements.push({ ...still(last), carried_in: quantity, lost: quantity })
  draft.carry = zero
  draft.split?.lose()
  const reason: LossReason = isNegative(quantity)
    ? 'reported more than was used'
    : compare(quantity, decimal(1)) < 0
      ? 'fraction at end'
      : 'no hour could take it'
  draft.losses.push({ hour: last, quantity, reason })
}

function still(hour: Date): Movement {
  return { hour, closes: false, carried_in: zero, drawn: zero, sent: zero, carried_out: zero, lost: zero }
}

/** Moves a quantity from the carry into a closed hour and reports it there. */
function report(input: PlanInput, draft: Draft, hour: Date, source_hour: Date, quantity: Decimal): void {
  draft.movements.push({ ...still(hour), carried_in: quantity, sent: quantity })
  draft.carry = subtract(draft.carry, quantity)
  addRecord(input, draft, hour, source_hour, quantity)
}

function addRecord(
  { rules, span }: Pick<PlanInput, 'rules' | 'span'>,
  draft: Draft,
  hour: Date,
  source_hour: Date,
  quantity: Decimal,
): void {
  const record: RecordDraft = {
    hour,
    source_hour,
    quantity,
    allocations: draft.split?.report(quantity) ?? null,
    deadline_at: deadlineOf(rules, span, hour),
    supersedes: null,
  }
  draft.records.push(record)
  draft.taken.set(hour.getTime(), record)
}

/** A record that was not sent yet is replaced by a larger one of the same hour. */
function enlarge(input: PlanInput, draft: Draft, hour: Date, quantity: Decimal): boolean {
  const known = draft.taken.get(hour.getTime())
  if (known === undefined || !inTime(input, hour)) return false
  const total = add(known.quantity, quantity)
  if (compare(total, RECORD_QUANTITY_MAX) > 0) return false
  if ('id' in known && (known.state !== 'pending' || known.attempts > 0)) return false
  draft.movements.push({ ...still(hour), carried_in: quantity, sent: quantity })
  draft.carry = subtract(draft.carry, quantity)
  const allocations = draft.split?.report(quantity, known) ?? null
  if ('id' in known) {
    const { rules, span } = input
    const record: RecordDraft = {
      hour,
      source_hour: hour,
      quantity: total,
      allocations,
      deadline_at: deadlineOf(rules, span, hour),
      supersedes: known.id,
    }
    draft.records.push(record)
    draft.taken.set(hour.getTime(), record)
  } else {
    known.quantity = total
    known.allocations = allocations
  }
  return true
}

function distance(left: Date, right: Date): number {
  return Math.abs(left.getTime() - right.getTime())
}

function nextClose({ now, rules, span, hours }: PlanInput, draft: Draft, final_at: Date | null): Date | null {
  const closed = new Set(draft.movements.filter(({ closes }) => closes).map(({ hour }) => hour.getTime()))
  const times = hours
    .filter((one) => one.state === 'open' && !closed.has(one.hour.getTime()))
    .map((one) => closesAt(rules, span, one.hour))
  if (draft.carry_hour !== null) {
    // The next hour that is not over yet could take it.
    let hour = hourOf(now)
    while (closesAt(rules, span, hour) <= now && hourIsInside(span, hour)) hour = plus(hour, HOUR_MS)
    if (hourIsInside(span, hour)) times.push(closesAt(rules, span, hour))
  }
  if (final_at !== null && final_at > now && !isZero(draft.carry)) times.push(final_at)
  return earliest(times)
}
