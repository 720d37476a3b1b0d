// What Azure's settlement tests share: a publisher with a listing, a partner, a customer, and deals between them.
import type { AuthorizationDraft, Connection, MeterRecord, OfferDraft } from '../../connectors/connector.ts'
import { decimal } from '../../src/core/decimal.ts'
import type { Terms } from '../../src/offers/model.ts'
import { toAuthorizationDraft } from '../../src/syndication/model.ts'
import { listing } from '../connectors/azure/support.ts'
import { agreementOf, facet, finished, type Market, openMarket, type Seat, seat, sold } from './market.ts'

export const PUBLISHER = '12345678'
export const PARTNER = '87654321'
export const CUSTOMER = '33333333-3333-4333-8333-333333333333:44444444-4444-4444-8444-444444444444_2019-05-31'

type Settings = { publisher?: object; partner?: object; customer?: object }
export type AzureMarket = Market & { vendor: Seat; product: string; partner(): Promise<Seat> }

async function account(
  market: Market,
  account_id: string,
  role: string,
  settings: object = {},
): Promise<Connection> {
  const name = `Account ${account_id.slice(0, 8)}`
  const made = await market.control('/azure/accounts', { account_id, role, name, ...settings })
  const { tenant_id = '', client_id = '', client_secret = '', publisher_id = '' } = made
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { client_secret },
    settings: {
      tenant_id,
      client_id,
      ...(publisher_id === '' ? {} : { publisher_id }),
      contact_email: `deals@${role}.example`,
      webhook_url: 'https://vendor.example/webhooks',
      payout_exports: 'yes',
    },
  }
}

/** A publisher whose product is live, on the first of October 2026. */
export async function azureMarket(settings: Settings = {}): Promise<AzureMarket> {
  const market = await openMarket('azure', '2026-09-20T08:00:00.000Z')
  const publisher = await account(market, PUBLISHER, 'publisher', settings.publisher)
  const partner = await account(market, PARTNER, 'partner', settings.partner)
  await account(market, CUSTOMER, 'customer', { days_to_pay: 10, ...settings.customer })
  const listings = facet(market, 'listings')
  const change = await listings.publish(publisher, listing, 'listing-1')
  const target = await finished(market, change, (reference) => listings.check(publisher, reference), 'P1D')
  await market.move({ to: '2026-10-01T08:00:00.000Z' })
  return {
    ...market,
    vendor: await seat(market, publisher),
    product: target.product_id ?? '',
    partner: () => seat(market, partner),
  }
}

const draftOf = (market: AzureMarket, terms: Terms, marker: string): OfferDraft & AuthorizationDraft => ({
  ...toAuthorizationDraft({
    name: `Deal ${marker}`,
    description: 'A deal',
    product_id: market.product,
    reseller_account_id: PARTNER,
    buyer_account_ids: [CUSTOMER],
    buyer: { company: 'The customer' },
    terms,
    expires_on: '2026-10-15',
    single_use: true,
    marker,
  }),
  expires_on: '2026-10-15',
})

/** The customer buys what the publisher offers it, and it is activated. The cloud's id of the subscription. */
export async function buy(market: AzureMarket, terms: Terms, marker = 'offer_1'): Promise<string> {
  const offers = facet(market, 'offers')
  const { connection } = market.vendor
  const change = await offers.create(connection, draftOf(market, terms, marker), marker)
  const made = await finished(market, change, (one) => offers.check(connection, one), 'PT20M')
  await sold(market.vendor, { id: made.offer_id ?? '', terms })
  return subscribe(market, made.offer_id ?? '')
}

async function subscribe(market: AzureMarket, private_offer_id: string): Promise<string> {
  const deed = (name: string) =>
    market.control(`/azure/customers/${encodeURIComponent(CUSTOMER)}/${name}`, { private_offer_id })
  await deed('accept')
  const { subscription_id: agreement_id = '' } = await deed('subscribe')
  const activation = { agreement_id, buyer_account_id: '', plan: null, quantity: null }
  await facet(market, 'agreements').activate?.(market.vendor.connection, activation, 'key')
  await market.vendor.agreements()
  return agreement_id
}

/** The publisher opens a deal to the partner, which marks it up; the customer buys it. */
export async function resell(
  market: AzureMarket,
  reseller: Seat,
  deal: { wholesale: Terms; terms: Terms; markup: string },
): Promise<string> {
  const syndication = facet(market, 'syndication')
  const { connection } = market.vendor
  const draft = draftOf(market, deal.wholesale, 'auth_1')
  const opened = await finished(
    market,
    await syndication.authorize(
      connection,
      { ...draft, reseller_account_id: PARTNER, single_use: true },
      'key',
    ),
    (reference) => syndication.check(connection, reference),
    'PT20M',
  )
  const id = opened.authorization_id ?? ''
  await sold(market.vendor, { id, terms: deal.wholesale, resold: true })
  await sold(reseller, { id, terms: deal.terms, wholesale: deal.wholesale })
  const offer = {
    authorization_id: id,
    name: 'Through a partner',
    description: '',
    buyer_account_ids: [CUSTOMER],
    buyer: { company: 'The customer' },
    markup_percent: decimal(deal.markup),
    expires_on: '2026-10-15',
    marker: 'offer_2',
  }
  await finished(
    market,
    await syndication.createOffer(reseller.connection, offer, 'key'),
    (reference) => syndication.check(reseller.connection, reference),
    'PT20M',
  )
  const agreement_id = await subscribe(market, id)
  await reseller.agreements()
  return agreement_id
}

/** Usage of the hour before that Azure takes, written down as metering does it. */
export async function use(market: AzureMarket, cloud_id: string, quantity: string): Promise<void> {
  const { vendor, context } = market
  const hour = new Date(Math.floor(context.clock.now().getTime() / 3_600_000) * 3_600_000 - 3_600_000)
  const read = await facet(market, 'agreements').read(vendor.connection, cloud_id)
  const record: MeterRecord = {
    id: `record-${hour.toISOString()}`,
    product_id: market.product,
    product_code: null,
    license: null,
    agreement_id: cloud_id,
    plan: read.plan ?? null,
    buyer_account_id: 'buyer',
    dimension: 'entries',
    hour,
    quantity: decimal(quantity),
  }
  const { answers } = await facet(market, 'metering').report(vendor.connection, [record])
  if (answers[0]?.status !== 'accepted') throw new Error(JSON.stringify(answers))
  await vendor.used(await agreementOf(vendor, cloud_id), 'entries', hour, quantity)
}
