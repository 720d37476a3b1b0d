// How a direct offer is written down, by itself or for a set.
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { enqueue } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { type OfferRequest, prepare } from './create-offer.ts'
import type { StoredOffer } from './draft.ts'
import type { Finding } from './model.ts'
import { insertOffer, type Offer } from './store.ts'
import { findDeal } from './store-deals.ts'

/** Writes one direct private offer down with the operation that makes it at the cloud. Throws all findings at once. */
export async function createOffer(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  wanted: OfferRequest,
): Promise<Offer> {
  const { findings, stored } = await prepare(context, scope, wanted)
  if (findings.length > 0 || stored === null) throw refused(findings)
  const offer = await recordOffer(scope, wanted, stored)
  await askForOffer(scope, { ...stored, marker: offer.id }, wanted.connection_id)
  return offer
}

/** The offer as we know it; nothing is asked of the cloud yet. */
export async function recordOffer(scope: Scope, wanted: OfferRequest, stored: StoredOffer): Promise<Offer> {
  const { replaces_agreement_id } = await findDeal(scope, wanted.deal_id)
  return insertOffer(scope, {
    id: scope.id('offer'),
    vendor_organisation_id: scope.organisation_id,
    deal_id: wanted.deal_id,
    connection_id: wanted.connection_id,
    authorization_id: null,
    channel: 'direct',
    name: stored.name,
    terms: stored.terms,
    wholesale: null,
    markup_percent: null,
    expires_on: wanted.expires_on,
    buyer_account_ids: stored.buyer_account_ids,
    cloud_product_id: stored.product_id,
    replaces_agreement_id,
    offer_set_id: wanted.offer_set_id ?? null,
    options: wanted.options ?? null,
  })
}

/** Writes the operation down that makes a recorded offer at the cloud; its marker is the offer's id. */
export async function askForOffer(scope: Scope, stored: StoredOffer, connection_id: string): Promise<void> {
  const { marker: subject_id, replaces_agreement_id: instead } = stored
  await enqueue(scope, {
    connection_id,
    kind: 'offer.create',
    subject_id,
    key: `offer-${subject_id}`,
    request: stored,
  })
  const what = stored.terms.kind === 'free_trial' ? 'free trial' : 'private offer'
  const place = instead === undefined ? '' : ` in the place of agreement ${instead}`
  const sentence = `Asked the cloud to create the ${what} "${stored.name}"${place}.`
  await timeline.record(scope, { subject_id, kind: 'asked', sentence })
}

export function refused(findings: readonly Finding[]): Refusal {
  const first = findings[0]
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''
  const errors = findings.map(({ rule, field, reason, fix }) => ({ field, rule: `${reason} [${rule}]`, fix }))
  return new Refusal('invalid-input', `${first?.field}: ${first?.reason}${more}.`, errors)
}
