/**
 * Resale authorizations and the offers that are made from them. Source of the shapes: the change types of
 * ResaleAuthorization@1.0 and Offer@1.0 in AWS's public shape library and developer guide.
 */
import { formatDecimal } from '../../../src/core/decimal.ts'
import type { AuthorizationDraft, ResellerOfferDraft } from '../../connector.ts'
import { type CatalogChange, type CatalogDocument, changeOf, created, creation } from '../wire/documents.ts'
import { inSet } from './map-offers.ts'
import type { AuthorizationOptions, ResellerOfferOptions } from './options.ts'
import {
  toAwsDuration,
  toAwsNetPayment,
  toAwsPrivatePricing,
  toAwsResaleDocument,
  toAwsSchedule,
} from './terms.ts'

type Some = (type: string, details: CatalogDocument | undefined) => CatalogChange[]

/** The vendor's permission for a reseller, at wholesale prices. */
export function toAwsAuthorization(
  draft: AuthorizationDraft,
  options: AuthorizationOptions,
): CatalogChange[] {
  const authorization = changeOf('ResaleAuthorization@1.0', created('Authorization'))
  const some: Some = (type, details) => (details === undefined ? [] : [authorization(type, details)])
  const { net_payment_days: net, latest_start_on, reseller_role } = options
  const buyers = { Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: draft.buyer_account_ids } }
  return [
    creation('CreateResaleAuthorization', 'Authorization', 'ResaleAuthorization@1.0', {
      ProductId: draft.product_id,
      Name: draft.name,
      Description: draft.description,
      ResellerAccountId: draft.reseller_account_id,
      ...(reseller_role === undefined ? {} : { ResellerRole: reseller_role }),
    }),
    ...some(
      'UpdateBuyerTargetingTerms',
      draft.buyer_account_ids.length > 0 ? { Terms: [buyers] } : undefined,
    ),
    authorization('UpdatePricingTerms', toAwsPrivatePricing('Resale', draft, options.choice)),
    ...toAwsSchedule('Resale', draft.currency, draft.instalments).map((terms) =>
      authorization('UpdatePaymentScheduleTerms', terms),
    ),
    ...some('UpdateNetPaymentTerms', net === undefined ? undefined : toAwsNetPayment('Resale', net)),
    ...some(
      'UpdateBuyerValidityTerms',
      latest_start_on === undefined
        ? undefined
        : { Terms: [{ Type: 'BuyerValidityTerm', MaximumAgreementStartDate: latest_start_on }] },
    ),
    ...some('UpdateAvailability', availabilityOf(draft)),
    authorization('UpdateLegalTerms', {
      Terms: [
        { Type: 'BuyerLegalTerm', Documents: [toAwsResaleDocument('Eula', options.eula ?? draft.eula)] },
        {
          Type: 'ResaleLegalTerm',
          Documents: [toAwsResaleDocument('ResellerContract', options.reseller_contract ?? 'standard')],
        },
      ],
    }),
    authorization('ReleaseResaleAuthorization', {}),
  ]
}

/** For one offer, until a day, or both; neither is an authorization without end. One is the only quantity AWS takes. */
function availabilityOf({ expires_on, single_use }: AuthorizationDraft): CatalogDocument | undefined {
  if (expires_on === null && !single_use) return undefined
  return {
    ...(expires_on === null ? {} : { AvailabilityEndDate: expires_on }),
    ...(single_use ? { OffersMaxQuantity: 1 } : {}),
  }
}

export function toAwsRestriction(authorization_id: string): CatalogChange[] {
  return [changeOf('ResaleAuthorization@1.0', authorization_id)('RestrictResaleAuthorization', {})]
}

/**
 * The reseller's offer. Prices and terms come from the authorization with the markup laid on all of them, or with a
 * schedule of the reseller's own: AWS takes one of the two.
 */
export function toAwsResellerOffer(
  draft: ResellerOfferDraft,
  options: ResellerOfferOptions,
): CatalogChange[] {
  const offer = changeOf('Offer@1.0', created('ResellerOffer'))
  const some: Some = (type, details) => (details === undefined ? [] : [offer(type, details)])
  const { net_payment_days: net } = options
  return [
    creationOf(draft, options),
    offer('UpdateInformation', { Name: draft.name, Description: draft.description }),
    ...pricesOf(draft).map(([type, details]) => offer(type, details)),
    ...some(
      'UpdateTargeting',
      draft.replaces_agreement_id === undefined
        ? { PositiveTargeting: { BuyerAccounts: draft.buyer_account_ids } }
        : undefined,
    ),
    ...some('UpdateValidityTerms', validityOf(draft, options)),
    ...some('UpdateNetPaymentTerms', net === undefined ? undefined : toAwsNetPayment('', net)),
    offer('UpdateAvailability', { AvailabilityEndDate: draft.expires_on }),
    offer('ReleaseOffer', {}),
  ]
}

function creationOf(draft: ResellerOfferDraft, options: ResellerOfferOptions): CatalogChange {
  const { authorization_id: ResaleAuthorizationId, replaces_agreement_id: AgreementId } = draft
  if (AgreementId === undefined) {
    const details = { ResaleAuthorizationId, ...inSet(options) }
    return creation('CreateOfferUsingResaleAuthorization', 'ResellerOffer', 'Offer@1.0', details)
  }
  const type = 'CreateReplacementOfferUsingResaleAuthorization'
  return creation(type, 'ResellerOffer', 'Offer@1.0', { ResaleAuthorizationId, AgreementId })
}

/**
 * All prices follow from the authorization, but for a schedule of the reseller's own. Of a price list that schedule pays
 * for a fixed choice, which takes the place of the list; prices of usage stay.
 */
function pricesOf({ markup_percent, own_schedule: own }: ResellerOfferDraft): [string, CatalogDocument][] {
  if (own === undefined) return [['UpdateMarkup', { Percentage: formatDecimal(markup_percent) }]]
  const { currency, instalments, chosen } = own
  const fixed = chosen && toAwsPrivatePricing('', { currency, instalments, usage_prices: {}, ...chosen })
  return [
    ...(fixed === undefined ? [] : [['UpdatePricingTerms', fixed] satisfies [string, CatalogDocument]]),
    ...toAwsSchedule('', currency, instalments).map((terms): [string, CatalogDocument] => [
      'UpdatePaymentScheduleTerms',
      terms,
    ]),
  ]
}

function validityOf(
  { duration_months: months }: ResellerOfferDraft,
  { ends_on }: ResellerOfferOptions,
): CatalogDocument | undefined {
  if (ends_on !== undefined) return { Terms: [{ Type: 'ValidityTerm', AgreementEndDate: ends_on }] }
  if (months === undefined) return undefined
  return { Terms: [{ Type: 'ValidityTerm', AgreementDuration: toAwsDuration(months) }] }
}
