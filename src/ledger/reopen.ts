import type { Month } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { reopening, reopenPeriod } from './periods.ts'
import { shownPeriod } from './schemas.ts'

/** Reopens a month and says why: the act behind the route, and behind a second person's agreement. */
export async function reopen(scope: Scope, { month, reason }: { month: Month; reason: string }) {
  const before = shownPeriod(await reopenPeriod(scope, month))
  return { before, after: { ...before, reason } }
}

/** The handler of `ledger.reopen`. */
export const reopenHandler = (scope: Scope, request: unknown) => reopen(scope, reopening.parse(request))
