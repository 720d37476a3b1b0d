export { listingNeeds } from './needs.ts'
export { publishHandler } from './publish-listing.ts'
export { findFor } from './store.ts'
