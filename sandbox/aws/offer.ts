import { endOfDate, iso, parseDate } from '../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from './change-context.ts'
import { applyMarkup } from './markup.ts'
import type { Authorization, ErrorDetail, Json, Offer, Term } from './model.ts'
import { updatePricing } from './offer-pricing.ts'
import { isSealed, sealed } from './offer-rules.ts'
import { isPricingTerm, plainType, replaceTerms } from './pricing-rules.ts'
import { updateTargeting } from './targeting-rules.ts'
import { legalProblems, netPaymentProblems } from './term-rules.ts'
import { updateValidity } from './validity-rules.ts'

type TermsDetail = { Terms: Term[] }

export function newOffer(context: ApplyContext, id: string, product_id: string, details: Json): Offer {
  const { Name } = withoutNulls(details) as { Name?: string }
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
    terms: [],
  }
}

/** A reseller's draft starts with everything the authorization says about the buyer. */
export function newResellerOffer(
  context: ApplyContext,
  id: string,
  source: Authorization,
  details: Json,
): Offer {
  const offer = newOffer(context, id, source.product_id, details)
  offer.resale_authorization_id = source.id
  offer.pricing_model = source.pricing_model
  offer.buyer_accounts = source.buyer_accounts
  offer.terms = applyMarkup(source.terms, '0')
  return offer
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

const updateSchedule: ChangeHandler<Offer> = (_context, offer, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  if (isSealed(offer)) return sealed('payment schedule')
  if (offer.markup !== undefined) {
    const message = 'A markup already decides the payment schedule; an offer has one or the other.'
    return [refuse('INCOMPATIBLE_MARKUP_PERCENTAGE', message)]
  }
  offer.terms = replaceTerms(offer.terms, (type) => type === 'PaymentScheduleTerm', Terms)
  return []
}

/** A handler for a family that has nothing to say beyond replacing its term. */
function replacing(
  type: string,
  what: string,
  check?: (terms: Term[]) => ErrorDetail[],
): ChangeHandler<Offer> {
  return (_context, offer, details) => {
    if (isSealed(offer)) return sealed(what)
    const { Terms } = withoutNulls(details) as TermsDetail
    offer.terms = replaceTerms(offer.terms, (candidate) => candidate === type, Terms)
    return check ? check(Terms) : []
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

const updateMarkup: ChangeHandler<Offer> = (context, offer, details) => {
  const { Percentage } = details as { Percentage: string }
  if (offer.state === 'Released') {
    return [refuse('INCOMPATIBLE_MARKUP', 'The markup of a released offer cannot change.')]
  }
  const source = offer.resale_authorization_id ? context.draft(offer.resale_authorization_id) : undefined
  if (source?.kind !== 'ResaleAuthorization') {
    return [refuse('INCOMPATIBLE_MARKUP', 'Only an offer under a resale authorization has a markup.')]
  }
  if (context.changing(offer.id, 'UpdatePaymentScheduleTerms')) {
    return [refuse('INCOMPATIBLE_MARKUP', 'A markup cannot be combined with an own payment schedule.')]
  }
  if (Number(Percentage) > 1000) return [refuse('INVALID_MARKUP_PERCENTAGE', 'The markup is too high.')]
  offer.markup = Percentage
  const own = offer.terms.filter((term) => !isPricingTerm(term) && plainType(term) !== 'PaymentScheduleTerm')
  const marked = applyMarkup(source.terms, Percentage)
  offer.terms = [
    ...marked.filter((term) => isPricingTerm(term) || term.Type === 'PaymentScheduleTerm'),
    ...own,
  ]
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
  UpdateMarkup: updateMarkup,
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
