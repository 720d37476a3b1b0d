import { facet } from '../connections/index.ts'
import { type Ending, failureSentence, type Operation, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { type StoredOffer, toOfferDraft } from './draft.ts'
import { settleSet } from './settle-set.ts'
import { findOfferLocked, updateOffer } from './store.ts'

export const quota = { name: 'catalog', per_second: 4, burst: 4 }

/** How a direct private offer is made at a cloud. */
export const createOfferHandler: OperationHandler = {
  makes: ['offer_id'],
  quota,
  send: async ({ connector, connection }, operation) =>
    facet(connector, 'offers').create(
      connection,
      toOfferDraft(operation.request as StoredOffer),
      operation.key,
    ),
  check: async ({ connector, connection }, _, reference) =>
    facet(connector, 'offers').check(connection, reference),
  ended: async (scope, operation, ending) => {
    await offerEnded(scope, operation, ending)
    await settleSet(scope, operation.subject_id)
  },
}

/** What follows when the cloud has made, or refused, an offer: the vendor's or the reseller's. */
export async function offerEnded(scope: Scope, operation: Operation, ending: Ending): Promise<void> {
  const subject_id = operation.subject_id
  if (ending.state === 'failed') {
    await updateOffer(scope, subject_id, { state: 'failed', problems: ending.problems })
    const sentence = failureSentence('make the offer', ending.problems)
    await timeline.record(scope, { subject_id, kind: 'failed', sentence, cloud_words: ending.problems })
    return
  }
  const { offer_id } = ending.target
  await updateOffer(scope, subject_id, {
    state: 'live',
    ...(offer_id === undefined ? {} : { cloud_offer_id: offer_id }),
  })
  const sentence = `The offer is live as ${offer_id}; the buyer can accept it.`
  await timeline.record(scope, { subject_id, kind: 'live', sentence, cloud_words: ending.target })
}

export type StoredExpiry = { offer_id: string; expires_on: string; withdraw: boolean }

/** How an offer's last day is moved, or the offer withdrawn. */
export const expireOfferHandler: OperationHandler = {
  makes: [],
  quota,
  send: async ({ connector, connection }, operation) => {
    const { offer_id, expires_on } = operation.request as StoredExpiry
    return facet(connector, 'offers').expire(connection, offer_id, expires_on, operation.key)
  },
  check: async ({ connector, connection }, _, reference) =>
    facet(connector, 'offers').check(connection, reference),
  ended: async (scope, operation, ending) => {
    const { expires_on, withdraw } = operation.request as StoredExpiry
    const subject_id = operation.subject_id
    if (ending.state === 'failed') {
      await updateOffer(scope, subject_id, { problems: ending.problems })
      const sentence = failureSentence(
        withdraw ? 'withdraw the offer' : "move the offer's last day",
        ending.problems,
      )
      await timeline.record(scope, {
        subject_id,
        kind: 'expiry_failed',
        sentence,
        cloud_words: ending.problems,
      })
      return
    }
    const offer = await findOfferLocked(scope, subject_id)
    if (withdraw && offer.state === 'accepted') {
      const sentence = 'The buyer accepted before the offer was withdrawn; the agreement stands.'
      await timeline.record(scope, { subject_id, kind: 'withdrawn_too_late', sentence })
      return
    }
    const change = withdraw ? { state: 'withdrawn' as const } : {}
    await updateOffer(scope, subject_id, { expires_on, problems: [], ...change })
    const sentence = withdraw ? 'The offer is withdrawn.' : `The offer can be accepted until ${expires_on}.`
    await timeline.record(scope, { subject_id, kind: withdraw ? 'withdrawn' : 'expiry_moved', sentence })
  },
}
