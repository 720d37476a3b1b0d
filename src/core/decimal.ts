/** An exact decimal number: coefficient × 10^-scale. Unit prices, quantities and raw statement amounts are these. */
export type Decimal = { readonly coefficient: bigint; readonly scale: number }

/** How a decimal loses digits. Every rounding in the product names one of these. */
export type Rounding = 'half_up' | 'half_even' | 'down' | 'up'

export const zero: Decimal = { coefficient: 0n, scale: 0 }

const PATTERN = /^(-?)(\d{1,30})(?:\.(\d{1,18}))?$/

/** Reads plain decimal notation ("-12.345"); undefined for anything else (exponents, blanks, signs of infinity). */
export function parseDecimal(text: string): Decimal | undefined {
  const found = PATTERN.exec(text)
  if (!found) return undefined
  const fraction = found[3] ?? ''
  const coefficient = BigInt(`${found[2]}${fraction}`)
  return normal({ coefficient: found[1] === '-' ? -coefficient : coefficient, scale: fraction.length })
}

/** Reads a decimal that was checked before, such as one from our own tables. Throws on anything else. */
export function decimal(text: string | number | bigint | { toString(): string }): Decimal {
  const written = String(text)
  const parsed = parseDecimal(written)
  if (!parsed) throw new Error(`Not a plain decimal: "${written}"`)
  return parsed
}

export function formatDecimal(value: Decimal): string {
  const negative = value.coefficient < 0n
  const digits = (negative ? -value.coefficient : value.coefficient).toString().padStart(value.scale + 1, '0')
  const whole = value.scale === 0 ? digits : digits.slice(0, -value.scale)
  const fraction = value.scale === 0 ? '' : `.${digits.slice(-value.scale)}`
  return `${negative ? '-' : ''}${whole}${fraction}`
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return normal({ coefficient: scaled(left, scale) + scaled(right, scale), scale })
}

export function negate(value: Decimal): Decimal {
  return { coefficient: -value.coefficient, scale: value.scale }
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return add(left, negate(right))
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return normal({ coefficient: left.coefficient * right.coefficient, scale: left.scale + right.scale })
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = zero
  for (const value of values) total = add(total, value)
  return total
}

/** Negative, zero or positive, like Array.prototype.sort wants it. */
export function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale)
  const difference = scaled(left, scale) - scaled(right, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function isZero(value: Decimal): boolean {
  return value.coefficient === 0n
}

export function isNegative(value: Decimal): boolean {
  return value.coefficient < 0n
}

export function minimum(left: Decimal, right: Decimal): Decimal {
  return compare(left, right) <= 0 ? left : right
}

/** The whole part towards zero and what is left: value = whole + fraction. */
export function splitWhole(value: Decimal): { whole: Decimal; fraction: Decimal } {
  const whole = { coefficient: roundTo(value, 0, 'down'), scale: 0 }
  return { whole, fraction: subtract(value, whole) }
}

/** The coefficient of the value rounded to a scale: roundTo(12.345, 2, 'half_up') = 1235n. */
export function roundTo(value: Decimal, scale: number, rounding: Rounding): bigint {
  if (value.scale <= scale) return scaled(value, scale)
  const divisor = 10n ** BigInt(value.scale - scale)
  const negative = value.coefficient < 0n
  const magnitude = negative ? -value.coefficient : value.coefficient
  const quotient = magnitude / divisor
  const rest = magnitude % divisor
  const rounded = quotient + (goesUp(rest, divisor, quotient, rounding) ? 1n : 0n)
  return negative ? -rounded : rounded
}

function goesUp(rest: bigint, divisor: bigint, quotient: bigint, rounding: Rounding): boolean {
  switch (rounding) {
    case 'down':
      return false
    case 'up':
      return rest > 0n
    case 'half_up':
      return rest * 2n >= divisor
    case 'half_even':
      return rest * 2n > divisor || (rest * 2n === divisor && quotient % 2n === 1n)
  }
}

function scaled(value: Decimal, scale: number): bigint {
  return value.coefficient * 10n ** BigInt(scale - value.scale)
}

/** One spelling per number, so that equal decimals are equal objects after JSON. */
function normal(value: Decimal): Decimal {
  let { coefficient, scale } = value
  while (scale > 0 && coefficient % 10n === 0n) {
    coefficient /= 10n
    scale -= 1
  }
  return { coefficient, scale }
}
