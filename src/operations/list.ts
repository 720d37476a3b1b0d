import { containing, type Slice, stated } from '../core/order.ts'
import type { Scope } from '../store/index.ts'
import type { Operation, OperationKind, OperationState } from './model.ts'
import { fromRow } from './store.ts'

/** What operations can be ordered by. */
export const operationOrders = {
  created_at: { column: 'id', holds: 'text' },
  updated_at: { column: 'updated_at', holds: 'time' },
} as const

export type OperationFilter = {
  subject_id?: string | undefined
  connection_id?: string | undefined
  state?: OperationState | undefined
  kind?: OperationKind | undefined
  owner?: string | undefined
  q?: string | undefined
}

/** A page of operations in the order of the slice. */
export async function findPage(
  scope: Scope,
  { q, ...filter }: OperationFilter,
  slice: Slice,
): Promise<Operation[]> {
  const rows = await scope.tx.operation.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['id', 'subject_id', 'reference', 'key'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRow)
}

/** Changes of some kinds that clouds refused since a moment, newest first. */
export async function findRefused(
  scope: Scope,
  kinds: readonly OperationKind[],
  since: Date,
): Promise<Operation[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.operation.findMany({
    where: { organisation_id, state: 'failed', kind: { in: [...kinds] }, finished_at: { gt: since } },
    orderBy: { id: 'desc' },
  })
  return rows.map(fromRow)
}
