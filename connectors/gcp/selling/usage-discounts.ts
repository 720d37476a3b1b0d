/**
 * Google has no usage prices in a private offer, only percentages off the list price of each SKU, with two decimals.
 * A price that is no such percentage exactly is said before anything is sent: nothing is rounded behind anybody's back.
 * Source: the public definition of the Commerce Producer API (SkuDiscount).
 */
import {
  add,
  compare,
  type Decimal,
  formatDecimal,
  isNegative,
  isZero,
  multiply,
  subtract,
  zero,
} from '../../../src/core/decimal.ts'
import type { ChangeProblem } from '../../connector.ts'
import { fromGoogleDecimal, fromGoogleMoney } from '../wire/money.ts'
import { lastOf } from '../wire/names.ts'
import type { Sku } from '../wire/producer-replies.ts'
import type { SkuDiscount } from '../wire/producer-requests.ts'
import { priceAt, sameMetric } from './catalog.ts'

const one: Decimal = { coefficient: 1n, scale: 0 }
const PERCENT_DIGITS = 2
const PERCENT_WHOLE = 10_000n

export type Discounts = { discounts: SkuDiscount[]; problems: ChangeProblem[] }

/** The discounts that make these prices of the listed ones. */
export function discountsFor(
  usage_prices: Readonly<Record<string, Decimal>>,
  skus: readonly Sku[],
  now: Date,
): Discounts {
  const made: Discounts = { discounts: [], problems: [] }
  for (const [dimension, price] of Object.entries(usage_prices)) {
    const found = discountFor(dimension, price, skus, now)
    if ('code' in found) made.problems.push(found)
    else if (found.discountPercent.value !== '0') made.discounts.push(found)
  }
  return made
}

function discountFor(
  dimension: string,
  price: Decimal,
  skus: readonly Sku[],
  now: Date,
): SkuDiscount | ChangeProblem {
  const field = `usage_prices.${dimension}`
  const refuse = (code: string, plain: string) => ({ code, message: plain, field, plain })
  const sku = skus.find((item) =>
    sameMetric(lastOf(priceAt(item, now)?.managedServiceMetricUsageFee?.canonicalMetric), dimension),
  )
  const list = sku === undefined ? undefined : listPrice(sku, now)
  if (!sku?.name) {
    return refuse('NO_SUCH_METRIC', `The product has no usage metric "${dimension}" that is priced today.`)
  }
  if (list === undefined) {
    return refuse(
      'PRICE_IN_TIERS',
      `"${dimension}" has a price in tiers. Google takes a discount on all of them, not a price per unit; set a public price without tiers.`,
    )
  }
  const text = formatDecimal(list.price)
  const per = isOne(list.units) ? '' : ` per ${formatDecimal(list.units)} units`
  const wanted = multiply(price, list.units)
  if (isNegative(wanted) || compare(wanted, list.price) > 0) {
    return refuse('PRICE_ABOVE_LIST', `The price must lie between 0 and the list price of ${text}${per}.`)
  }
  if (isZero(list.price)) return { sku: sku.name, discountPercent: { value: '0' } }
  const percent = percentOff(wanted, list.price)
  if (percent === undefined) {
    return refuse(
      'PRICE_IS_NO_DISCOUNT',
      `Google takes a discount with two decimals off the list price of ${text}${per}, and this price is none exactly. ${nearest(wanted, list.price, list.units)}`,
    )
  }
  return { sku: sku.name, discountPercent: { value: percent } }
}

function isOne(value: Decimal): boolean {
  return compare(value, one) === 0
}

/** The price of the single tier, and for how many units it is. */
function listPrice(sku: Sku, now: Date): { price: Decimal; units: Decimal } | undefined {
  const tiered = priceAt(sku, now)?.managedServiceMetricUsageFee?.tieredPrice
  const tiers = tiered?.priceTiers ?? []
  const price = fromGoogleMoney(tiers[0]?.price)
  if (tiers.length !== 1 || price === undefined) return undefined
  const units = fromGoogleDecimal(tiered?.priceUnitCount)
  return { price, units: units === undefined || isZero(units) ? one : units }
}

/** (list − wanted) ÷ list in hundredths of a per cent, exact or undefined. */
function percentOff(wanted: Decimal, list: Decimal): string | undefined {
  const { numerator, denominator } = share(wanted, list)
  if (numerator % denominator !== 0n) return undefined
  return formatDecimal(add({ coefficient: numerator / denominator, scale: PERCENT_DIGITS }, zero))
}

function share(wanted: Decimal, list: Decimal): { numerator: bigint; denominator: bigint } {
  const off = subtract(list, wanted)
  const scale = BigInt(Math.max(off.scale, list.scale))
  const numerator = off.coefficient * 10n ** (scale - BigInt(off.scale)) * PERCENT_WHOLE
  return { numerator, denominator: list.coefficient * 10n ** (scale - BigInt(list.scale)) }
}

/** The two prices on either side that can be said as a discount. */
function nearest(wanted: Decimal, list: Decimal, units: Decimal): string {
  const { numerator, denominator } = share(wanted, list)
  const steps = [numerator / denominator + 1n, numerator / denominator]
  const prices = steps.map((hundredths) =>
    multiply(list, { coefficient: PERCENT_WHOLE - hundredths, scale: 4 }),
  )
  const per = isOne(units) ? '' : ` per ${formatDecimal(units)} units`
  return `Nearest are ${prices.map(formatDecimal).join(' and ')}${per}.`
}
