import { minute } from '../time.ts'
import { planCharges, stopCharges } from './billing.ts'
import { GcpError } from './errors.ts'
import { entitlementEvent } from './events.ts'
import type { Entitlement, EntitlementState, PrivateOffer, ProcurementAccount, Purchase } from './model.ts'
import { instantOf, termOf } from './offer-values.ts'
import type { World } from './world.ts'
import { addZonedMonths } from './zone.ts'

// The life of an order. Whatever happens to it is written here, with its event.

export function change(world: World, entitlement: Entitlement, parts: Partial<Entitlement>): Entitlement {
  const state = parts.state !== undefined && parts.state !== entitlement.state
  return world.entitlements.put(entitlement.id, {
    ...entitlement,
    // The message to the user belongs to one state only.
    ...(state ? { message_to_user: '' } : {}),
    ...parts,
    updated_at: world.clock.now(),
  })
}

export function privateOfferOf(world: World, purchase: Purchase | undefined): PrivateOffer | undefined {
  return purchase?.private_offer === undefined ? undefined : world.offers.get(purchase.private_offer)
}

function isSubscription(world: World, entitlement: Entitlement): boolean {
  const listing = world.listings.get(entitlement.service_name)
  const plan = listing?.plans.find((candidate) => candidate.plan === entitlement.purchase.plan)
  return plan?.monthly_fee !== undefined
}

/** When a purchase wants to start: at once, or on its offer's scheduled day. */
export function wantedStart(world: World, purchase: Purchase): number {
  const term = termOf(privateOfferOf(world, purchase))
  const scheduled =
    term.startPolicy === 'SCHEDULED_START_TIME' ? instantOf(term.scheduledStartTime) : undefined
  return Math.max(scheduled ?? 0, world.clock.now())
}

/** When a term that starts at `start` ends; undefined when it has no end. */
export function termEnd(world: World, purchase: Purchase, start: number): number | undefined {
  const offer = privateOfferOf(world, purchase)
  const term = termOf(offer)
  if (offer && term.endPolicy === 'SCHEDULED_END_TIME') return instantOf(term.scheduledEndTime)
  const months = offer ? Number(term.durationMonths ?? 0) : purchase.months
  return months > 0 ? addZonedMonths(start, months) : undefined
}

/** Approval by the provider, or by Google where offers are approved automatically. */
export function approve(world: World, entitlement: Entitlement, account: ProcurementAccount): void {
  const approved = account.approvals.some((approval) => approval.state === 'APPROVED')
  if (!approved) {
    const message = `The account ${account.id} must be approved before its entitlements.`
    throw new GcpError('FAILED_PRECONDITION', message, 'ACCOUNT_NOT_APPROVED')
  }
  const start = wantedStart(world, entitlement.purchase)
  const now = world.clock.now()
  const end = termEnd(world, entitlement.purchase, start)
  const changed = change(world, entitlement, { approved: true, starts_at: start, offer_ends_at: end })
  if (start > now) world.schedule.plan(`gcp/start/${entitlement.id}`, start, 'gcp_start', entitlement.id)
  else activate(world, changed)
}

export function startDue(world: World, id: string): void {
  const entitlement = world.entitlements.get(id)
  if (entitlement?.state === 'ENTITLEMENT_ACTIVATION_REQUESTED') activate(world, entitlement)
  if (entitlement?.state === 'ENTITLEMENT_PENDING_PLAN_CHANGE') switchOffer(world, entitlement)
}

function activate(world: World, entitlement: Entitlement): void {
  const start = world.clock.now()
  const active = change(world, entitlement, {
    state: 'ENTITLEMENT_ACTIVE',
    starts_at: start,
    offer_ends_at: termEnd(world, entitlement.purchase, start),
  })
  begin(world, active, start)
  entitlementEvent(world, active, 'ENTITLEMENT_ACTIVE')
}

/** A term begins: its end is planned, and its charges. */
function begin(world: World, entitlement: Entitlement, start: number): void {
  const offer = privateOfferOf(world, entitlement.purchase)
  const end = entitlement.offer_ends_at
  if (offer) {
    world.offers.put(offer.id, { ...offer, starts_at: start, term_ends_at: end, updated_at: start })
  }
  const task = `gcp/term/${entitlement.id}`
  if (end === undefined) world.schedule.cancel(task)
  else world.schedule.plan(task, end, 'gcp_term_end', entitlement.id)
  planCharges(world, entitlement, start, end)
}

/** A private offer's time is over: by its term, an amendment, or a cancellation. */
function endOffer(world: World, purchase: Purchase): void {
  const offer = privateOfferOf(world, purchase)
  if (offer?.state !== 'ACCEPTED') return
  const now = world.clock.now()
  const { term_ends_at: _end, ...kept } = offer
  world.offers.put(offer.id, { ...kept, state: 'ENDED', ended_at: now, updated_at: now })
}

