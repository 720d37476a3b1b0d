/**
 * Pure mapping between our drafts and the catalog's change sets and entities. `toAws…` is total over checked drafts;
 * `fromAws…` takes whatever AWS may send and answers 'unknown' for what it does not know.
 * Source of the shapes: the change types of SaaSProduct@1.0, Offer@1.0 and ResaleAuthorization@1.0 in AWS's public
 * shape library and reference samples.
 */
import type { ChangeSummary } from '@aws-sdk/client-marketplace-catalog'
import type { DimensionKind, ListedDimension, ListingDraft, ListingVisibility, Target } from '../connector.ts'
import { isRestricted } from '../listed.ts'
import type { ListingOptions } from './selling/options.ts'
import { toAwsOfferEula, toAwsPublicPricing } from './selling/terms.ts'
import { type CatalogChange, type CatalogValue, changeOf, created, creation } from './wire/documents.ts'

// ---------------------------------------------------------------- to AWS

/** Product, delivery option, dimensions, release and public offer in one change set: all of it or nothing. */
export function toAwsListing(
  draft: ListingDraft,
  options: ListingOptions,
  seller_account_id: string,
): CatalogChange[] {
  const product = changeOf('SaaSProduct@1.0', created('Product'))
  const offer = changeOf('Offer@1.0', created('PublicOffer'))
  const pricing = toAwsPublicPricing(draft)
  return [
    creation('CreateProduct', 'Product', 'SaaSProduct@1.0', {}),
    product('UpdateInformation', {
      ProductTitle: draft.title,
      ShortDescription: draft.short_description,
      LongDescription: draft.long_description,
      Highlights: draft.highlights,
      SearchKeywords: draft.keywords,
      Categories: draft.categories,
      LogoUrl: draft.logo_url,
      SupportDescription: draft.support,
      VideoUrls: [],
      AdditionalResources: [],
    }),
    // A new product is born limited: it is seen by these accounts until it is made public after AWS's review.
    product('UpdateTargeting', {
      PositiveTargeting: { BuyerAccounts: options.limited_to ?? [seller_account_id] },
    }),
    product('AddDeliveryOptions', {
      DeliveryOptions: [
        { Details: { SaaSUrlDeliveryOptionDetails: { FulfillmentUrl: draft.fulfilment_url } } },
      ],
    }),
    product(
      'AddDimensions',
      draft.dimensions.filter(({ key }) => !isRestricted(draft, key)).map(toAwsDimension),
    ),
    product('ReleaseProduct', {}),
    creation('CreateOffer', 'PublicOffer', 'Offer@1.0', { ProductId: created('Product') }),
    offer('UpdateInformation', { Name: draft.title, Description: draft.short_description.slice(0, 255) }),
    offer('UpdatePricingTerms', pricing),
    offer('UpdateLegalTerms', {
      Terms: [{ Type: 'LegalTerm', Documents: [toAwsOfferEula(options.eula ?? 'standard')] }],
    }),
    offer('UpdateSupportTerms', { Terms: [{ Type: 'SupportTerm', RefundPolicy: draft.refund_policy }] }),
    // Pay-as-you-go runs until it is ended, so only a contract can be renewed.
    ...(pricing.PricingModel === 'Contract'
      ? [offer('UpdateRenewalTerms', { Terms: [{ Type: 'RenewalTerm' }] })]
      : []),
    offer('ReleaseOffer', {}),
  ]
}

export function toAwsDimension(dimension: ListedDimension): CatalogValue {
  return {
    Key: dimension.key,
    Name: dimension.name,
    Description: dimension.description,
    Types: toAwsTypes(dimension.kind),
    Unit: dimension.unit,
  }
}

/** "ExternallyMetered" is usage that the seller reports; it reads back together with "Metered". */
export function toAwsTypes(kind: DimensionKind): string[] {
  return [kind === 'entitled' ? 'Entitled' : 'ExternallyMetered']
}

/** Who sees and can buy a product; going public waits for a review by AWS. */
export function toAwsVisibility(
  product_id: string,
  {
    visibility,
    replacement_product_id,
  }: { visibility: ListingVisibility; replacement_product_id: string | null },
): CatalogChange[] {
  const TargetVisibility = { limited: 'Limited', public: 'Public', restricted: 'Restricted' }[visibility]
  const replacement = replacement_product_id === null ? {} : { ReplacementProductId: replacement_product_id }
  return [changeOf('SaaSProduct@1.0', product_id)('UpdateVisibility', { TargetVisibility, ...replacement })]
}

// ---------------------------------------------------------------- from AWS

/** AWS writes the revision behind an id, "offer-abc@3"; the id itself never changes. */
export function withoutRevision(identifier: string): string {
  return identifier.replace(/@\d+$/, '')
}

/** The ids of everything a change set touched, by our names. */
export function fromAwsChanges(changes: readonly ChangeSummary[]): Target {
  const target: Record<string, string> = {}
  for (const change of changes) {
    const identifier = change.Entity?.Identifier
    const kind = change.Entity?.Type?.split('@')[0] ?? ''
    const name = targetNames[kind]
    if (name !== undefined && identifier && !identifier.startsWith('$'))
      target[name] = withoutRevision(identifier)
  }
  return target
}

const targetNames: Readonly<Record<string, string>> = {
  SaaSProduct: 'product_id',
  Offer: 'offer_id',
  ResaleAuthorization: 'authorization_id',
  OfferSet: 'offer_set_id',
}
