import { z } from 'zod'
import { type Slice, stated } from '../core/order.ts'
import { plus } from '../core/time.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import {
  type ActName,
  type Approval,
  type ApprovalState,
  actNames,
  approvalStates,
  keptRequest,
  WAITS_FOR_MS,
} from './model.ts'

type Row = Prisma.approvalGetPayload<Record<string, never>>

/** One whose time is over shows so before anybody has written it down. */
function fromRow(row: Row, wall: Date): Approval {
  const { organisation_id: _, sealed_request: __, request, ...rest } = row
  const { asked, foreseen } = keptRequest.parse(request)
  const state = z.enum(approvalStates).parse(row.state)
  return {
    ...rest,
    act: z.enum(actNames).parse(row.act),
    request: asked,
    foreseen,
    state: state === 'waiting' && row.expires_at <= wall ? 'expired' : state,
  }
}

const at = ({ organisation_id }: Scope, id: string) => ({ organisation_id_id: { organisation_id, id } })

export type Asked = {
  id: string
  act: ActName
  subject_id: string
  asked: unknown
  foreseen: unknown
  sealed_request: string | null
  asked_by: string
}

/** Writes an act down that waits. One act on one subject waits at a time: answers the other's id if there is one. */
export async function insertWaiting(
  scope: Scope,
  { asked, foreseen, ...columns }: Asked,
): Promise<Approval | { waits: string }> {
  const { organisation_id, tx } = scope
  const { act, subject_id } = columns
  const lock = `approval ${organisation_id} ${act} ${subject_id}`
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`
  const wall = scope.wall()
  const where = { organisation_id, act, subject_id, state: 'waiting', expires_at: { gt: wall } }
  const other = await tx.approval.findFirst({ where, select: { id: true } })
  if (other !== null) return { waits: other.id }
  const row = await tx.approval.create({
    data: {
      organisation_id,
      ...columns,
      request: toJson({ asked, foreseen }),
      state: 'waiting',
      asked_at: wall,
      expires_at: plus(wall, WAITS_FOR_MS),
    },
  })
  return fromRow(row, wall)
}

export async function findApproval(scope: Scope, id: string): Promise<Approval | undefined> {
  const row = await scope.tx.approval.findUnique({ where: at(scope, id) })
  return row === null ? undefined : fromRow(row, scope.wall())
}

/** One approval, held until the transaction ends, so that two deciders come one after the other. */
export async function holdApproval(
  scope: Scope,
  id: string,
): Promise<(Approval & { sealed_request: string | null }) | undefined> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`
    SELECT 1 FROM approval WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  const row = await tx.approval.findUnique({ where: at(scope, id) })
  if (row === null) return undefined
  return { ...fromRow(row, scope.wall()), sealed_request: row.sealed_request }
}

/** Ends an approval's waiting; its sealed request is forgotten. */
export async function settleApproval(
  scope: Scope,
  id: string,
  decision: { state: ApprovalState; decided_by: string; note: string | null; result?: unknown },
): Promise<Approval> {
  const { result, ...columns } = decision
  const wall = scope.wall()
  const row = await scope.tx.approval.update({
    where: at(scope, id),
    data: {
      ...columns,
      decided_at: wall,
      sealed_request: null,
      ...(result === undefined ? {} : { result: toJson(result) }),
    },
  })
  return fromRow(row, wall)
}

/** What approvals can be ordered by; their ids are made when they are asked for. */
export const approvalOrders = {
  asked_at: { column: 'id', holds: 'text' },
  expires_at: { column: 'expires_at', holds: 'time' },
} as const

export type ApprovalFilter = {
  state?: ApprovalState | undefined
  act?: ActName | undefined
  subject_id?: string | undefined
}

/** A page of approvals in the order of the slice. */
export async function findApprovals(
  scope: Scope,
  { state, ...filter }: ApprovalFilter,
  slice: Slice,
): Promise<Approval[]> {
  const { organisation_id, tx } = scope
  const wall = scope.wall()
  const over = { state: 'waiting', expires_at: { lte: wall } }
  const states = {
    waiting: { state: 'waiting', expires_at: { gt: wall } },
    expired: { OR: [{ state: 'expired' }, over] },
  }
  const wanted =
    state === undefined ? {} : state === 'waiting' || state === 'expired' ? states[state] : { state }
  const rows = await tx.approval.findMany({
    where: { organisation_id, ...stated(filter), AND: [wanted, slice.where] },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map((row) => fromRow(row, wall))
}

/** Writes down what is over and forgets its secrets; answers how many still wait. */
export async function expireApprovals(scope: Scope): Promise<number> {
  const { organisation_id, tx } = scope
  const over = { organisation_id, state: 'waiting', expires_at: { lte: scope.wall() } }
  await tx.approval.updateMany({ where: over, data: { state: 'expired', sealed_request: null } })
  return tx.approval.count({ where: { organisation_id, state: 'waiting' } })
}
