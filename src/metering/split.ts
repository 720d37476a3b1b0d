/**
 * What of a meter's carry belongs to which set of tags, while a plan is made: a mirror of the plan's own arithmetic, which
 * it never changes. The untagged set is what is left of the meter. docs/decisions/2026-11-22-usage-by-tags.md
 */
import type { Allocation, MeteringRules } from '../../connectors/connector.ts'
import type { Decimal } from '../core/decimal.ts'
import type { PlanInput, PlannedHour } from './plan-model.ts'
import { fromLargest, fromParts, inProportion, type Parts, sumOf, toParts, UNIT } from './share.ts'
import { tagsOf, tagsText, UNTAGGED } from './tags.ts'

/** What a plan adds to the columns of one set of tags. */
export type BucketMove = { tags: string; carry: Decimal; drawn: Decimal; lost: Decimal; untold: Decimal }
/** A record as it is known while it grows. */
type Known = { quantity: Decimal; allocations?: readonly Allocation[] | null | undefined }

type Column = 'carry' | 'drawn' | 'lost' | 'untold'

export function splitOf({ carry, carries, rules }: Pick<PlanInput, 'carry' | 'carries' | 'rules'>) {
  const balances: Parts = new Map([...(carries ?? [])].map(([tags, held]) => [tags, toParts(held)]))
  balances.set(UNTAGGED, toParts(carry) - sumOf(balances))
  const moves = new Map<string, Record<Column, bigint>>()
  const move = (tags: string, column: Column, by: bigint) => {
    if (by === 0n || tags === UNTAGGED) return
    const known = moves.get(tags) ?? { carry: 0n, drawn: 0n, lost: 0n, untold: 0n }
    moves.set(tags, { ...known, [column]: known[column] + by })
  }
  const change = (tags: string, by: bigint, column?: Column) => {
    balances.set(tags, (balances.get(tags) ?? 0n) + by)
    move(tags, 'carry', by)
    if (column !== undefined) move(tags, column, -by)
  }
  const step = rules.quantity === 'whole' ? UNIT : 1n

  return {
    /** The usage of an hour joins what is carried. */
    close({ used, shares }: PlannedHour): void {
      let rest = toParts(used)
      for (const [tags, share] of shares ?? []) {
        change(tags, toParts(share))
        rest -= toParts(share)
      }
      change(UNTAGGED, rest)
    },
    /** Included quantities are drawn in proportion to what each set holds. */
    draw(quantity: Decimal): void {
      const held = new Map([...balances].filter(([, balance]) => balance > 0n))
      for (const [tags, part] of inProportion(toParts(quantity), held)) change(tags, -part, 'drawn')
    },
    /** The split of a record that takes a quantity more than it had; null where nothing of it has tags. */
    report(quantity: Decimal, before?: Known): Allocation[] | null {
      const parts = fromLargest(balances, toParts(quantity) / step, step)
      for (const [tags, part] of parts) change(tags, -part)
      for (const [tags, part] of partsOf(before)) parts.set(tags, (parts.get(tags) ?? 0n) + part)
      const { told, untold } = fitting(parts, rules)
      for (const [tags, part] of untold) move(tags, 'untold', part)
      return allocationsOf(told)
    },
    /** What nobody takes any more. */
    lose(): void {
      for (const [tags, balance] of [...balances]) change(tags, -balance, 'lost')
    },
    moves(): BucketMove[] {
      return [...moves].map(([tags, columns]) => ({
        tags,
        carry: fromParts(columns.carry),
        drawn: fromParts(columns.drawn),
        lost: fromParts(columns.lost),
        untold: fromParts(columns.untold),
      }))
    },
  }
}
export type Split = ReturnType<typeof splitOf>

/** A record's parts by the text of their tags. */
export function partsOf(record: Known | undefined): Parts {
  if (record === undefined) return new Map()
  const { quantity, allocations } = record
  if (allocations === undefined || allocations === null) return new Map([[UNTAGGED, toParts(quantity)]])
  return new Map(allocations.map((one) => [tagsText(one.tags), toParts(one.quantity)]))
}

/** In the order of their tags, and what has none last. */
function allocationsOf(parts: Parts): Allocation[] | null {
  const tagged = [...parts].filter(([tags, part]) => tags !== UNTAGGED && part > 0n)
  if (tagged.length === 0) return null
  tagged.sort(([left], [right]) => (left < right ? -1 : 1))
  const rest = parts.get(UNTAGGED) ?? 0n
  if (rest > 0n) tagged.push([UNTAGGED, rest])
  return tagged.map(([tags, part]) => ({ tags: tagsOf(tags), quantity: fromParts(part) }))
}

/** Room in a request beside the parts of a record that fills it alone. */
const ROOM_BYTES = 4000

/** Where a record has no room for all sets, the smallest are told without their tags. */
function fitting(
  parts: Parts,
  { allocations, batch_bytes_max }: MeteringRules,
): { told: Parts; untold: Parts } {
  const untold: Parts = new Map()
  if (allocations === undefined) return { told: parts, untold }
  const told: Parts = new Map([[UNTAGGED, parts.get(UNTAGGED) ?? 0n]])
  let room = batch_bytes_max - ROOM_BYTES - allocations.bytes
  let full = false
  const tagged = [...parts].filter(([tags, part]) => tags !== UNTAGGED && part > 0n)
  tagged.sort(([one, more], [two, less]) => (more === less ? (one < two ? -1 : 1) : more > less ? -1 : 1))
  for (const [tags, part] of tagged) {
    room -= bytesOf({ tags: tagsOf(tags) }, allocations)
    // One place is kept for what has no tags.
    full ||= room < 0 || told.size >= allocations.max
    if (!full) told.set(tags, part)
    else {
      untold.set(tags, part)
      told.set(UNTAGGED, (told.get(UNTAGGED) ?? 0n) + part)
    }
  }
  return { told, untold }
}

/** What a part takes of a request. */
export function bytesOf(
  { tags }: Pick<Allocation, 'tags'>,
  { bytes, tag_bytes }: NonNullable<MeteringRules['allocations']>,
): number {
  return Object.entries(tags).reduce(
    (total, [key, value]) => total + tag_bytes + key.length + value.length,
    bytes,
  )
}
