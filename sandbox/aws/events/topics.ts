import { hour } from '../../time.ts'
import type { Agreement } from '../model.ts'
import { isPrivate } from '../selling/offer-rules.ts'
import { termOf } from '../selling/pricing-rules.ts'
import { offer as findOffer, product as findProduct, type World } from '../world.ts'
import { emitNotification } from './events.ts'

// The SNS topics of a product that were there before EventBridge. Source: the seller guide's page on SNS, 2023.

/** The account of AWS Marketplace that owns the topics. */
const awsAccount = '287250355862'
export const topicKinds = ['subscription', 'entitlement'] as const
export type TopicKind = (typeof topicKinds)[number]

export function productTopic(kind: TopicKind, code: string): string {
  return `arn:aws:sns:us-east-1:${awsAccount}:aws-mp-${kind}-notification-${code}`
}

/** How long final records may still be sent after the buyer has left. */
const lastHour = hour

function tell(world: World, agreement: Agreement, kind: TopicKind, action: string, delay: number): void {
  const product = findProduct(world, agreement.product_id)
  if (!product) return
  const topic = productTopic(kind, product.product_code)
  // Nobody subscribed to the topic of this product: nothing is kept for nobody.
  if (!world.destinations.get(topic)) return
  const offer = findOffer(world, agreement.offer_id)
  const message = {
    action,
    'customer-identifier': world.accounts.get(agreement.acceptor)?.encrypted_account_id ?? '',
    'product-code': product.product_code,
    ...(kind === 'subscription' && offer && isPrivate(offer) ? { 'offer-identifier': offer.id } : {}),
    ...(kind === 'subscription'
      ? { isFreeTrialTermPresent: String(termOf(agreement.terms, 'FreeTrialPricingTerm') !== undefined) }
      : {}),
  }
  emitNotification(world, { account: product.owner, topic, name: action, message, delay })
}

/** The moment in which the licence is told by EventBridge too. */
const settled = 71_000

const hasContract = (agreement: Agreement) =>
  termOf(agreement.terms, 'FixedUpfrontPricingTerm') !== undefined || agreement.configuration !== undefined

/** What the buyer may use changed. */
export function tellEntitled(world: World, agreement: Agreement): void {
  tell(world, agreement, 'entitlement', 'entitlement-updated', settled)
}

export function tellSubscribed(world: World, agreement: Agreement): void {
  if (hasContract(agreement)) tellEntitled(world, agreement)
  if (agreement.intent === 'RENEW') return
  tell(world, agreement, 'subscription', 'subscribe-success', settled)
}

/** Pending at once, done after the hour for the last records; a buyer who comes back before that is not told as gone. */
export function tellUnsubscribed(world: World, agreement: Agreement): void {
  if (hasContract(agreement)) tell(world, agreement, 'entitlement', 'entitlement-updated', 0)
  if (agreement.status === 'RENEWED' || agreement.status === 'REPLACED') return
  if (agreement.status === 'TERMINATED') {
    tell(world, agreement, 'subscription', 'subscribe-fail', 0)
    return
  }
  tell(world, agreement, 'subscription', 'unsubscribe-pending', 0)
  const at = world.clock.now() + lastHour
  world.schedule.plan(`unsubscribed/${agreement.id}`, at, 'unsubscribed', agreement.id)
}

export function finishUnsubscribing(world: World, id: string): void {
  const agreement = world.agreements.get(id)
  if (!agreement) return
  const back = world.agreements
    .all()
    .some(
      (other) =>
        other.acceptor === agreement.acceptor &&
        other.product_id === agreement.product_id &&
        other.status === 'ACTIVE',
    )
  if (!back) tell(world, agreement, 'subscription', 'unsubscribe-success', 0)
}
