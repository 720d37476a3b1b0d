// Live listings are read back from their cloud and held against what was published.
import type { ListingComparison } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { canonicalJson } from '../core/canonical.ts'
import { Fault, judge, retryDelayMs } from '../core/fault.ts'
import { Refusal } from '../core/problem.ts'
import { plus } from '../core/time.ts'
import { findUnderWay } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { done, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { heldBy, holdUsage, unexplained } from './held.ts'
import { type Difference, isGone, READ_MS, type StoredDraft, stoppedBy, toDraft, toStored } from './model.ts'
import { find, findLocked, keepReading, keepReadProblem, type Listing, type Reading } from './store.ts'

type Parts = Pick<Context, 'store' | 'seal' | 'connectors'>
/** The same draft as when the cloud was asked, so that what it answered still says something. */
export type Read = { listing: Listing; found: ListingComparison | Fault }

/** The handler of `listings.read` (key: a listing): once a day, and after every change. */
export async function readListing(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { organisation_id, key } = item
  const read = await readBack(context, organisation_id, key)
  if (read === undefined) return done
  return context.store.inTenant(organisation_id, async (scope) => {
    await keep(scope, read)
    const { found } = read
    if (found instanceof Fault && judge(found.code).retry) {
      const again_at = plus(scope.now(), retryDelayMs(item.attempts, found.retryAfterMs))
      return { done: false, again_at, reason: found.message }
    }
    return { done: false, again_at: plus(scope.now(), READ_MS) }
  })
}

/** What the cloud shows of a live listing; undefined where there is nothing to read or no way to. */
export async function readBack(
  context: Parts,
  organisation_id: string,
  id: string,
): Promise<Read | undefined> {
  const listing = await context.store.inTenant(organisation_id, (scope) => find(scope, id))
  const { connection_id, cloud_product_id, cloud_offer_id } = listing
  if (listing.state !== 'live' || cloud_product_id === null) return undefined
  const { connector, connection } = await connections.openConnection(context, organisation_id, connection_id)
  const { listings } = connector
  if (listings?.compare === undefined) return undefined
  const at = { product_id: cloud_product_id, public_offer_id: cloud_offer_id }
  try {
    return { listing, found: await listings.compare(connection, at, toDraft(listing.draft)) }
  } catch (error) {
    if (error instanceof Fault) return { listing, found: error }
    throw error
  }
}

/** Throws where a listing cannot be read back, or not now. */
export async function assertReadable(
  { connectors }: Pick<Context, 'connectors'>,
  scope: Scope,
  id: string,
): Promise<void> {
  const listing = await find(scope, id)
  const { cloud } = await connections.find(scope, listing.connection_id)
  const connector = Object.values(connectors).find((one) => one.cloud === cloud)
  if (connector?.listings?.compare === undefined)
    throw new Refusal('invalid-input', `Listings on ${cloud} cannot be read back here.`)
  if (listing.state !== 'live')
    throw new Refusal(
      'conflict',
      `Listing ${id} is ${listing.state}: only one that is live can be read back.`,
    )
  if ((await findUnderWay(scope, id, 'listing.update')) !== undefined) {
    const fix = 'It is read back by itself when that has ended'
    throw new Refusal('conflict', `Listing ${id} is being changed. ${fix}.`)
  }
}

/** Writes down what was read. An answer that a change has overtaken says nothing and is dropped. */
export async function keep(scope: Scope, { listing: asked, found }: Read): Promise<void> {
  const listing = await findLocked(scope, asked.id)
  const overtaken =
    listing.state !== 'live' ||
    canonicalJson(listing.draft) !== canonicalJson(asked.draft) ||
    (await findUnderWay(scope, asked.id, 'listing.update')) !== undefined
  if (overtaken) return
  if (found instanceof Fault && found.code !== 'not_found') {
    await keepReadProblem(scope, listing.id, `${found.cloudCode ?? found.code}: ${found.message}`)
    return
  }
  const reading = readingOf(listing, found instanceof Fault ? gone(listing) : found)
  await keepReading(scope, listing.id, reading)
  await tellOfReading(scope, listing, reading)
  await holdUsage(scope, listing, reading.held, reading.differences)
}

type Found = { differences: Difference[]; theirs: StoredDraft | null } & Pick<
  Reading,
  'visibility' | 'seen_by'
>

/** What was found, with what the cloud said of the listing before, and without what a person lets go on. */
function readingOf(before: Listing, found: ListingComparison | Found): Reading {
  const { differences: shown, seen_by } = found
  const differences = [...shown, ...unexplained(before.differences, shown)]
  const released = before.released.filter((dimension) => stoppedBy(shown).includes(dimension))
  const read = { differences, released, held: heldBy(differences, released) }
  if (!('state' in found)) return { ...read, theirs: found.theirs }
  return { ...read, theirs: toStored(found.theirs), visibility: found.state, seen_by: seen_by ?? null }
}

/** The cloud knows nothing of it: nothing that is metered on it can be reported. */
function gone({ draft }: Listing): Found {
  const differences: Difference[] = draft.dimensions
    .filter(({ key, kind }) => kind === 'metered' && !draft.restricted?.includes(key))
    .map(({ key }) => ({
      field: `dimensions.${key}`,
      ours: 'metered',
      theirs: null,
      stops: { dimension: key, reason: 'missing' },
    }))
  return { differences: [{ field: 'listing', ours: 'live', theirs: null }, ...differences], theirs: null }
}

async function tellOfReading(scope: Scope, before: Listing, reading: Reading): Promise<void> {
  const { id: subject_id } = before
  const { visibility } = reading
  if (visibility !== undefined && before.visibility !== null && before.visibility !== visibility) {
    const sentence = `The cloud shows the listing as ${visibility} now.`
    await timeline.record(scope, { subject_id, kind: 'visibility', sentence })
  }
  const { differences } = reading
  if (canonicalJson(before.differences) === canonicalJson(differences)) return
  const sentence =
    differences.length === 0
      ? 'What the cloud shows is what was published again.'
      : isGone(reading) && !isGone(before)
        ? 'The cloud does not know the listing any more.'
        : `The cloud shows ${differences.map(({ field }) => field).join(', ')} in another way than it was published.`
  await timeline.record(scope, { subject_id, kind: 'compared', sentence, cloud_words: differences })
}
