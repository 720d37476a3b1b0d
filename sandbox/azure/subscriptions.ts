import { addDuration, day, endOfDate, hour, startOfDay } from '../time.ts'
import { planCharges, stopCharges } from './billing.ts'
import type { Operation, PrivateOffer, Subscription, Term } from './model.ts'
import { announce, fail, isPending, operationsOf } from './operations.ts'
import { listPricing, offerPricing, planByExternalId, pricingItem, termsOf, termUnit } from './prices.ts'
import { payOverdue } from './settlement.ts'
import { emitWebhook } from './webhooks.ts'
import { externalId, guidOf, list, resourceDocument, text, type World } from './world.ts'

/** An activation that does not come within this time ends the subscription; a suspension likewise. */
const grace = 30 * day
export const landingTokenLife = 24 * hour

export type Choice = {
  customer: string
  product: string
  plan_id: string
  term?: Term | undefined
  quantity?: number | undefined
  offer?: PrivateOffer | undefined
}

/** The terms a customer would buy at, or undefined when there is no such plan or term. */
export function quote(world: World, { product, plan_id, term, offer }: Choice) {
  const plan = planByExternalId(world, product, plan_id)
  const index = offer ? pricingItem(offer, product, plan_id, plan?.plan) : -1
  if (offer && index >= 0) {
    const pricing = offerPricing(world, offer, index, plan?.plan ?? '')
    return pricing && termsOf(pricing, term, offer.markups[index] ?? '0')
  }
  const pricing = plan && listPricing(world, product, plan.plan)
  return pricing && termsOf(pricing, term, '0')
}

/** The plan ids a private offer sells, in the order of its pricing. */
export function plansOf(world: World, offer: PrivateOffer): { product: string; plan_id: string }[] {
  return list(offer.document.pricing).flatMap((item, index) => {
    const product = guidOf(text(item.product))
    const made = offer.new_plans[index]
    if (made) return [{ product, plan_id: made }]
    const plan = externalId(resourceDocument(world, text(item.plan), 'live'))
    return plan ? [{ product, plan_id: plan }] : []
  })
}

/** The customer buys: the publisher must activate within thirty days. */
export function purchase(
  world: World,
  choice: Choice,
  terms: Subscription['terms'],
  name: string,
): Subscription {
  const id = world.random.uuid()
  const product = resourceDocument(world, `product/${choice.product}`, 'live')
  const owner = world.resources.get(`product/${choice.product}`)?.owner ?? ''
  const subscription = world.subscriptions.put(id, {
    id,
    name,
    publisher: owner,
    partner: choice.offer?.partner,
    customer: choice.customer,
    product: choice.product,
    offer_id: externalId(product),
    plan_id: choice.plan_id,
    private_offer: choice.offer?.id,
    offer_end: text(choice.offer?.document.end) || undefined,
    quantity: choice.quantity,
    status: 'PendingFulfillmentStart',
    terms,
    auto_renew: terms.schedule === undefined,
    pays: true,
    is_test: false,
    purchased_at: world.clock.now(),
  })
  world.schedule.plan(`azure/activation/${id}`, world.clock.now() + grace, 'azure_activation_end', id)
  return subscription
}

export function activate(world: World, subscription: Subscription): void {
  const now = world.clock.now()
  world.schedule.cancel(`azure/activation/${subscription.id}`)
  const started = startTerm(
    world,
    { ...subscription, status: 'Subscribed', activated_at: now },
    startOfDay(now),
  )
  planCharges(world, started)
}

function startTerm(world: World, subscription: Subscription, start: number): Subscription {
  const end = addDuration(start, termUnit(subscription.terms.term)) ?? start
  const started = world.subscriptions.put(subscription.id, {
    ...subscription,
    term_start: start,
    term_end: end,
  })
  world.schedule.plan(`azure/renewal/${subscription.id}`, end, 'azure_renewal', subscription.id)
  return started
}

