// Instants are milliseconds since the epoch inside the sandbox; text only at its edges.

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** `2026-11-20T10:15:30Z`: the twenty characters the catalog's model asks for. */
export function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}

export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** `2026-11` */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

export function startOfDay(at: number): number {
  return Math.floor(at / day) * day
}

export function startOfHour(at: number): number {
  return Math.floor(at / hour) * hour
}

export function startOfMonth(at: number): number {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

export function startOfNextMonth(at: number): number {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** The start of a calendar day written `2026-11-20`. */
export function parseDate(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T00:00:00.000Z`)
}

/** The last millisecond of a calendar day written `2026-11-20`. */
export function endOfDate(text: string): number {
  return parseDate(text) + day - 1
}

const durationPattern =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

/** Adds an ISO 8601 duration by calendar; undefined when it is none. The day is kept inside a shorter month. */
export function addDuration(at: number, duration: string): number | undefined {
  const found = durationPattern.exec(duration)
  if (!found || duration.endsWith('P') || duration.endsWith('T')) return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  const start = new Date(at)
  const month = start.getUTCMonth() + (years ?? 0) * 12 + (months ?? 0)
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const first = Date.UTC(start.getUTCFullYear(), month, Math.min(start.getUTCDate(), lastDay))
  const rest = at - startOfDay(at)
  const whole = first + rest + ((weeks ?? 0) * 7 + (days ?? 0)) * day
  return whole + (hours ?? 0) * hour + (minutes ?? 0) * minute + (seconds ?? 0) * second
}
