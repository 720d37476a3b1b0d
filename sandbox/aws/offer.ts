import { endOfDate, iso, parseDate } from '../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from './change-context.ts'
import type { ErrorDetail, Json, Offer, Term } from './model.ts'
import { checkBuyers, hasPublicOffer } from './offer-rules.ts'
import { isPricingTerm, plainType, pricingProblems, replaceTerms } from './pricing-rules.ts'

type TermsDetail = { Terms: Term[] }

export function newOffer(context: ApplyContext, id: string, product_id: string, details: Json): Offer {
  const { Name, OfferSetId } = withoutNulls(details) as { Name?: string; OfferSetId?: string }
  return {
    kind: 'Offer',
    id,
    owner: context.account_id,
    revision: 0,
    created_at: context.now,
    modified_at: context.now,
    product_id,
    state: 'Draft',
    name: Name,
    offer_set_id: OfferSetId,
    terms: [],
  }
}

const updateInformation: ChangeHandler<Offer> = (_context, offer, details) => {
  const { Name, Description } = withoutNulls(details) as { Name?: string; Description?: string }
  if (Name !== undefined) offer.name = Name
  if (Description !== undefined) offer.description = Description
  return []
}

const updateTargeting: ChangeHandler<Offer> = (context, offer, details) => {
  if (offer.state === 'Released') {
    return [refuse('INCOMPATIBLE_TARGETING', 'The targeting of a released offer cannot change.')]
  }
  const { PositiveTargeting } = withoutNulls(details) as {
    PositiveTargeting?: { BuyerAccounts?: string[]; CountryCodes?: string[] }
  }
  offer.buyer_accounts = PositiveTargeting?.BuyerAccounts
  offer.country_codes = PositiveTargeting?.CountryCodes
  if (!offer.buyer_accounts) return []
  const errors = checkBuyers(context, offer)
  if (!hasPublicOffer(context, offer.product_id)) {
    errors.push(refuse('INCOMPATIBLE_PRODUCT', 'First create a public offer for the product.'))
  }
  return errors
}

/** True for what may no longer change once a private offer is out. */
function isSealed(offer: Offer): boolean {
  return (
    offer.state === 'Released' &&
    (offer.buyer_accounts !== undefined || offer.resale_authorization_id !== undefined)
  )
}

const sealed = (what: string) => [
  refuse('INCOMPATIBLE_TERMS', `The ${what} of a released private offer cannot change.`),
]

const updatePricing: ChangeHandler<Offer> = (context, offer, details) => {
  const { PricingModel, Terms } = withoutNulls(details) as TermsDetail & { PricingModel: string }
  if (isSealed(offer)) return sealed('pricing')
  const product = context.draft(offer.product_id)
  if (product?.kind !== 'SaaSProduct') return [refuse('INCOMPATIBLE_PRODUCT', 'The product does not exist.')]
  offer.pricing_model = PricingModel
  offer.terms = replaceTerms(offer.terms, (type) => isPricingTerm({ Type: type }), Terms)
  return pricingProblems(product, PricingModel, Terms)
}

const updateSchedule: ChangeHandler<Offer> = (_context, offer, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  if (isSealed(offer)) return sealed('payment schedule')
  offer.terms = replaceTerms(offer.terms, (type) => type === 'PaymentScheduleTerm', Terms)
  return []
}

/** A handler for a family that has nothing to say beyond replacing its term. */
function replacing(
  type: string,
  what: string,
  check?: (offer: Offer) => ErrorDetail[],
): ChangeHandler<Offer> {
  return (_context, offer, details) => {
    if (isSealed(offer)) return sealed(what)
    const { Terms } = withoutNulls(details) as TermsDetail
    offer.terms = replaceTerms(offer.terms, (candidate) => candidate === type, Terms)
    return check ? check(offer) : []
  }
}

