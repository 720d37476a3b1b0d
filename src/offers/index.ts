export { checkOffer } from './check.ts'
export { connectorFor, refused, sellerDraws } from './create-offer.ts'
export { expirePast } from './expire-past.ts'
export { createOfferHandler, expireOfferHandler, offerEnded } from './handlers.ts'
export { withMarkup } from './markup.ts'
export type { Finding } from './model.ts'
export { expiringOffers, FAILED_MS, failedOffers } from './needs.ts'
export { offerSchema } from './routes.ts'
export {
  findByAuthorization,
  findByCloudOffer,
  findDeal,
  findLive,
  findOffer,
  insertOffer,
  type Offer,
  offeredFrom,
  shownOffer,
  updateOffer,
} from './store.ts'
