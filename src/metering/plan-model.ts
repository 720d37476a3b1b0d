import type { MeteringRules } from '../../connectors/connector.ts'
import { add, compare, type Decimal, negate, sum, zero } from '../core/decimal.ts'
import type { HourState, RecordState, Span } from './model.ts'

export type PlannedHour = { hour: Date; state: HourState; used: Decimal; late_pending: Decimal }
/** attempts: how often it was put into a request. The cloud may have one of those, so it must not grow. */
export type PlannedRecord = {
  id: string
  hour: Date
  quantity: Decimal
  state: RecordState
  attempts: number
}
export type PlanInput = {
  now: Date
  rules: MeteringRules
  span: Span
  carry: Decimal
  carry_hour: Date | null
  /** What is left of included quantities; used only where the seller draws them. */
  included_left: Decimal
  /** Open hours, and closed ones with late usage that looks for a place. */
  hours: readonly PlannedHour[]
  /** Records of hours that could still be reported. */
  records: readonly PlannedRecord[]
}

/** Changes of one hour's columns. `closes`: an open (or new) hour becomes closed. */
export type Movement = {
  hour: Date
  closes: boolean
  carried_in: Decimal
  drawn: Decimal
  sent: Decimal
  carried_out: Decimal
  lost: Decimal
}
export type RecordDraft = {
  hour: Date
  source_hour: Date
  quantity: Decimal
  deadline_at: Date
  /** The pending record whose place this one takes; its quantity is part of this one's. */
  supersedes: string | null
}
export type LossReason = 'fraction at end' | 'no hour could take it' | 'reported more than was used'
export type Loss = { hour: Date; quantity: Decimal; reason: LossReason }
export type Plan = {
  movements: Movement[]
  records: RecordDraft[]
  losses: Loss[]
  carry: Decimal
  carry_hour: Date | null
  next_close_at: Date | null
}

/** What a plan promises, checked before it is written. Throws on our own mistake. */
export function assertPlan(input: PlanInput, made: Plan): void {
  for (const move of made.movements) {
    const given = sum([move.drawn, move.sent, move.carried_out, move.lost])
    if (compare(move.carried_in, given) !== 0) {
      throw new Error(`Usage of ${move.hour.toISOString()} does not add up after closing`)
    }
  }
  const closing = made.movements.filter(({ closes }) => closes)
  const used = sum(
    closing.map(({ hour }) => input.hours.find((one) => one.hour.getTime() === hour.getTime())?.used ?? zero),
  )
  const gone = sum(made.movements.flatMap(({ drawn, sent, lost }) => [drawn, sent, lost]))
  if (compare(add(input.carry, used), add(made.carry, gone)) !== 0) {
    throw new Error('Usage was lost or doubled between the hours and the carry')
  }
  const replaced = new Set(made.records.map(({ supersedes }) => supersedes))
  const before = sum(input.records.filter(({ id }) => replaced.has(id)).map(({ quantity }) => quantity))
  const reported = sum(made.records.map(({ quantity }) => quantity))
  const sent = sum(made.movements.map((move) => move.sent))
  if (compare(add(reported, negate(before)), sent) !== 0) {
    throw new Error('The records do not carry what the hours say was sent')
  }
}
