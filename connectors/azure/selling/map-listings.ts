/**
 * Pure mapping between our listing drafts and the ingestion API's resources. Source: Microsoft's resource schemas and
 * guide of the Product Ingestion API.
 */
import type { Connection, ListingDraft } from '../../connector.ts'
import { identityOf, webhookIdentityOf } from '../webhooks/identity.ts'
import type { Resource } from '../wire/jobs.ts'
import { schemas } from '../wire/schemas.ts'
import type { ListingOptions } from './options.ts'
import { toAzurePublicPricing } from './prices.ts'

/** The plan that every listing of ours has; private offers are made from it. */
export const BASE_PLAN = 'standard'
const LANGUAGE = 'en-us'
const SUMMARY_MAX = 100

export type ListingPlace = {
  external_id: string
  /** The durable id of a product that exists already and is written anew. */
  product: string | undefined
  plan: string | undefined
  webhook_url: string
}

type Reference = string | { resourceName: string }

/** Product, plan, texts, prices, meters and technical configuration: everything a first publication needs. */
export function toAzureListing(
  draft: ListingDraft,
  options: ListingOptions,
  connection: Connection,
  place: ListingPlace,
): Resource[] {
  const product = place.product ?? { resourceName: 'product' }
  const { tenant_id, client_id } = webhookIdentityOf(connection)
  return [
    ...toAzureProduct(draft, options, place, product),
    {
      $schema: schemas.offerAvailability,
      product,
      previewAudiences: (options.preview_tenants ?? [identityOf(connection).tenant_id]).map((id) => ({
        type: 'tenant',
        id,
      })),
    },
    ...toAzurePlan(draft, options, place, product),
    {
      $schema: schemas.technicalConfiguration,
      product,
      landingPageUrl: draft.fulfilment_url,
      connectionWebhook: place.webhook_url,
      azureAdTenantId: tenant_id,
      azureAdAppId: client_id,
    },
  ]
}

function toAzureProduct(
  draft: ListingDraft,
  options: ListingOptions,
  place: ListingPlace,
  product: Reference,
): Resource[] {
  return [
    {
      $schema: schemas.product,
      ...(place.product === undefined ? { resourceName: 'product' } : { id: place.product }),
      identity: { externalId: place.external_id },
      type: 'softwareAsAService',
      alias: draft.title,
    },
    {
      $schema: schemas.setup,
      product,
      sellThroughMicrosoft: true,
      useMicrosoftLicenseManagementService: false,
    },
    {
      $schema: schemas.property,
      kind: 'azureSaaS',
      product,
      categories: toAzureCategories(draft.categories),
      ...toAzureTerms(options.eula ?? 'standard'),
    },
    { ...toAzureTexts(draft, options), product },
    {
      $schema: schemas.listingAsset,
      kind: 'azure',
      product,
      listing: { resourceName: 'listing' },
      languageId: LANGUAGE,
      type: 'azureLogoLarge',
      url: draft.logo_url,
    },
  ]
}

function toAzurePlan(
  draft: ListingDraft,
  options: ListingOptions,
  place: ListingPlace,
  product: Reference,
): Resource[] {
  const plan: Reference = place.plan ?? { resourceName: 'plan' }
  return [
    {
      $schema: schemas.plan,
      ...(place.plan === undefined ? { resourceName: 'plan' } : { id: place.plan }),
      product,
      identity: { externalId: BASE_PLAN },
      alias: 'Standard',
      azureRegions: ['azureGlobal'],
    },
    {
      $schema: schemas.planListing,
      kind: 'azureSaaS-plan',
      product,
      plan,
      languageId: LANGUAGE,
      name: 'Standard',
      summary: draft.short_description.slice(0, SUMMARY_MAX),
      description: draft.short_description,
    },
    ...toAzureMeterDefinitions(draft, product),
    {
      $schema: schemas.planPricing,
      product,
      plan,
      visibility: 'visible',
      audience: 'public',
      ...(options.markets === undefined
        ? { customerMarkets: 'allMarkets' }
        : { customerMarkets: 'customMarkets', markets: options.markets }),
      pricing: toAzurePublicPricing(draft),
    },
  ]
}

/** "analytics/visualization" is a category with its part. */
function toAzureCategories(categories: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const item of categories) {
    const [category = '', part] = item.split('/', 2)
    found[category] = [...(found[category] ?? []), ...(part === undefined ? [] : [part])]
  }
  return found
}

function toAzureTerms(eula: string): Resource {
  return eula === 'standard'
    ? { termsConditions: 'standardMicrosoft' }
    : { termsConditions: 'custom', termsOfUseUrl: eula }
}

function toAzureTexts(draft: ListingDraft, options: ListingOptions): Resource {
  const email = /[^\s<>,;()]+@[^\s<>,;()]+\.[a-z]{2,}/i.exec(draft.support)?.[0]
  const contact = {
    name: 'Support',
    ...(email === undefined ? {} : { email }),
    ...(options.support_phone === undefined ? {} : { phone: options.support_phone }),
    ...(options.support_url === undefined ? {} : { url: options.support_url }),
  }
  return {
    $schema: schemas.listing,
    resourceName: 'listing',
    kind: 'azureSaaS',
    languageId: LANGUAGE,
    title: draft.title,
    searchResultSummary: draft.short_description.slice(0, SUMMARY_MAX),
    description: toAzureDescription(draft),
    gettingStartedInstructions: draft.support,
    searchKeywords: draft.keywords,
    supportContact: contact,
    engineeringContact: contact,
    ...(options.privacy_policy_url === undefined ? {} : { privacyPolicyLink: options.privacy_policy_url }),
  }
}

/** Highlights and the refund policy have no field of their own; the description is simple HTML. */
function toAzureDescription(draft: ListingDraft): string {
  const items = draft.highlights.map((highlight) => `<li>${escaped(highlight)}</li>`).join('')
  return [
    `<p>${escaped(draft.long_description)}</p>`,
    items === '' ? '' : `<ul>${items}</ul>`,
    draft.refund_policy === '' ? '' : `<p>${escaped(draft.refund_policy)}</p>`,
  ].join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function toAzureMeterDefinitions(draft: ListingDraft, product: Reference): Resource[] {
  const metered = draft.dimensions.filter(({ kind }) => kind === 'metered')
  if (metered.length === 0) return []
  const customMeters = Object.fromEntries(
    metered.map(({ key, name, unit }) => [key, { displayName: name, unitOfMeasure: unit }]),
  )
  return [{ $schema: schemas.customMeters, product, customMeters }]
}
