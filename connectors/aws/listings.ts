/** Listings: a SaaS product with its public offer, made and changed in one change set each. */
import type {
  Change,
  Connection,
  ListedAt,
  ListedDimension,
  ListingDraft,
  Listings,
  ReadListing,
  Target,
} from '../connector.ts'
import { compareListing } from '../listed.ts'
import type { Aws } from './clients.ts'
import { isFaultOf, shaped } from './faults.ts'
import { toAwsListing, toAwsVisibility } from './map.ts'
import {
  type AwsDimension,
  fromAwsListing,
  fromAwsTypes,
  productShape,
  publicOfferShape,
} from './selling/listed.ts'
import { listingProblems } from './selling/listing-bounds.ts'
import { toAwsListingChanges } from './selling/listing-changes.ts'
import { listingOptionFields } from './selling/option-fields.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { CATALOG, checkChangeSet, findChangeSet, startChangeSet } from './wire/changesets.ts'

export function awsListings(aws: Aws): Listings {
  return {
    resolution: 'send_identical',
    options: listingOptionFields,
    async publish(connection, draft, key) {
      const read = readOptions(optionShapes.listing, draft.options)
      const problems = read.ok ? listingProblems(draft) : read.problems
      if (!read.ok || problems.length > 0) return { status: 'failed', problems, evidence: {} }
      return startChangeSet(
        aws,
        connection,
        'publish',
        key,
        toAwsListing(draft, read.options, connection.account_id),
      )
    },
    update: (connection, at, drafts, key) => updateListing(aws, connection, at, drafts, key),
    setVisibility: (connection, at, wanted, key) =>
      startChangeSet(aws, connection, 'visibility', key, toAwsVisibility(at.product_id, wanted)),
    async compare(connection, at, draft) {
      const { product, compared, evidence } = await readBack(aws, connection, at, draft)
      return {
        ...compared,
        state: fromAwsVisibility(product.Description?.Visibility),
        seen_by: product.Targeting?.PositiveTargeting?.BuyerAccounts ?? null,
        evidence,
      }
    },
    check: (connection, reference) =>
      checkChangeSet(aws, connection, reference, (target) => withProductCode(aws, connection, target)),
    read: (connection, product_id) => readListing(aws, connection, product_id),
  }
}

/** The product and its public offer as they are at AWS, held against a draft. */
async function readBack(aws: Aws, connection: Connection, at: ListedAt, draft: ListingDraft) {
  const read = await describeEntity(aws, connection, at.product_id)
  const product = shaped(productShape, read.details, 'DescribeEntity')
  if (at.public_offer_id === null) {
    const compared = compareListing(draft, fromAwsListing(product, undefined, draft))
    return { product, compared, evidence: read.evidence }
  }
  const offered = await describeEntity(aws, connection, at.public_offer_id)
  const offer = shaped(publicOfferShape, offered.details, 'DescribeEntity')
  const evidence = {
    ...read.evidence,
    received: { product: read.evidence.received, public_offer: offered.evidence.received },
  }
  return { product, compared: compareListing(draft, fromAwsListing(product, offer, draft)), evidence }
}

async function updateListing(
  aws: Aws,
  connection: Connection,
  at: ListedAt,
  { before, after }: { before: ListingDraft; after: ListingDraft },
  key: string,
): Promise<Change> {
  const read = readOptions(optionShapes.listing, after.options)
  const problems = read.ok ? listingProblems(after) : read.problems
  if (!read.ok || problems.length > 0) return { status: 'failed', problems, evidence: {} }
  // What differs is read anew at every attempt, so a request whose answer was lost could not be sent again unchanged:
  // its change set is looked for first.
  const found = await findChangeSet(aws, connection, 'update', key)
  if (found !== undefined) return found
  const { product, compared, evidence } = await readBack(aws, connection, at, after)
  const { differences } = compared
  const made = toAwsListingChanges({ at, before, after, options: read.options, product, differences })
  if (!made.ok) return { status: 'failed', problems: made.problems, evidence }
  if (made.changes.length === 0) return { status: 'succeeded', target: {}, evidence }
  return startChangeSet(aws, connection, 'update', key, made.changes)
}

/** The public offer is told apart by name, and the product's code, which metering needs, is read if it may be. */
async function withProductCode(aws: Aws, connection: Connection, target: Target): Promise<Target> {
  const { offer_id, ...rest } = target
  const named = { ...rest, ...(offer_id === undefined ? {} : { public_offer_id: offer_id }) }
  const product_id = target.product_id
  if (product_id === undefined) return named
  try {
    const { details } = await describeEntity(aws, connection, product_id)
    const product_code = shaped(productShape, details, 'DescribeEntity').Description?.ProductCode
    return product_code ? { ...named, product_code } : named
  } catch (error) {
    if (isFaultOf(error, 'forbidden', 'not_found')) return named
    throw error
  }
}

async function readListing(aws: Aws, connection: Connection, product_id: string): Promise<ReadListing> {
  const { details, evidence } = await describeEntity(aws, connection, product_id)
  const product = shaped(productShape, details, 'DescribeEntity')
  return {
    product_id,
    state: fromAwsVisibility(product.Description?.Visibility),
    dimensions: (product.Dimensions ?? []).map(fromAwsDimension),
    evidence,
  }
}

export function fromAwsVisibility(visibility: string | null | undefined): ReadListing['state'] {
  switch (visibility) {
    case 'Draft':
      return 'draft'
    case 'Limited':
      return 'limited'
    case 'Public':
      return 'public'
    case 'Restricted':
      return 'restricted'
    default:
      return 'unknown'
  }
}

/** A dimension that is sold upfront and metered beyond counts as metered: its usage must be reported. */
export function fromAwsDimension(dimension: AwsDimension): ListedDimension {
  return {
    key: dimension.Key ?? '',
    name: dimension.Name ?? '',
    description: dimension.Description ?? '',
    unit: dimension.Unit ?? '',
    kind: fromAwsTypes(dimension.Types ?? []).includes('metered') ? 'metered' : 'entitled',
  }
}

/** One entity as the catalog holds it; the document is the same as the older Details string. */
export async function describeEntity(aws: Aws, connection: Connection, entity_id: string) {
  const catalog = await (await aws.clients(connection)).catalog()
  const request = { Catalog: CATALOG, EntityId: entity_id }
  const answer = await aws.guard(connection, 'DescribeEntity', (abortSignal) =>
    catalog.describeEntity(request, { abortSignal }),
  )
  const details: unknown = answer.DetailsDocument ?? parsed(answer.Details) ?? {}
  return { details, answer, evidence: aws.evidence(request, answer) }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
