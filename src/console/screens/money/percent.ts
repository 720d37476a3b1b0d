import { type Decimal, isZero, roundTo } from '../../../core/decimal.ts'

/** How many hundredths of a whole a part is, to draw them: cut to whole ones, between none and all. */
export function percentOf(part: Decimal, whole: Decimal): number {
  if (isZero(whole)) return 0
  const scale = Math.max(part.scale, whole.scale)
  const percent = Number((roundTo(part, scale, 'down') * 100n) / roundTo(whole, scale, 'down'))
  return Math.max(0, Math.min(100, percent))
}
