import { z } from 'zod'
import type { ChangeProblem } from '../../connectors/connector.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { type OfferSetState, offerSetStates } from './model.ts'

export type OfferSet = {
  id: string
  connection_id: string
  name: string
  buyer_notes: string
  state: OfferSetState
  expires_on: string
  cloud_offer_set_id: string | null
  problems: ChangeProblem[]
  created_at: Date
  updated_at: Date
}

const problems = z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() }))

export function toSet({
  organisation_id: _,
  ...row
}: Prisma.offer_setGetPayload<Record<string, never>>): OfferSet {
  return {
    ...row,
    state: z.enum(offerSetStates).parse(row.state),
    problems: problems.parse(row.problems).map(({ plain, ...rest }) => ({
      ...rest,
      ...(plain === undefined ? {} : { plain }),
    })),
  }
}

export async function insertSet(
  scope: Scope,
  set: Pick<OfferSet, 'id' | 'connection_id' | 'name' | 'buyer_notes' | 'expires_on'>,
): Promise<OfferSet> {
  const now = scope.now()
  const { organisation_id } = scope
  const data = {
    organisation_id,
    ...set,
    state: 'publishing',
    problems: [],
    created_at: now,
    updated_at: now,
  }
  return toSet(await scope.tx.offer_set.create({ data }))
}

export async function updateSet(
  scope: Scope,
  id: string,
  {
    problems: found,
    ...columns
  }: Partial<Pick<OfferSet, 'state' | 'cloud_offer_set_id' | 'expires_on' | 'problems'>>,
): Promise<void> {
  await scope.tx.offer_set.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: {
      ...columns,
      ...(found === undefined ? {} : { problems: toJson(found) }),
      updated_at: scope.now(),
    },
  })
}

export async function findSet(scope: Scope, id: string): Promise<OfferSet> {
  const { organisation_id, tx } = scope
  const row = await tx.offer_set.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no offer set ${id}.`)
  return toSet(row)
}

/** The same, and nobody else changes it until this transaction ends. */
export async function findSetLocked(scope: Scope, id: string): Promise<OfferSet> {
  const { organisation_id, tx } = scope
  await tx.$queryRaw`
    SELECT 1 FROM offer_set WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  return findSet(scope, id)
}

/** What sets can be ordered by. */
export const offerSetOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  expires_on: { column: 'expires_on', holds: 'text' },
  updated_at: { column: 'updated_at', holds: 'time' },
} as const

type SetFilter = { state?: OfferSetState | undefined; q?: string | undefined }

export async function findSets(scope: Scope, { q, ...filter }: SetFilter, slice: Slice): Promise<OfferSet[]> {
  const rows = await scope.tx.offer_set.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['name', 'cloud_offer_set_id', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(toSet)
}

export function shownSet({ created_at, updated_at, ...rest }: OfferSet) {
  return { ...rest, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() }
}
