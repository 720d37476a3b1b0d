import { endOfDate, iso, parseDate } from '../../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import { standingProblems } from '../catalog/seller-standing.ts'
import type { ErrorDetail, Json, Offer, Term } from '../model.ts'
import type { World } from '../world.ts'
import { updatePricing } from './offer-pricing.ts'
import { isSealed, sealed } from './offer-rules.ts'
import { plainType, replaceTerms } from './pricing-rules.ts'
import { updateTargeting } from './targeting-rules.ts'
import { legalProblems, netPaymentProblems } from './term-rules.ts'
import { updateValidity } from './validity-rules.ts'

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
  const { Name, Description, PreExistingAgreement } = withoutNulls(details) as {
    Name?: string
    Description?: string
    PreExistingAgreement?: Offer['pre_existing_agreement']
  }
  if (Name !== undefined) offer.name = Name
  if (Description !== undefined) offer.description = Description
  if (PreExistingAgreement === undefined) return []
  if (offer.state === 'Released' || offer.replaces_agreement_id) {
    const message = 'Where an agreement comes from is told while its first offer is a draft.'
    return [refuse('INCOMPATIBLE_PRE_EXISTING_AGREEMENT', message)]
  }
  offer.pre_existing_agreement = PreExistingAgreement
  return []
}

const updateSchedule: ChangeHandler<Offer> = (context, offer, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  if (isSealed(offer)) return sealed('payment schedule')
  offer.terms = replaceTerms(offer.terms, (type) => type === 'PaymentScheduleTerm', Terms)
  return standingProblems(context, Terms, 'prices')
}

/** A handler for a family that has nothing to say beyond replacing its term. */
function replacing(
  type: string,
  what: string,
  check?: (terms: Term[], world: World) => ErrorDetail[],
): ChangeHandler<Offer> {
  return (context, offer, details) => {
    if (isSealed(offer)) return sealed(what)
    const { Terms } = withoutNulls(details) as TermsDetail
    offer.terms = replaceTerms(offer.terms, (candidate) => candidate === type, Terms)
    return check ? check(Terms, context.world) : []
  }
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
  UpdateNetPaymentTerms: replacing('NetPaymentTerm', 'net payment term', netPaymentProblems),
  UpdateLegalTerms: replacing('LegalTerm', 'legal term', legalProblems),
  UpdateSupportTerms: replacing('SupportTerm', 'support term'),
  UpdateRenewalTerms: replacing('RenewalTerm', 'renewal term'),
  UpdateCustomerVerificationTerms: replacing('CustomerVerificationTerm', 'customer verification term'),
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
    PreExistingAgreement: offer.pre_existing_agreement ?? null,
    State: offer.state,
    Rules: rulesDocument(offer),
    Terms: offer.terms.map((term) => termDocument(term, hasValidity)),
  }
}

function rulesDocument(offer: Offer) {
  const { buyer_accounts, country_codes, excluded_country_codes, availability_end_date } = offer
  const positive = {
    ...(buyer_accounts ? { BuyerAccounts: buyer_accounts } : {}),
    ...(country_codes ? { CountryCodes: country_codes } : {}),
  }
  const targeting = {
    ...(buyer_accounts || country_codes ? { PositiveTargeting: positive } : {}),
    ...(excluded_country_codes ? { NegativeTargeting: { CountryCodes: excluded_country_codes } } : {}),
  }
  return [
    ...(Object.keys(targeting).length > 0 ? [{ Type: 'TargetingRule', ...targeting }] : []),
    ...(availability_end_date
      ? [{ Type: 'AvailabilityRule', AvailabilityEndDate: iso(endOfDate(availability_end_date)) }]
      : []),
  ]
}

export function termDocument(term: Term, hideDuration: boolean): Term {
  const shown = { ...term }
  if (shown.Schedule) {
    shown.Schedule = shown.Schedule.map((item) => ({ ...item, ChargeDate: iso(parseDate(item.ChargeDate)) }))
  }
  if (shown.AgreementStartDate) shown.AgreementStartDate = iso(parseDate(shown.AgreementStartDate))
  if (shown.AgreementEndDate) shown.AgreementEndDate = iso(endOfDate(shown.AgreementEndDate))
  if (hideDuration && plainType(term) === 'FixedUpfrontPricingTerm') shown.Duration = undefined
  return shown
}
