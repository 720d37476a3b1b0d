// What is asked of a listing that is live: other texts, prices and dimensions, and who may see it.
import type { ListedDimension, Listings, ListingVisibility } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import type { CloudOptions } from '../offers/model.ts'
import { enqueue, findUnderWay } from '../operations/index.ts'
import type { OperationKind } from '../operations/model.ts'
import { findProduct, type Product } from '../products/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { askForReading, holdUsage } from './held.ts'
import { canAdopt, checkPrices, normalPrices, type Prices, type StoredDraft } from './model.ts'
import { find, findLocked, keepDraft, keepReading, keepWanted, type Listing } from './store.ts'

type Texts = Pick<
  StoredDraft,
  | 'title'
  | 'short_description'
  | 'long_description'
  | 'highlights'
  | 'keywords'
  | 'categories'
  | 'logo_url'
  | 'support'
  | 'refund_policy'
>
export type ListingChange = { [name in keyof Texts]?: Texts[name] | undefined } & {
  prices?: Prices | undefined
  dimensions?:
    | {
        key: string
        name?: string | undefined
        description?: string | undefined
        restricted?: boolean | undefined
      }[]
    | undefined
  options?: CloudOptions | undefined
}
/** What is sent: where the listing is, what it was, and what it is to be. */
export type UpdateRequest = {
  at: { product_id: string; public_offer_id: string | null }
  before: StoredDraft
  after: StoredDraft
}
export type VisibilityRequest = {
  at: UpdateRequest['at']
  visibility: ListingVisibility
  replacement_product_id: string | null
}

/** Writes a change of a live listing down; without any field, what was published is sent again where it differs. */
export async function changeListing(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  id: string,
  change: ListingChange,
): Promise<Listing> {
  const listing = await changeable(context, scope, id, 'listing.update', 'update')
  const product = await findProduct(scope, listing.product_id)
  const after = changedDraft(listing.draft, product, change)
  const request: UpdateRequest = { at: atOf(listing), before: listing.draft, after }
  await ask(scope, listing, 'listing.update', request)
  await keepWanted(scope, id, after)
  const sentence = 'Asked the cloud to change the listing.'
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return find(scope, id)
}

/** Writes down who may see and buy a listing from now on. */
export async function changeVisibility(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  id: string,
  to: ListingVisibility,
  replacement_listing_id?: string,
): Promise<Listing> {
  const listing = await changeable(context, scope, id, 'listing.visibility', 'setVisibility')
  const replacement_product_id = await replacementOf(scope, listing, to, replacement_listing_id)
  const request: VisibilityRequest = { at: atOf(listing), visibility: to, replacement_product_id }
  await ask(scope, listing, 'listing.visibility', request)
  await keepWanted(scope, id, listing.wanted)
  const sentence = `Asked the cloud to make the listing ${to}.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return find(scope, id)
}

/** What the cloud shows becomes what we say. Usage that was held back is sent again. */
export async function adoptListing(scope: Scope, id: string): Promise<Listing> {
  const listing = await findLocked(scope, id)
  const { theirs, differences } = listing
  if ((await findUnderWay(scope, id, 'listing.update')) !== undefined)
    throw new Refusal('conflict', `Listing ${id} is being changed. Wait until that has ended.`)
  if (theirs === null || !canAdopt(listing))
    throw new Refusal('conflict', `The cloud shows nothing of listing ${id} that could be taken over.`)
  await keepDraft(scope, id, theirs)
  await keepReading(scope, id, { differences: [], theirs, held: [], released: [] })
  await holdUsage(scope, listing, [], [])
  const sentence = `Took over what the cloud shows: ${differences.map(({ field }) => field).join(', ')}.`
  await timeline.record(scope, { subject_id: id, kind: 'adopted', sentence, cloud_words: differences })
  await askForReading(scope, id)
  return find(scope, id)
}

async function changeable(
  { connectors }: Pick<Context, 'connectors'>,
  scope: Scope,
  id: string,
  kind: OperationKind,
  method: keyof Listings,
): Promise<Listing> {
  const listing = await findLocked(scope, id)
  const { cloud } = await connections.find(scope, listing.connection_id)
  const connector = Object.values(connectors).find((one) => one.cloud === cloud)
  if (connector?.listings?.[method] === undefined)
    throw new Refusal(
      'invalid-input',
      `Listings on ${cloud} cannot be changed from here. Change it in the cloud's own pages.`,
    )
  if (listing.state !== 'live' || listing.cloud_product_id === null)
    throw new Refusal('conflict', `Listing ${id} is ${listing.state}: only one that is live can be changed.`)
  const under_way = await findUnderWay(scope, id, kind)
  if (under_way !== undefined)
    throw new Refusal(
      'conflict',
      `A change of listing ${id} is under way: ${under_way.id}. Wait until it has ended.`,
    )
  return listing
}

