// Closed months. Posting takes a shared lock on the calendar and closing an exclusive one, so that no entry slips into
// a month that is being closed.
import { z } from 'zod'
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

/** What reopening a month needs: which one, and why. */
export const reopening = z.strictObject({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  reason: z.string().min(1),
})

/**
 * Reopens the month that was closed last, so that what happened in it is booked into it again. What was booked after it
 * meanwhile stays where it is. Throws a conflict for a month that is open, or that a later closed one rests on.
 */
export async function reopenPeriod(scope: Scope, month: Month): Promise<ClosedPeriod> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lockName(scope)}, 0))`
  const closed = await closedPeriods(scope)
  const found = closed.find((period) => period.month === month)
  if (found === undefined) throw new Refusal('conflict', `${month} is not closed.`)
  const last = closed.at(-1)
  if (last !== undefined && last.month > month) {
    throw new Refusal('conflict', `${last.month} is closed after it. Reopen that one first.`)
  }
  await tx.closed_period.delete({ where: { organisation_id_month: { organisation_id, month } } })
  return found
}
