/** A source of the present. Business and wall time are two of these; nothing else asks for the time. */
export type Clock = { now(): Date }

/** The two clocks: books, usage and offers are dated by business time; tokens, leases and time limits by wall time. */
export type Clocks = { business: Clock; wall: Clock }

/** A calendar date without a zone, "2026-03-31". */
export type LocalDate = string
/** A calendar month, "2026-03". */
export type Month = string

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export const wallClock: Clock = { now: () => new Date() }

export function plus(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds)
}

/** The start of the UTC hour an instant lies in. */
export function hourOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS)
}

export function monthOf(instant: Date): Month {
  return instant.toISOString().slice(0, 7)
}

export function dateOf(instant: Date): LocalDate {
  return instant.toISOString().slice(0, 10)
}

export function startOfMonth(month: Month): Date {
  return new Date(`${month}-01T00:00:00.000Z`)
}

export function nextMonth(month: Month): Month {
  const start = startOfMonth(month)
  return monthOf(new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)))
}

/** True for a date that exists in the calendar: "2026-02-30" does not. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const instant = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(instant.getTime()) && dateOf(instant) === text
}

/** Midnight UTC of a calendar date. */
export function startOfDate(date: LocalDate): Date {
  return new Date(`${date}T00:00:00.000Z`)
}

/** The month it is at an instant in a time zone of the time zone database. */
export function monthIn(time_zone: string, instant: Date): Month {
  return dateIn(time_zone, instant).slice(0, 7)
}

/** The date it is at an instant in a time zone. */
export function dateIn(time_zone: string, instant: Date): LocalDate {
  return dateOf(wallTimeIn(time_zone, instant))
}

/** The instant a month begins in a time zone. */
export function startOfMonthIn(time_zone: string, month: Month): Date {
  const wanted = startOfMonth(month)
  // What the clock on the wall shows is off by the zone's offset, which is looked at again where it was moved to.
  const near = plus(wanted, wanted.getTime() - wallTimeIn(time_zone, wanted).getTime())
  return plus(near, wanted.getTime() - wallTimeIn(time_zone, near).getTime())
}

const zones = new Map<string, Intl.DateTimeFormat>()

/** What a clock in a zone shows, as if it were UTC. Whole seconds: no zone of today is finer. */
function wallTimeIn(time_zone: string, instant: Date): Date {
  if (time_zone === 'UTC') return instant
  const known = zones.get(time_zone)
  const format =
    known ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: time_zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  if (known === undefined) zones.set(time_zone, format)
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  const year = (part.year ?? '').padStart(4, '0')
  return new Date(`${year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}.000Z`)
}
