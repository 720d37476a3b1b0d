import type { Allocation, MeterAnswer, MeterRecord, MeterReport } from '../../connectors/connector.ts'
import { compare, type Decimal, formatDecimal, sum } from '../../src/core/decimal.ts'
import { Fault } from '../../src/core/fault.ts'
import type { Random } from '../../src/core/random.ts'
import type { Clock } from '../../src/core/time.ts'
import { awsRules } from './rules.ts'

/** A fault is chosen per call: before the cloud acted, after it acted, or in part of its answer. */
export type Trouble =
  | 'none'
  | 'lost_before'
  | 'lost_after'
  | 'throttled'
  | 'unavailable'
  | 'partly'
  | 'forgets'
  | 'forbidden'

const WINDOW = 24 * 3_600_000

type Kept = {
  license: string
  dimension: string
  hour: Date
  quantity: Decimal
  allocations: readonly Allocation[]
}

/** The whole of a record is one part where it says nothing of tags. */
const partsOf = ({ quantity, allocations }: MeterRecord) => allocations ?? [{ tags: {}, quantity }]
const isSplit = (record: MeterRecord) =>
  compare(sum(partsOf(record).map(({ quantity }) => quantity)), record.quantity) === 0
const textOf = (parts: readonly Allocation[]) =>
  JSON.stringify(parts.map(({ tags, quantity }) => [tags, formatDecimal(quantity)]))

/**
 * A cloud in memory that meters like AWS does: one record per licence, dimension and hour; the same again is taken as
 * the same; one record out of its window refuses the whole request. It shares nothing with the room but the nouns.
 */
export function fakeCloud(clock: Clock, random: Random) {
  const kept = new Map<string, Kept>()
  const calls: { records: number; products: number; outcome: string }[] = []
  const doubled: string[] = []
  const ended = new Map<string, Date>()
  const without = new Set<string>()
  let trouble: () => Trouble = () => 'none'
  const chance = (of: number) => (random.bytes(1)[0] ?? 0) % of === 0

  function outOfBounds({ hour, license }: MeterRecord): boolean {
    const now = clock.now().getTime()
    const month_start = Date.UTC(clock.now().getUTCFullYear(), clock.now().getUTCMonth(), 1)
    const end = ended.get(license ?? '')?.getTime()
    return (
      now - hour.getTime() >= WINDOW ||
      hour.getTime() > now ||
      (hour.getTime() < month_start && now >= month_start + 6 * 3_600_000) ||
      (end !== undefined && now >= end + 3_600_000)
    )
  }

  function take(record: MeterRecord): MeterAnswer {
    const { id, dimension, hour, quantity } = record
    const license = record.license ?? ''
    const key = `${license} ${dimension} ${hour.toISOString()}`
    const known = kept.get(key)
    if (known === undefined) {
      kept.set(key, { license, dimension, hour, quantity, allocations: partsOf(record) })
      return { id, status: 'accepted', cloud_record_id: key, duplicate: false }
    }
    const same = textOf(known.allocations) === textOf(partsOf(record))
    if (same && compare(known.quantity, quantity) === 0) {
      return { id, status: 'accepted', cloud_record_id: key, duplicate: true }
    }
    doubled.push(key)
    return { id, status: 'refused', code: 'DuplicateRecord', message: 'Another quantity or split is there.' }
  }

  async function report(_: unknown, records: readonly MeterRecord[]): Promise<MeterReport> {
    const wrong = trouble()
    const products = new Set(records.map((record) => record.product_id)).size
    const call = { records: records.length, products, outcome: wrong as string }
    calls.push(call)
    if (wrong === 'lost_before') throw new Fault('connection_lost', 'The connection was lost.')
    if (wrong === 'throttled')
      throw new Fault('throttled', 'Slow down.', { cloudCode: 'ThrottlingException' })
    if (wrong === 'unavailable') throw new Fault('unavailable', 'Try later.')
    if (wrong === 'forbidden') throw new Fault('forbidden', 'Not allowed.', { cloudCode: 'AccessDenied' })
    if (records.length > 25 || products > 1)
      throw new Fault('invalid', 'A bad batch.', { cloudCode: 'Batch' })
    if (!records.every(isSplit)) throw new Fault('invalid', 'A bad split.', { cloudCode: 'Allocations' })
    if (records.some(outOfBounds)) {
      call.outcome = 'out_of_bounds'
      throw new Fault('invalid', 'Out of range.', { cloudCode: 'TimestampOutOfBoundsException' })
    }
    const unknown = records.filter(({ dimension }) => without.has(dimension))
    if (unknown.length > 0) {
      call.outcome = 'dimension'
      if (new Set(records.map(({ dimension }) => dimension)).size > 1)
        throw new Fault('invalid', 'No such dimension.', { cloudCode: 'InvalidUsageDimensionException' })
      const refused = {
        status: 'refused',
        code: 'InvalidUsageDimensionException',
        about: 'dimension',
      } as const
      return { answers: unknown.map(({ id }) => ({ id, ...refused, message: 'None.' })), evidence: {} }
    }
    const answers = records.map((record): MeterAnswer => {
      if (wrong === 'partly' && chance(2)) return { id: record.id, status: 'unprocessed' }
      return take(record)
    })
    if (wrong === 'lost_after') throw new Fault('timeout', 'No answer came.')
    return { answers: answers.filter(() => wrong !== 'forgets' || !chance(3)), evidence: {} }
  }

  return {
    metering: { rules: awsRules, report },
    kept,
    calls,
    doubled,
    ended,
    /** Dimensions that the product does not have, as far as usage is concerned. */
    without,
    troubled: (chosen: () => Trouble) => {
      trouble = chosen
    },
    total: (license: string, dimension: string) =>
      sum(
        [...kept.values()]
          .filter((one) => one.license === license && one.dimension === dimension)
          .map(({ quantity }) => quantity),
      ),
    hours: (license: string, dimension: string) =>
      [...kept.values()]
        .filter((one) => one.license === license && one.dimension === dimension)
        .toSorted((left, right) => left.hour.getTime() - right.hour.getTime())
        .map(({ hour, quantity }) => [hour.toISOString().slice(0, 13), quantity] as const),
  }
}
