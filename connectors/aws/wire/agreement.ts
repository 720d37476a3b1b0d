/** What is used of the agreement service's client: see s3.ts. */
export { MarketplaceAgreement } from '@aws-sdk/client-marketplace-agreement'
