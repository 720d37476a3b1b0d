// Acts that wait for a second person, as Home tells them.
import { sliceOf } from '../core/order.ts'
import { plus } from '../core/time.ts'
import type { Needs } from '../home/model.ts'
import type { Scope } from '../store/index.ts'
import { acts } from './model.ts'
import { approvalOrders, findApprovals } from './store.ts'

/** What waits for a second person, what expires soonest first. */
export async function approvalNeeds(scope: Scope, limit: number): Promise<Needs> {
  const { organisation_id, tx } = scope
  const wall = scope.wall()
  const waiting = await findApprovals(
    scope,
    { state: 'waiting' },
    sliceOf(approvalOrders, { sort: 'expires_at', limit }),
  )
  const items = waiting.slice(0, limit).map(({ id, act, asked_at, expires_at }) => ({
    subject_id: id,
    sentence: `Somebody asked to ${acts[act].title}; another person has to agree.`,
    money: null,
    // Approvals live by wall time, the page by business time: what is left is the same in both.
    deadline_at: plus(scope.now(), expires_at.getTime() - wall.getTime()),
    since: plus(scope.now(), asked_at.getTime() - wall.getTime()),
  }))
  const where = { organisation_id, state: 'waiting', expires_at: { gt: wall } }
  return { items, count: await tx.approval.count({ where }), sums: [] }
}
