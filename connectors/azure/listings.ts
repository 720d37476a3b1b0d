/**
 * Listings: an offer with one plan, its texts, prices, meters and technical configuration. Three jobs make one public:
 * its resources, a preview that Microsoft certifies, and going live; each begins when the one before is done.
 */
import { z } from 'zod'
import { sha256 } from '../../src/core/canonical.ts'
import { Fault } from '../../src/core/fault.ts'
import type {
  Change,
  ChangeProblem,
  Connection,
  ListedDimension,
  ListingDraft,
  Listings,
  ReadListing,
} from '../connector.ts'
import type { Azure } from './clients.ts'
import { missing, shaped } from './faults.ts'
import { failed } from './selling/draft-offer.ts'
import { checkListingStage, humanFor } from './selling/listing-stages.ts'
import { BASE_PLAN, toAzureListing } from './selling/map-listings.ts'
import { type ListingOptions, optionShapes, readOptions } from './selling/options.ts'
import { problem, publicPriceProblems } from './selling/prices.ts'
import { findProduct, listPlans, readTree, type TreeResource, typeOf } from './selling/products.ts'
import { startJob } from './wire/jobs.ts'
import { writeStage } from './wire/stages.ts'

export function azureListings(azure: Azure): Listings {
  return {
    resolution: 'search_marker',
    publish: (connection, draft, key) => publish(azure, connection, draft, key),
    check: (connection, reference) => checkListingStage(azure, connection, reference),
    read: (connection, product_id) => readListing(azure, connection, product_id),
  }
}

async function publish(
  azure: Azure,
  connection: Connection,
  draft: ListingDraft,
  key: string,
): Promise<Change> {
  const read = readOptions(optionShapes.listing, draft.options)
  if (!read.ok) return failed(read.problems)
  const webhook_url = read.options.webhook_url ?? connection.settings.webhook_url ?? draft.webhook_url ?? ''
  const problems = [...publicPriceProblems(draft), ...webhookProblems(webhook_url)]
  if (problems.length > 0) return failed(problems)
  const external_id = await externalIdOf(draft, read.options, key)
  const product = await findProduct(azure, connection, external_id)
  const plans = product === undefined ? [] : await listPlans(azure, connection, product.id)
  const place = {
    external_id,
    product: product?.id,
    plan: plans.find(({ identity }) => identity.externalId === BASE_PLAN)?.id,
    webhook_url,
  }
  const started = await startJob(azure, connection, toAzureListing(draft, read.options, connection, place))
  if (!started.ok)
    return humanFor(started.problems, started.evidence) ?? failed(started.problems, started.evidence)
  const reference = writeStage({
    stage: 'listing_draft',
    job: started.job,
    product: external_id,
    fresh: product === undefined,
  })
  return { status: 'accepted', reference, evidence: started.evidence }
}

function webhookProblems(url: string): ChangeProblem[] {
  if (url !== '') return []
  const plain = 'Azure tells of changes at one address. Give the connection a webhook_url.'
  return [problem('MISSING_WEBHOOK', 'settings.webhook_url', plain)]
}

const SLUG_MAX = 36
const MARK_LENGTH = 10

/** The offer id is the marker: the same key leads to the same id, so an offer that was made already is found again. */
export async function externalIdOf(
  draft: ListingDraft,
  options: ListingOptions,
  key: string,
): Promise<string> {
  if (options.offer_id !== undefined) return options.offer_id
  const slug = draft.title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, SLUG_MAX)
    .replace(/-+$/, '')
  return `${slug || 'offer'}-${(await sha256(key)).slice(0, MARK_LENGTH)}`
}

const text = z.string().nullish().catch(null)
const meterShape = z.looseObject({
  customMeters: z
    .record(z.string(), z.looseObject({ displayName: text, unitOfMeasure: text }))
    .nullish()
    .catch(null),
})
const targets = [
  { target: 'live', state: 'public' },
  { target: 'preview', state: 'limited' },
  { target: 'draft', state: 'draft' },
] as const

/** The furthest version there is: public when live, limited to the preview audience, or a draft. */
async function readListing(azure: Azure, connection: Connection, product_id: string): Promise<ReadListing> {
  const product = await findProduct(azure, connection, product_id)
  if (product === undefined)
    throw new Fault('not_found', `ListProducts: this account has no offer "${product_id}"`)
  for (const { target, state } of targets) {
    const tree = await readTree(azure, connection, product.id, target)
    if (tree === undefined) continue
    const { resources, body } = tree
    const root = resources.find((resource) => typeOf(resource.$schema) === 'product')
    return {
      product_id,
      state: root?.lifecycleState === 'deprecated' ? 'restricted' : state,
      dimensions: resources.flatMap(fromAzureMeters),
      evidence: azure.evidence({ product: product.id, target }, body),
    }
  }
  throw missing('GetResourceTree', 'version of the offer', { product: product.id })
}

/** Meters are all that a flat-rate offer knows of dimensions; what is sold by quantity has no place there. */
export function fromAzureMeters(resource: TreeResource): ListedDimension[] {
  if (typeOf(resource.$schema) !== 'price-and-availability-custom-meter') return []
  const { customMeters } = shaped(meterShape, resource, 'GetResourceTree')
  return Object.entries(customMeters ?? {}).map(([key, { displayName, unitOfMeasure }]) => ({
    key,
    name: displayName ?? key,
    description: '',
    unit: unitOfMeasure ?? '',
    kind: 'metered' as const,
  }))
}
