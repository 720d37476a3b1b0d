import { type Decimal, formatDecimal, multiply, parseDecimal, type Rounding, roundTo } from './decimal.ts'

/** What an amount counts: a currency and its number of decimals, "USD/2", or a unit of another book. */
export type Asset = `${string}/${number}`

/** An amount in whole minor units of its asset. No float ever stands for money. */
export type Money = { readonly asset: Asset; readonly amount: bigint }

/** Money on the wire: strings only. */
export type MoneyText = { currency: string; amount: string }

/** Minor-unit digits of the currencies the marketplaces settle in (ISO 4217). */
const DIGITS: Record<string, number> = {
  USD: 2,
  EUR: 2,
  GBP: 2,
  AUD: 2,
  CAD: 2,
  JPY: 0,
  INR: 2,
  CHF: 2,
  SEK: 2,
  NOK: 2,
  DKK: 2,
  BRL: 2,
  KRW: 0,
  SGD: 2,
}

export const currencies = Object.keys(DIGITS)

export function assetOf(currency: string): Asset {
  const digits = DIGITS[currency]
  if (digits === undefined) throw new Error(`Unknown currency "${currency}"`)
  return `${currency}/${digits}`
}

export function currencyOf(asset: Asset): string {
  return asset.slice(0, asset.lastIndexOf('/'))
}

export function digitsOf(asset: Asset): number {
  return Number(asset.slice(asset.lastIndexOf('/') + 1))
}

export function money(currency: string, amount: bigint): Money {
  return { asset: assetOf(currency), amount }
}

/** Reads an amount that must be exact in the currency's minor units; undefined if it is not a number or has more digits. */
export function parseMoney(currency: string, text: string): Money | undefined {
  const value = parseDecimal(text)
  if (!value) return undefined
  const asset = assetOf(currency)
  if (value.scale > digitsOf(asset)) return undefined
  return { asset, amount: roundTo(value, digitsOf(asset), 'down') }
}

/** Where money begins: an exact decimal amount, rounded by a named rule. */
export function roundMoney(currency: string, value: Decimal, rounding: Rounding): Money {
  const asset = assetOf(currency)
  return { asset, amount: roundTo(value, digitsOf(asset), rounding) }
}

export function moneyDecimal(value: Money): Decimal {
  return { coefficient: value.amount, scale: digitsOf(value.asset) }
}

export function formatMoney(value: Money): string {
  const digits = digitsOf(value.asset)
  const text = formatDecimal({ coefficient: value.amount, scale: digits })
  return text
}

export function moneyText(value: Money): MoneyText {
  return { currency: currencyOf(value.asset), amount: formatMoney(value) }
}

/** "USD 1,234.56", for people. */
export function displayMoney(value: Money): string {
  const [whole = '', fraction] = formatMoney(value).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${currencyOf(value.asset)} ${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

export function addMoney(left: Money, right: Money): Money {
  sameAsset(left, right)
  return { asset: left.asset, amount: left.amount + right.amount }
}

export function subtractMoney(left: Money, right: Money): Money {
  return addMoney(left, negateMoney(right))
}

export function negateMoney(value: Money): Money {
  return { asset: value.asset, amount: -value.amount }
}

export function sumMoney(asset: Asset, values: Iterable<Money>): Money {
  let total: Money = { asset, amount: 0n }
  for (const value of values) total = addMoney(total, value)
  return total
}

/** A rate of an amount ("0.03" of it), rounded by a named rule. */
export function portion(value: Money, rate: Decimal, rounding: Rounding): Money {
  return {
    asset: value.asset,
    amount: roundTo(multiply(moneyDecimal(value), rate), digitsOf(value.asset), rounding),
  }
}

/**
 * Splits an amount by weights so that the parts sum to it exactly: each part is rounded down and the cents left over
 * go to the first parts in order. Weights must not be negative and must not all be zero.
 */
export function allocate(value: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((left, right) => left + right, 0n)
  if (total <= 0n || weights.some((weight) => weight < 0n)) throw new Error('Weights must be positive')
  const sign = value.amount < 0n ? -1n : 1n
  const magnitude = value.amount * sign
  const parts = weights.map((weight) => (magnitude * weight) / total)
  let left = magnitude - parts.reduce((sum, part) => sum + part, 0n)
  return parts.map((part, index) => {
    const extra = left > 0n && (weights[index] ?? 0n) > 0n ? 1n : 0n
    left -= extra
    return { asset: value.asset, amount: (part + extra) * sign }
  })
}

function sameAsset(left: Money, right: Money): void {
  if (left.asset !== right.asset) throw new Error(`Cannot mix ${left.asset} and ${right.asset}`)
}

/**
 * One value over parts in their proportion: up to each part, as much of it as of all parts is there by then, rounded half
 * up to the smallest unit. The parts come to the value exactly; of parts that come to nothing each is nothing.
 */
export function spread(value: bigint, parts: readonly bigint[]): bigint[] {
  const whole = parts.reduce((sum, part) => sum + part, 0n)
  if (whole === 0n) return parts.map(() => 0n)
  let passed = 0n
  let given = 0n
  return parts.map((part) => {
    passed += part
    const until = (2n * value * passed + whole) / (2n * whole)
    const own = until - given
    given = until
    return own
  })
}
