/**
 * How an hour with tagged usage divides among its sets of tags, by the rule of its dimension. The shares add up to what the
 * hour counts, whatever the rule: docs/decisions/2026-11-22-usage-by-tags.md
 */
import { add, compare, type Decimal, decimal, isZero, subtract, zero } from '../core/decimal.ts'
import type { Aggregation } from '../products/model.ts'
import type { Scope } from '../store/index.ts'
import { meterText } from './model.ts'
import { fromParts, inProportion, type Parts, sumOf, toParts } from './share.ts'
import type { BucketMove } from './split.ts'
import type { EventGroup } from './store-events.ts'
import { type CountedHour, type HourCount, hourText } from './store-hours.ts'
import { findShares, firstSeen, moveBuckets, type Share, writeShares } from './store-shares.ts'
import { UNTAGGED } from './tags.ts'

/** An hour that got events, with what it counts now. */
export type CountedGroup = {
  group: EventGroup
  count: HourCount
  rule: Aggregation
  /** The tags of the last reading, where the rule asks for them. */
  last: string | null
}

/** Divides the hours that have tagged usage. What of it is late joins what its tags carry. */
export async function countShares(
  scope: Scope,
  all: readonly CountedGroup[],
  before: ReadonlyMap<string, CountedHour>,
): Promise<void> {
  const counted = all.filter(({ count }) => count.tagged)
  if (counted.length === 0) return
  const stored = await findShares(
    scope,
    counted.map(({ group }) => group),
  )
  const unique = counted.filter(({ rule }) => rule === 'unique').map(({ group }) => group)
  const first = await firstSeen(scope, unique)
  const shares: Share[] = []
  const late = new Map<string, BucketMove & { agreement_id: string; dimension: string }>()
  for (const one of counted) {
    const { agreement_id, dimension, hour } = one.group
    const known = new Map((stored.get(hourText(one.group)) ?? []).map((share) => [share.tags, share]))
    const seen = new Map((first.get(hourText(one.group)) ?? []).map(({ tags, value }) => [tags, value]))
    const measured = measuredOf(one, known, seen)
    const used = usedOf(one, measured)
    for (const [tags, sum] of measured) {
      const share = { agreement_id, dimension, hour, tags, measured: sum, used: used.get(tags) ?? zero }
      shares.push(share)
      if (before.get(hourText(one.group))?.state !== 'closed') continue
      const added = subtract(share.used, known.get(tags)?.used ?? zero)
      const key = `${meterText(one.group)} ${tags}`
      const nothing = { drawn: zero, lost: zero, untold: zero }
      const carry = add(late.get(key)?.carry ?? zero, added)
      late.set(key, { agreement_id, dimension, tags, carry, ...nothing })
    }
  }
  await writeShares(scope, shares)
  await moveBuckets(
    scope,
    [...late.values()].filter(({ carry }) => !isZero(carry)),
  )
}

/** What each set of tags has measured by now, those that were known before among them. */
function measuredOf(
  { group, count, rule, last }: CountedGroup,
  known: ReadonlyMap<string, Share>,
  seen: ReadonlyMap<string, Decimal>,
): Map<string, Decimal> {
  const found = new Map([...known].map(([tags, { measured }]) => [tags, measured]))
  const before = (tags: string) => found.get(tags) ?? zero
  switch (rule) {
    case 'sum':
      for (const [tags, { total }] of group.tagged) found.set(tags, add(before(tags), total))
      return found
    case 'count':
      for (const [tags, { events }] of group.tagged) found.set(tags, add(before(tags), decimal(events)))
      return found
    case 'max':
      for (const [tags, { highest }] of group.tagged)
        found.set(tags, compare(highest, before(tags)) > 0 ? highest : before(tags))
      return found
    case 'last':
      for (const tags of [...found.keys(), ...group.tagged.keys()])
        found.set(tags, tags === last ? count.measured : zero)
      return found
    case 'unique':
      for (const tags of [...found.keys(), ...group.tagged.keys()]) found.set(tags, seen.get(tags) ?? zero)
      return found
  }
}

/** What of the hour's quantity each set used: the reading that counts belongs to one, a sum to all in proportion. */
function usedOf({ count, rule }: CountedGroup, measured: ReadonlyMap<string, Decimal>): Map<string, Decimal> {
  const weights: Parts = new Map()
  if (rule === 'max') {
    const holders = [...measured].filter(([, highest]) => compare(highest, count.measured) === 0)
    const holder = holders.map(([tags]) => tags).toSorted()[0] ?? UNTAGGED
    weights.set(holder, 1n)
  } else {
    for (const [tags, weight] of measured) weights.set(tags, toParts(weight))
    // Below zero only where the rule of a dimension was changed within the hour.
    const rest = toParts(count.measured) - sumOf(weights)
    weights.set(UNTAGGED, rest < 0n ? 0n : rest)
  }
  const shares = inProportion(toParts(count.used), weights)
  return new Map([...shares].map(([tags, share]) => [tags, fromParts(share)]))
}
