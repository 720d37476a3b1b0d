// Offer sets as they are asked for: made, added to, released, moved and withdrawn.
import type { Connector } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { enqueue, findUnderWay } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { checkSet, checkTogether } from './check-set.ts'
import { connectorFor, type OfferRequest, type Prepared, prepare } from './create-offer.ts'
import { expireOffer } from './expire-offer.ts'
import type { Finding } from './model.ts'
import { askForOffer, recordOffer, refused } from './record-offer.ts'
import { type StoredSet, setsOf } from './set-handlers.ts'
import { askForRelease, isReady } from './settle-set.ts'
import { findSetOffers, type Offer, updateOffer } from './store.ts'
import { findSetLocked, insertSet, type OfferSet, updateSet } from './store-sets.ts'

export type WantedOffer = Pick<OfferRequest, 'deal_id' | 'name' | 'options'>
export type WantedSet = Pick<OfferSet, 'connection_id' | 'name' | 'buyer_notes' | 'expires_on'> & {
  offers: WantedOffer[]
}
type Parts = Pick<Context, 'connectors'>

/** Writes a set down with its offers. It is made first, then they are, and it is released when all are live. */
export async function createSet(context: Parts, scope: Scope, wanted: WantedSet): Promise<OfferSet> {
  const { connection_id, name, buyer_notes, expires_on } = wanted
  const { rules } = setsOf(await connectorOn(context, scope, connection_id))
  const id = scope.id('offerSet')
  const asked = wanted.offers.map((one) => ({ ...one, connection_id, expires_on, offer_set_id: id }))
  const findings = checkSet(wanted, asked.length, rules)
  const prepared: Prepared[] = []
  // One after the other: a transaction has one connection to the database.
  for (const [index, one] of asked.entries()) {
    const found = await prepare(context, scope, one)
    findings.push(...placed(found.findings, `offers.${index}.`))
    prepared.push(found)
  }
  findings.push(
    ...checkTogether(
      prepared.map(({ stored }) => stored && { ...stored, cloud_product_id: stored.product_id }),
      rules,
    ),
  )
  if (findings.length > 0) throw refused(findings)
  const set = await insertSet(scope, { id, connection_id, name, buyer_notes, expires_on })
  const offers: StoredSet['offers'] = []
  for (const [index, one] of asked.entries()) {
    const stored = prepared[index]?.stored
    if (stored == null) throw refused(findings)
    const { id: marker } = await recordOffer(scope, one, stored)
    const sentence = `Waits for the offer set "${name}", which it is made for.`
    await timeline.record(scope, { subject_id: marker, kind: 'waits', sentence })
    offers.push({ ...stored, marker })
  }
  const request: StoredSet = { name, buyer_notes, offers }
  await enqueue(scope, {
    connection_id,
    kind: 'offer_set.create',
    subject_id: id,
    key: `offer-set-${id}`,
    request,
  })
  const sentence = `Asked the cloud to make the offer set "${name}" for ${offers.length} offers.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return set
}

/** Makes one more offer for a set that is not whole; it takes the place of one of its product that was not made. */
export async function addOffer(
  context: Parts,
  scope: Scope,
  id: string,
  wanted: WantedOffer,
): Promise<OfferSet> {
  const set = await holdIncomplete(scope, id, 'added to')
  const { connection_id, expires_on, cloud_offer_set_id } = set
  const { rules } = setsOf(await connectorOn(context, scope, connection_id))
  const asked = { ...wanted, connection_id, expires_on, offer_set_id: id }
  const { findings, stored } = await prepare(context, scope, asked)
  const offers = await findSetOffers(scope, id)
  const ready = offers.filter(isReady)
  const added = stored && { ...stored, cloud_product_id: stored.product_id }
  findings.push(
    ...checkSet(set, ready.length + 1, { ...rules, offers_min: 0 }),
    ...placed(checkTogether([...ready, added], rules), '', `offers.${ready.length}.`),
  )
  if (findings.length > 0 || stored === null || cloud_offer_set_id === null) throw refused(findings)
  await leaveOut(
    scope,
    offers.filter((one) => !isReady(one) && one.cloud_product_id === stored.product_id),
  )
  const { id: marker, name } = await recordOffer(scope, asked, stored)
  await askForOffer(scope, { ...stored, marker, offer_set_id: cloud_offer_set_id }, connection_id)
  await updateSet(scope, id, { state: 'publishing', problems: [] })
  const sentence = `Asked the cloud to make the offer "${name}" for the set.`
  await timeline.record(scope, { subject_id: id, kind: 'added', sentence })
  return { ...set, state: 'publishing', problems: [] }
}

/** Releases a set that is not whole with the offers that are there; the others are left out of it. */
export async function releaseSet(context: Parts, scope: Scope, id: string): Promise<OfferSet> {
  const set = await holdIncomplete(scope, id, 'released')
  const { rules } = setsOf(await connectorOn(context, scope, set.connection_id))
  const offers = await findSetOffers(scope, id)
  const ready = offers.filter(isReady)
  if (ready.length < rules.offers_min) {
    const detail = `Only ${ready.length} of its offers can be accepted, and a set has at least ${rules.offers_min}. Add an offer, then release it.`
    throw new Refusal('conflict', detail)
  }
  await leaveOut(
    scope,
    offers.filter((one) => !isReady(one)),
  )
  await askForRelease(scope, set, ready)
  return { ...set, state: 'publishing', problems: [] }
}

/** Moves the last day of all its offers that stand; without a day they are withdrawn, and the set with them. */
export async function expireSet(scope: Scope, id: string, expires_on: string | null): Promise<OfferSet> {
  const set = await findSetLocked(scope, id)
  if (set.state === 'publishing' || set.state === 'failed') {
    throw new Refusal('conflict', `Offer set ${id} is ${set.state}: its offers cannot be moved or withdrawn.`)
  }
  const live = (await findSetOffers(scope, id)).filter(({ state }) => state === 'live')
  const moved: Offer[] = []
  for (const offer of live) {
    const earlier = await findUnderWay(scope, offer.id, 'offer.expire')
    if (earlier === undefined) moved.push(await expireOffer(scope, offer.id, expires_on))
  }
  if (moved.length === 0 && (expires_on !== null || set.state === 'withdrawn'))
    throw new Refusal('conflict', `Offer set ${id} has no offer that stands and is not being moved already.`)
  const change = expires_on === null ? { state: 'withdrawn' as const } : { expires_on }
  await updateSet(scope, id, change)
  const sentence =
    expires_on === null
      ? `The set is withdrawn: asked the cloud to withdraw ${moved.length} of its offers.`
      : `Asked the cloud to let ${moved.length} of its offers stand until ${expires_on}.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return { ...set, ...change }
}

async function holdIncomplete(scope: Scope, id: string, what: string): Promise<OfferSet> {
  const set = await findSetLocked(scope, id)
  if (set.state === 'incomplete') return set
  throw new Refusal('conflict', `Offer set ${id} is ${set.state}: only an incomplete one can be ${what}.`)
}

async function leaveOut(scope: Scope, offers: readonly Offer[]): Promise<void> {
  for (const { id } of offers) {
    await updateOffer(scope, id, { offer_set_id: null })
    await timeline.record(scope, { subject_id: id, kind: 'left_out', sentence: 'Left out of its offer set.' })
  }
}

/** Findings about one offer, under its place in the request. */
const placed = (findings: readonly Finding[], prefix: string, instead = '') =>
  findings.map((one) => ({
    ...one,
    field: `${prefix}${one.field.startsWith(instead) ? one.field.slice(instead.length) : one.field}`,
  }))

async function connectorOn(context: Parts, scope: Scope, connection_id: string): Promise<Connector> {
  return connectorFor(context, (await connections.find(scope, connection_id)).cloud)
}
