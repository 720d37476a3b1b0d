import { cents, type Decimal, decimal, format, multiply, proportion } from '../money.ts'
import type { Included, Instalment, JsonObject, PrivateOffer, Term, Terms } from './model.ts'
import { decimalText, externalId, guidOf, list, object, resourceDocument, text, type World } from './world.ts'

// What a plan costs, read out of the pricing documents: publicly, or under a private offer.

type PriceOption = { term: Term; payment: Term; price: string; schedule?: Instalment[] | undefined }
export type Pricing = {
  mode: Terms['mode']
  options: PriceOption[]
  meters: Terms['meters']
  included: Included[]
}

const units = ['day', 'week', 'month', 'year'] as const

function readTerm(value: unknown): Term | undefined {
  const { type, value: count } = object(value)
  const unit = units.find((candidate) => candidate === type)
  return unit && typeof count === 'number' && Number.isInteger(count) && count > 0
    ? { type: unit, value: count }
    : undefined
}

/** `P1M`, `P3Y`: how a term is written towards the publisher. */
export function termUnit(term: Term): string {
  return `P${term.value}${term.type.slice(0, 1).toUpperCase()}`
}

export function sameTerm(left: Term, right: Term): boolean {
  return left.type === right.type && left.value === right.value
}

/** US dollars, or with prices by market those of the United States. */
function priceText(item: JsonObject): string | undefined {
  if (item.pricePerPaymentInUsd !== undefined) return decimalText(item.pricePerPaymentInUsd)
  const markets = list(item.prices).filter((price) => price.currency === 'USD')
  const american = markets.find(
    (price) => Array.isArray(price.markets) && /^us$/i.test(String(price.markets[0])),
  )
  const found = american ?? markets[0]
  return found ? decimalText(found.price) : undefined
}

function readSchedule(item: JsonObject): Instalment[] | undefined {
  if (item.flexibleSchedule === undefined) return undefined
  const { initialCharge, billingSchedule } = object(item.flexibleSchedule)
  const read = (charge: JsonObject, date?: string): Instalment => {
    const amount = priceText(charge) ?? '0'
    return { ...(date === undefined ? {} : { date }), amount, wholesale: amount, note: text(charge.note) }
  }
  const first = initialCharge === undefined ? [] : [read(object(initialCharge))]
  return [...first, ...list(billingSchedule).map((charge) => read(charge, text(charge.chargeDate)))]
}

function readOption(item: JsonObject): PriceOption | undefined {
  const term = readTerm(item.billingTerm) ?? readTerm(item.contractDuration)
  if (!term) return undefined
  const payment = readTerm(item.paymentOption) ?? readTerm(item.billingFrequency) ?? term
  return { term, payment, price: priceText(item) ?? '0', schedule: readSchedule(item) }
}

/** Reads a pricing document; meters are named by the product's custom meters. */
export function readPricing(pricing: JsonObject, definitions: JsonObject): Pricing {
  const recurrent = object(pricing.recurrentPrice)
  const priced = object(object(pricing.customMeters).meters)
  const ids = Object.keys(priced)
  return {
    mode: recurrent.recurrentPriceMode === 'perUser' ? 'perUser' : 'flatRate',
    options: list(recurrent.prices).flatMap((item) => readOption(item) ?? []),
    meters: ids.map((id) => {
      const price = priceText(object(priced[id])) ?? '0'
      const { displayName, unitOfMeasure } = object(definitions[id])
      return {
        id,
        name: text(displayName) || id,
        unit: text(unitOfMeasure) || 'unit',
        price,
        wholesale: price,
      }
    }),
    included: ids.flatMap((id) =>
      list(object(priced[id]).includedQuantities).flatMap((item): Included[] => {
        const term = readTerm(item.billingTerm)
        if (!term) return []
        const quantity = item.isInfinite === true ? 'infinite' : decimalText(item.quantity)
        return [{ dimension: id, term, quantity }]
      }),
    ),
  }
}

type Target = 'draft' | 'preview' | 'live'

function meterDefinitions(world: World, product: string, target: Target = 'live'): JsonObject {
  return object(
    resourceDocument(world, `price-and-availability-custom-meter/${product}`, target)?.customMeters,
  )
}

