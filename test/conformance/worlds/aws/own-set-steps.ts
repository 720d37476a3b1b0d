// The steps of an offer set through the connector: two products, the empty set, its offers, and its release.
import { DescribeEntityCommand, MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog'
import type {
  Change,
  Connection,
  OfferDraft,
  OfferSetDraft,
  OfferSets,
} from '../../../../connectors/connector.ts'
import { claim, given, show } from '../../claims.ts'
import { facet, finished, listed, offered } from '../../deal.ts'
import type { Market } from '../../world.ts'

export const setsOf = (market: Market): OfferSets => given(facet(market, 'offers').sets, 'offer sets')

/** Two products of one vendor: a set holds one offer of each. */
export async function twoProducts(market: Market): Promise<readonly [string, string]> {
  const first = await listed(market, 'publish-1')
  const second = await listed(market, 'publish-2')
  return [first.product_id, second.product_id]
}

export const setDraft: OfferSetDraft = { name: 'Ledger and archive', buyer_notes: 'Both from one day' }

/** A set without offers. */
export async function emptySet(
  market: Market,
  key = 'set-1',
  more: Partial<OfferSetDraft> = {},
): Promise<string> {
  const { create } = setsOf(market)
  const end = await settled(market, await create(market.vendor, { ...setDraft, ...more }, key))
  claim(end.status === 'succeeded', `The set should have been made: ${show(end)}`)
  return given(end.target.offer_set_id, 'offer_set_id')
}

/** An offer of this product that was made for the set. */
export async function offerOfSet(
  market: Market,
  offer_set_id: string,
  product_id: string,
  more: Partial<OfferDraft> = {},
): Promise<string> {
  const draft = { ...market.drafts.offer(product_id), offer_set_id, ...more }
  return offered(market, draft, `${offer_set_id} ${product_id} ${JSON.stringify(more.marker ?? '')}`)
}

/** A set and an offer of each product, made for it. */
export async function filledSet(market: Market, products: readonly string[], key?: string) {
  const offer_set_id = await emptySet(market, key)
  const offer_ids: string[] = []
  for (const product_id of products) offer_ids.push(await offerOfSet(market, offer_set_id, product_id))
  return { offer_set_id, offer_ids }
}

export async function released(
  market: Market,
  set: { offer_set_id: string; offer_ids: readonly string[] },
  key = 'release-1',
  seat: Connection = market.vendor,
): Promise<Change> {
  return settled(market, await setsOf(market).release(seat, set, key), seat)
}

function settled(market: Market, change: Change, seat: Connection = market.vendor): Promise<Change> {
  return finished(market, change, (reference) => setsOf(market).check(seat, reference))
}

/** The catalog as the seller sees it without our connector. */
export function catalogOf({ server, vendor }: Market): MarketplaceCatalogClient {
  const { access_key_id: accessKeyId = '', secret_access_key: secretAccessKey = '' } = vendor.credentials
  return new MarketplaceCatalogClient({
    endpoint: server.urls.aws.catalog,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  })
}

/** The set as AWS shows it. */
export async function shownSet(market: Market, EntityId: string): Promise<unknown> {
  const request = new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId })
  return (await catalogOf(market).send(request)).DetailsDocument
}
