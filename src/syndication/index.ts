export { resellerOfferHandler } from './accept.ts'
export { authorizeHandler } from './authorize.ts'
export { restrictHandler } from './restrict.ts'
export { find as findAuthorization, findByCloudId } from './store.ts'
