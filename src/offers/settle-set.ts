// When a set is released, and when it waits for a person.
import { enqueue } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { findOffer, findSetOffers, type Offer } from './store.ts'
import { findSetLocked, type OfferSet, updateSet } from './store-sets.ts'

export type StoredRelease = { offer_set_id: string; offer_ids: string[] }

/** It is there for the buyer, or was taken already. */
export const isReady = ({ state }: Offer) => state === 'live' || state === 'accepted'

/** After an offer was made or refused: its set is released once all are live, and waits for a person if one is not. */
export async function settleSet(scope: Scope, offer_id: string): Promise<void> {
  const { offer_set_id } = await findOffer(scope, offer_id)
  if (offer_set_id === null) return
  const set = await findSetLocked(scope, offer_set_id)
  if (set.state !== 'publishing') return
  const offers = await findSetOffers(scope, set.id)
  if (offers.some(({ state }) => state === 'publishing')) return
  const missing = offers.filter((offer) => !isReady(offer))
  if (missing.length === 0) return askForRelease(scope, set, offers)
  await updateSet(scope, set.id, { state: 'incomplete' })
  const names = missing.map(({ name }) => `"${name}"`).join(', ')
  const sentence = `The set is not released: ${names} cannot be accepted. Add an offer in its place, or release the set without it.`
  await timeline.record(scope, { subject_id: set.id, kind: 'incomplete', sentence })
}

/** The set with these offers, as the buyer will see it. */
export async function askForRelease(scope: Scope, set: OfferSet, offers: readonly Offer[]): Promise<void> {
  const request: StoredRelease = {
    offer_set_id: set.cloud_offer_set_id ?? '',
    offer_ids: offers.flatMap(({ cloud_offer_id }) => cloud_offer_id ?? []),
  }
  await enqueue(scope, {
    connection_id: set.connection_id,
    kind: 'offer_set.release',
    subject_id: set.id,
    key: `offer-set-release-${scope.id('operation')}`,
    request,
  })
  await updateSet(scope, set.id, { state: 'publishing', problems: [] })
  const sentence = `Asked the cloud to release the set with its ${offers.length} offers.`
  await timeline.record(scope, { subject_id: set.id, kind: 'asked', sentence })
}
