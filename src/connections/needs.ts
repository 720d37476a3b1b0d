// Connections that nobody has seen working, as Home tells them.
import type { Needs } from '../home/model.ts'
import type { Scope } from '../store/index.ts'
import { findRows, toShown } from './store.ts'

/** Connections that were never tested as they stand, and those whose last test found something missing. */
export async function connectionNeeds(scope: Scope, limit: number): Promise<Needs> {
  const found = (await findRows(scope)).map(toShown).flatMap(({ id, name, created_at, ...shown }) => {
    const { tested_at, test_result } = shown
    const missing = (test_result ?? []).filter(({ ok }) => !ok).map(({ permission }) => permission)
    if (tested_at !== null && missing.length === 0) return []
    const sentence =
      tested_at === null
        ? `The connection "${name}" was not tested as it stands.`
        : `The connection "${name}" lacks ${missing.join(', ')}.`
    return [
      { subject_id: id, sentence, money: null, deadline_at: null, since: new Date(tested_at ?? created_at) },
    ]
  })
  return { items: found.slice(0, limit), count: found.length, sums: [] }
}
