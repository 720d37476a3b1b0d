export { checkInstalments } from './check.ts'
export { type Choice, choiceIn, chosen } from './choose.ts'
export { checkOn, connectorFor } from './create-offer.ts'
export { expirePast } from './expire-past.ts'
export { createOfferHandler, expireOfferHandler, offerEnded } from './handlers.ts'
export { withMarkup } from './markup.ts'
export { offerNames } from './names.ts'
export { expiringOffers, FAILED_MS, failedOffers, incompleteSets } from './needs.ts'
export { refused } from './record-offer.ts'
export { checkReplaced, findReplaced } from './replaced.ts'
export { offerSchema } from './routes.ts'
export { createSetHandler, releaseSetHandler } from './set-handlers.ts'
export {
  findByCloudOffer,
  findLive,
  findOffer,
  findOwed,
  insertOffer,
  type Offer,
  shownOffer,
  updateOffer,
} from './store.ts'
export { findDeal } from './store-deals.ts'
