import type { Schemas } from '../../../client/index.ts'
import { isApproval } from '../../parts/second-person.tsx'
import { audit } from '../../words/audit.ts'

/** What a record says was done. What only asked a second person is recorded under the same route, and did nothing yet. */
export function actText({ act, after }: Pick<Schemas['AuditRecord'], 'act' | 'after'>): string {
  const text = audit.acts[act] ?? act
  return isApproval(after) && !act.includes('/approvals') ? audit.askedFor(text) : text
}
