import type { Connector, OfferSets } from '../../connectors/connector.ts'
import { facet } from '../connections/index.ts'
import { invalid } from '../core/problem.ts'
import { failureSentence, type OperationHandler } from '../operations/index.ts'
import * as timeline from '../timeline/index.ts'
import type { StoredOffer } from './draft.ts'
import { quota } from './handlers.ts'
import { askForOffer } from './record-offer.ts'
import type { StoredRelease } from './settle-set.ts'
import { updateOffer } from './store.ts'
import { updateSet } from './store-sets.ts'

/** The set with the offers that are made for it as soon as it is there. */
export type StoredSet = { name: string; buyer_notes: string; offers: StoredOffer[] }

/** How offer sets are made on a cloud; refused where it has none. */
export function setsOf(connector: Connector): OfferSets {
  const { sets } = facet(connector, 'offers')
  if (sets === undefined)
    throw invalid(
      'connection_id',
      `${connector.cloud} has no offer sets`,
      'Choose an account on a cloud that has',
    )
  return sets
}

/** How a set is made at a cloud, and its offers after it. */
export const createSetHandler: OperationHandler = {
  makes: ['offer_set_id'],
  quota,
  send: async ({ connector, connection }, { request, key }) => {
    const { name, buyer_notes } = request as StoredSet
    return setsOf(connector).create(connection, { name, buyer_notes }, key)
  },
  check: async ({ connector, connection }, _, reference) => setsOf(connector).check(connection, reference),
  ended: async (scope, { subject_id, connection_id, request }, ending) => {
    const { offers } = request as StoredSet
    if (ending.state === 'failed') {
      const { problems } = ending
      await updateSet(scope, subject_id, { state: 'failed', problems })
      const sentence = failureSentence('make the offer set', problems)
      await timeline.record(scope, { subject_id, kind: 'failed', sentence, cloud_words: problems })
      for (const { marker } of offers) {
        await updateOffer(scope, marker, { state: 'failed', problems })
        const untold = 'The offer was not asked for: the set that it is for was not made.'
        await timeline.record(scope, { subject_id: marker, kind: 'failed', sentence: untold })
      }
      return
    }
    const offer_set_id = ending.target.offer_set_id ?? ''
    await updateSet(scope, subject_id, { cloud_offer_set_id: offer_set_id })
    const sentence = `The set is made as ${offer_set_id}; its ${offers.length} offers are made next.`
    await timeline.record(scope, { subject_id, kind: 'made', sentence, cloud_words: ending.target })
    for (const offer of offers) await askForOffer(scope, { ...offer, offer_set_id }, connection_id)
  },
}

/** How a set is shown to its buyer. */
export const releaseSetHandler: OperationHandler = {
  makes: [],
  quota,
  send: async ({ connector, connection }, { request, key }) =>
    setsOf(connector).release(connection, request as StoredRelease, key),
  check: async ({ connector, connection }, _, reference) => setsOf(connector).check(connection, reference),
  ended: async (scope, { subject_id, request }, ending) => {
    if (ending.state === 'failed') {
      const { problems } = ending
      await updateSet(scope, subject_id, { state: 'incomplete', problems })
      const sentence = failureSentence('release the offer set', problems)
      await timeline.record(scope, { subject_id, kind: 'release_failed', sentence, cloud_words: problems })
      return
    }
    await updateSet(scope, subject_id, { state: 'released' })
    const { offer_ids } = request as StoredRelease
    const sentence = `The set is released: the buyer sees its ${offer_ids.length} offers together.`
    await timeline.record(scope, { subject_id, kind: 'released', sentence })
  },
}
