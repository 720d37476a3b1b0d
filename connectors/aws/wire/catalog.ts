/** What is used of the catalog's client: see s3.ts. */
export { MarketplaceCatalog } from '@aws-sdk/client-marketplace-catalog'