function atOf({ cloud_product_id, cloud_offer_id }: Listing): UpdateRequest['at'] {
  return { product_id: cloud_product_id ?? '', public_offer_id: cloud_offer_id }
}

async function ask(
  scope: Scope,
  { id, connection_id }: Listing,
  kind: OperationKind,
  request: UpdateRequest | VisibilityRequest,
): Promise<void> {
  const key = `listing-${scope.id('operation')}`
  await enqueue(scope, { connection_id, kind, subject_id: id, key, request })
}

async function replacementOf(
  scope: Scope,
  listing: Listing,
  to: ListingVisibility,
  replacement_listing_id: string | undefined,
): Promise<string | null> {
  if (replacement_listing_id === undefined) return null
  const field = 'replacement_listing_id'
  if (to !== 'restricted')
    throw invalid(field, 'belongs to a restricted listing only', 'Leave it out, or restrict the listing')
  if (replacement_listing_id === listing.id)
    throw invalid(field, 'is the listing itself', 'Name the listing that buyers should go to')
  const other = await find(scope, replacement_listing_id)
  if (other.connection_id !== listing.connection_id || other.state !== 'live')
    throw invalid(field, 'is not live on this connection', 'Name a live listing of the same connection')
  return other.cloud_product_id
}

/** The draft with what was asked for in its place. Prices are wanted of everything that is sold. */
function changedDraft(before: StoredDraft, product: Product, change: ListingChange): StoredDraft {
  const { prices, dimensions = [], options, ...texts } = change
  const known = dimensionsOf(before, product)
  for (const [index, { key }] of dimensions.entries()) {
    if (known.some((one) => one.key === key)) continue
    const fix = `Known here: ${known.map((one) => one.key).join(', ')}. Add a new one to the product first`
    throw invalid(`dimensions.${index}.key`, 'is not a dimension of this product', fix)
  }
  const given = prices === undefined ? before.prices : prices
  const asked = new Map(dimensions.map((one) => [one.key, one]))
  const priced = (key: string) => Object.hasOwn(given.entitled, key) || Object.hasOwn(given.metered, key)
  const restricted = known
    .map(({ key }) => key)
    .filter((key) => {
      const listed = before.dimensions.some((one) => one.key === key)
      return asked.get(key)?.restricted ?? (listed ? (before.restricted ?? []).includes(key) : !priced(key))
    })
  const sold = (of: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(of).filter(([key]) => prices !== undefined || !restricted.includes(key)),
    )
  const kept = { ...given, entitled: sold(given.entitled), metered: sold(given.metered) }
  checkPrices(
    known.filter(({ key }) => !restricted.includes(key)),
    kept,
  )
  const { restricted: _, ...rest } = before
  return {
    ...rest,
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
    dimensions: known.map((one) => {
      const { name = one.name, description = one.description } = asked.get(one.key) ?? {}
      return { ...one, name, description }
    }),
    prices: { ...kept, entitled: normalPrices(kept.entitled), metered: normalPrices(kept.metered) },
    ...(restricted.length === 0 ? {} : { restricted }),
    ...(options === undefined ? {} : { options }),
  }
}

/** Those of the listing, and what the product has gained since. */
function dimensionsOf(before: StoredDraft, product: Product): ListedDimension[] {
  const gained = product.dimensions.filter(({ key }) => !before.dimensions.some((one) => one.key === key))
  return [
    ...before.dimensions,
    ...gained.map(({ key, name, description, unit, kind }) => ({ key, name, description, unit, kind })),
  ]
}
