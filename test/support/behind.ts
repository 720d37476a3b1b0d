// Changes that somebody makes at the cloud, past the service.
import type { Connection, ListingDraft, Listings, ListingVisibility } from '../../connectors/connector.ts'
import { decimal } from '../../src/core/decimal.ts'
import type { readListing, Seller } from './seats.ts'
import type { Service } from './service.ts'

type Shown = Awaited<ReturnType<typeof readListing>>

let changed = 0

/** The seller at work in the cloud's own pages. */
export function atTheCloud(service: Service, seller: Seller, account_id: string) {
  const listings = service.services.context.connectors.aws?.listings
  const [access_key_id = '', secret_access_key = ''] = seller.secrets
  const connection: Connection = {
    id: 'behind',
    account_id,
    credentials: { access_key_id, secret_access_key },
    settings: {},
  }
  const atOf = ({ cloud_product_id, cloud_offer_id }: Shown) => ({
    product_id: cloud_product_id ?? '',
    public_offer_id: cloud_offer_id,
  })
  const run = async (act: (listings: Required<Listings>, key: string) => Promise<{ status: string }>) => {
    changed += 1
    if (listings?.update === undefined) throw new Error('There is no such cloud')
    const change = await act(listings as Required<Listings>, `behind-${changed}`)
    if (change.status !== 'accepted') throw new Error(JSON.stringify(change))
    await service.move(60_000)
  }
  return {
    change: (shown: Shown, how: (draft: ListingDraft) => ListingDraft) =>
      run(({ update }, key) => {
        const before = draftOf(shown)
        return update(connection, atOf(shown), { before, after: how(before) }, key)
      }),
    show: (shown: Shown, visibility: ListingVisibility) =>
      run(({ setVisibility }, key) =>
        setVisibility(connection, atOf(shown), { visibility, replacement_product_id: null }, key),
      ),
    read: async (shown: Shown) => listings?.compare?.(connection, atOf(shown), draftOf(shown)),
  }
}

function draftOf({ content }: Shown): ListingDraft {
  const { prices, dimensions, options: _, ...texts } = content
  const exact = (of: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(of).map(([key, price]) => [key, decimal(price)]))
  return {
    ...texts,
    dimensions: dimensions.map(({ restricted: __, ...dimension }) => dimension),
    prices: { ...prices, entitled: exact(prices.entitled), metered: exact(prices.metered) },
  }
}
