import { minute } from '../time.ts'
import { amendmentTarget } from './amendments.ts'
import { GcpError, invalid, invalidField, notFound } from './errors.ts'
import type { JsonObject, PrivateOffer, Provider } from './model.ts'
import { findStandardOffer, privateOfferName } from './names.ts'
import { checkLengths, checkPublishable } from './offer-rules.ts'
import { offerShape } from './offer-shape.ts'
import { instantOf, objectOf, productOf, textOf } from './offer-values.ts'
import { offerJson } from './offer-view.ts'
import { paged } from './paging.ts'
import type { ProducerCall } from './producer.ts'
import { maskPaths, merge, read, violations } from './shape.ts'
import { timeFilter } from './time-filter.ts'
import { providerOf, type World } from './world.ts'

export function ownOffer(world: World, provider: Provider, id: string): PrivateOffer {
  const found = world.offers.get(id)
  if (found?.provider === provider.account_id) return found
  throw notFound(privateOfferName(provider, id))
}

/** What a reseller made from its plan can be looked at, no more. */
export function writableOffer(world: World, provider: Provider, id: string): PrivateOffer {
  const offer = ownOffer(world, provider, id)
  if (offer.reseller !== undefined) {
    const message = 'Offers made by a reseller are read-only for the vendor.'
    throw new GcpError('PERMISSION_DENIED', message, 'RESELLER_OFFER')
  }
  return offer
}

export function wrongOfferState(offer: PrivateOffer, wanted: string): GcpError {
  const message = `The private offer is ${offer.state}; this needs ${wanted}.`
  return new GcpError('FAILED_PRECONDITION', message, 'INVALID_OFFER_STATE')
}

function shown(world: World, call: ProducerCall, offer: PrivateOffer): JsonObject {
  return offerJson(world, call.provider, offer, true, call.numbers)
}

function checkedContent(content: JsonObject): JsonObject {
  const { check, found } = violations()
  checkLengths(content, check)
  if (found.length > 0) throw invalid(found)
  return content
}

export function newOffer(world: World, provider: Provider, content: JsonObject): PrivateOffer {
  const now = world.clock.now()
  const id = world.random.uuid()
  return world.offers.put(id, {
    id,
    provider: provider.account_id,
    state: 'DRAFT',
    created_at: now,
    updated_at: now,
    content: checkedContent(content),
    documents: [],
  })
}

export function createOffer(world: World, call: ProducerCall): JsonObject {
  return shown(world, call, newOffer(world, call.provider, objectOf(read(offerShape, call.body))))
}

export function getOffer(world: World, call: ProducerCall): JsonObject {
  const view = call.query.get('view') ?? ''
  const full = view === '2' || view === 'PRIVATE_OFFER_VIEW_FULL'
  return offerJson(world, call.provider, ownOffer(world, call.provider, call.id), full, call.numbers)
}

export function listOffers(world: World, call: ProducerCall): JsonObject {
  const test = timeFilter(call.query.get('filter') ?? '', ['update_time'])
  const order = call.query.get('orderBy') ?? call.query.get('order_by') ?? ''
  const direction = / desc$/.test(order) ? -1 : 1
  if (!/^(|update_time( desc| asc)?)$/.test(order))
    throw invalidField('order_by', 'only update_time is known')
  const all = world.offers
    .all()
    .filter((offer) => offer.provider === call.provider.account_id)
    .filter((offer) => test({ update_time: offer.updated_at }))
    .sort((left, right) => direction * (left.updated_at - right.updated_at))
  const { items, next } = paged(all, call.query, 500, 500)
  return {
    privateOffers: items.map((offer) => offerJson(world, call.provider, offer, false, call.numbers)),
    ...next,
  }
}

export function patchOffer(world: World, call: ProducerCall): JsonObject {
  const offer = writableOffer(world, call.provider, call.id)
  const sent = objectOf(read(offerShape, call.body))
  const paths = maskPaths(call.query.get('updateMask') ?? call.query.get('update_mask') ?? '', sent)
  const deadlineOnly = paths.every(([first]) => first === 'acceptDeadlineTime')
  if (offer.state !== 'DRAFT' && !(offer.state === 'PUBLISHED' && deadlineOnly)) {
    throw wrongOfferState(offer, 'DRAFT, or PUBLISHED to extend accept_deadline_time')
  }
  const content = checkedContent(merge(offer.content, sent, paths, offerShape))
  if (offer.state === 'PUBLISHED') checkExtension(offer, content)
  const changed = world.offers.put(offer.id, { ...offer, content, updated_at: world.clock.now() })
  if (changed.state === 'PUBLISHED') planExpiry(world, changed)
  return shown(world, call, changed)
}

