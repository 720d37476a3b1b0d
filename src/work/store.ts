import { z } from 'zod'
import { DAY_MS, plus } from '../core/time.ts'
import type { Scope, Store } from '../store/index.ts'
import { toJson } from '../store/index.ts'
import {
  LEASE_MS,
  type WorkItem,
  type WorkKind,
  type WorkOutcome,
  type WorkRequest,
  workKinds,
} from './model.ts'

const claimedRow = z.object({
  organisation_id: z.string(),
  id: z.string(),
  kind: z.enum(workKinds),
  key: z.string(),
  payload: z.unknown(),
  attempts: z.number(),
  generation: z.number(),
})

/** Writes work down in the caller's transaction. An earlier time wins; work under way will run once more. */
export async function schedule(scope: Scope, request: WorkRequest): Promise<void> {
  const now = scope.now()
  const due_at = request.due_at ?? now
  const deadline_at = request.deadline_at ?? plus(due_at, DAY_MS)
  const payload = JSON.stringify(toJson(request.payload ?? {}))
  await scope.tx.$executeRaw`
    INSERT INTO work (organisation_id, id, kind, key, payload, due_at, deadline_at, attempts, generation, created_at)
    VALUES (${scope.organisation_id}, ${scope.id('work')}, ${request.kind}, ${request.key}, ${payload}::jsonb,
            ${due_at}, ${deadline_at}, 0, 0, ${now})
    ON CONFLICT (organisation_id, kind, key) DO UPDATE SET
      due_at = LEAST(work.due_at, EXCLUDED.due_at),
      deadline_at = LEAST(work.deadline_at, EXCLUDED.deadline_at),
      payload = EXCLUDED.payload,
      generation = work.generation + 1`
}

/** Leases the most urgent due piece of work to `owner`; undefined when nothing is due. */
export async function claim(store: Store, owner: string): Promise<WorkItem | undefined> {
  const rows = await store.inInstallation((scope) => {
    const wall = scope.wall()
    return scope.tx.$queryRaw`
      UPDATE work SET lease_until = ${plus(wall, LEASE_MS)}, lease_owner = ${owner}, attempts = attempts + 1
      WHERE id = (
        SELECT id FROM work
        WHERE due_at <= ${scope.now()} AND (lease_until IS NULL OR lease_until < ${wall})
        ORDER BY deadline_at, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING organisation_id, id, kind, key, payload, attempts, generation`
  })
  return z.array(claimedRow).parse(rows)[0]
}

/** Gives a piece of work back: gone when done, unless somebody asked for it again meanwhile. */
export async function settle(
  store: Store,
  item: WorkItem,
  owner: string,
  outcome: WorkOutcome,
): Promise<void> {
  await store.inTenant(item.organisation_id, async ({ tx }) => {
    if (outcome.done) {
      const gone = await tx.$executeRaw`
        DELETE FROM work WHERE id = ${item.id} AND lease_owner = ${owner} AND generation = ${item.generation}`
      if (gone > 0) return
      await tx.$executeRaw`
        UPDATE work SET lease_until = NULL, lease_owner = NULL, attempts = 0, last_error = NULL
        WHERE id = ${item.id} AND lease_owner = ${owner}`
      return
    }
    // Asked for again while it ran: the earlier of the two times stands.
    await tx.$executeRaw`
      UPDATE work SET lease_until = NULL, lease_owner = NULL, last_error = ${outcome.reason ?? null},
        attempts = CASE WHEN ${outcome.reason ?? null}::text IS NULL THEN 0 ELSE attempts END,
        due_at = CASE WHEN generation = ${item.generation} THEN ${outcome.again_at} ELSE LEAST(due_at, ${outcome.again_at}) END
      WHERE id = ${item.id} AND lease_owner = ${owner}`
  })
}

/** Drops every lease: only for a process that knows it is alone (the embedded database). */
export async function dropLeases(store: Store): Promise<void> {
  await store.inInstallation(
    ({ tx }) => tx.$executeRaw`UPDATE work SET lease_until = NULL, lease_owner = NULL`,
  )
}

const dueRow = z.object({ due: z.coerce.number(), next_at: z.date().nullable() })

/** How much is due now, and when the next piece will be. */
export async function outlook(store: Store): Promise<{ due: number; next_at: Date | null }> {
  const rows = await store.inInstallation(
    (scope) => scope.tx.$queryRaw`
      SELECT count(*) FILTER (WHERE due_at <= ${scope.now()}) AS due, min(due_at) AS next_at FROM work`,
  )
  return z.array(dueRow).parse(rows)[0] ?? { due: 0, next_at: null }
}

/** When the next piece of some kinds falls due after a moment, whoever's it is; undefined when none will. */
export async function nextDue(
  store: Store,
  kinds: readonly WorkKind[],
  after: Date,
): Promise<Date | undefined> {
  const next = await store.inInstallation(({ tx }) =>
    tx.work.aggregate({ where: { kind: { in: [...kinds] }, due_at: { gt: after } }, _min: { due_at: true } }),
  )
  return next._min.due_at ?? undefined
}

/** What every piece of one kind is given, whoever's it is. */
export async function findDue(store: Store, kind: WorkKind): Promise<unknown[]> {
  const rows = await store.inInstallation(({ tx }) =>
    tx.work.findMany({ where: { kind }, select: { payload: true }, orderBy: { id: 'asc' } }),
  )
  return rows.map(({ payload }) => payload)
}
