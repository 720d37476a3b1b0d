import { z } from 'zod'
import type { ChangeProblem } from '../../connectors/connector.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { type ListingState, listingStates, type Prices, type StoredDraft } from './model.ts'

type Row = Prisma.listingGetPayload<Record<string, never>>

export type Listing = {
  id: string
  product_id: string
  connection_id: string
  state: ListingState
  cloud_product_id: string | null
  cloud_offer_id: string | null
  product_code: string | null
  prices: Prices
  problems: ChangeProblem[]
  created_at: Date
  updated_at: Date
}

const prices = z.object({
  currency: z.string(),
  term_months: z.number(),
  entitled: z.record(z.string(), z.string()),
  metered: z.record(z.string(), z.string()),
})
const problems = z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() }))

function fromRow(row: Row): Listing {
  const { organisation_id: _, draft: __, ...rest } = row
  return {
    ...rest,
    state: z.enum(listingStates).parse(row.state),
    prices: prices.parse(row.prices),
    problems: problems.parse(row.problems) as ChangeProblem[],
  }
}

/** Writes a listing down; one that the cloud refused is asked for anew under its own id. */
export async function insert(
  scope: Scope,
  listing: { id: string; product_id: string; connection_id: string; draft: StoredDraft },
): Promise<Listing> {
  const { organisation_id, tx } = scope
  const { product_id, connection_id } = listing
  // Two who ask at once must not both be first: each would have the cloud make a product of its own.
  const name = `listing ${organisation_id} ${product_id} ${connection_id}`
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
  const where = { organisation_id_product_id_connection_id: { organisation_id, product_id, connection_id } }
  const known = await tx.listing.findUnique({ where })
  if (known !== null && known.state !== 'failed') {
    throw new Refusal(
      'conflict',
      `This product is listed on this connection already: ${known.id} (${known.state}).`,
    )
  }
  const now = scope.now()
  const asked = {
    state: 'publishing',
    prices: toJson(listing.draft.prices),
    draft: toJson(listing.draft),
    problems: [],
    updated_at: now,
  }
  const row = await tx.listing.upsert({
    where,
    create: { organisation_id, id: listing.id, product_id, connection_id, ...asked, created_at: now },
    update: asked,
  })
  return fromRow(row)
}

export async function update(
  scope: Scope,
  id: string,
  change: {
    state: ListingState
    problems?: ChangeProblem[]
    cloud_product_id?: string
    cloud_offer_id?: string
    product_code?: string
  },
): Promise<void> {
  const { problems: found, ...columns } = change
  await scope.tx.listing.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: {
      ...columns,
      ...(found === undefined ? {} : { problems: toJson(found) }),
      updated_at: scope.now(),
    },
  })
}

export async function find(scope: Scope, id: string): Promise<Listing> {
  const { organisation_id, tx } = scope
  const row = await tx.listing.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no listing ${id}.`)
  return fromRow(row)
}

/** What listings can be ordered by. */
export const listingOrders = {
  created_at: { column: 'id', holds: 'text' },
  updated_at: { column: 'updated_at', holds: 'time' },
} as const

export type ListingFilter = {
  product_id?: string | undefined
  connection_id?: string | undefined
  state?: ListingState | undefined
  q?: string | undefined
}

export async function findListings(
  scope: Scope,
  { q, ...filter }: ListingFilter,
  slice: Slice,
): Promise<Listing[]> {
  const rows = await scope.tx.listing.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['cloud_product_id', 'cloud_offer_id', 'product_code', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRow)
}

/** The listing of a product on a connection, if there is one. */
export async function findFor(
  scope: Scope,
  product_id: string,
  connection_id: string,
): Promise<Listing | undefined> {
  const where = {
    organisation_id_product_id_connection_id: {
      organisation_id: scope.organisation_id,
      product_id,
      connection_id,
    },
  }
  const row = await scope.tx.listing.findUnique({ where })
  return row === null ? undefined : fromRow(row)
}
