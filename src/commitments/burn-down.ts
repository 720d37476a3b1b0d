import {
  DAY_MS,
  dateOf,
  type LocalDate,
  type Month,
  monthOf,
  nextMonth,
  startOfDate,
  startOfMonth,
} from '../core/time.ts'
import { limitOf } from './model.ts'
import type { Commitment } from './store.ts'

/** One month of a promise. Amounts are in minor units, at the month's end; null: it has not come yet. */
export type BurnMonth = {
  month: Month
  drawn: bigint | null
  remaining: bigint | null
  /** What marketplace sales could still draw. */
  drawable: bigint | null
  /** The same if every day drew alike, so that nothing is left on the last one. */
  even: bigint
}

/** A century is more than any promise lasts: a longer one is shown as far as this. */
const MONTHS_MAX = 1200

/** A promise month by month, from its first to its last. Pure. */
export function burnDown(
  commitment: Pick<Commitment, 'amount' | 'cap_percent' | 'starts_on' | 'ends_on'>,
  drawn: ReadonlyMap<Month, bigint>,
  today: LocalDate,
): BurnMonth[] {
  const limit = limitOf(commitment)
  const last = commitment.ends_on.slice(0, 7)
  const months: BurnMonth[] = []
  let until = 0n
  for (let month = commitment.starts_on.slice(0, 7); month <= last; month = nextMonth(month)) {
    if (months.length >= MONTHS_MAX) break
    const of_month = drawn.get(month) ?? 0n
    until += of_month
    const come = month <= monthOf(startOfDate(today))
    months.push({
      month,
      drawn: come ? of_month : null,
      remaining: come ? commitment.amount.amount - until : null,
      drawable: come ? limit - until : null,
      even: evenly(limit, commitment, dateOf(new Date(startOfMonth(nextMonth(month)).getTime() - DAY_MS))),
    })
  }
  return months
}

/** What is left at the end of a day where all days draw alike, rounded down. */
function evenly(
  limit: bigint,
  { starts_on, ends_on }: Pick<Commitment, 'starts_on' | 'ends_on'>,
  day: LocalDate,
): bigint {
  const days = daysFrom(starts_on, ends_on)
  const left = day >= ends_on ? 0n : days - daysFrom(starts_on, day)
  return (limit * left) / days
}

/** The days from one to another, both of them counted. */
function daysFrom(first: LocalDate, last: LocalDate): bigint {
  return BigInt(Math.round((startOfDate(last).getTime() - startOfDate(first).getTime()) / DAY_MS) + 1)
}
