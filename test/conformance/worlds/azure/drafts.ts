import { authorization, listing, offer, resellerOffer } from '../../drafts.ts'
import type { Drafts } from '../../world.ts'
import { CUSTOMER } from './accounts.ts'

export const drafts: Drafts = {
  listing: { ...listing, categories: ['analytics/data-insights'] },
  offer: (product_id) => ({ ...offer, product_id, buyer_account_ids: [CUSTOMER] }),
  usageOffer: (product_id) => ({
    ...offer,
    product_id,
    buyer_account_ids: [CUSTOMER],
    grants: [],
    instalments: [],
  }),
  authorization: (product_id, reseller) => ({
    ...authorization,
    product_id,
    buyer_account_ids: [CUSTOMER],
    reseller_account_id: reseller.account_id,
  }),
  resellerOffer: (authorization_id) => ({
    ...resellerOffer,
    authorization_id,
    buyer_account_ids: [CUSTOMER],
  }),
}
