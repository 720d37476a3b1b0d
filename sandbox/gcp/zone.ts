import { day, hour } from '../time.ts'

// Google dates offers, months and reports by the day in Los Angeles, whatever the machine's own zone is.

export type ZonedDate = { year: number; month: number; day: number }

const formatter = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
})

function partsOf(at: number): Record<string, number> {
  return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
}

/** How far the clock on the wall in Los Angeles is from UTC at an instant, in milliseconds. */
function offset(at: number): number {
  const { year = 0, month = 1, day: date = 1, hour: hours = 0, minute = 0, second = 0 } = partsOf(at)
  return Date.UTC(year, month - 1, date, hours, minute, second) - Math.floor(at / 1000) * 1000
}

export function zonedDate(at: number): ZonedDate {
  const { year = 0, month = 0, day: date = 0 } = partsOf(at)
  return { year, month, day: date }
}

/** The instant at which a day begins in Los Angeles; months and days may overflow, as in Date.UTC. */
export function midnight(year: number, month: number, date: number): number {
  const wanted = Date.UTC(year, month - 1, date)
  const guess = wanted - offset(wanted + 8 * hour)
  return wanted - offset(guess)
}

export function startOfZonedDay(at: number): number {
  const { year, month, day: date } = zonedDate(at)
  return midnight(year, month, date)
}

/** The day after, or `days` days after, at midnight in Los Angeles. */
export function addZonedDays(at: number, days: number): number {
  const { year, month, day: date } = zonedDate(at)
  return midnight(year, month, date + days)
}

export function startOfZonedMonth(at: number, monthsLater = 0): number {
  const { year, month } = zonedDate(at)
  return midnight(year, month + monthsLater, 1)
}

/** Months later by calendar; a day that the month lacks becomes its last. Keeps the time of day. */
export function addZonedMonths(at: number, months: number): number {
  const { year, month, day: date } = zonedDate(at)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return midnight(year, month + months, Math.min(date, last)) + (at - startOfZonedDay(at))
}

/** `2026-11-20` */
export function zonedDay(at: number): string {
  const { year, month, day: date } = zonedDate(at)
  return new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10)
}

/** `2026-11` */
export function zonedMonth(at: number): string {
  return zonedDay(at).slice(0, 7)
}

/** Noon of the tenth business day of the month that `at` lies in; holidays are not known here. */
export function tenthBusinessDay(at: number): number {
  const { year, month } = zonedDate(at)
  let date = 0
  for (let found = 0; found < 10; ) {
    date += 1
    const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay()
    if (weekday !== 0 && weekday !== 6) found += 1
  }
  return midnight(year, month, date) + 12 * hour
}

/** Whole days between two midnights; a day with a clock change counts as one. */
export function daysBetween(from: number, to: number): number {
  return Math.round((to - from) / day)
}
