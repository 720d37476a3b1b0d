import { facet } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { formatDecimal, zero } from '../core/decimal.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import { connectorFor, insertOffer, type Offer, offerEnded, refused, withMarkup } from '../offers/index.ts'
import { type CloudOptions, isFixed } from '../offers/model.ts'
import { enqueue, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { checkPrice, ownTerms, type Price } from './check-price.ts'
import { buyersOf, replacedBy } from './check-resale.ts'
import { lengthOf, type StoredResellerOffer, toResellerOfferDraft } from './model.ts'
import { holdOpen } from './opened.ts'
import { ownConnection } from './store.ts'

/** With a markup on the wholesale terms, or a schedule of the reseller's own: one of the two. */
export type Acceptance = Price & {
  authorization_id: string
  expires_on: string
  name?: string | undefined
  /** Whom it is for, where the vendor named nobody, or some of those it named. */
  buyer_account_ids?: string[] | undefined
  replaces_agreement_id?: string | undefined
  options?: CloudOptions | undefined
}

/** The reseller accepts what a vendor opened to it, with its price: its own offer to the buyer is written down. */
export async function acceptAuthorization(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  wanted: Acceptance,
): Promise<Offer> {
  const opened = await holdOpen(scope, wanted.authorization_id)
  if (opened.cloud_authorization_id === null) throw new Refusal('conflict', 'It is not open yet.')
  if (wanted.expires_on < dateOf(scope.now()))
    throw invalid('expires_on', `${wanted.expires_on} is over`, 'Choose a day from today on')
  if (opened.expires_on !== null && wanted.expires_on > opened.expires_on) {
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
  const connector = connectorFor(context, opened.cloud)
  const { rules } = facet(connector, 'offers')
  const syndication = facet(connector, 'syndication')
  const own = ownTerms(opened.terms, wanted)
  const replaced = await replacedBy(scope, wanted, connection_id)
  const findings = [...replaced.findings]
  const buyer_account_ids = replaced.buyer_account_ids ?? buyersOf(opened, wanted, rules, findings)
  const id = scope.id('offer')
  const name = wanted.name ?? opened.name
  const { options, markup_percent } = wanted
  const request: StoredResellerOffer = {
    authorization_id: opened.cloud_authorization_id,
    name,
    description: `${name}, offered by a reseller`,
    buyer_account_ids,
    markup_percent: formatDecimal(markup_percent ?? zero),
    ...(own === undefined ? {} : { own: own.terms }),
    ...(own === undefined || isFixed(opened.terms) ? {} : { of_list: true as const }),
    expires_on: wanted.expires_on,
    ...lengthOf(own?.terms ?? opened.terms),
    ...(replaced.agreement_id === undefined ? {} : { replaces_agreement_id: replaced.agreement_id }),
    marker: id,
    ...(options === undefined ? {} : { options }),
  }
  const { own_schedule = false } = syndication
  const examined = syndication.examineOffer?.(toResellerOfferDraft(request), dateOf(scope.now()))
  const { expires_on } = wanted
  const priced = { own_schedule, rules, now: scope.now(), expires_on, ends_on: examined?.ends_on }
  findings.unshift(...checkPrice(opened, wanted, own, priced))
  findings.push(...(examined?.findings ?? []))
  if (findings.length > 0) throw refused(findings)
  const offer = await insertOffer(scope, {
    id,
    vendor_organisation_id: opened.organisation_id,
    deal_id: null,
    connection_id,
    authorization_id: opened.id,
    channel: 'reseller',
    name,
    terms: own?.terms ?? withMarkup(opened.terms, markup_percent ?? zero, rules.usage_price_digits),
    wholesale: own?.wholesale ?? opened.terms,
    markup_percent: markup_percent ?? null,
    expires_on: wanted.expires_on,
    buyer_account_ids,
    cloud_product_id: opened.cloud_product_id,
    replaces_agreement_id: wanted.replaces_agreement_id ?? null,
    options: options ?? null,
  })
  await enqueue(scope, {
    connection_id,
    kind: 'reseller_offer.create',
    subject_id: id,
    key: `offer-${id}`,
    request,
  })
  const price =
    markup_percent === undefined
      ? 'Accepted with a schedule of its own'
      : `Accepted with a markup of ${formatDecimal(markup_percent)} per cent`
  const sentence = `${price}; asked the cloud to create the offer.`
  await timeline.record(scope, { subject_id: id, kind: 'asked', sentence })
  // The reseller's own timeline: the vendor's has another owner and says nothing of it.
  await timeline.record(scope, { subject_id: opened.id, kind: 'accepted', sentence: `${price} as ${id}.` })
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
