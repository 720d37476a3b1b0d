/**
 * Azure writes prices and quantities as JSON numbers. Decimals become numbers only where the number's shortest text is
 * the decimal itself, so nothing is rounded on the way.
 */
import { compare, type Decimal, formatDecimal, parseDecimal } from '../../../src/core/decimal.ts'

/** The number for a decimal; undefined when no number stands for it exactly. */
export function toAzureNumber(value: Decimal): number | undefined {
  const number = Number(formatDecimal(value))
  const back = fromAzureNumber(number)
  return back !== undefined && compare(back, value) === 0 ? number : undefined
}

/** The decimal that a JSON number was written as; texts are taken too, because some fields are sent so. */
export function fromAzureNumber(value: unknown): Decimal | undefined {
  if (typeof value === 'string') return parseDecimal(value.trim())
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  const text = String(value)
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (found === null) return parseDecimal(text)
  const [, sign = '', first = '', rest = '', exponent = '0'] = found
  const digits = `${first}${rest}`
  const places = Number(exponent)
  const plain =
    places < 0
      ? `0.${'0'.repeat(-places - 1)}${digits}`
      : digits.length > places
        ? `${digits.slice(0, places + 1)}.${digits.slice(places + 1)}`
        : digits.padEnd(places + 1, '0')
  return parseDecimal(`${sign}${plain.replace(/\.$/, '')}`)
}
