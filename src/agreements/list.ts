// Agreements as people look for them: a page at a time, in the order and with the filters that are asked for, and with
// the names of their buyers and products.
import type { Cloud } from '../../connectors/connector.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { accountsNamed, findParties, partyKey } from '../descriptions/index.ts'
import type { Scope } from '../store/index.ts'
import type { Agreement, AgreementState, NamedAgreement, Written } from './model.ts'
import { findMany, fromRow } from './store.ts'

/** What agreements can be ordered by. */
export const agreementOrders = {
  created_at: { column: 'id', holds: 'text' },
  buyer_account_id: { column: 'buyer_account_id', holds: 'text' },
  updated_at: { column: 'updated_at', holds: 'time' },
} as const

export type AgreementFilter = {
  state?: AgreementState | undefined
  cloud?: Cloud | undefined
  role?: Agreement['role'] | undefined
  connection_id?: string | undefined
  product_id?: string | undefined
  deal_id?: string | undefined
  offer_id?: string | undefined
  authorization_id?: string | undefined
  /** Those that end in a span of time. */
  ends?: { from?: Date; until?: Date }
  q?: string | undefined
}

/** So many deals and accounts of buyers with the wanted name are looked at. */
const DEALS_MAX = 1000

/** A page of agreements in the order of the slice. */
export async function findPage(
  scope: Scope,
  { q, ends = {}, ...filter }: AgreementFilter,
  slice: Slice,
): Promise<(Agreement & Written)[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.agreement.findMany({
    where: {
      organisation_id,
      ...stated(filter),
      ...(ends.from === undefined && ends.until === undefined ? {} : { ends_at: within(ends) }),
      AND: [await meant(scope, q), slice.where],
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map((row) => ({
    ...fromRow(row),
    created_at: row.created_at,
    updated_at: row.updated_at,
  }))
}

const within = ({ from, until }: { from?: Date; until?: Date }) => ({
  ...(from === undefined ? {} : { gte: from }),
  ...(until === undefined ? {} : { lt: until }),
})

/** What is looked for in an agreement itself, or in the name of its buyer. */
async function meant(scope: Scope, q: string | undefined): Promise<Record<string, unknown>> {
  if (q === undefined || q === '') return {}
  const { organisation_id, tx } = scope
  const deals = await tx.deal.findMany({
    where: { organisation_id, buyer_name: { contains: q, mode: 'insensitive' } },
    select: { id: true },
    take: DEALS_MAX,
  })
  const own = containing(['buyer_account_id', 'cloud_agreement_id', 'id'], q)
  const accounts = await accountsNamed(scope, q, DEALS_MAX)
  return {
    OR: [own, { deal_id: { in: deals.map(({ id }) => id) } }, { buyer_account_id: { in: accounts } }],
  }
}

/**
 * The same agreements, in their order, with the names that their deals and products have. A buyer without a deal of ours
 * has the name that the cloud's files tell.
 */
export async function withNames<T extends Agreement>(
  scope: Scope,
  agreements: readonly T[],
): Promise<(T & NamedAgreement)[]> {
  const { organisation_id, tx } = scope
  const ids = (pick: (one: T) => string | null) => [
    ...new Set(agreements.map(pick).filter((id) => id !== null)),
  ]
  const deals = await tx.deal.findMany({
    where: { organisation_id, id: { in: ids(({ deal_id }) => deal_id) } },
    select: { id: true, buyer_name: true },
  })
  const products = await tx.product.findMany({
    where: { organisation_id, id: { in: ids(({ product_id }) => product_id) } },
    select: { id: true, name: true },
  })
  const buyers = new Map(deals.map(({ id, buyer_name }) => [id, buyer_name]))
  const names = new Map(products.map(({ id, name }) => [id, name]))
  const nameless = agreements.filter(({ deal_id }) => !buyers.has(deal_id ?? ''))
  const parties = await findParties(
    scope,
    nameless.map(({ connection_id, buyer_account_id: account_id }) => ({ connection_id, account_id })),
  )
  return agreements.map((one) => ({
    ...one,
    buyer_name:
      buyers.get(one.deal_id ?? '') ??
      parties.get(partyKey(one.connection_id, one.buyer_account_id))?.name ??
      null,
    product_name: (one.product_id === null ? undefined : names.get(one.product_id)) ?? null,
  }))
}

/** Several at once by our ids, with their names; missing ones are missing from the map. */
export async function findNamed(
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedAgreement>> {
  const found = await findMany(scope, [...new Set(ids)])
  const named = await withNames(scope, [...found.values()])
  return new Map(named.map((one) => [one.id, one]))
}
