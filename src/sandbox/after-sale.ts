// What buyers and the cloud do after a sale, as the panel shows and does it: declining, renewing, taking more, answering
// what the seller asked, giving an invoice up. Only some clouds of the sandbox have it.
import type { Cloud } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { findOffer } from '../offers/index.ts'
import { linkOf, played } from './link.ts'
import type { AfterSale, OpenDeal } from './market.ts'
import { openMarkets } from './model.ts'
import type { Deed } from './schemas.ts'

function afterSaleOf(context: Pick<Context, 'sandbox'>, cloud: Cloud): AfterSale {
  const { after_sale, name } = openMarkets(linkOf(context).control)[cloud]
  if (after_sale === undefined) throw new Refusal('conflict', `The sandbox does not play that of ${name}.`)
  return after_sale
}

/** What is open of the tenant's agreements, by cloud and the cloud's id of the agreement. */
export async function readDeals(
  context: Pick<Context, 'sandbox' | 'store'>,
  organisation_id: string,
): Promise<Map<string, OpenDeal>> {
  const markets = openMarkets(linkOf(context).control)
  const connected = await context.store.inTenant(organisation_id, (scope) => connections.findAll(scope))
  const found = await Promise.all(
    connected.map(async ({ cloud, account_id }) => {
      const deals = await played(async () => (await markets[cloud].after_sale?.open(account_id)) ?? [])
      return deals.map((deal): [string, OpenDeal] => [`${cloud} ${deal.agreement_id}`, deal])
    }),
  )
  return new Map(found.flat())
}

/** An open deal as the panel answers it. */
export function shownDeal(deal: OpenDeal | undefined) {
  if (deal === undefined) return null
  const priced = <T extends { amount: string; currency: string }>({ amount, currency, ...rest }: T) => ({
    ...rest,
    money: { amount, currency },
  })
  const { auto_renew, dimensions, payment_requests, cancellation_requests, refunds, invoices } = deal
  return {
    auto_renew,
    dimensions,
    payment_requests: payment_requests.map(priced),
    cancellation_requests,
    refunds: refunds.map(priced),
    invoices: invoices.map(({ invoice_id: id, ...invoice }) => ({ id, ...priced(invoice) })),
  }
}

/** Does one of these. Throws not-found, and conflict for what cannot be done now. */
export async function doAfterSale(
  context: Context,
  organisation_id: string,
  wanted: Deed,
): Promise<{ deed: string; subject_id: string }> {
  const { deed } = wanted
  if (wanted.deed === 'decline') {
    await decline(context, organisation_id, wanted)
    return { deed, subject_id: wanted.offer_id }
  }
  const found = await context.store.inTenant(organisation_id, (scope) =>
    agreements.find(scope, wanted.agreement_id),
  )
  if (found === undefined) throw new Refusal('not-found', `There is no agreement ${wanted.agreement_id}.`)
  const after_sale = afterSaleOf(context, found.cloud)
  const deals = await readDeals(context, organisation_id)
  const deal = deals.get(`${found.cloud} ${found.cloud_agreement_id}`)
  if (deal === undefined) throw new Refusal('conflict', 'Nothing of this agreement waits for anybody.')
  await played(() => perform(after_sale, deal, wanted))
  return { deed, subject_id: wanted.agreement_id }
}

function perform(
  after_sale: AfterSale,
  deal: OpenDeal,
  wanted: Exclude<Deed, { deed: 'decline' }>,
): Promise<void> {
  /** What is named has to be open of this very agreement: others' requests are out of reach. */
  const named = (ids: readonly string[], id: string) => {
    if (!ids.includes(id)) throw new Refusal('not-found', `Nothing named ${id} waits for an answer.`)
    return id
  }
  const requestOf = (requests: readonly { id: string }[], id: string) =>
    named(
      requests.map((request) => request.id),
      id,
    )
  switch (wanted.deed) {
    case 'renew':
      return after_sale.renew(deal, wanted.renews)
    case 'amend':
      return after_sale.amend(deal, wanted.dimensions)
    case 'answer_payment':
      return after_sale.answerPayment(deal, requestOf(deal.payment_requests, wanted.request_id), wanted.yes)
    case 'answer_cancellation':
      return after_sale.answerCancellation(
        deal,
        requestOf(deal.cancellation_requests, wanted.request_id),
        wanted.yes,
      )
    case 'answer_refund':
      return after_sale.answerRefund(requestOf(deal.refunds, wanted.request_id), wanted.yes)
    case 'forgive':
      return after_sale.forgive(
        named(
          deal.invoices.map(({ invoice_id }) => invoice_id),
          wanted.invoice_id,
        ),
      )
  }
}

/** One of the buyers of a live offer does not want it. The cloud tells the seller nothing of it. */
async function decline(
  context: Context,
  organisation_id: string,
  wanted: Extract<Deed, { deed: 'decline' }>,
): Promise<void> {
  const { offer, cloud } = await context.store.inTenant(organisation_id, async (scope) => {
    const found = await findOffer(scope, wanted.offer_id)
    return { offer: found, cloud: (await connections.findShown(scope, found.connection_id)).cloud }
  })
  if (offer.state !== 'live' || offer.cloud_offer_id === null) {
    throw new Refusal('conflict', `The offer is ${offer.state}: only a live one can be declined.`)
  }
  const buyer = wanted.buyer_account_id ?? offer.buyer_account_ids[0]
  if (buyer === undefined || !offer.buyer_account_ids.includes(buyer)) {
    const known = offer.buyer_account_ids.join(', ')
    throw invalid('buyer_account_id', 'is not a buyer of this offer', `It was made for ${known}`)
  }
  const { cloud_offer_id } = offer
  const after_sale = afterSaleOf(context, cloud)
  await played(() => after_sale.decline(buyer, cloud_offer_id))
}
