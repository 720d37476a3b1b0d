import { cents, decimal } from '../money.ts'
import type { Json, JsonObject, PrivateOffer } from './model.ts'
import type { StandardOfferRef } from './names.ts'
import { amountOf, instantOf, listOf, objectOf, productOf, termOf, textOf } from './offer-values.ts'
import type { Check } from './shape.ts'
import { addZonedMonths } from './zone.ts'

const percentPattern = /^([0-9]{1,2}(\.\d{1,2})?|100(\.0{1,2})?)$/
const largest = '1000000000'
const largestCredit = '1000000'

/** Every rule about the price of an offer: intervals, instalments, amounts and percentages. */
export function checkPrice(offer: PrivateOffer, base: StandardOfferRef, check: Check): void {
  const product = productOf(offer)
  const field = 'single_product_offer'
  if (product.standardIntervalPrice !== undefined) {
    checkStandard(`${field}.standard_interval_price`, offer, base, check)
  } else if (product.customIntervalPrice !== undefined) {
    checkCustom(`${field}.custom_interval_price.installments`, offer, base, check)
  } else check(field, true, 'a price is required: standard_interval_price or custom_interval_price')
}

function checkStandard(field: string, offer: PrivateOffer, base: StandardOfferRef, check: Check): void {
  const price = objectOf(productOf(offer).standardIntervalPrice)
  const model = objectOf(price.priceModel)
  const interval = textOf(price.standardInterval)
  const unset = interval === '' || interval === 'STANDARD_INTERVAL_UNSPECIFIED'
  const subscription = model.flatFee !== undefined || model.commitment !== undefined
  check(`${field}.price_model`, price.priceModel === undefined, 'is required')
  check(`${field}.standard_interval`, interval === 'MONTHLY_POSTPAY', 'is no longer supported')
  check(`${field}.standard_interval`, unset && subscription, 'is required unless the price is usage only')
  check(`${field}.price_model`, !unset && !subscription, 'a subscription is required for an interval')
  check(
    'term.duration_months',
    termOf(offer).endPolicy === 'SCHEDULED_END_TIME',
    'must be set for a standard interval',
  )
  check(
    'term.max_renewal_count',
    unset && Number(termOf(offer).maxRenewalCount ?? 0) > 0,
    'only offers with a standard interval renew',
  )
  checkModel(`${field}.price_model`, model, base, false, check)
}

function checkCustom(field: string, offer: PrivateOffer, base: StandardOfferRef, check: Check): void {
  const items = listOf(objectOf(productOf(offer).customIntervalPrice).installments).map(objectOf)
  const term = termOf(offer)
  check(field, items.length === 0, 'at least one instalment is required')
  check('term.max_renewal_count', Number(term.maxRenewalCount ?? 0) > 0, 'custom instalments do not renew')
  const deadline = instantOf(offer.content.acceptDeadlineTime) ?? 0
  const scheduled = instantOf(term.scheduledStartTime)
  const end = endOf(term, scheduled ?? deadline)
  let before = 0
  let form = ''
  items.forEach((item, index) => {
    const place = `${field}[${index}]`
    const at = instantOf(item.startTime)
    if (index === 0) checkFirst(place, term.startPolicy, at, scheduled, check)
    else {
      check(`${place}.start_time`, at === undefined || at <= before, 'must be after the instalment before it')
      check(
        `${place}.start_time`,
        at !== undefined && at < deadline,
        'must not be before the accept deadline',
      )
    }
    check(
      `${place}.start_time`,
      at !== undefined && end !== undefined && at >= end,
      'must be before the end of the term',
    )
    const model = objectOf(item.priceModel)
    const subscription = model.flatFee !== undefined || model.commitment !== undefined
    check(`${place}.price_model`, !subscription, 'a subscription is required')
    const own = Object.keys(model).sort().join()
    check(
      `${place}.price_model`,
      index > 0 && own !== form,
      'all instalments must have the same form of price',
    )
    checkModel(`${place}.price_model`, model, base, true, check)
    form = own
    before = at ?? before
  })
}

