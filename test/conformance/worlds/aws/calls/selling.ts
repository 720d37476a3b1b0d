// Calls that sell: listings, offers, and what is opened to resellers.
import { decimal } from '../../../../../src/core/decimal.ts'
import type { CallRow, Trial } from '../../../calls/trials.ts'
import { given } from '../../../claims.ts'
import { authorized, facet, listed, offered } from '../../../deal.ts'
import type { Market } from '../../../world.ts'
import { alone, saying, setsTaken } from '../taken.ts'

/** A product with its public offer, as AWS names both. */
export async function place(market: Market, key = 'publish-1') {
  const listings = facet(market, 'listings')
  const change = await listings.publish(market.vendor, market.drafts.listing, key)
  await market.move({ by: 'PT1M' })
  const end = change.status === 'accepted' ? await listings.check(market.vendor, change.reference) : change
  const { product_id, public_offer_id } = end.status === 'succeeded' ? end.target : {}
  return {
    at: {
      product_id: given(product_id, 'product'),
      public_offer_id: given(public_offer_id, 'public offer'),
    },
    reference: given(change.status === 'accepted' ? change.reference : null, 'reference'),
  }
}

const read = (call: () => Promise<unknown>): Trial => ({ call, same: stable })

/** What is read, without the moment of reading. */
export function stable(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (name, value: unknown) =>
      name === 'evidence' || name === 'next' ? undefined : typeof value === 'bigint' ? `${value}` : value,
    ) ?? 'null',
  )
}

const unlimited = {
  single_use: false,
  expires_on: null,
  grants: [],
  instalments: [],
  usage_prices: { calls: decimal('0.002'), exports: decimal('0.01') },
}

