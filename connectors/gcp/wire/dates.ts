/** Google's calendar: every date of an offer or a bill is a day in Los Angeles, whatever the parties' own zones. */
import { z } from 'zod'
import { DAY_MS, HOUR_MS, type LocalDate, startOfDate } from '../../../src/core/time.ts'

const ZONE = 'America/Los_Angeles'

/** google.type.DateTime, as far as it is used. */
export type DateTime = { year: number; month: number; day: number; timeZone: { id: string } }

const number = z.number().nullish()
export const dateTimeShape = z.looseObject({
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
  utcOffset: z.unknown().optional(),
  timeZone: z.looseObject({ id: z.string().nullish() }).nullish(),
})

const parts = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
})

/** The start of a day. */
export function toDateTime(date: LocalDate): DateTime {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  return { year, month, day, timeZone: { id: ZONE } }
}

/** The day a DateTime names; null for none. A time inside the day is left out. */
export function fromDateTime(value: z.infer<typeof dateTimeShape> | null | undefined): LocalDate | null {
  if (!value?.year || !value.month || !value.day) return null
  const two = (part: number) => String(part).padStart(2, '0')
  return `${String(value.year).padStart(4, '0')}-${two(value.month)}-${two(value.day)}`
}

export function dayAfter(date: LocalDate): LocalDate {
  return new Date(startOfDate(date).getTime() + DAY_MS).toISOString().slice(0, 10)
}

export function dayBefore(date: LocalDate): LocalDate {
  return new Date(startOfDate(date).getTime() - DAY_MS).toISOString().slice(0, 10)
}

/** The date in Los Angeles at an instant. */
export function pacificDate(instant: Date): LocalDate {
  const { year, month, day } = read(instant)
  return `${year}-${month}-${day}`
}

/** Midnight in Los Angeles: 07:00 UTC in summer, 08:00 in winter. */
export function startOfPacificDate(date: LocalDate): Date {
  const summer = new Date(startOfDate(date).getTime() + 7 * HOUR_MS)
  return pacificDate(summer) === date && read(summer).hour === '00'
    ? summer
    : new Date(summer.getTime() + HOUR_MS)
}

function read(instant: Date) {
  const found = Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, value]))
  return {
    year: (found.year ?? '').padStart(4, '0'),
    month: found.month ?? '',
    day: found.day ?? '',
    hour: found.hour ?? '',
  }
}