const updateValidity: ChangeHandler<Offer> = (context, offer, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  offer.terms = replaceTerms(offer.terms, (type) => type === 'ValidityTerm', Terms)
  const term = Terms[0]
  if (!term) return []
  const { AgreementDuration, AgreementEndDate, AgreementStartDate } = term
  if ((AgreementDuration === undefined) === (AgreementEndDate === undefined)) {
    return [
      refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'Give AgreementDuration or AgreementEndDate, not both.'),
    ]
  }
  const errors: ErrorDetail[] = []
  if (AgreementStartDate && !AgreementEndDate) {
    errors.push(refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'AgreementStartDate needs AgreementEndDate.'))
  }
  if (AgreementEndDate && endOfDate(AgreementEndDate) < context.now) {
    errors.push(refuse('INVALID_AGREEMENT_END_DATE', 'AgreementEndDate must be in the future.'))
  }
  if (AgreementStartDate && AgreementEndDate && AgreementStartDate >= AgreementEndDate) {
    errors.push(
      refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'AgreementStartDate must be before AgreementEndDate.'),
    )
  }
  return errors
}

const updateAvailability: ChangeHandler<Offer> = (context, offer, details) => {
  const { AvailabilityEndDate } = details as { AvailabilityEndDate: string }
  // A past date takes a released offer off the market; for a draft it makes no sense.
  if (offer.state === 'Draft' && endOfDate(AvailabilityEndDate) < context.now) {
    return [refuse('INVALID_AVAILABILITY_END_DATE', 'AvailabilityEndDate must not be in the past.')]
  }
  offer.availability_end_date = AvailabilityEndDate
  return []
}

export const offerChangeHandlers: Record<string, ChangeHandler<Offer>> = {
  UpdateInformation: updateInformation,
  UpdateTargeting: updateTargeting,
  UpdatePricingTerms: updatePricing,
  UpdatePaymentScheduleTerms: updateSchedule,
  UpdateNetPaymentTerms: replacing('NetPaymentTerm', 'net payment term'),
  UpdateLegalTerms: replacing('LegalTerm', 'legal term'),
  UpdateSupportTerms: replacing('SupportTerm', 'support term'),
  UpdateRenewalTerms: replacing('RenewalTerm', 'renewal term'),
  UpdateValidityTerms: updateValidity,
  UpdateAvailability: updateAvailability,
}

/** The offer as DescribeEntity shows it: dates become instants, and a validity term hides the fixed duration. */
export function offerDocument(offer: Offer) {
  const hasValidity = offer.terms.some((term) => term.Type === 'ValidityTerm')
  return {
    Id: offer.id,
    Name: offer.name ?? null,
    Description: offer.description ?? null,
    ProductId: offer.product_id,
    ResaleAuthorizationId: offer.resale_authorization_id ?? null,
    OfferSetId: offer.offer_set_id ?? null,
    MarkupPercentage: offer.markup ?? null,
    PreExistingAgreement: null,
    State: offer.state,
    Rules: [
      ...(offer.buyer_accounts || offer.country_codes
        ? [
            {
              Type: 'TargetingRule',
              PositiveTargeting: {
                ...(offer.buyer_accounts ? { BuyerAccounts: offer.buyer_accounts } : {}),
                ...(offer.country_codes ? { CountryCodes: offer.country_codes } : {}),
              },
            },
          ]
        : []),
      ...(offer.availability_end_date
        ? [{ Type: 'AvailabilityRule', AvailabilityEndDate: iso(endOfDate(offer.availability_end_date)) }]
        : []),
    ],
    Terms: offer.terms.map((term) => termDocument(term, hasValidity)),
  }
}

export function termDocument(term: Term, hideDuration: boolean): Term {
  const shown = { ...term }
  if (shown.Schedule) {
    shown.Schedule = shown.Schedule.map((item) => ({ ...item, ChargeDate: iso(parseDate(item.ChargeDate)) }))
  }
  if (hideDuration && plainType(term) === 'FixedUpfrontPricingTerm') shown.Duration = undefined
  return shown
}