/** The term is over: a new one starts the next day, at the list price when the private offer ended before. */
export function renew(world: World, id: string): void {
  const subscription = world.subscriptions.get(id)
  if (!subscription || subscription.status === 'Unsubscribed' || subscription.term_end === undefined) return
  if (!subscription.auto_renew || subscription.status === 'Suspended') {
    unsubscribe(world, subscription)
    return
  }
  const ended =
    subscription.offer_end !== undefined && endOfDate(subscription.offer_end) < subscription.term_end
  const listed = ended ? quote(world, { ...subscription, term: subscription.terms.term }) : undefined
  const next = listed
    ? { ...subscription, terms: listed, partner: undefined, private_offer: undefined, offer_end: undefined }
    : subscription
  const renewed = startTerm(world, next, subscription.term_end)
  announce(world, renewed, 'Renew')
  planCharges(world, renewed)
}

/** The customer stopped paying: thirty days of grace. */
export function suspend(world: World, subscription: Subscription): void {
  const now = world.clock.now()
  const suspended = world.subscriptions.put(subscription.id, {
    ...subscription,
    status: 'Suspended',
    suspended_at: now,
    pays: false,
  })
  world.schedule.plan(
    `azure/suspension/${subscription.id}`,
    now + grace,
    'azure_suspension_end',
    subscription.id,
  )
  announce(world, suspended, 'Suspend')
}

export function endUnactivated(world: World, id: string): void {
  const subscription = world.subscriptions.get(id)
  if (subscription?.status === 'PendingFulfillmentStart') unsubscribe(world, subscription)
}

export function endSuspended(world: World, id: string): void {
  const subscription = world.subscriptions.get(id)
  if (subscription?.status === 'Suspended') unsubscribe(world, subscription)
}

/** Ends a subscription for good and tells the publisher. `cause` is the publisher's own operation. */
export function unsubscribe(world: World, subscription: Subscription, cause?: Operation): void {
  const ended = world.subscriptions.put(subscription.id, {
    ...subscription,
    status: 'Unsubscribed',
    ended_at: world.clock.now(),
  })
  for (const name of ['activation', 'renewal', 'suspension']) {
    world.schedule.cancel(`azure/${name}/${subscription.id}`)
  }
  stopCharges(world, ended)
  for (const operation of operationsOf(world, subscription.id).filter(isPending)) {
    if (operation.id !== cause?.id) fail(world, operation, 'Unsubscribed', 'The subscription has ended.')
  }
  if (cause) emitWebhook(world, cause, ended, 0)
  else announce(world, ended, 'Unsubscribe')
}

/** What an operation that succeeded does to its subscription. Prices of a change count from the next payment on. */
export function applyChange(world: World, operation: Operation): void {
  const subscription = world.subscriptions.get(operation.subscription_id)
  if (!subscription || subscription.status === 'Unsubscribed') return
  if (operation.action === 'Unsubscribe') unsubscribe(world, subscription, operation)
  if (operation.action === 'ChangeQuantity') {
    world.subscriptions.put(subscription.id, { ...subscription, quantity: operation.quantity })
  }
  if (operation.action === 'ChangePlan') {
    const choice = { ...subscription, plan_id: operation.plan_id }
    const terms =
      quote(world, { ...choice, term: subscription.terms.term }) ??
      quote(world, { ...choice, term: undefined })
    if (!terms) return
    world.subscriptions.put(subscription.id, {
      ...subscription,
      plan_id: operation.plan_id,
      terms,
      partner: undefined,
      private_offer: undefined,
      offer_end: undefined,
    })
  }
  if (operation.action === 'Reinstate') {
    world.schedule.cancel(`azure/suspension/${subscription.id}`)
    world.subscriptions.put(subscription.id, {
      ...subscription,
      status: 'Subscribed',
      suspended_at: undefined,
      pays: true,
    })
    payOverdue(world, subscription.customer)
  }
}
