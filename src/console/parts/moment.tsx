import { common } from '../words/index.ts'

const MINUTES = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
  timeZoneName: 'short',
})
const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const SHORT_MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', year: '2-digit', timeZone: 'UTC' })
const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

/** An instant as text, in UTC as the books have it. */
export const momentText = (at: string) => MINUTES.format(new Date(at))
/** A calendar day as text. */
export const dayText = (on: string) => DAY.format(new Date(`${on.slice(0, 10)}T00:00:00Z`))

/** A month as text. */
export const monthText = (month: string) => MONTH.format(new Date(`${month}-01T00:00:00Z`))
/** A month as text where there is little room: an axis. */
export const shortMonthText = (month: string) => SHORT_MONTH.format(new Date(`${month}-01T00:00:00Z`))

/** An instant with its zone; the reader's own time stands in the tooltip. A dash for none. */
export function Moment({ at }: { at: string | null | undefined }) {
  if (at === null || at === undefined) return <span>{common.none}</span>
  return (
    <time dateTime={at} title={LOCAL.format(new Date(at))} style={{ whiteSpace: 'nowrap' }}>
      {momentText(at)}
    </time>
  )
}

/** A calendar day, which has no zone; a dash for none. */
export function Day({ on }: { on: string | null | undefined }) {
  if (on === null || on === undefined) return <span>{common.none}</span>
  return (
    <time dateTime={on.slice(0, 10)} style={{ whiteSpace: 'nowrap' }}>
      {dayText(on)}
    </time>
  )
}
