// A listing that its cloud knows no more is linked to the product that it is there now.
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Fault } from '../core/fault.ts'
import { invalid, Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { askForReading } from './held.ts'
import { isGone, toDraft } from './model.ts'
import { keep, type Read } from './reading.ts'
import { find, findLocked, type Listing } from './store.ts'
import { findListed, keepNames } from './store-held.ts'

export type LinkRequest = { cloud_product_id: string; cloud_offer_id?: string | undefined }

/** What the cloud shows under the new name: asked before anything is written. Throws where it knows nothing of it. */
export async function readToLink(
  context: Pick<Context, 'store' | 'seal' | 'connectors'>,
  organisation_id: string,
  id: string,
  { cloud_product_id, cloud_offer_id }: LinkRequest,
): Promise<Read> {
  const listing = await context.store.inTenant(organisation_id, async (scope) => {
    const found = await find(scope, id)
    await assertLinkable(scope, found, cloud_product_id)
    return found
  })
  const { connector, connection } = await connections.openConnection(
    context,
    organisation_id,
    listing.connection_id,
  )
  const compare = connector.listings?.compare
  if (compare === undefined)
    throw new Refusal('invalid-input', `Listings on ${connector.cloud} cannot be read back here.`)
  const at = { product_id: cloud_product_id, public_offer_id: cloud_offer_id ?? null }
  try {
    return { listing, found: await compare(connection, at, toDraft(listing.draft)) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code === 'not_found' || error.code === 'invalid') {
      const fix = `Take the ids from the cloud's own pages. It says: ${error.message.replace(/\.$/, '')}`
      throw invalid('cloud_product_id', 'is not known to the cloud', fix)
    }
    const why = `The cloud could not be asked (${error.message}). Try again in a minute.`
    throw new Refusal('cloud-unavailable', why)
  }
}

/** The listing is that product from now on; what differs there is written down with it. */
export async function linkListing(
  scope: Scope,
  id: string,
  { cloud_product_id, cloud_offer_id }: LinkRequest,
  read: Read,
): Promise<Listing> {
  const before = await findLocked(scope, id)
  await assertLinkable(scope, before, cloud_product_id)
  await keepNames(scope, id, {
    cloud_product_id,
    cloud_offer_id: cloud_offer_id ?? null,
    product_code: null,
  })
  const sentence = `Linked to ${cloud_product_id} at the cloud. It was ${before.cloud_product_id} before.`
  await timeline.record(scope, { subject_id: id, kind: 'linked', sentence })
  await keep(scope, read)
  await askForReading(scope, id)
  return find(scope, id)
}

async function assertLinkable(scope: Scope, listing: Listing, cloud_product_id: string): Promise<void> {
  const { id, state, connection_id } = listing
  if (state === 'publishing' || !isGone(listing))
    throw new Refusal(
      'conflict',
      `The cloud still knows listing ${id}: only one that is gone there is linked anew.`,
    )
  const other = await findListed(scope, connection_id, { product_id: null, cloud_product_id })
  if (other !== undefined && other.id !== id)
    throw invalid('cloud_product_id', `belongs to listing ${other.id}`, 'Name the product of this listing')
}
