import { authorization, listing, offer, resellerOffer } from '../../drafts.ts'
import type { Drafts } from '../../world.ts'
import { CUSTOMER, RESOLD } from './accounts.ts'

/** Offers of Google are based on a plan: one with a fee, or one of usage alone. */
export const drafts: Drafts = {
  listing,
  offer: (product_id) => ({
    ...offer,
    product_id,
    buyer_account_ids: [CUSTOMER],
    options: { plan: 'enterprise' },
  }),
  usageOffer: (product_id) => ({
    ...offer,
    product_id,
    buyer_account_ids: [CUSTOMER],
    grants: [],
    instalments: [],
    options: { plan: 'metered' },
  }),
  authorization: (product_id, reseller) => ({
    ...authorization,
    product_id,
    buyer_account_ids: [],
    single_use: false,
    reseller_account_id: reseller.account_id,
  }),
  resellerOffer: (authorization_id) => ({ ...resellerOffer, authorization_id, buyer_account_ids: [RESOLD] }),
}
