import type { Allocation, MeteringRules } from '../../connectors/connector.ts'
import { add, compare, type Decimal, negate, sum, zero } from '../core/decimal.ts'
import type { HourState, RecordState, Span } from './model.ts'
import { sumOf, toParts } from './share.ts'
import { type BucketMove, partsOf } from './split.ts'
import { UNTAGGED } from './tags.ts'

export type PlannedHour = {
  hour: Date
  state: HourState
  used: Decimal
  late_pending: Decimal
  /** What of an open hour was used under each set of tags. */
  shares?: ReadonlyMap<string, Decimal> | undefined
}
/** attempts: how often it was put into a request. The cloud may have one of those, so it must not grow. */
export type PlannedRecord = {
  id: string
  hour: Date
  quantity: Decimal
  state: RecordState
  allocations?: readonly Allocation[] | null
  attempts: number
}
export type PlanInput = {
  now: Date
  rules: MeteringRules
  span: Span
  carry: Decimal
  carry_hour: Date | null
  /** What of the carry belongs to each set of tags; absent where the meter never had tagged usage. */
  carries?: ReadonlyMap<string, Decimal> | undefined
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
  allocations: readonly Allocation[] | null
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
  buckets: BucketMove[]
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
  if (input.carries !== undefined) assertSplit(input, made)
}

/** The same by tags: what each set was used for is carried on, or stands in a column of it or in a record. */
function assertSplit(input: PlanInput, made: Plan): void {
  const owed = new Map<string, bigint>()
  const owe = (tags: string, by: bigint) => owed.set(tags, (owed.get(tags) ?? 0n) + by)
  const closing = new Set(made.movements.filter(({ closes }) => closes).map(({ hour }) => hour.getTime()))
  for (const { hour, shares } of input.hours)
    if (closing.has(hour.getTime())) for (const [tags, share] of shares ?? []) owe(tags, toParts(share))
  for (const { tags, carry, drawn, lost, untold } of made.buckets)
    owe(tags, -toParts(sum([carry, drawn, lost, untold])))
  for (const record of made.records) {
    const parts = partsOf(record)
    if (sumOf(parts) !== toParts(record.quantity)) throw new Error('A record is not what its parts are')
    for (const [tags, part] of parts) owe(tags, -part)
    const before = input.records.find(({ id }) => id === record.supersedes)
    for (const [tags, part] of partsOf(before)) owe(tags, part)
  }
  owed.delete(UNTAGGED)
  if ([...owed.values()].some((left) => left !== 0n)) throw new Error('Usage went over to other tags')
}
