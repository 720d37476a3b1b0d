/**
 * Pure mapping between our drafts and the catalog's change sets and entities. `toAws…` is total over checked drafts;
 * `fromAws…` takes whatever AWS may send and answers 'unknown' for what it does not know.
 * Source of the shapes: the change types of SaaSProduct@1.0, Offer@1.0 and ResaleAuthorization@1.0 in AWS's public
 * shape library and reference samples.
 */
import type { ChangeSummary } from '@aws-sdk/client-marketplace-catalog'
import { formatDecimal } from '../../src/core/decimal.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type {
  AuthorizationDraft,
  DimensionKind,
  ListedDimension,
  ListingDraft,
  ListingVisibility,
  OfferDraft,
  ResellerOfferDraft,
  Target,
} from '../connector.ts'
import { isRestricted } from '../listed.ts'
import type { AuthorizationOptions, ListingOptions, OfferOptions } from './selling/options.ts'
import {
  toAwsDuration,
  toAwsOfferEula,
  toAwsPrivatePricing,
  toAwsPublicPricing,
  toAwsResaleDocument,
  toAwsSchedule,
} from './selling/terms.ts'
import { type CatalogChange, type CatalogDocument, type CatalogValue, created } from './wire/documents.ts'

// ---------------------------------------------------------------- to AWS

/** A change of the product, offer or authorization that the same set creates, or of one that exists. */
export function changeOf(type: string, identifier: string) {
  return (ChangeType: string, DetailsDocument: CatalogDocument): CatalogChange => ({
    ChangeType,
    Entity: { Type: type, Identifier: identifier },
    DetailsDocument,
  })
}

function creation(
  ChangeType: string,
  ChangeName: string,
  Type: string,
  DetailsDocument: CatalogDocument,
): CatalogChange {
  return { ChangeType, ChangeName, Entity: { Type }, DetailsDocument }
}

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

/** A private offer: a contract paid by instalments, with usage priced beside it if any; or usage alone. */
export function toAwsOffer(draft: OfferDraft, options: OfferOptions): CatalogChange[] {
  const offer = changeOf('Offer@1.0', created('PrivateOffer'))
  const replaced = options.replaces_agreement_id
  const validity = options.agreement_ends_on
    ? { AgreementEndDate: options.agreement_ends_on }
    : { AgreementDuration: toAwsDuration(draft.duration_months) }
  return [
    replaced === undefined
      ? creation('CreateOffer', 'PrivateOffer', 'Offer@1.0', { ProductId: draft.product_id })
      : creation('CreateReplacementOffer', 'PrivateOffer', 'Offer@1.0', { AgreementId: replaced }),
    offer('UpdateInformation', { Name: draft.name, Description: draft.description }),
    // A replacement is for the buyer of the agreement it replaces.
    ...(replaced === undefined
      ? [offer('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: draft.buyer_account_ids } })]
      : []),
    offer('UpdatePricingTerms', toAwsPrivatePricing('', draft)),
    ...toAwsSchedule('', draft.currency, draft.instalments).map((terms) =>
      offer('UpdatePaymentScheduleTerms', terms),
    ),
    offer('UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', ...validity }] }),
    offer('UpdateAvailability', { AvailabilityEndDate: draft.expires_on }),
    offer('UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [toAwsOfferEula(draft.eula)] }] }),
    offer('ReleaseOffer', {}),
  ]
}

export function toAwsExpiry(offer_id: string, expires_on: LocalDate): CatalogChange[] {
  return [changeOf('Offer@1.0', offer_id)('UpdateAvailability', { AvailabilityEndDate: expires_on })]
}

/** The vendor's permission for a reseller, at wholesale prices. */
export function toAwsAuthorization(
  draft: AuthorizationDraft,
  options: AuthorizationOptions,
): CatalogChange[] {
  const authorization = changeOf('ResaleAuthorization@1.0', created('Authorization'))
  const buyers = { Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: draft.buyer_account_ids } }
  return [
    creation('CreateResaleAuthorization', 'Authorization', 'ResaleAuthorization@1.0', {
      ProductId: draft.product_id,
      Name: draft.name,
      Description: draft.description,
      ResellerAccountId: draft.reseller_account_id,
    }),
    ...(draft.buyer_account_ids.length > 0
      ? [authorization('UpdateBuyerTargetingTerms', { Terms: [buyers] })]
      : []),
    authorization('UpdatePricingTerms', toAwsPrivatePricing('Resale', draft)),
    ...toAwsSchedule('Resale', draft.currency, draft.instalments).map((terms) =>
      authorization('UpdatePaymentScheduleTerms', terms),
    ),
    // Without a quantity it may be used until the date; one is the only quantity AWS takes.
    authorization('UpdateAvailability', {
      AvailabilityEndDate: draft.expires_on,
      ...(draft.single_use ? { OffersMaxQuantity: 1 } : {}),
    }),
    authorization('UpdateLegalTerms', {
      Terms: [
        { Type: 'BuyerLegalTerm', Documents: [toAwsResaleDocument('Eula', draft.eula)] },
        {
          Type: 'ResaleLegalTerm',
          Documents: [toAwsResaleDocument('ResellerContract', options.reseller_contract ?? 'standard')],
        },
      ],
    }),
    authorization('ReleaseResaleAuthorization', {}),
  ]
}

export function toAwsRestriction(authorization_id: string): CatalogChange[] {
  return [changeOf('ResaleAuthorization@1.0', authorization_id)('RestrictResaleAuthorization', {})]
}

/** The reseller's offer: prices and terms come from the authorization, the markup is laid on top of all of them. */
export function toAwsResellerOffer(draft: ResellerOfferDraft): CatalogChange[] {
  const offer = changeOf('Offer@1.0', created('ResellerOffer'))
  return [
    creation('CreateOfferUsingResaleAuthorization', 'ResellerOffer', 'Offer@1.0', {
      ResaleAuthorizationId: draft.authorization_id,
    }),
    offer('UpdateInformation', { Name: draft.name, Description: draft.description }),
    offer('UpdateMarkup', { Percentage: formatDecimal(draft.markup_percent) }),
    offer('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: draft.buyer_account_ids } }),
    ...(draft.duration_months === undefined
      ? []
      : [
          offer('UpdateValidityTerms', {
            Terms: [{ Type: 'ValidityTerm', AgreementDuration: toAwsDuration(draft.duration_months) }],
          }),
        ]),
    offer('UpdateAvailability', { AvailabilityEndDate: draft.expires_on }),
    offer('ReleaseOffer', {}),
  ]
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
}
