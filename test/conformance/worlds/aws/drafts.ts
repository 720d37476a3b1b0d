import { authorization, listing, offer, resellerOffer } from '../../drafts.ts'
import type { Drafts } from '../../world.ts'
import { BUYER, VENDOR } from './accounts.ts'

/** A listing of AWS is limited at first; the buyer is among those who see it. */
export const drafts: Drafts = {
  listing: { ...listing, options: { limited_to: [BUYER, VENDOR] } },
  offer: (product_id) => ({ ...offer, product_id, buyer_account_ids: [BUYER] }),
  usageOffer: (product_id) => ({
    ...offer,
    product_id,
    buyer_account_ids: [BUYER],
    grants: [],
    instalments: [],
  }),
  authorization: (product_id, reseller) => ({
    ...authorization,
    product_id,
    buyer_account_ids: [BUYER],
    reseller_account_id: reseller.account_id,
    // On AWS an authorization ends before the first instalment is due.
    expires_on: '2026-09-14',
  }),
  many_offers: { grants: [], instalments: [] },
  resellerOffer: (authorization_id) => ({ ...resellerOffer, authorization_id, buyer_account_ids: [BUYER] }),
}
