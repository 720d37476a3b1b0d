import { cents, type Decimal, decimal, fromInteger, multiply, proportion, sum } from '../money.ts'
import type { Json, JsonObject, Plan, PrivateOffer } from './model.ts'
import {
  amountOf,
  instantOf,
  listOf,
  objectOf,
  percentOf,
  productOf,
  termOf,
  textOf,
} from './offer-values.ts'
import { addZonedMonths, daysBetween, startOfZonedDay, startOfZonedMonth } from './zone.ts'

/** What is charged on a day, and the usage credit the buyer gets for it. */
export type Instalment = { from: number; to: number; amount: Decimal; credit: Decimal; model: JsonObject }

const hundred = fromInteger(100)
const interval: Record<string, number> = {
  MONTHLY_PRORATED: 1,
  MONTHLY_NOT_PRORATED: 1,
  QUARTERLY_NOT_PRORATED: 3,
  YEARLY_NOT_PRORATED: 12,
}

/** The price Google bills for one period of a price model, and the credit of a commitment. */
function periodPrice(model: JsonObject): { amount: Decimal; credit: Decimal } {
  if (model.flatFee !== undefined) {
    return { amount: amountOf(objectOf(model.flatFee).flatFeeOverride), credit: 0n }
  }
  if (model.commitment === undefined) return { amount: 0n, credit: 0n }
  const commitment = objectOf(model.commitment)
  const full = amountOf(commitment.commitmentAmount)
  const off = proportion(full, percentOf(commitment.discountPercent), hundred)
  return { amount: cents(full - off), credit: full + amountOf(commitment.additionalCredit) }
}

export function priceModelOf(offer: PrivateOffer): JsonObject {
  const product = productOf(offer)
  const standard = objectOf(objectOf(product.standardIntervalPrice).priceModel)
  const first = objectOf(listOf(objectOf(product.customIntervalPrice).installments)[0])
  return product.customIntervalPrice === undefined ? standard : objectOf(first.priceModel)
}

export function standardIntervalOf(offer: PrivateOffer): string {
  return textOf(objectOf(productOf(offer).standardIntervalPrice).standardInterval)
}

/** Every period billed between a term's start and its end, in order. Empty for usage-only offers. */
export function timeline(offer: PrivateOffer, start: number, end: number): Instalment[] {
  const product = productOf(offer)
  if (product.customIntervalPrice !== undefined) {
    return custom(listOf(objectOf(product.customIntervalPrice).installments), start, end)
  }
  const name = standardIntervalOf(offer)
  const months = interval[name]
  if (months === undefined) return []
  const model = priceModelOf(offer)
  const { amount, credit } = periodPrice(model)
  return name === 'MONTHLY_PRORATED'
    ? prorated(model, amount, credit, start, end)
    : regular(model, amount, credit, start, end, months)
}

function custom(items: Json[], start: number, end: number): Instalment[] {
  const starts = items.map((item, index) =>
    index === 0 ? start : (instantOf(objectOf(item).startTime) ?? start),
  )
  return items.map((item, index) => {
    const model = objectOf(objectOf(item).priceModel)
    const from = starts[index] ?? start
    return { from, to: starts[index + 1] ?? end, model, ...periodPrice(model) }
  })
}

/** From the day of the month it started on to the same day of a later month. */
export function regular(
  model: JsonObject,
  amount: Decimal,
  credit: Decimal,
  start: number,
  end: number,
  months: number,
): Instalment[] {
  const found: Instalment[] = []
  for (let count = 0; ; count += months) {
    const from = addZonedMonths(start, count)
    if (from >= end) return found
    found.push({ from, to: Math.min(addZonedMonths(start, count + months), end), amount, credit, model })
  }
}

/** Calendar months; the first and the last are charged by their days. */
function prorated(
  model: JsonObject,
  amount: Decimal,
  credit: Decimal,
  start: number,
  end: number,
): Instalment[] {
  const found: Instalment[] = []
  for (let from = start; from < end; ) {
    const next = startOfZonedMonth(from, 1)
    const to = Math.min(next, end)
    const days = fromInteger(daysBetween(startOfZonedDay(from), startOfZonedDay(to)))
    const all = fromInteger(daysBetween(startOfZonedMonth(from), next))
    const part = (value: Decimal) => cents(proportion(value, days, all))
    found.push({ from, to, amount: part(amount), credit: part(credit), model })
    from = to
  }
  return found
}

/** A plan bought at its list price: its monthly fee on the same day of each month. */
export function listTimeline(plan: Plan, start: number, end: number): Instalment[] {
  return plan.monthly_fee === undefined ? [] : regular({}, decimal(plan.monthly_fee), 0n, start, end, 1)
}

/** When a term is expected to begin and end; undefined while the draft says too little. */
export function expectedTerm(offer: PrivateOffer, now: number): { start: number; end: number } | undefined {
  const term = termOf(offer)
  const scheduled = instantOf(term.scheduledStartTime)
  const start = offer.starts_at ?? scheduled ?? startOfZonedDay(now)
  const months = Number(term.durationMonths ?? 0)
  const end =
    offer.term_ends_at ??
    instantOf(term.scheduledEndTime) ??
    (months > 0 ? addZonedMonths(start, months) : undefined)
  return end === undefined || end <= start ? undefined : { start, end }
}

/** What Google bills over the first term, and what the buyer promised beside it. */
export function totalContractValue(offer: PrivateOffer, now: number): Decimal | undefined {
  const term = expectedTerm(offer, now)
  if (!term) return undefined
  const billed = sum(timeline(offer, term.start, term.end).map((item) => item.amount))
  return billed + amountOf(objectOf(productOf(offer).additionalContractValue).contractValue)
}

/** The price of a unit of usage after the offer's discount for its SKU. */
export function discounted(price: Decimal, offer: PrivateOffer | undefined, sku: string): Decimal {
  if (!offer) return price
  const usage = objectOf(priceModelOf(offer).usage)
  const own = listOf(usage.skuDiscounts).find((item) => textOf(objectOf(item).sku).endsWith(`/skus/${sku}`))
  const percent = percentOf(own ? objectOf(own).discountPercent : usage.defaultDiscountPercent)
  return multiply(price, proportion(hundred - percent, fromInteger(1), hundred))
}
