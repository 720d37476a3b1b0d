import { facet } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { compare, type Decimal, formatDecimal } from '../core/decimal.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import { connectorFor, insertOffer, type Offer, offerEnded, withMarkup } from '../offers/index.ts'
import { enqueue, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { type StoredResellerOffer, toResellerOfferDraft } from './model.ts'
import { holdOpen } from './opened.ts'
import { ownConnection } from './store.ts'

export type Acceptance = {
  authorization_id: string
  markup_percent: Decimal
  expires_on: string
  name?: string | undefined
}

/** The reseller accepts what a vendor opened to it, with its markup: its own offer to the buyer is written down. */
export async function acceptAuthorization(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  wanted: Acceptance,
): Promise<Offer> {
  const opened = await holdOpen(scope, wanted.authorization_id)
  const { markup_min_percent: low, markup_max_percent: high } = opened
  if (compare(wanted.markup_percent, low) < 0 || compare(wanted.markup_percent, high) > 0) {
    throw invalid(
      'markup_percent',
      `${formatDecimal(wanted.markup_percent)} lies outside the vendor's band`,
      `Choose from ${formatDecimal(low)} to ${formatDecimal(high)} per cent`,
    )
  }
  if (opened.cloud_authorization_id === null) throw new Refusal('conflict', 'It is not open yet.')
  if (wanted.expires_on < dateOf(scope.now()))
    throw invalid('expires_on', `${wanted.expires_on} is over`, 'Choose a day from today on')
  if (wanted.expires_on > opened.expires_on) {
    throw invalid(
      'expires_on',
      `${wanted.expires_on} is after the authorization's last day`,
      `Choose a day up to ${opened.expires_on}`,
    )
  }
  const connection_id = await ownConnection(scope, opened.cloud, opened.reseller_account_id)
  if (connection_id === null) {
    throw new Refusal(
      'conflict',
      `Account ${opened.reseller_account_id} is not connected. Connect it, then accept again.`,
    )
  }
  const { rules } = facet(connectorFor(context, opened.cloud), 'offers')
  const id = scope.id('offer')
  const name = wanted.name ?? opened.name
  const { buyer_account_ids, expires_on: _, ...rest } = opened
  const offer = await insertOffer(scope, {
    id,
    vendor_organisation_id: opened.organisation_id,
    deal_id: null,
    connection_id,
    authorization_id: opened.id,
    channel: 'reseller',
    name,
    terms: withMarkup(opened.terms, wanted.markup_percent, rules.usage_price_digits),
    wholesale: opened.terms,
    markup_percent: wanted.markup_percent,
    expires_on: wanted.expires_on,
    buyer_account_ids,
    cloud_product_id: rest.cloud_product_id,
  })
  const request: StoredResellerOffer = {
    authorization_id: opened.cloud_authorization_id,
    name,
    description: `${name}, offered by a reseller`,
    buyer_account_ids,
    markup_percent: formatDecimal(wanted.markup_percent),
    expires_on: wanted.expires_on,
    duration_months: opened.terms.duration_months,
    marker: id,
  }
  await enqueue(scope, {
    connection_id,
    kind: 'reseller_offer.create',
    subject_id: id,
    key: `offer-${id}`,
    request,
  })
  const markup = `Accepted with a markup of ${formatDecimal(wanted.markup_percent)} per cent`
  const sentence = `${markup}; asked the cloud to create the offer.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  // The reseller's own timeline: the vendor's has another owner and says nothing of it.
  await timeline.record(scope, { subject_id: opened.id, kind: 'accepted', sentence: `${markup} as ${id}.` })
  return offer
}

export const resellerOfferHandler: OperationHandler = {
  makes: ['offer_id'],
  quota: { name: 'catalog', per_second: 4, burst: 4 },
  send: async ({ connector, connection }, operation) =>
    facet(connector, 'syndication').createOffer(
      connection,
      toResellerOfferDraft(operation.request as StoredResellerOffer),
      operation.key,
    ),
  check: async ({ connector, connection }, _, reference) =>
    facet(connector, 'syndication').check(connection, reference),
  ended: offerEnded,
}
