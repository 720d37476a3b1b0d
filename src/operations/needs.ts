// Steps that wait for a person, as Home tells them.
import type { Needs } from '../home/model.ts'
import type { Scope } from '../store/index.ts'
import { fromRow } from './store.ts'

/** Human tasks, those that have waited longest first. */
export async function taskNeeds({ organisation_id, tx }: Scope, limit: number): Promise<Needs> {
  const where = { organisation_id, state: 'waiting_for_person' }
  const rows = await tx.operation.findMany({
    where,
    orderBy: [{ updated_at: 'asc' }, { id: 'asc' }],
    take: limit,
  })
  const items = rows.map(fromRow).map(({ id, kind, human_task, updated_at }) => ({
    subject_id: id,
    sentence: human_task?.title ?? `${kind} waits for a person to find out what the cloud made of it.`,
    money: null,
    deadline_at: null,
    since: updated_at,
  }))
  return { items, count: await tx.operation.count({ where }), sums: [] }
}
