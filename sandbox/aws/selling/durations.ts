import { addDuration, day } from '../../time.ts'

/** The longest contract of the marketplace: five years. */
const longest = 'P5Y'

const lengthOf = (duration: string) => addDuration(0, duration) ?? 0

/** True for a contract's length: not nothing, and at most five years. */
export function isContractLength(duration: string): boolean {
  return lengthOf(duration) > 0 && lengthOf(duration) <= lengthOf(longest)
}

/** True when the time from one instant to another is a contract's length. */
export function isContractTime(from: number, to: number): boolean {
  return to > from && to <= (addDuration(from, longest) ?? from)
}

/** A free trial lasts 5 to 31 days. */
export function isTrialLength(duration: string): boolean {
  return lengthOf(duration) >= 5 * day && lengthOf(duration) <= 31 * day
}

const wholeMonths = /^P(?:(\d+)Y)?(?:(\d+)M)?$/

/** Everybody chooses between a month, a year, two and three; other lengths are for private offers. */
export function isPublicLength(duration: string): boolean {
  const found = wholeMonths.exec(duration)
  const months = found ? Number(found[1] ?? 0) * 12 + Number(found[2] ?? 0) : 0
  return [1, 12, 24, 36].includes(months)
}
