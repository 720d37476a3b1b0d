// Usage that the cloud could not take waits: what makes it wait, and the ways on.
import { canonicalJson } from '../core/canonical.ts'
import { Refusal } from '../core/problem.ts'
import * as exceptions from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import { type Difference, isGone, stoppedBy } from './model.ts'
import { find, findLocked, type Listing } from './store.ts'
import { findListed, keepHeld, type Place } from './store-held.ts'

const reasons = {
  missing: 'the cloud does not have it',
  restricted: 'it was restricted at the cloud',
  other_kind: 'the cloud does not take usage of it',
  refused: 'the cloud refused usage of it',
} as const

const WAITS = 'Until then it waits, each hour up to its deadline, which is alarmed an hour before'
const ANYWAY = 'send the usage that waits as it is, or write it off'
const GONE_FIX = `Open the listing: link it to the product that it is at the cloud now, publish it again, ${ANYWAY}. ${WAITS}`
const FIX = `Open the listing: send what was published again, take over what the cloud shows, ${ANYWAY}. ${WAITS}`

/** Asks for a reading as soon as may be: the listing was changed, or the cloud says other things of it than it showed. */
export async function askForReading(scope: Scope, id: string): Promise<void> {
  await schedule(scope, { kind: 'listings.read', key: id })
}

/**
 * Usage that the cloud cannot take waits, and is told; what waits no longer goes on. In the transaction that found out.
 */
export async function holdUsage(
  scope: Scope,
  { id, connection_id, held: before }: Pick<Listing, 'id' | 'connection_id' | 'held'>,
  held: readonly string[],
  differences: readonly Difference[],
): Promise<void> {
  if (held.length === 0) await exceptions.resolveException(scope, 'listing_drift', id)
  else {
    const why = differences.flatMap(({ stops }) =>
      stops === undefined || !held.includes(stops.dimension)
        ? []
        : [`"${stops.dimension}" (${reasons[stops.reason]})`],
    )
    const gone = isGone({ differences })
    const because = gone ? 'the cloud does not know its listing any more' : 'the cloud could not take it'
    await exceptions.openException(scope, {
      kind: 'listing_drift',
      subject_id: id,
      sentence: `Usage is held back, because ${because}: ${[...new Set(why)].join(', ')}.`,
      fix: gone ? GONE_FIX : FIX,
    })
  }
  const changed = before.toSorted().join('\n') !== [...held].toSorted().join('\n')
  if (changed) await schedule(scope, { kind: 'metering.batch', key: connection_id })
}

/** Dimensions whose usage waits: those that are stopped and that nobody has let go. */
export function heldBy(differences: readonly Difference[], released: readonly string[]): string[] {
  return stoppedBy(differences).filter((dimension) => !released.includes(dimension))
}

const METERED = 'metered'
const REFUSED = 'refused'
/** The listing was read after the refusal, and shows nothing that would explain it. */
const REFUSED_ALL_THE_SAME = 'metered, refused'

/**
 * The cloud refused a record because of its dimension, and took nothing: the rest of that dimension waits too, and the
 * listing is read at once. False where the product is not listed from here, so that nothing can wait for it. In the
 * transaction that found out.
 */
export async function holdRefused(
  scope: Scope,
  connection_id: string,
  place: Place,
  dimension: string,
): Promise<boolean> {
  const listing = await findListed(scope, connection_id, place)
  if (listing === undefined) return false
  const stop: Difference = {
    field: `dimensions.${dimension}`,
    ours: METERED,
    theirs: REFUSED,
    stops: { dimension, reason: 'refused' },
  }
  const known = stoppedBy(listing.differences).includes(dimension)
  const differences = known ? listing.differences : [...listing.differences, stop]
  const released = listing.released.filter((one) => one !== dimension)
  const held = heldBy(differences, released)
  if (canonicalJson(held) !== canonicalJson(listing.held)) {
    await keepHeld(scope, listing.id, { differences, held, released })
    await holdUsage(scope, listing, held, differences)
    const sentence = `The cloud refused usage of "${dimension}": what is used of it waits.`
    await timeline.record(scope, { subject_id: listing.id, kind: 'held', sentence })
  }
  if (!known) await askForReading(scope, listing.id)
  return true
}

/**
 * Refusals that a new reading does not explain. The first reading after one is kept beside it; with the second that
 * finds nothing wrong the usage is tried again.
 */
export function unexplained(before: readonly Difference[], found: readonly Difference[]): Difference[] {
  const explained = stoppedBy(found)
  return before.flatMap((one) =>
    one.stops?.reason === 'refused' && one.theirs === REFUSED && !explained.includes(one.stops.dimension)
      ? [{ ...one, theirs: REFUSED_ALL_THE_SAME }]
      : [],
  )
}

/** The usage that waits is sent as it is. What the cloud refuses again because of its dimension waits again. */
export async function releaseUsage(scope: Scope, id: string): Promise<Listing> {
  const listing = await findLocked(scope, id)
  if (listing.held.length === 0) throw new Refusal('conflict', `No usage of listing ${id} is held back.`)
  const differences = listing.differences.filter(({ stops }) => stops?.reason !== 'refused')
  const released = [...new Set([...listing.released, ...listing.held])]
    .filter((dimension) => stoppedBy(differences).includes(dimension))
    .toSorted()
  await keepHeld(scope, id, { differences, held: [], released })
  await holdUsage(scope, listing, [], differences)
  const sentence = `The usage that waited is sent as it is: ${listing.held.join(', ')}.`
  await timeline.record(scope, { subject_id: id, kind: 'released', sentence })
  return find(scope, id)
}
