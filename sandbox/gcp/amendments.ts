import type { Entitlement, PrivateOffer, Provider } from './model.ts'
import {
  findStandardOffer,
  privateOfferName,
  type StandardOfferRef,
  serviceNameOf,
  standardOfferId,
} from './names.ts'
import { priceModelOf, standardIntervalOf } from './offer-prices.ts'
import { amountOf, instantOf, objectOf, productOf, targetOf, termOf, textOf } from './offer-values.ts'
import type { Check } from './shape.ts'
import { providerOf, type World } from './world.ts'

/** The orders of a billing account for a product that run, the newest last. */
export function activeOrders(world: World, billingAccount: string, service: string): Entitlement[] {
  return world.entitlements
    .all()
    .filter((item) => item.billing_account === billingAccount && item.service_name === service)
    .filter((item) => item.state !== 'ENTITLEMENT_CANCELLED')
}

function standardOfferName(provider: Provider, entitlement: Entitlement): string {
  const { plan, months } = entitlement.purchase
  return `${serviceNameOf(provider, entitlement.service_name)}/standardOffers/${standardOfferId(plan, months)}`
}

/** What a new offer to this billing account must, or may, amend. */
export function amendmentTarget(
  world: World,
  provider: Provider,
  billingAccount: string,
  base: StandardOfferRef,
): { required_private?: string; required_standard?: string; optional?: string[] } {
  const orders = activeOrders(world, billingAccount, base.listing.service_name)
  const offers = orders.flatMap((order) => order.purchase.private_offer ?? [])
  if (base.listing.multiple_orders) {
    const optional = offers.map((id) => privateOfferName(provider, id))
    return optional.length > 0 ? { optional } : {}
  }
  const order = orders.at(-1)
  if (!order) return {}
  const { private_offer } = order.purchase
  return private_offer === undefined
    ? { required_standard: standardOfferName(provider, order) }
    : { required_private: privateOfferName(provider, private_offer) }
}

export function amendedOffer(world: World, offer: PrivateOffer): PrivateOffer | undefined {
  const id = textOf(productOf(offer).amendedPrivateOffer).split('/').at(-1) ?? ''
  return world.offers.get(id)
}

/** The order that an amendment is accepted into. */
export function amendedOrder(world: World, offer: PrivateOffer, service: string): Entitlement | undefined {
  const product = productOf(offer)
  const orders = activeOrders(world, targetOf(offer), service)
  if (product.amendedPrivateOffer !== undefined) {
    const id = amendedOffer(world, offer)?.id
    return orders.find((order) => order.purchase.private_offer === id)
  }
  if (product.amendedStandardOffer === undefined) return undefined
  return orders.find((order) => order.purchase.private_offer === undefined)
}

export function checkAmendment(
  world: World,
  offer: PrivateOffer,
  base: StandardOfferRef,
  check: Check,
): void {
  const product = productOf(offer)
  const provider = providerOf(world, offer.provider)
  const field = 'single_product_offer'
  const amends = product.amendedPrivateOffer ?? product.amendedStandardOffer
  if (!provider) return
  if (amends === undefined) {
    const { required_private, required_standard } = amendmentTarget(world, provider, targetOf(offer), base)
    const wanted = required_private ?? required_standard
    const place = required_private ? 'amended_private_offer' : 'amended_standard_offer'
    check(`${field}.${place}`, wanted !== undefined, `the customer has an order: amend ${wanted}`)
    return
  }
  if (product.amendedStandardOffer !== undefined) {
    const amended = findStandardOffer(world, textOf(amends))
    const place = `${field}.amended_standard_offer`
    check(place, amended?.listing !== base.listing, 'must be a standard offer of the same service')
  }
  const order = amendedOrder(world, offer, base.listing.service_name)
  const place = `${field}.${product.amendedPrivateOffer ? 'amended_private_offer' : 'amended_standard_offer'}`
  if (!order) {
    check(place, true, 'is not the offer of an active order of this billing account')
    return
  }
  const amended = amendedOffer(world, offer)
  if (amended && amended.state !== 'ENDED') checkActiveTerm(offer, amended, check)
  const start = instantOf(termOf(offer).scheduledStartTime)
  const late = start !== undefined && order.offer_ends_at !== undefined && start > order.offer_ends_at
  check('term.scheduled_start_time', late, 'must not be after the end of the amended offer')
}

/** Rules that hold while the amended term still runs. */
function checkActiveTerm(offer: PrivateOffer, amended: PrivateOffer, check: Check): void {
  const field = 'single_product_offer'
  const was = priceModelOf(amended)
  const model = priceModelOf(offer)
  const deal = textOf(amended.content.offerDealType)
  const fresh = offer.content.offerDealType === 'NEW' && deal !== 'NEW'
  check('offer_deal_type', fresh, `NEW cannot amend an offer of type ${deal}`)
  check(
    `${field}.price_model`,
    was.flatFee !== undefined && model.flatFee === undefined,
    'only a flat fee can amend a flat fee',
  )
  check(
    `${field}.price_model`,
    was.flatFee === undefined && model.flatFee !== undefined,
    'a flat fee cannot amend an offer without one',
  )
  if (was.commitment !== undefined) {
    const kind = (value: typeof was) => objectOf(value.commitment).discountPercent === undefined
    const less =
      amountOf(objectOf(model.commitment).commitmentAmount) <
      amountOf(objectOf(was.commitment).commitmentAmount)
    check(`${field}.price_model.commitment`, model.commitment === undefined, 'must amend a commitment')
    check(`${field}.price_model.commitment`, kind(was) !== kind(model), 'must be of the same kind')
    check(`${field}.price_model.commitment.commitment_amount`, less, 'must not fall')
  }
  const frequency = standardIntervalOf(offer).split('_')[0] ?? ''
  const before = standardIntervalOf(amended).split('_')[0] ?? ''
  const customBefore = productOf(amended).customIntervalPrice !== undefined
  const custom = productOf(offer).customIntervalPrice !== undefined
  check(`${field}.custom_interval_price`, customBefore && !custom, 'custom instalments stay custom')
  const usageOnly = was.flatFee === undefined && was.commitment === undefined
  const other = !customBefore && !custom && !usageOnly && frequency !== before
  check(`${field}.standard_interval_price.standard_interval`, other, 'must stay the same or become custom')
}
