// Closed months. Posting takes a shared lock on the calendar and closing an exclusive one, so that no entry slips into
// a month that is being closed.
import { Refusal } from '../core/problem.ts'
import { type Month, nextMonth, startOfMonth } from '../core/time.ts'
import type { Scope } from '../store/index.ts'

type ClosedPeriod = { month: Month; closed_at: Date }

const lockName = (scope: Scope) => `ledger calendar ${scope.organisation_id}`

/** The closed months; they stay as they are until the caller's transaction ends. */
export async function holdCalendar(scope: Scope): Promise<Set<Month>> {
  await scope.tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${lockName(scope)}, 0))`
  return new Set((await closedPeriods(scope)).map(({ month }) => month))
}

export async function closedPeriods(scope: Scope): Promise<ClosedPeriod[]> {
  const { organisation_id, tx } = scope
  return tx.closed_period.findMany({
    where: { organisation_id },
    orderBy: { month: 'asc' },
    select: { month: true, closed_at: true },
  })
}

/**
 * Closes a month: what happened in it and is learned later is booked on the first open day after it. Closing twice
 * changes nothing. A month that has not ended cannot be closed.
 */
export async function closePeriod(scope: Scope, month: Month): Promise<ClosedPeriod> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lockName(scope)}, 0))`
  const where = { organisation_id_month: { organisation_id, month } }
  const known = await tx.closed_period.findUnique({ where })
  if (known !== null) return { month, closed_at: known.closed_at }
  const now = scope.now()
  if (startOfMonth(nextMonth(month)) > now) {
    throw new Refusal(
      'conflict',
      `${month} has not ended. Close it on or after the first day of ${nextMonth(month)}.`,
    )
  }
  await tx.closed_period.create({ data: { organisation_id, month, closed_at: now } })
  return { month, closed_at: now }
}