function endOf(term: JsonObject, start: number): number | undefined {
  const months = Number(term.durationMonths ?? 0)
  return instantOf(term.scheduledEndTime) ?? (months > 0 ? addZonedMonths(start, months) : undefined)
}

function checkFirst(
  place: string,
  policy: Json | undefined,
  at: number | undefined,
  scheduled: number | undefined,
  check: Check,
): void {
  if (policy === 'IMMEDIATE') {
    check(`${place}.start_time`, at !== undefined, 'must be unset when the offer starts immediately')
  } else {
    check(`${place}.start_time`, at !== scheduled, 'must be the scheduled start of the offer')
  }
}

function checkModel(
  field: string,
  model: JsonObject,
  { plan, listing }: StandardOfferRef,
  custom: boolean,
  check: Check,
): void {
  const subscription = plan.monthly_fee !== undefined
  const { flatFee, commitment, usage } = model
  check(`${field}.flat_fee`, flatFee !== undefined && !subscription, 'the base offer has no subscription')
  check(`${field}.commitment`, commitment !== undefined && subscription, 'the base offer has a subscription')
  check(`${field}.usage`, usage !== undefined && !plan.usage, 'the base offer has no usage')
  check(field, flatFee === undefined && subscription, 'a flat fee is required: the base offer has one')
  if (flatFee !== undefined) {
    checkMoney(`${field}.flat_fee.flat_fee_override`, objectOf(flatFee).flatFeeOverride, largest, check)
  }
  if (commitment !== undefined) checkCommitment(field, objectOf(commitment), usage, custom, check)
  const discounts = listOf(objectOf(usage).skuDiscounts)
  checkPercent(`${field}.usage.default_discount_percent`, objectOf(usage).defaultDiscountPercent, check)
  discounts.map(objectOf).forEach((item, index) => {
    const place = `${field}.usage.sku_discounts[${index}]`
    const known = listing.metrics.some((metric) => textOf(item.sku).endsWith(`/skus/${metric.sku}`))
    check(`${place}.sku`, !known, 'must be a SKU of the base standard offer')
    check(`${place}.discount_percent`, item.discountPercent === undefined, 'is required')
    checkPercent(`${place}.discount_percent`, item.discountPercent, check)
  })
}

function checkCommitment(
  field: string,
  commitment: JsonObject,
  usage: Json | undefined,
  custom: boolean,
  check: Check,
): void {
  const place = `${field}.commitment`
  checkMoney(`${place}.commitment_amount`, commitment.commitmentAmount, largest, check)
  const both = commitment.discountPercent !== undefined && usage !== undefined
  check(`${place}.discount_percent`, both, 'a discount is on the commitment or on usage, not on both')
  const neither = commitment.discountPercent === undefined && usage === undefined
  check(`${place}.discount_percent`, neither, 'is required')
  checkPercent(`${place}.discount_percent`, commitment.discountPercent, check)
  if (commitment.additionalCredit !== undefined) {
    check(`${place}.additional_credit`, !custom, 'is only for custom instalments')
    checkMoney(`${place}.additional_credit`, commitment.additionalCredit, largestCredit, check)
  }
}

function checkPercent(field: string, value: Json | undefined, check: Check): void {
  if (value === undefined) return
  const text = textOf(objectOf(value).value)
  check(field, !percentPattern.test(text), 'must be a percentage with at most two decimals')
}

function checkMoney(field: string, value: Json | undefined, most: string, check: Check): void {
  if (value === undefined) {
    check(field, true, 'is required')
    return
  }
  const money = objectOf(value)
  const { units, nanos } = money
  const shaped = /^-?\d{1,15}$/.test(textOf(units) || '0') && Number.isInteger(nanos ?? 0)
  if (!shaped) {
    check(field, true, 'is not an amount of money')
    return
  }
  const amount = amountOf(money)
  check(field, money.currencyCode !== 'USD', 'must be in USD')
  check(field, amount < 0n, 'must not be negative')
  check(field, cents(amount) !== amount, 'must be in whole cents')
  check(field, amount > decimal(most), `must not be above ${most} USD`)
}
