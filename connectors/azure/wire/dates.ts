/** Calendar arithmetic on dates without a zone. */
import { DAY_MS, dateOf, type LocalDate, startOfDate } from '../../../src/core/time.ts'

/** The same day some months later, or the last day of that month where it has no such day. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const start = startOfDate(date)
  const first = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1))
  const last = lastDay(first)
  return dateOf(new Date(first.getTime() + (Math.min(start.getUTCDate(), last) - 1) * DAY_MS))
}

export function endOfMonth(date: LocalDate): LocalDate {
  const start = startOfDate(date)
  return dateOf(new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)))
}

function lastDay(first: Date): number {
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
}
