import { z } from 'zod'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { type BuyerContact, buyerContactSchema, type Terms, termsSchema } from './model.ts'

export type Deal = {
  id: string
  name: string
  product_id: string
  buyer_name: string
  buyer_accounts: Record<string, string[]>
  buyer_contact: BuyerContact | null
  terms: Terms
  /** The agreement whose place it takes when the buyer accepts. */
  replaces_agreement_id: string | null
  state: string
  created_at: Date
}

const accounts = z.record(z.string(), z.array(z.string()))

function toDeal(row: Prisma.dealGetPayload<Record<string, never>>): Deal {
  const { organisation_id: _, ...rest } = row
  return {
    ...rest,
    buyer_accounts: accounts.parse(row.buyer_accounts),
    buyer_contact: row.buyer_contact === null ? null : buyerContactSchema.parse(row.buyer_contact),
    terms: termsSchema.parse(row.terms),
  }
}

/** A deal as it is written, saved or not. */
export type DealDraft = Omit<Deal, 'id' | 'created_at' | 'state'>

export async function insertDeal(scope: Scope, deal: DealDraft & { id: string }): Promise<Deal> {
  const { buyer_accounts, buyer_contact, terms, ...columns } = deal
  const row = await scope.tx.deal.create({
    data: {
      organisation_id: scope.organisation_id,
      ...columns,
      buyer_accounts: toJson(buyer_accounts),
      ...(buyer_contact === null ? {} : { buyer_contact: toJson(buyer_contact) }),
      terms: toJson(terms),
      state: 'open',
      created_at: scope.now(),
    },
  })
  return toDeal(row)
}

export async function findDeal(scope: Scope, id: string): Promise<Deal> {
  const { organisation_id, tx } = scope
  const row = await tx.deal.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no deal ${id}.`)
  return toDeal(row)
}

/** What deals can be ordered by. */
export const dealOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  buyer_name: { column: 'buyer_name', holds: 'text' },
} as const

export async function findDeals(
  scope: Scope,
  { q, ...filter }: { product_id?: string | undefined; q?: string | undefined },
  slice: Slice,
): Promise<Deal[]> {
  const rows = await scope.tx.deal.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['name', 'buyer_name', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(toDeal)
}