/** The end of a term: it renews, or the order ends, or a usage order goes on at the list price. */
export function termEnded(world: World, id: string): void {
  const entitlement = world.entitlements.get(id)
  if (!entitlement || entitlement.state === 'ENTITLEMENT_CANCELLED') return
  if (entitlement.state === 'ENTITLEMENT_PENDING_CANCELLATION') {
    cancel(world, entitlement, 'user-cancelled')
    return
  }
  // An amendment that begins when the old term ends takes its place.
  if (entitlement.state === 'ENTITLEMENT_PENDING_PLAN_CHANGE') {
    if ((entitlement.pending_starts_at ?? 0) <= world.clock.now()) switchOffer(world, entitlement)
    return
  }
  const offer = privateOfferOf(world, entitlement.purchase)
  const allowed = offer ? Number(termOf(offer).maxRenewalCount ?? 0) : Number.POSITIVE_INFINITY
  if (entitlement.auto_renew && entitlement.renewals < allowed) {
    renew(world, entitlement)
    return
  }
  endOffer(world, entitlement.purchase)
  stopCharges(world, entitlement)
  const ended = change(world, entitlement, {})
  entitlementEvent(world, ended, 'ENTITLEMENT_OFFER_ENDED')
  if (isSubscription(world, ended)) cancel(world, ended, 'expired')
}

function renew(world: World, entitlement: Entitlement): void {
  const start = world.clock.now()
  const months = renewalMonths(world, entitlement)
  const renewed = change(world, entitlement, {
    renewals: entitlement.renewals + 1,
    offer_ends_at: addZonedMonths(start, months),
  })
  begin(world, renewed, start)
  entitlementEvent(world, renewed, 'ENTITLEMENT_RENEWED')
}

function renewalMonths(world: World, entitlement: Entitlement): number {
  const offer = privateOfferOf(world, entitlement.purchase)
  return Math.max(offer ? Number(termOf(offer).durationMonths ?? 1) : entitlement.purchase.months, 1)
}

/** An order ends for good. */
export function cancel(world: World, entitlement: Entitlement, reason: string): void {
  const now = world.clock.now()
  const { pending, pending_starts_at: _starts, ...kept } = entitlement
  endOffer(world, entitlement.purchase)
  if (pending) endOffer(world, pending)
  stopCharges(world, entitlement)
  for (const task of ['term', 'start']) world.schedule.cancel(`gcp/${task}/${entitlement.id}`)
  const began = entitlement.state !== 'ENTITLEMENT_ACTIVATION_REQUESTED'
  const end = began ? Math.min(entitlement.offer_ends_at ?? now, now) : undefined
  const { offer_ends_at: _end, ...rest } = kept
  const cancelled = world.entitlements.put(entitlement.id, {
    ...rest,
    ...(end === undefined ? {} : { offer_ends_at: end }),
    state: 'ENTITLEMENT_CANCELLED',
    cancellation_reason: reason,
    cancelled_at: now,
    message_to_user: '',
    updated_at: now,
  })
  entitlementEvent(world, cancelled, 'ENTITLEMENT_CANCELLED')
}

/** A buyer asks for the end: at the end of the term where there is one, else after a moment. */
export function requestCancellation(world: World, entitlement: Entitlement, immediately: boolean): void {
  const now = world.clock.now()
  const requested = entitlement.state === 'ENTITLEMENT_ACTIVATION_REQUESTED'
  if (requested) {
    cancel(world, entitlement, 'user-aborted')
    return
  }
  if (immediately || entitlement.offer_ends_at === undefined || entitlement.offer_ends_at <= now) {
    entitlementEvent(world, change(world, entitlement, {}), 'ENTITLEMENT_CANCELLING')
    const current = world.entitlements.get(entitlement.id) ?? entitlement
    cancel(world, current, 'user-cancelled')
    return
  }
  const state: EntitlementState = 'ENTITLEMENT_PENDING_CANCELLATION'
  entitlementEvent(world, change(world, entitlement, { state }), 'ENTITLEMENT_PENDING_CANCELLATION')
}

/** The buyer thinks better of it before the term is over. */
export function revertCancellation(world: World, entitlement: Entitlement): void {
  const reverted = change(world, entitlement, { state: 'ENTITLEMENT_ACTIVE' })
  entitlementEvent(world, reverted, 'ENTITLEMENT_CANCELLATION_REVERTED')
}

/** A plan change is approved: now, or on the day its offer is scheduled for. */
export function approvePlanChange(world: World, entitlement: Entitlement): void {
  const start = wantedStart(world, entitlement.pending ?? entitlement.purchase)
  const state: EntitlementState = 'ENTITLEMENT_PENDING_PLAN_CHANGE'
  const changed = change(world, entitlement, { state, pending_starts_at: start })
  if (start <= world.clock.now() + minute) switchOffer(world, changed)
  else world.schedule.plan(`gcp/start/${entitlement.id}`, start, 'gcp_start', entitlement.id)
}

export function rejectPlanChange(world: World, entitlement: Entitlement): void {
  const { pending, pending_starts_at: _starts, ...kept } = entitlement
  if (pending) endOffer(world, pending)
  world.entitlements.put(entitlement.id, kept)
  const reverted = change(world, kept, { state: 'ENTITLEMENT_ACTIVE' })
  entitlementEvent(world, reverted, 'ENTITLEMENT_PLAN_CHANGE_CANCELLED')
}

function switchOffer(world: World, entitlement: Entitlement): void {
  const { pending, pending_starts_at: _starts, ...kept } = entitlement
  if (!pending) return
  const start = world.clock.now()
  endOffer(world, entitlement.purchase)
  stopCharges(world, entitlement)
  const { offer_ends_at: _end, ...rest } = kept
  const end = termEnd(world, pending, start)
  const parts = { purchase: pending, renewals: 0, turn: entitlement.turn + 1 }
  const active = change(world, rest, {
    ...parts,
    state: 'ENTITLEMENT_ACTIVE',
    ...(end === undefined ? {} : { offer_ends_at: end }),
  })
  begin(world, active, start)
  entitlementEvent(world, active, 'ENTITLEMENT_PLAN_CHANGED')
}
