import { z } from 'zod'
import type { ChangeProblem, ReadListing } from '../../connectors/connector.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import {
  type Difference,
  isGone,
  type ListingState,
  listingStates,
  type Prices,
  type StoredDraft,
  stopReasons,
} from './model.ts'

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
  /** As it was published, or changed since. */
  draft: StoredDraft
  /** What was asked for and is not in place. */
  wanted: StoredDraft | null
  visibility: ReadListing['state'] | null
  seen_by: string[] | null
  differences: Difference[]
  /** The draft as it would be if the cloud is right. */
  theirs: StoredDraft | null
  /** Dimensions whose usage is held back until the cloud takes it. */
  held: string[]
  /** Dimensions that a person lets go on although the cloud shows them in another way. */
  released: string[]
  /** What the cloud called it before. */
  former_product_ids: string[]
  read_at: Date | null
  read_problem: string | null
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
const visibilities = z.enum(['draft', 'limited', 'public', 'restricted', 'unknown'])
const value = z.union([z.string(), z.array(z.string()), z.null()])
export const differenceSchema = z.object({
  field: z.string(),
  ours: value,
  theirs: value,
  stops: z.object({ dimension: z.string(), reason: z.enum(stopReasons) }).optional(),
})

function fromRow(row: Row): Listing {
  const { organisation_id: _, ...rest } = row
  return {
    ...rest,
    state: z.enum(listingStates).parse(row.state),
    prices: prices.parse(row.prices),
    problems: problems.parse(row.problems) as ChangeProblem[],
    // Drafts are written by this room only, as it wants to read them.
    draft: row.draft as StoredDraft,
    wanted: row.wanted as StoredDraft | null,
    theirs: row.theirs as StoredDraft | null,
    visibility: visibilities.nullable().catch('unknown').parse(row.visibility),
    seen_by: z.array(z.string()).nullable().parse(row.seen_by),
    differences: z.array(differenceSchema).parse(row.differences) as Difference[],
  }
}

/** Writes a listing down; one that the cloud refused, or knows no more, is asked for anew under its own id. */
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
  const again = known?.state === 'failed' || (known?.state === 'live' && isGone(fromRow(known)))
  if (known !== null && !again) {
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
    visibility?: string
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

/** What is wanted of a live listing, while it is under way and after it was refused; null once it is in place. */
export async function keepWanted(scope: Scope, id: string, wanted: StoredDraft | null): Promise<void> {
  await scope.tx.$executeRaw`
    UPDATE listing SET wanted = ${jsonOf(wanted)}::jsonb, problems = '[]'::jsonb, updated_at = ${scope.now()}
    WHERE organisation_id = ${scope.organisation_id} AND id = ${id}`
}

/** The listing is now what this draft says. */
export async function keepDraft(scope: Scope, id: string, draft: StoredDraft): Promise<void> {
  await scope.tx.$executeRaw`
    UPDATE listing SET draft = ${jsonOf(draft)}::jsonb, prices = ${jsonOf(draft.prices)}::jsonb, wanted = NULL,
      problems = '[]'::jsonb, updated_at = ${scope.now()}
    WHERE organisation_id = ${scope.organisation_id} AND id = ${id}`
}

export type Reading = Pick<Listing, 'differences' | 'theirs' | 'held' | 'released'> &
  Partial<Pick<Listing, 'visibility' | 'seen_by'>>

/** What was read back. Without who may see it, that stays as it was known. */
export async function keepReading(scope: Scope, id: string, reading: Reading): Promise<void> {
  const { differences, theirs, held, released, visibility = null, seen_by = null } = reading
  await scope.tx.$executeRaw`
    UPDATE listing SET differences = ${JSON.stringify(differences)}::jsonb, theirs = ${jsonOf(theirs)}::jsonb,
      held = ${held}::text[], released = ${released}::text[], visibility = COALESCE(${visibility}, visibility),
      seen_by = COALESCE(${jsonOf(seen_by)}::jsonb, seen_by), read_at = ${scope.now()}, read_problem = NULL
    WHERE organisation_id = ${scope.organisation_id} AND id = ${id}`
}

/** Why it could not be read back; what was read before stays. */
export async function keepReadProblem(scope: Scope, id: string, read_problem: string): Promise<void> {
  await scope.tx.$executeRaw`
    UPDATE listing SET read_problem = ${read_problem} WHERE organisation_id = ${scope.organisation_id} AND id = ${id}`
}

function jsonOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** The listing, and nobody else changes it until this transaction ends. */
export async function findLocked(scope: Scope, id: string): Promise<Listing> {
  await scope.tx.$queryRaw`
    SELECT 1 FROM listing WHERE organisation_id = ${scope.organisation_id} AND id = ${id} FOR UPDATE`
  return find(scope, id)
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
  differs?: 'true' | 'false' | undefined
  q?: string | undefined
}

export async function findListings(
  scope: Scope,
  { q, differs, ...filter }: ListingFilter,
  slice: Slice,
): Promise<Listing[]> {
  const rows = await scope.tx.listing.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...(differs === undefined ? {} : { differences: differs === 'true' ? { not: [] } : { equals: [] } }),
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
