import { addDuration, endOfDate, parseDate } from '../../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import { documentProblems, isStoredInS3 } from '../catalog/legal-documents.ts'
import { standingProblems } from '../catalog/seller-standing.ts'
import type { Authorization, ErrorDetail, Json, Term } from '../model.ts'
import { wholesalePricingProblems } from './authorization-pricing.ts'
import { isExpired } from './authorization-rules.ts'
import { isPricingTerm, replaceTerms } from './pricing-rules.ts'

type TermsDetail = { Terms: Term[] }

export function newAuthorization(context: ApplyContext, id: string, details: Json): Authorization {
  const { ProductId, Name, Description, ResellerAccountId, BulkRequestId, ResellerRole } = withoutNulls(
    details,
  ) as {
    ProductId: string
    Name: string
    Description?: string
    ResellerAccountId: string
    BulkRequestId?: string
    ResellerRole?: Authorization['role']
  }
  return {
    kind: 'ResaleAuthorization',
    id,
    owner: context.account_id,
    revision: 0,
    created_at: context.now,
    modified_at: context.now,
    product_id: ProductId,
    reseller: ResellerAccountId,
    status: 'Draft',
    name: Name,
    description: Description,
    terms: [],
    offers_created: 0,
    role: ResellerRole ?? 'ChannelPartner',
    bulk_request_id: BulkRequestId,
  }
}

/** What the rest of the cloud knows about a reseller before an authorization may name it. */
export function resellerProblems(context: ApplyContext, reseller: string): ErrorDetail[] {
  const account = context.world.accounts.get(reseller)
  if (account?.role === 'seller' && reseller !== context.account_id) return []
  return [
    refuse('INVALID_RESELLER_ACCOUNT', `The account ${reseller} is not registered as a channel partner.`),
  ]
}

/** Everything but availability is fixed once an authorization is released. */
function whileDraft(type: string, change: ChangeHandler<Authorization>): ChangeHandler<Authorization> {
  return (context, authorization, details) =>
    authorization.status === 'Draft'
      ? change(context, authorization, details)
      : [refuse('INCOMPATIBLE_STATUS', `${type} has no place once the resale authorization is released.`)]
}

const updateInformation: ChangeHandler<Authorization> = (_context, authorization, details) => {
  const { Name, Description, PreExistingBuyerAgreement } = withoutNulls(details) as {
    Name?: string
    Description?: string
    PreExistingBuyerAgreement?: Authorization['pre_existing_agreement']
  }
  if (Name !== undefined) authorization.name = Name
  if (Description !== undefined) authorization.description = Description
  if (PreExistingBuyerAgreement) authorization.pre_existing_agreement = PreExistingBuyerAgreement
  return []
}

const updateBuyerTargeting: ChangeHandler<Authorization> = (context, authorization, details) => {
  const { Terms } = withoutNulls(details) as Partial<TermsDetail>
  const buyers = Terms?.[0]?.PositiveTargeting?.BuyerAccounts
  authorization.buyer_accounts = buyers
  return (buyers ?? [])
    .filter((buyer) => !context.world.accounts.get(buyer))
    .map((buyer) => refuse('INCOMPATIBLE_BUYER_TARGETING', `The account ${buyer} does not exist.`))
}

const updatePricing: ChangeHandler<Authorization> = (context, authorization, details) => {
  const { PricingModel, Terms } = withoutNulls(details) as TermsDetail & { PricingModel: string }
  const product = context.draft(authorization.product_id)
  if (product?.kind !== 'SaaSProduct') return [refuse('INCOMPATIBLE_PRODUCT', 'The product does not exist.')]
  authorization.pricing_model = PricingModel
  authorization.terms = replaceTerms(authorization.terms, (type) => isPricingTerm({ Type: type }), Terms)
  return [
    ...wholesalePricingProblems(product, PricingModel, Terms, context.now),
    ...standingProblems(context, Terms, 'prices'),
  ]
}

function replacing(family: string): ChangeHandler<Authorization> {
  return (_context, authorization, details) => {
    const { Terms } = withoutNulls(details) as TermsDetail
    authorization.terms = replaceTerms(authorization.terms, (type) => type === family, Terms)
    return []
  }
}