/** The public price of a plan. */
export function listPricing(
  world: World,
  product: string,
  plan: string,
  target: Target = 'live',
): Pricing | undefined {
  const document = resourceDocument(world, `price-and-availability-plan/${product}/${plan}`, target)
  return document && readPricing(object(document.pricing), meterDefinitions(world, product, target))
}

export type Plan = { product: string; plan: string; document: JsonObject }

/** The live plan of a product by its external id. */
export function livePlans(world: World, product: string): Plan[] {
  return world.resources
    .all()
    .filter((resource) => resource.type === 'plan' && resource.product === product && resource.live)
    .map((resource) => ({ product, plan: guidOf(resource.id, 2), document: resource.live ?? {} }))
}

export function planByExternalId(world: World, product: string, id: string): Plan | undefined {
  return livePlans(world, product).find(({ document }) => externalId(document) === id)
}

/** Which item of a private offer prices this plan. A new customised plan has an id of its own. */
export function pricingItem(
  offer: PrivateOffer,
  product: string,
  planId: string,
  plan: string | undefined,
): number {
  return list(offer.document.pricing).findIndex((item, index) => {
    if (guidOf(text(item.product)) !== product) return false
    const made = offer.new_plans[index]
    if (made) return made === planId
    if (item.plan === undefined) return true
    return plan !== undefined && guidOf(text(item.plan), 2) === plan
  })
}

/** The publisher's own price under a private offer, before a partner's markup. */
export function offerPricing(
  world: World,
  offer: PrivateOffer,
  index: number,
  plan: string,
): Pricing | undefined {
  const item = list(offer.document.pricing)[index]
  if (!item) return undefined
  const product = guidOf(text(item.product))
  const base = guidOf(text(item.basePlan), 2) || guidOf(text(item.plan), 2) || plan
  const listed = listPricing(world, product, base)
  if (item.discountType === 'percentage') {
    return listed && scaled(listed, decimal('100') - decimal(decimalText(item.discountPercentage)))
  }
  const details = text(item.priceDetails)
  const document = resourceDocument(world, details, 'draft')
  if (!document) return undefined
  const pricing = readPricing(object(document.pricing), meterDefinitions(world, product))
  const meters = pricing.meters.length > 0 || !listed ? pricing : { ...listed, ...{ meters: listed.meters } }
  return { ...pricing, meters: meters.meters, included: meters.included }
}

/** Every price times a number of per cent: to the cent what is paid by term, exact what is paid by unit. */
function scaled(pricing: Pricing, percent: Decimal): Pricing {
  const hundred = decimal('100')
  const toCents = (amount: string) => format(cents(proportion(decimal(amount), percent, hundred)))
  const exact = (amount: string) => format(proportion(decimal(amount), percent, hundred))
  return {
    ...pricing,
    options: pricing.options.map((option) => ({
      ...option,
      price: toCents(option.price),
      schedule: option.schedule?.map((part) => ({ ...part, amount: toCents(part.amount) })),
    })),
    meters: pricing.meters.map((meter) => ({ ...meter, price: exact(meter.price) })),
  }
}

/** The terms of a subscription: the chosen option, with the partner's markup on every price. */
export function termsOf(pricing: Pricing, wanted: Term | undefined, markup: string): Terms | undefined {
  const option = wanted ? pricing.options.find(({ term }) => sameTerm(term, wanted)) : pricing.options[0]
  if (!option && pricing.options.length > 0) return undefined
  const chosen = option ?? {
    term: { type: 'month', value: 1 },
    payment: { type: 'month', value: 1 },
    price: '0',
  }
  const raised = scaled({ ...pricing, options: [chosen] }, decimal('100') + decimal(markup))
  const paid = raised.options[0] ?? chosen
  return {
    mode: pricing.mode,
    term: chosen.term,
    payment: chosen.payment,
    price: paid.price,
    wholesale: chosen.price,
    schedule: paid.schedule?.map((part, index) => ({
      ...part,
      wholesale: chosen.schedule?.[index]?.amount ?? part.amount,
    })),
    meters: raised.meters.map((meter, index) => ({
      ...meter,
      wholesale: pricing.meters[index]?.price ?? meter.price,
    })),
    included: pricing.included,
  }
}

/** A price times a whole number of seats or an exact quantity. */
export function times(price: string, quantity: string): Decimal {
  return multiply(decimal(price), decimal(quantity))
}
