/** The $schema addresses of the ingestion API's resources. Source: Microsoft's resource index, as used in 2026. */
const BASE = 'https://schema.mp.microsoft.com/schema'

export const schemas = {
  configure: `${BASE}/configure/2022-07-01`,
  product: `${BASE}/product/2022-03-01-preview3`,
  setup: `${BASE}/commercial-marketplace-setup/2022-03-01-preview2`,
  property: `${BASE}/property/2022-03-01-preview5`,
  listing: `${BASE}/listing/2022-03-01-preview5`,
  listingAsset: `${BASE}/listing-asset/2022-03-01-preview5`,
  plan: `${BASE}/plan/2022-03-01-preview3`,
  planListing: `${BASE}/plan-listing/2022-03-01-preview5`,
  offerAvailability: `${BASE}/price-and-availability-offer/2022-03-01-preview3`,
  planPricing: `${BASE}/price-and-availability-plan/2022-03-01-preview4`,
  customMeters: `${BASE}/price-and-availability-custom-meter/2022-03-01-preview3`,
  technicalConfiguration: `${BASE}/software-as-a-service-technical-configuration/2022-03-01-preview3`,
  submission: `${BASE}/submission/2022-03-01-preview2`,
  privateOffer: `${BASE}/private-offer/2023-07-15`,
  privateOfferPlan: `${BASE}/price-and-availability-private-offer-plan/2023-07-15`,
} as const

/** What `$version` asks for: the newest version of each resource that the caller reads. */
export const RESOURCES_VERSION = '2022-07-01'
export const PRIVATE_OFFER_VERSION = '2023-07-15'
