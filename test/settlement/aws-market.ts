// What AWS's settlement tests share: a vendor with a product, a reseller, a buyer, and deals between them.
import { hintsOf } from '../../connectors/aws/webhooks/events.ts'
import type { MarketplaceEvent } from '../../connectors/aws/webhooks.ts'
import type { Connection } from '../../connectors/connector.ts'
import { readAgreement } from '../../src/agreements/index.ts'
import { decimal } from '../../src/core/decimal.ts'
import { grantsOf, instalmentsOf, ratesOf, type Terms, usagePricesOf } from '../../src/offers/model.ts'
import {
  buyerAccount,
  listing,
  privateOffer,
  resellerAccount,
  vendorAccount,
} from '../connectors/aws/support.ts'
import { agreementOf, facet, finished, type Market, openMarket, type Seat, seat, sold } from './market.ts'
import { dollars, item } from './support.ts'

export type AwsMarket = Market & { vendor: Seat; product: string; reseller(): Promise<Seat> }

async function account(market: Market, account_id: string, more: object): Promise<Connection> {
  const made = await market.control('/aws/accounts', { account_id, name: `Account ${account_id}`, ...more })
  const { access_key_id = '', secret_access_key = '', feed_bucket = '' } = made
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { access_key_id, secret_access_key },
    settings: { feed_bucket },
  }
}

type Settings = { vendor?: object; reseller?: object; buyer?: object }

/** A vendor whose product is on sale, on the first of September 2026. */
export async function awsMarket(settings: Settings = {}): Promise<AwsMarket> {
  const market = await openMarket('aws', '2026-09-01T08:00:00.000Z')
  for (const operation of [
    'StartChangeSet',
    'DescribeChangeSet',
    'ListChangeSets',
    'ListEntities',
    'DescribeEntity',
  ])
    await market.control('/throttles', { service: 'marketplace-catalog', operation, rate_per_second: null })
  const vendor = await account(market, vendorAccount, { role: 'seller', ...settings.vendor })
  const reseller = await account(market, resellerAccount, { role: 'seller', ...settings.reseller })
  await account(market, buyerAccount, { role: 'buyer', ...settings.buyer })
  const listings = facet(market, 'listings')
  const change = await listings.publish(vendor, listing, 'listing-1')
  const target = await finished(market, change, (one) => listings.check(vendor, one), 'PT1M')
  return {
    ...market,
    vendor: await seat(market, vendor),
    product: target.product_id ?? '',
    reseller: () => seat(market, reseller),
  }
}

const draftOf = ({ product }: AwsMarket, terms: Terms, marker: string) => ({
  ...privateOffer,
  product_id: product,
  grants: 'instalments' in terms ? [{ dimension: 'seats', quantity: 1 }] : grantsOf(terms),
  ...(terms.kind === 'free_trial' ? { trial_days: terms.trial_days, buyer_account_ids: [] } : {}),
  ...(terms.kind === 'configurable' ? { rates: ratesOf(terms) } : {}),
  instalments: instalmentsOf(terms),
  usage_prices: usagePricesOf(terms),
  duration_months: 'duration_months' in terms ? terms.duration_months : 12,
  expires_on: '2026-09-15',
  marker,
})

/** What the buyer chooses where it has a choice. */
export type Choice = { selector: string; dimensions: Record<string, number> }

/** The buyer accepts what the vendor offers it. Gives the cloud's id of the agreement. */
export async function buy(
  market: AwsMarket,
  terms: Terms,
  { marker = 'offer_1', choice }: { marker?: string; choice?: Choice } = {},
): Promise<string> {
  const offers = facet(market, 'offers')
  const { connection } = market.vendor
  const change = await offers.create(connection, draftOf(market, terms, marker), marker)
  const made = await finished(market, change, (one) => offers.check(connection, one), 'PT1M')
  await sold(market.vendor, { id: made.offer_id ?? '', terms })
  return accept(market, market.vendor, made.offer_id ?? '', choice)
}