const listingRows: CallRow[] = [
  {
    name: 'listings.publish',
    async prepare(market) {
      const { publish, check } = facet(market, 'listings')
      return async (number) => {
        const draft = { ...market.drafts.listing, title: `Ledger ${number}` }
        return {
          call: () => publish(market.vendor, draft, `publish-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => saying(market, draft.title),
        }
      }
    },
  },
  {
    name: 'listings.update',
    async prepare(market) {
      const { at } = await place(market)
      const { update, check } = facet(market, 'listings')
      const before = market.drafts.listing
      return async (number) => {
        const after = { ...before, title: `Ledger, edition ${number}` }
        return {
          call: () => given(update, 'method')(market.vendor, at, { before, after }, `update-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => saying(market, after.title),
        }
      }
    },
  },
  {
    name: 'listings.setVisibility',
    async prepare(market) {
      const { at } = await place(market)
      const { setVisibility, check } = facet(market, 'listings')
      const count = () => alone(market, at.product_id, 'UpdateVisibility')
      return async (number) => {
        const visibility = number % 2 === 0 ? ('public' as const) : ('limited' as const)
        const before = await count()
        const wanted = { visibility, replacement_product_id: null }
        return {
          call: () => given(setVisibility, 'method')(market.vendor, at, wanted, `show-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: async () => (await count()) - before,
        }
      }
    },
  },
  {
    name: 'listings.compare',
    async prepare(market) {
      const { at } = await place(market)
      const { compare } = facet(market, 'listings')
      return async () => read(() => given(compare, 'method')(market.vendor, at, market.drafts.listing))
    },
  },
  {
    name: 'listings.check',
    async prepare(market) {
      const { reference } = await place(market)
      return async () => read(() => facet(market, 'listings').check(market.vendor, reference))
    },
  },
  {
    name: 'listings.read',
    async prepare(market) {
      const { at } = await place(market)
      return async () => read(() => facet(market, 'listings').read(market.vendor, at.product_id))
    },
  },
]

/** An offer of this name, and the reference of its change set. */
async function begun(market: Market, number: number) {
  const offers = facet(market, 'offers')
  const { product_id } = await listed(market)
  const change = await offers.create(market.vendor, market.drafts.offer(product_id), `offer-${number}`)
  await market.move({ by: 'PT1M' })
  return given(change.status === 'accepted' ? change.reference : null, 'reference')
}

const offerRows: CallRow[] = [
  {
    name: 'offers.create',
    async prepare(market) {
      const { create, check } = facet(market, 'offers')
      const { product_id } = await listed(market)
      return async (number) => {
        const draft = { ...market.drafts.offer(product_id), name: `Ledger for buyer ${number}` }
        return {
          call: () => create(market.vendor, draft, `offer-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => saying(market, draft.name),
        }
      }
    },
  },
  {
    name: 'offers.expire',
    async prepare(market) {
      const { expire, check } = facet(market, 'offers')
      const { product_id } = await listed(market)
      return async (number) => {
        const offer_id = await offered(market, market.drafts.offer(product_id), `offer-${number}`)
        return {
          call: () => expire(market.vendor, offer_id, '2026-09-25', `expire-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => alone(market, offer_id, 'UpdateAvailability'),
        }
      }
    },
  },
  {
    name: 'offers.check',
    async prepare(market) {
      const reference = await begun(market, 1)
      return async () => read(() => facet(market, 'offers').check(market.vendor, reference))
    },
  },
  {
    name: 'offers.read',
    async prepare(market) {
      const { product_id } = await listed(market)
      const offer_id = await offered(market, market.drafts.offer(product_id))
      return async () => read(() => facet(market, 'offers').read(market.vendor, offer_id))
    },
  },
]

const channelRows: CallRow[] = [
  {
    name: 'syndication.authorize',
    async prepare(market) {
      const { authorize, check } = facet(market, 'syndication')
      const { product_id } = await listed(market)
      const reseller = await market.reseller()
      return async (number) => {
        const draft = { ...market.drafts.authorization(product_id, reseller), name: `Partner ${number}` }
        return {
          call: () => authorize(market.vendor, draft, `authorize-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => saying(market, draft.name),
        }
      }
    },
  },
  {
    name: 'syndication.restrict',
    async prepare(market) {
      const { authorize, restrict, check } = facet(market, 'syndication')
      const { product_id } = await listed(market)
      const draft = { ...market.drafts.authorization(product_id, await market.reseller()), ...unlimited }
      return async (number) => {
        await authorize(market.vendor, draft, `authorize-${number}`)
        await market.move({ by: 'PT1M' })
        const [made] = await setsTaken(market, ({ changes }) =>
          changes.some(({ ChangeType }) => ChangeType === 'CreateResaleAuthorization'),
        ).then((sets) => sets.slice(-1))
        const id = given(
          made?.entity_ids.find((one) => one.startsWith('resaleauthz-')),
          'authorization',
        )
        return {
          call: () => restrict(market.vendor, id, `restrict-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => alone(market, id, 'RestrictResaleAuthorization'),
        }
      }
    },
  },
  {
    name: 'syndication.createOffer',
    async prepare(market) {
      const { authorization_id } = await authorized(market, unlimited)
      const { createOffer, check } = facet(market, 'syndication')
      const seat = await market.reseller()
      return async (number) => {
        const draft = { ...market.drafts.resellerOffer(authorization_id), name: `By partner ${number}` }
        return {
          call: () => createOffer(seat, draft, `resell-${number}`),
          check: (reference) => check(seat, reference),
          effects: () => saying(market, draft.name),
        }
      }
    },
  },
  {
    name: 'syndication.check',
    async prepare(market) {
      const reference = await begun(market, 1)
      return async () => read(() => facet(market, 'syndication').check(market.vendor, reference))
    },
  },
  {
    name: 'syndication.pullShared',
    async prepare(market) {
      await authorized(market, unlimited)
      const seat = await market.reseller()
      return async () => read(() => facet(market, 'syndication').pullShared(seat, null))
    },
  },
]

export const sellingRows: readonly CallRow[] = [...listingRows, ...offerRows, ...channelRows]
