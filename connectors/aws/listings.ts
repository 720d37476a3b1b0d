/** Listings: a SaaS product with its public offer, made in one change set. */
import { z } from 'zod'
import type {
  Connection,
  ListedDimension,
  ListingDraft,
  Listings,
  ReadListing,
  Target,
} from '../connector.ts'
import type { Aws } from './clients.ts'
import { isFaultOf, shaped } from './faults.ts'
import { toAwsListing } from './map.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { CATALOG, checkChangeSet, startChangeSet } from './wire/changesets.ts'

export function awsListings(aws: Aws): Listings {
  return {
    resolution: 'send_identical',
    async publish(connection, draft, key) {
      const read = readOptions(optionShapes.listing, draft.options)
      if (!read.ok) return { status: 'failed', problems: read.problems, evidence: {} }
      const unpriced = unpricedProblem(draft)
      if (unpriced !== undefined) return { status: 'failed', problems: [unpriced], evidence: {} }
      return startChangeSet(
        aws,
        connection,
        'publish',
        key,
        toAwsListing(draft, read.options, connection.account_id),
      )
    },
    check: (connection, reference) =>
      checkChangeSet(aws, connection, reference, (target) => withProductCode(aws, connection, target)),
    read: (connection, product_id) => readListing(aws, connection, product_id),
  }
}

function unpricedProblem(draft: ListingDraft) {
  const { entitled, metered } = draft.prices
  if (Object.keys(entitled).length + Object.keys(metered).length > 0) return undefined
  const plain = 'The listing has no price. Give at least one entitled or metered price.'
  return { code: 'MISSING_PRICES', message: plain, field: 'prices', plain }
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

const text = z.string().nullish()
const productShape = z.looseObject({
  Description: z.looseObject({ ProductCode: text, ProductState: text, Visibility: text }).nullish(),
  Dimensions: z
    .array(
      z.looseObject({
        Key: text,
        Name: text,
        Description: text,
        Unit: text,
        Types: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
})

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

type AwsDimension = NonNullable<z.infer<typeof productShape>['Dimensions']>[number]

/** A dimension that is sold upfront and metered beyond counts as metered: its usage must be reported. */
export function fromAwsDimension(dimension: AwsDimension): ListedDimension {
  const metered = (dimension.Types ?? []).some((type) => type === 'Metered' || type === 'ExternallyMetered')
  return {
    key: dimension.Key ?? '',
    name: dimension.Name ?? '',
    description: dimension.Description ?? '',
    unit: dimension.Unit ?? '',
    kind: metered ? 'metered' : 'entitled',
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