async function accept(market: AwsMarket, seller: Seat, offer_id: string, choice?: Choice): Promise<string> {
  const { agreement_id = '' } = await market.control(`/aws/buyers/${buyerAccount}/accept`, {
    offer_id,
    ...(choice === undefined ? {} : { configuration: choice }),
  })
  await market.move({ by: 'PT5M' })
  await seller.agreements()
  return agreement_id
}

/** The vendor opens a deal to the reseller, which marks it up; the buyer accepts, and both seats hear of it. */
export async function resell(
  market: AwsMarket,
  reseller: Seat,
  deal: { wholesale: Terms; terms: Terms; markup: string; unheard?: boolean; choice?: Choice },
): Promise<string> {
  const syndication = facet(market, 'syndication')
  const { vendor } = market
  const draft = { ...draftOf(market, deal.wholesale, 'auth_1'), reseller_account_id: resellerAccount }
  const opened = await finished(
    market,
    await syndication.authorize(
      vendor.connection,
      { ...draft, single_use: deal.choice === undefined },
      'key',
    ),
    (one) => syndication.check(vendor.connection, one),
    'PT1M',
  )
  const authorization_id = opened.authorization_id ?? ''
  await sold(vendor, { id: authorization_id, terms: deal.wholesale, resold: true })
  const leg = {
    authorization_id,
    name: 'Through a partner',
    description: 'With our help',
    buyer_account_ids: [buyerAccount],
    markup_percent: decimal(deal.markup),
    expires_on: '2026-09-15',
    marker: 'leg_1',
  }
  const made = await finished(
    market,
    await syndication.createOffer(reseller.connection, leg, 'key'),
    (one) => syndication.check(reseller.connection, one),
    'PT1M',
  )
  await sold(reseller, { id: made.offer_id ?? '', terms: deal.terms, wholesale: deal.wholesale })
  const agreement_id = await accept(market, reseller, made.offer_id ?? '', deal.choice)
  if (deal.unheard !== true) await hear(market, vendor)
  return agreement_id
}

/** The seat follows every event that its account was sent, as the inbox does it. */
export async function hear(market: AwsMarket, { connection, organisation_id }: Seat): Promise<void> {
  const all = await market.control<{ event: MarketplaceEvent }[]>(
    `/aws/events?account_id=${connection.account_id}`,
  )
  for (const { hint, at } of all.flatMap(({ event }) =>
    hintsOf(event).map((found) => ({ hint: found, at: new Date(event.time).toISOString() })),
  )) {
    if (hint.kind !== 'agreement_changed') continue
    const { kind: _, news: sentence, ...told } = hint
    const payload = { ...told, ...(sentence === undefined ? {} : { news: { sentence, at } }) }
    const work = item(organisation_id, 'agreements.read', hint.agreement_id)
    await readAgreement(market.context, { ...work, payload: { connection_id: connection.id, ...payload } })
  }
}

type Book = { agreement_id: string; seller_net_revenue: string; collected: string; disbursed: string }

/** What the cloud itself knows of an agreement's money, from its invoices and pay-outs and not from its feeds. */
export async function booked(market: Market, { connection }: Seat, agreement_id: string): Promise<Book> {
  const books = await market.control<Book[]>(`/aws/books?account_id=${connection.account_id}`)
  const found = books.find((book) => book.agreement_id === agreement_id)
  if (found === undefined) throw new Error(`${agreement_id} is in no book of ${connection.account_id}`)
  const { seller_net_revenue, collected, disbursed } = found
  return { agreement_id, seller_net_revenue, collected, disbursed }
}

/** The same as our own books have it, from the lines that were imported. */
export async function ours(of: Seat, agreement_id: string): Promise<Book> {
  const { invoiced, collected, disbursed } = await of.reconciled(await agreementOf(of, agreement_id))
  return {
    agreement_id,
    seller_net_revenue: dollars(invoiced),
    collected: dollars(collected),
    disbursed: dollars(disbursed),
  }
}
