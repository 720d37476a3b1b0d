import { home as words } from '../../words/home.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long there is until a deadline, and whether that is short. Whole units, rounded down: nobody is promised more. */
export function timeLeft(deadline_at: string, now: string): { text: string; short: boolean } {
  const left_ms = new Date(deadline_at).getTime() - new Date(now).getTime()
  const { left, over } = words.needs
  if (left_ms <= 0) return { text: over, short: true }
  if (left_ms < HOUR_MS) return { text: left.minutes(Math.floor(left_ms / MINUTE_MS)), short: true }
  if (left_ms < 2 * DAY_MS)
    return { text: left.hours(Math.floor(left_ms / HOUR_MS)), short: left_ms < DAY_MS }
  return { text: left.days(Math.floor(left_ms / DAY_MS)), short: false }
}
