import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts'

const PATTERN = /^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/

/** A length of time of ISO 8601 in weeks, days, hours, minutes and seconds ("PT1H", "P1DT30M"); undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const found = PATTERN.exec(text)
  if (found === null) return undefined
  const units = [7 * DAY_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS]
  const length_ms = units.reduce((all, unit, index) => all + unit * Number(found[index + 1] ?? 0), 0)
  return length_ms > 0 ? length_ms : undefined
}
