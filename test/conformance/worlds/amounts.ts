import { decimal, formatDecimal } from '../../../src/core/decimal.ts'

/** An amount in one spelling: "60000.50" and "60000.5" are one. */
export function plainAmount(text: string): string {
  return formatDecimal(decimal(text))
}
