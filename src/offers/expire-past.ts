import { dateOf } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { expirePast as expire } from './store.ts'

/** Says of every live offer of a connection whose last day is over that it can no longer be accepted. */
export async function expirePast(scope: Scope, connection_id: string): Promise<void> {
  for (const subject_id of await expire(scope, connection_id, dateOf(scope.now()))) {
    const sentence = 'The last day of acceptance is over and nobody accepted.'
    await timeline.record(scope, { subject_id, kind: 'expired', sentence })
  }
}