const updateBuyerValidity: ChangeHandler<Authorization> = (context, authorization, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  authorization.terms = replaceTerms(authorization.terms, (type) => type === 'BuyerValidityTerm', Terms)
  const latest = Terms[0]?.MaximumAgreementStartDate
  const limit = addDuration(context.now, 'P3Y') ?? 0
  if (!latest || (endOfDate(latest) > context.now && parseDate(latest) <= limit)) return []
  const message = 'MaximumAgreementStartDate must be in the future and within three years.'
  return [refuse('INVALID_MAXIMUM_AGREEMENT_START_DATE', message)]
}

const updateLegal: ChangeHandler<Authorization> = (context, authorization, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  const kept = authorization.terms.filter(
    (term) => term.Type !== 'BuyerLegalTerm' && term.Type !== 'ResaleLegalTerm',
  )
  authorization.terms = [...kept, ...Terms]
  const unfit = (type: string, code: string) =>
    documentProblems(
      context.world,
      Terms.filter((term) => term.Type === type),
    ).map(({ message }) => refuse(code, message))
  const elsewhere = (type: string) =>
    Terms.some(
      (term) =>
        term.Type === type && term.Documents?.some(({ Url }) => Url !== undefined && !isStoredInS3(Url)),
    )
  const stored = 'documents must be stored in a bucket of S3 that AWS can read.'
  return [
    ...(elsewhere('BuyerLegalTerm')
      ? [refuse('INVALID_BUYER_LEGAL_DOCUMENTS', `The buyer's legal ${stored}`)]
      : []),
    ...(elsewhere('ResaleLegalTerm')
      ? [refuse('INVALID_RESALE_LEGAL_DOCUMENTS', `The reseller's legal ${stored}`)]
      : []),
    ...unfit('BuyerLegalTerm', 'INVALID_BUYER_LEGAL_DOCUMENTS'),
    ...unfit('ResaleLegalTerm', 'INVALID_RESALE_LEGAL_DOCUMENTS'),
    ...(Terms.some((term) => term.Type === 'BuyerLegalTerm')
      ? []
      : [refuse('MISSING_MANDATORY_TERMS', 'The BuyerLegalTerm is missing.')]),
  ]
}

const updateAvailability: ChangeHandler<Authorization> = (context, authorization, details) => {
  if (authorization.status === 'Restricted') {
    return [refuse('INCOMPATIBLE_STATUS', 'A restricted resale authorization cannot change.')]
  }
  const { AvailabilityEndDate, OffersMaxQuantity } = withoutNulls(details) as {
    AvailabilityEndDate?: string
    OffersMaxQuantity?: number
  }
  authorization.availability_end_date = AvailabilityEndDate
  authorization.offers_max_quantity = OffersMaxQuantity
  if (!isExpired(authorization, context.now)) return []
  return [refuse('INVALID_AVAILABILITY_END_DATE', 'AvailabilityEndDate must be in the future.')]
}

/** There is no way back: a restricted authorization never becomes active again. */
const restrict: ChangeHandler<Authorization> = (context, authorization) => {
  if (authorization.status !== 'Active') {
    return [refuse('INCOMPATIBLE_STATUS', 'Only an active resale authorization can be restricted.')]
  }
  if (isExpired(authorization, context.now)) {
    return [refuse('INCOMPATIBLE_STATUS', 'An expired resale authorization cannot be restricted.')]
  }
  authorization.status = 'Restricted'
  return []
}

const drafting: Record<string, ChangeHandler<Authorization>> = {
  UpdateInformation: updateInformation,
  UpdateBuyerTargetingTerms: updateBuyerTargeting,
  UpdatePricingTerms: updatePricing,
  UpdatePaymentScheduleTerms: replacing('PaymentScheduleTerm'),
  UpdateNetPaymentTerms: replacing('NetPaymentTerm'),
  UpdateBuyerValidityTerms: updateBuyerValidity,
  UpdateLegalTerms: updateLegal,
}

export const authorizationChangeHandlers: Record<string, ChangeHandler<Authorization>> = {
  ...Object.fromEntries(Object.entries(drafting).map(([type, handler]) => [type, whileDraft(type, handler)])),
  UpdateAvailability: updateAvailability,
  RestrictResaleAuthorization: restrict,
}
