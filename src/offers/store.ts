import { z } from 'zod'
import type { ChangeProblem } from '../../connectors/connector.ts'
import { type Decimal, formatDecimal } from '../core/decimal.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { fromNumeric, type Prisma, type Scope, toJson, toNumeric } from '../store/index.ts'
import { type OfferState, offerStates, type Terms, termsSchema } from './model.ts'

export type Offer = {
  organisation_id: string
  id: string
  vendor_organisation_id: string
  deal_id: string | null
  connection_id: string
  authorization_id: string | null
  channel: 'direct' | 'reseller'
  name: string
  state: OfferState
  /** What the buyer pays. */
  terms: Terms
  /** For a reseller's offer: what the reseller pays the vendor. */
  wholesale: Terms | null
  markup_percent: Decimal | null
  expires_on: string
  buyer_account_ids: string[]
  cloud_product_id: string
  cloud_offer_id: string | null
  replaces_agreement_id: string | null
  /** Our set that it was made for. */
  offer_set_id: string | null
  /** What only its cloud knows of it, as it was asked for. */
  options: Prisma.JsonValue
  problems: ChangeProblem[]
  created_at: Date
  updated_at: Date
}

const problems = z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() }))

function toOffer(row: Prisma.offerGetPayload<Record<string, never>>): Offer {
  return {
    ...row,
    channel: z.enum(['direct', 'reseller']).parse(row.channel),
    state: z.enum(offerStates).parse(row.state),
    terms: termsSchema.parse(row.terms),
    wholesale: row.wholesale === null ? null : termsSchema.parse(row.wholesale),
    markup_percent: row.markup_percent === null ? null : fromNumeric(row.markup_percent),
    buyer_account_ids: z.array(z.string()).parse(row.buyer_account_ids),
    problems: problems.parse(row.problems) as ChangeProblem[],
  }
}

type Written = 'organisation_id' | 'state' | 'cloud_offer_id' | 'problems' | 'created_at' | 'updated_at'
export type NewOffer = Omit<Offer, Written | 'replaces_agreement_id' | 'offer_set_id' | 'options'> & {
  replaces_agreement_id?: string | null
  offer_set_id?: string | null
  options?: unknown
}

export async function insertOffer(scope: Scope, offer: NewOffer): Promise<Offer> {
  const { terms, wholesale, markup_percent, buyer_account_ids, options = null, ...columns } = offer
  const now = scope.now()
  const row = await scope.tx.offer.create({
    data: {
      organisation_id: scope.organisation_id,
      ...columns,
      terms: toJson(terms),
      ...(wholesale === null ? {} : { wholesale: toJson(wholesale) }),
      ...(options === null ? {} : { options: toJson(options) }),
      markup_percent: markup_percent === null ? null : toNumeric(markup_percent),
      buyer_account_ids,
      state: 'publishing',
      problems: [],
      created_at: now,
      updated_at: now,
    },
  })
  return toOffer(row)
}

export async function updateOffer(
  scope: Scope,
  id: string,
  change: {
    state?: OfferState
    cloud_offer_id?: string
    problems?: ChangeProblem[]
    expires_on?: string
    offer_set_id?: null
  },
): Promise<void> {
  const { problems: found, ...columns } = change
  await scope.tx.offer.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: {
      ...columns,
      ...(found === undefined ? {} : { problems: toJson(found) }),
      updated_at: scope.now(),
    },
  })
}

export async function findOffer(scope: Scope, id: string): Promise<Offer> {
  const { organisation_id, tx } = scope
  const row = await tx.offer.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no offer ${id}.`)
  return toOffer(row)
}

/** The same, and nobody else changes it until this transaction ends. */
export async function findOfferLocked(scope: Scope, id: string): Promise<Offer> {
  const { organisation_id, tx } = scope
  await tx.$queryRaw`SELECT 1 FROM offer WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  return findOffer(scope, id)
}

/** What offers can be ordered by. */
export const offerOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  expires_on: { column: 'expires_on', holds: 'text' },
  updated_at: { column: 'updated_at', holds: 'time' },
} as const

export type OfferFilter = {
  deal_id?: string | undefined
  offer_set_id?: string | undefined
  connection_id?: string | undefined
  state?: OfferState | undefined
  channel?: Offer['channel'] | undefined
  authorization_id?: string | undefined
  q?: string | undefined
}

export async function findOffers(
  scope: Scope,
  { q, ...filter }: OfferFilter,
  slice: Slice,
): Promise<Offer[]> {
  const rows = await scope.tx.offer.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['name', 'cloud_offer_id', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(toOffer)
}

/** Every offer of a set, in the order in which they were asked for. */
export async function findSetOffers(scope: Scope, offer_set_id: string): Promise<Offer[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.offer.findMany({ where: { organisation_id, offer_set_id }, orderBy: { id: 'asc' } })
  return rows.map(toOffer)
}

/** Offers that can be accepted now, newest first. */
export async function findLive(scope: Scope, limit: number): Promise<Offer[]> {
  const rows = await scope.tx.offer.findMany({
    where: { organisation_id: scope.organisation_id, state: 'live' },
    orderBy: { updated_at: 'desc' },
    take: limit,
  })
  return rows.map(toOffer)
}

/** The offer a cloud names, among this tenant's offers on a connection. */
export async function findByCloudOffer(
  scope: Scope,
  connection_id: string,
  cloud_offer_id: string,
): Promise<Offer | undefined> {
  const row = await scope.tx.offer.findFirst({
    where: { organisation_id: scope.organisation_id, connection_id, cloud_offer_id },
  })
  return row === null ? undefined : toOffer(row)
}

/**
 * What a reseller of this installation owes for an offer made from an authorization of the tenant's: its days and
 * amounts, and nothing of what the buyer pays. undefined: there is no such offer.
 */
export async function findOwed(
  scope: Scope,
  reseller_organisation_id: string,
  { authorization_id, cloud_offer_id }: { authorization_id: string; cloud_offer_id: string },
): Promise<Terms | undefined> {
  const find = ({ tx }: Scope) =>
    tx.offer.findFirst({
      where: { organisation_id: reseller_organisation_id, authorization_id, cloud_offer_id },
      select: { wholesale: true },
    })
  const row = await scope.asInstallation(({ asTenant }) => asTenant(reseller_organisation_id, find))
  return row === null || row.wholesale === null ? undefined : termsSchema.parse(row.wholesale)
}

/** Live offers of a connection whose last day is over are expired from now on; answers their ids. */
export async function expirePast(scope: Scope, connection_id: string, today: string): Promise<string[]> {
  const { organisation_id, tx } = scope
  const where = { organisation_id, connection_id, state: 'live', expires_on: { lt: today } }
  const rows = await tx.offer.updateManyAndReturn({
    where,
    data: { state: 'expired', updated_at: scope.now() },
    select: { id: true },
  })
  return rows.map((row) => row.id)
}

export function shownOffer({ organisation_id: _, markup_percent, created_at, updated_at, ...rest }: Offer) {
  return {
    ...rest,
    markup_percent: markup_percent === null ? null : formatDecimal(markup_percent),
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}