function checkExtension(offer: PrivateOffer, content: JsonObject): void {
  const before = instantOf(offer.content.acceptDeadlineTime) ?? 0
  const after = instantOf(content.acceptDeadlineTime) ?? 0
  if (after < before) throw invalidField('accept_deadline_time', 'can only be extended')
}

function planExpiry(world: World, offer: PrivateOffer): void {
  const deadline = instantOf(offer.content.acceptDeadlineTime)
  if (deadline !== undefined) {
    world.schedule.plan(`gcp/expire/${offer.id}`, deadline, 'gcp_offer_expiry', offer.id)
  }
}

export function publishOffer(world: World, call: ProducerCall): JsonObject {
  const offer = writableOffer(world, call.provider, call.id)
  if (offer.state !== 'DRAFT') throw wrongOfferState(offer, 'DRAFT')
  checkPublishable(world, call.provider, offer)
  const only = call.body.validateOnly ?? call.body.validate_only
  return shown(world, call, only === true ? offer : publish(world, offer))
}

/** Publishing is done at once, or after Google's review where the product is reviewed. */
export function publish(world: World, offer: PrivateOffer): PrivateOffer {
  const now = world.clock.now()
  const base = findStandardOffer(world, textOf(productOf(offer).baseStandardOffer))
  const reviewed = base?.listing.review_minutes ?? 0
  const service_level = base?.plan.plan
  if (reviewed === 0) return published(world, { ...offer, service_level })
  const publish_at = now + reviewed * minute
  world.schedule.plan(`gcp/publish/${offer.id}`, publish_at, 'gcp_offer_publish', offer.id)
  return world.offers.put(offer.id, {
    ...offer,
    service_level,
    state: 'PUBLISHING',
    publish_at,
    updated_at: now,
  })
}

function published(world: World, offer: PrivateOffer): PrivateOffer {
  const now = world.clock.now()
  const changed: PrivateOffer = { ...offer, state: 'PUBLISHED', published_at: now, updated_at: now }
  planExpiry(world, changed)
  return world.offers.put(offer.id, changed)
}

export function reviewDone(world: World, id: string): void {
  const offer = world.offers.get(id)
  if (offer?.state === 'PUBLISHING') published(world, { ...offer, reviewed_at: world.clock.now() })
}

export function offerExpired(world: World, id: string): void {
  const offer = world.offers.get(id)
  if (offer?.state !== 'PUBLISHED') return
  world.offers.put(id, { ...offer, state: 'EXPIRED', updated_at: world.clock.now() })
}

export function cancelOffer(world: World, call: ProducerCall): JsonObject {
  const offer = writableOffer(world, call.provider, call.id)
  if (offer.state !== 'PUBLISHED' && offer.state !== 'PUBLISHING') {
    throw wrongOfferState(offer, 'PUBLISHING or PUBLISHED')
  }
  const now = world.clock.now()
  for (const task of ['expire', 'publish']) world.schedule.cancel(`gcp/${task}/${offer.id}`)
  const note = textOf(call.body.cancellationNote ?? call.body.cancellation_note)
  const parts = { state: 'CANCELLED' as const, cancelled_at: now, updated_at: now }
  const noted = note === '' ? {} : { cancellation_note: note }
  return shown(world, call, world.offers.put(offer.id, { ...offer, ...parts, ...noted }))
}

export function deleteOffer(world: World, call: ProducerCall): JsonObject {
  const offer = writableOffer(world, call.provider, call.id)
  if (offer.state !== 'DRAFT') throw wrongOfferState(offer, 'DRAFT')
  if (offer.documents.length > 0 && call.query.get('force') !== 'true') {
    throw new GcpError('FAILED_PRECONDITION', 'The offer has documents; use force.', 'HAS_CHILDREN')
  }
  world.offers.remove(offer.id)
  return {}
}

export function resolveTarget(world: World, call: ProducerCall): JsonObject {
  const account = call.query.get('targetBillingAccount') ?? call.query.get('target_billing_account') ?? ''
  const name = call.query.get('baseStandardOffer') ?? call.query.get('base_standard_offer') ?? ''
  const base = findStandardOffer(world, name)
  if (!base || base.listing.provider !== call.provider.account_id) throw notFound(name)
  if (!account.startsWith('billingAccounts/')) throw invalidField('target_billing_account', 'is required')
  const provider = providerOf(world, call.provider.account_id) ?? call.provider
  const target = amendmentTarget(world, provider, account.slice('billingAccounts/'.length), base)
  if (target.required_private) return { requiredPrivateOffer: target.required_private }
  if (target.required_standard) return { requiredStandardOffer: target.required_standard }
  return target.optional ? { optionalOffers: { privateOffers: target.optional } } : {}
}
