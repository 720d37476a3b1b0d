import { Refusal } from '../problem.ts'
import { activeOrders, amendedOrder } from './amendments.ts'
import { approve, approvePlanChange, change } from './entitlements.ts'
import { entitlementEvent } from './events.ts'
import type { Customer, Entitlement, Listing, PrivateOffer, ProcurementAccount, Purchase } from './model.ts'
import { findStandardOffer } from './names.ts'
import { productOf, targetOf, textOf } from './offer-values.ts'
import type { World } from './world.ts'

/** The account of a customer at a provider: made with its first order, and still to be approved. */
function accountOf(world: World, provider: string, customer: Customer): ProcurementAccount {
  const known = world.procurement
    .all()
    .find((account) => account.provider === provider && account.billing_account === customer.account_id)
  if (known) return known
  const now = world.clock.now()
  const id = world.random.uuid()
  return world.procurement.put(id, {
    id,
    provider,
    billing_account: customer.account_id,
    approvals: [{ name: 'signup', state: 'PENDING', reason: '', at: now }],
    created_at: now,
    updated_at: now,
  })
}

function acceptable(world: World, customer: Customer, id: string): PrivateOffer {
  const offer = world.offers.get(id.split('/').at(-1) ?? '')
  if (!offer) throw new Refusal(404, 'offer', 'names a private offer', `There is no private offer ${id}.`)
  const no = (rule: string, fix: string) => new Refusal(409, 'offer', rule, fix)
  if (offer.state !== 'PUBLISHED') throw no('the offer is published', `The offer is ${offer.state}.`)
  if (targetOf(offer) !== customer.account_id) {
    throw no('the offer is meant for the buyer', `Accept as ${targetOf(offer)}.`)
  }
  return offer
}

/** A billing administrator accepts a private offer in the console. */
export function acceptPrivateOffer(world: World, customer: Customer, id: string): Entitlement {
  const offer = acceptable(world, customer, id)
  const base = findStandardOffer(world, textOf(productOf(offer).baseStandardOffer))
  if (!base) throw new Refusal(409, 'offer', 'has a base offer', 'The base standard offer is gone.')
  const { listing } = base
  const order = amendedOrder(world, offer, listing.service_name)
  const amends = productOf(offer).amendedPrivateOffer ?? productOf(offer).amendedStandardOffer
  if (amends !== undefined && !order) {
    throw new Refusal(409, 'offer', 'amends a running order', 'The order it amends is gone.')
  }
  if (!order) refuseSecond(world, listing, customer)
  if (order) refuseBusy(order)
  const now = world.clock.now()
  world.schedule.cancel(`gcp/expire/${offer.id}`)
  world.offers.put(offer.id, { ...offer, state: 'ACCEPTED', accepted_at: now, updated_at: now })
  const purchase: Purchase = { plan: base.plan.plan, months: base.months, private_offer: offer.id }
  return order
    ? requestChange(world, listing, order, purchase)
    : placeOrder(world, listing, customer, purchase)
}

/** A customer buys a plan at its list price. */
export function buyPlan(world: World, customer: Customer, listing: Listing, purchase: Purchase): Entitlement {
  refuseSecond(world, listing, customer)
  return placeOrder(world, listing, customer, purchase)
}

function refuseSecond(world: World, listing: Listing, customer: Customer): void {
  const orders = activeOrders(world, customer.account_id, listing.service_name)
  if (orders.length > 0 && !listing.multiple_orders) {
    const fix = 'Amend the running order, change its plan, or turn multiple_orders on.'
    throw new Refusal(409, 'offer', 'the buyer has no order of this product', fix)
  }
}

/** No change is possible before an order is active, or while another change waits. */
function refuseBusy(order: Entitlement): void {
  if (order.state === 'ENTITLEMENT_ACTIVE') return
  throw new Refusal(409, 'entitlement_id', 'the order is active', `The order is ${order.state}.`)
}

function placeOrder(world: World, listing: Listing, customer: Customer, purchase: Purchase): Entitlement {
  const now = world.clock.now()
  const account = accountOf(world, listing.provider, customer)
  const id = world.random.uuid()
  const plan = listing.plans.find((candidate) => candidate.plan === purchase.plan)
  const reporting = plan?.usage ? `project_number:${world.random.text(12, '123456789')}` : ''
  const entitlement = world.entitlements.put(id, {
    id,
    provider: listing.provider,
    account: account.id,
    billing_account: customer.account_id,
    service_name: listing.service_name,
    state: 'ENTITLEMENT_ACTIVATION_REQUESTED',
    approved: false,
    purchase,
    created_at: now,
    updated_at: now,
    cancellation_reason: '',
    message_to_user: '',
    usage_reporting_id: reporting,
    benefit_id: world.random.uuid(),
    auto_renew: true,
    renewals: 0,
    turn: 0,
    credit: '0.00',
  })
  if (reporting !== '') world.consumers.put(reporting, id)
  const automatic = listing.automatic_offer_approval
  entitlementEvent(
    world,
    entitlement,
    automatic ? 'ENTITLEMENT_OFFER_ACCEPTED' : 'ENTITLEMENT_CREATION_REQUESTED',
  )
  const known = account.approvals.some((approval) => approval.state === 'APPROVED')
  if (automatic && known) approve(world, entitlement, account)
  return world.entitlements.get(id) ?? entitlement
}

export function requestChange(
  world: World,
  listing: Listing,
  order: Entitlement,
  purchase: Purchase,
): Entitlement {
  refuseBusy(order)
  const requested = change(world, order, {
    state: 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL',
    pending: purchase,
  })
  if (listing.automatic_offer_approval) {
    entitlementEvent(world, requested, 'ENTITLEMENT_OFFER_ACCEPTED')
    approvePlanChange(world, requested)
  } else entitlementEvent(world, requested, 'ENTITLEMENT_PLAN_CHANGE_REQUESTED')
  return world.entitlements.get(order.id) ?? requested
}
