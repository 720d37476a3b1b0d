import type { Scope, Store } from '../../src/store/index.ts'
import { schedule, type WorkHandlers, type WorkItem, type WorkOutcome } from '../../src/work/index.ts'
import { type WorkRequest, workKinds } from '../../src/work/model.ts'

/** Handlers that do the same for every kind of work. */
export function everyKind(handle: (item: WorkItem) => Promise<WorkOutcome>): WorkHandlers {
  return Object.fromEntries(workKinds.map((kind) => [kind, handle])) as WorkHandlers
}

type Tenant = { store: Store; organisation_id: string }

/** Schedules roll-ups under the given keys, in one transaction. */
export function ask(
  { store, organisation_id }: Tenant,
  keys: readonly string[],
  more: Omit<WorkRequest, 'kind' | 'key'> = {},
): Promise<void> {
  return store.inTenant(organisation_id, async (scope) => {
    for (const key of keys) await schedule(scope, { kind: 'ledger.roll_up', key, ...more })
  })
}

export type KeptWork = { key: string; attempts: number; last_error: string | null; due_at: Date }

/** What is still to be done, by key. */
export function kept({ store, organisation_id }: Tenant): Promise<KeptWork[]> {
  return store.inTenant(organisation_id, ({ tx }: Scope) =>
    tx.work.findMany({
      where: { organisation_id },
      select: { key: true, attempts: true, last_error: true, due_at: true },
      orderBy: { key: 'asc' },
    }),
  )
}
