// Exact decimals as a scaled BigInt. Nothing near money is a floating-point number.

const scale = 12
const one = 10n ** BigInt(scale)

/** A decimal with twelve places, as an integer. */
export type Decimal = bigint

export function decimal(text: string): Decimal {
  const found = /^(-?)(\d+)(?:\.(\d{0,12}))?$/.exec(text.startsWith('.') ? `0${text}` : text)
  if (!found) throw new Error(`not a decimal with at most ${scale} places: ${text}`)
  const [, sign, whole, fraction] = found
  const value = BigInt(whole ?? '0') * one + BigInt((fraction ?? '').padEnd(scale, '0'))
  return sign === '-' ? -value : value
}

export function fromInteger(value: number | bigint): Decimal {
  return BigInt(value) * one
}

function divideHalfUp(value: bigint, divisor: bigint): bigint {
  const magnitude = value < 0n ? -value : value
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n)
  return value < 0n ? -rounded : rounded
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return divideHalfUp(left * right, one)
}

/** value × numerator ÷ denominator, kept to twelve places. */
export function proportion(value: Decimal, numerator: Decimal, denominator: Decimal): Decimal {
  if (denominator === 0n) return 0n
  const product = value * numerator
  const rounded = divideHalfUp(
    product < 0n ? -product : product,
    denominator < 0n ? -denominator : denominator,
  )
  return product < 0n !== denominator < 0n ? -rounded : rounded
}

/** Rounds half up (away from zero) to a number of places. */
export function round(value: Decimal, places: number): Decimal {
  const step = 10n ** BigInt(scale - places)
  return divideHalfUp(value, step) * step
}

export function cents(value: Decimal): Decimal {
  return round(value, 2)
}

/** At least `places` decimals, more only when they are not zero. */
export function format(value: Decimal, places = 2): string {
  const magnitude = value < 0n ? -value : value
  const whole = magnitude / one
  const fraction = (magnitude % one).toString().padStart(scale, '0').replace(/0+$/, '').padEnd(places, '0')
  return `${value < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = 0n
  for (const value of values) total += value
  return total
}
