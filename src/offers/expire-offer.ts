import { invalid, Refusal } from '../core/problem.ts'
import { DAY_MS, dateOf, plus } from '../core/time.ts'
import { enqueue, findUnderWay } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import type { StoredExpiry } from './handlers.ts'
import { findOfferLocked, type Offer, updateOffer } from './store.ts'

/** Moves the last day on which a live offer can be accepted; without a day the offer is withdrawn. */
export async function expireOffer(scope: Scope, id: string, expires_on: string | null): Promise<Offer> {
  const offer = await findOfferLocked(scope, id)
  if (offer.state !== 'live' || offer.cloud_offer_id === null) {
    throw new Refusal(
      'conflict',
      `Offer ${id} is ${offer.state}: only a live offer can be extended or withdrawn.`,
    )
  }
  const earlier = await findUnderWay(scope, id, 'offer.expire')
  if (earlier !== undefined) {
    throw new Refusal(
      'conflict',
      `The last day of offer ${id} is being moved already by ${earlier.id}. Wait until that has ended.`,
    )
  }
  const today = dateOf(scope.now())
  if (expires_on !== null && expires_on < today) {
    throw invalid('expires_on', `${expires_on} is over`, 'Choose a day from today on, or withdraw the offer')
  }
  const withdraw = expires_on === null
  // A cloud withdraws an offer by letting its last day be over.
  const day = expires_on ?? dateOf(plus(scope.now(), -DAY_MS))
  const request: StoredExpiry = { offer_id: offer.cloud_offer_id, expires_on: day, withdraw }
  await enqueue(scope, {
    connection_id: offer.connection_id,
    kind: 'offer.expire',
    subject_id: id,
    key: `offer-expiry-${scope.id('operation')}`,
    request,
  })
  // What was wrong with an earlier try is over.
  if (offer.problems.length > 0) await updateOffer(scope, id, { problems: [] })
  const sentence = withdraw
    ? 'Asked the cloud to withdraw the offer.'
    : `Asked the cloud to let the offer stand until ${day}.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  return { ...offer, problems: [] }
}
