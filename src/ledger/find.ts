import type { Scope } from '../store/index.ts'
import type { Entry } from './model.ts'
import { readEntries } from './store.ts'

/** One entry with its postings; undefined where there is none. */
export async function findEntry(scope: Scope, id: string): Promise<Entry | undefined> {
  const [found] = await readEntries(scope, { id, limit: 1 })
  return found
}

/** The entries of some references; those that were not booked are left out. */
export async function entriesByReference(scope: Scope, references: readonly string[]): Promise<Entry[]> {
  if (references.length === 0) return []
  return readEntries(scope, { references, limit: references.length })
}
