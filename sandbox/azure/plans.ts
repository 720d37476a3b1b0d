import type { JsonObject, Subscription } from './model.ts'
import { listPricing, livePlans, type Pricing, sameTerm, termUnit } from './prices.ts'
import { externalId, guidOf, resourceDocument, text, type World } from './world.ts'

// What listAvailablePlans shows: every plan of the offer this customer may change to.

const unitNames = { day: 'Day', week: 'Week', month: 'Month', year: 'Year' }

function described(id: string, document: JsonObject, listing: JsonObject | undefined, pricing: Pricing) {
  return {
    planId: id,
    displayName: text(listing?.name) || id,
    isPrivate: text(document.audience) === 'private',
    description: text(listing?.description) || text(listing?.summary),
    hasFreeTrials: false,
    isPricePerSeat: pricing.mode === 'perUser',
    isStopSell: false,
    market: 'US',
    planComponents: {
      recurrentBillingTerms: pricing.options.map((option) => ({
        currency: 'USD',
        price: Number(option.price),
        termUnit: termUnit(option.term),
        termDescription: `${option.term.value} ${unitNames[option.term.type]} Subscription`,
        // The units are text in the real service's answers.
        meteredQuantityIncluded: pricing.included
          .filter(({ term, quantity }) => quantity !== 'infinite' && sameTerm(term, option.term))
          .map(({ dimension, quantity }) => ({ dimensionId: dimension, units: quantity })),
      })),
      meteringDimensions: pricing.meters.map((meter) => ({
        id: meter.id,
        currency: 'USD',
        pricePerUnit: Number(meter.price),
        unitOfMeasure: meter.unit,
        displayName: meter.name,
      })),
    },
  }
}

/** With the bought plan's id the private offer it came from is named: the only join between the two. */
export function availablePlans(
  world: World,
  subscription: Subscription,
  wanted: string | undefined,
): object[] {
  const { product, plan_id } = subscription
  const listed = livePlans(world, product).flatMap(({ plan, document }) => {
    const listing = world.resources
      .all()
      .find((item) => item.type === 'plan-listing' && guidOf(item.id, 2) === plan)?.live
    const price = resourceDocument(world, `price-and-availability-plan/${product}/${plan}`, 'live')
    const pricing = listPricing(world, product, plan)
    return pricing ? [described(externalId(document), price ?? {}, listing, pricing)] : []
  })
  const bought = listed.find((plan) => plan.planId === plan_id)
  const all =
    bought || subscription.private_offer === undefined ? listed : [...listed, madeForOffer(subscription)]
  return all
    .filter((plan) => wanted === undefined || plan.planId === wanted)
    .map((plan) =>
      wanted !== undefined && plan.planId === plan_id && subscription.private_offer
        ? { ...plan, sourceOffers: [{ externalId: guidOf(subscription.private_offer) }] }
        : plan,
    )
}

/** A plan that exists only in a private offer is described by what the customer bought. */
function madeForOffer(subscription: Subscription) {
  const { terms, plan_id } = subscription
  const option = { term: terms.term, payment: terms.payment, price: terms.price }
  const pricing = { mode: terms.mode, options: [option], meters: terms.meters, included: terms.included }
  return described(plan_id, { audience: 'private' }, undefined, pricing)
}
