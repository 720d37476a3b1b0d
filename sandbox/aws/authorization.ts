import { endOfDate, iso, parseDate } from '../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from './change-context.ts'
import type { Authorization, ErrorDetail, Json, Term } from './model.ts'
import { termDocument } from './offer.ts'
import { isPricingTerm, pricingProblems, replaceTerms, scheduleProblems, termOf } from './pricing-rules.ts'
import { product as findProduct, type World } from './world.ts'

type TermsDetail = { Terms: Term[] }

export function newAuthorization(context: ApplyContext, id: string, details: Json): Authorization {
  const { ProductId, Name, Description, ResellerAccountId } = withoutNulls(details) as {
    ProductId: string
    Name: string
    Description?: string
    ResellerAccountId: string
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

const released = () => [refuse('INCOMPATIBLE_TERMS', 'A released resale authorization cannot change.')]

/** Everything but availability is fixed once an authorization is released. */
function whileDraft(change: ChangeHandler<Authorization>): ChangeHandler<Authorization> {
  return (context, authorization, details) =>
    authorization.status === 'Draft' || context.changing(authorization.id, 'ReleaseResaleAuthorization')
      ? change(context, authorization, details)
      : released()
}

const updateInformation: ChangeHandler<Authorization> = (_context, authorization, details) => {
  const { Name, Description } = withoutNulls(details) as { Name?: string; Description?: string }
  if (Name !== undefined) authorization.name = Name
  if (Description !== undefined) authorization.description = Description
  return []
}

const updateBuyerTargeting: ChangeHandler<Authorization> = (context, authorization, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  const buyers = Terms[0]?.PositiveTargeting?.BuyerAccounts
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
  return pricingProblems(product, PricingModel, Terms)
}

function replacing(types: string[]): ChangeHandler<Authorization> {
  return (_context, authorization, details) => {
    const { Terms } = withoutNulls(details) as TermsDetail
    authorization.terms = replaceTerms(authorization.terms, (type) => types.includes(type), Terms)
    return []
  }
}

const updateLegal: ChangeHandler<Authorization> = (_context, authorization, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  const kept = authorization.terms.filter(
    (term) => term.Type !== 'BuyerLegalTerm' && term.Type !== 'ResaleLegalTerm',
  )
  authorization.terms = [...kept, ...Terms]
  return []
}

const updateAvailability: ChangeHandler<Authorization> = (context, authorization, details) => {
  const { AvailabilityEndDate, OffersMaxQuantity } = withoutNulls(details) as {
    AvailabilityEndDate?: string
    OffersMaxQuantity?: number
  }
  if (
    AvailabilityEndDate &&
    authorization.status === 'Draft' &&
    endOfDate(AvailabilityEndDate) < context.now
  ) {
    return [refuse('INVALID_AVAILABILITY_END_DATE', 'AvailabilityEndDate must not be in the past.')]
  }
  authorization.availability_end_date = AvailabilityEndDate
  authorization.offers_max_quantity = OffersMaxQuantity
  return []
}

const restrict: ChangeHandler<Authorization> = (_context, authorization) => {
  if (authorization.status !== 'Active') {
    return [refuse('INCOMPATIBLE_STATUS', 'Only an active resale authorization can be restricted.')]
  }
  authorization.status = 'Restricted'
  return []
}

export const authorizationChangeHandlers: Record<string, ChangeHandler<Authorization>> = {
  UpdateInformation: whileDraft(updateInformation),
  UpdateBuyerTargetingTerms: whileDraft(updateBuyerTargeting),
  UpdatePricingTerms: whileDraft(updatePricing),
  UpdatePaymentScheduleTerms: whileDraft(replacing(['PaymentScheduleTerm'])),
  UpdateNetPaymentTerms: whileDraft(replacing(['NetPaymentTerm'])),
  UpdateBuyerValidityTerms: whileDraft(replacing(['BuyerValidityTerm'])),
  UpdateLegalTerms: whileDraft(updateLegal),
  UpdateAvailability: updateAvailability,
  RestrictResaleAuthorization: restrict,
}

export function releaseAuthorization(context: ApplyContext, authorization: Authorization): ErrorDetail[] {
  if (authorization.status !== 'Draft') {
    return [refuse('INCOMPATIBLE_STATUS', 'The resale authorization is released already.')]
  }
  const errors: ErrorDetail[] = []
  const { terms } = authorization
  const mandatory = (what: string) => errors.push(refuse('MISSING_MANDATORY_TERMS', `${what} is missing.`))
  if (!terms.some(isPricingTerm)) mandatory('A pricing term')
  if (!termOf(terms, 'BuyerLegalTerm')) mandatory('The buyer legal term')
  const fixed = termOf(terms, 'FixedUpfrontPricingTerm')
  if (fixed && !termOf(terms, 'PaymentScheduleTerm'))
    mandatory('The payment schedule of the fixed upfront price')
  const product = context.draft(authorization.product_id)
  if (
    product?.kind !== 'SaaSProduct' ||
    product.visibility === 'Draft' ||
    product.visibility === 'Restricted'
  ) {
    errors.push(refuse('INCOMPATIBLE_PRODUCT', 'The product must be released and not restricted.'))
  }
  if (errors.length === 0) authorization.status = 'Active'
  return errors
}

export function authorizationConsistency(context: ApplyContext, authorization: Authorization) {
  if (authorization.status !== 'Draft' && !context.changing(authorization.id, 'ReleaseResaleAuthorization'))
    return []
  const bounds = { now: context.now, availability_end_date: undefined }
  const problems = scheduleProblems(authorization.terms, bounds).map((error) => ({
    change: 'UpdatePaymentScheduleTerms',
    error,
  }))
  const end = authorization.availability_end_date
  const dates = termOf(authorization.terms, 'PaymentScheduleTerm')?.Schedule ?? []
  if (end && dates.some((item) => parseDate(item.ChargeDate) <= parseDate(end))) {
    const message = 'AvailabilityEndDate must be before every charge date.'
    problems.push({ change: 'UpdateAvailability', error: refuse('INVALID_AVAILABILITY_END_DATE', message) })
  }
  return problems
}

/** Not Started, Completed-Used (no more offers can follow) or Completed-Usable. */
export function offerExtendedStatus(authorization: Authorization): string {
  if (authorization.offers_created === 0) return 'Not Started'
  return authorization.offers_max_quantity === 1 ? 'Completed-Used' : 'Completed-Usable'
}

/** The authorization as DescribeEntity shows it to the manufacturer and to the reseller. */
export function authorizationDocument(world: World, authorization: Authorization) {
  const product = findProduct(world, authorization.product_id)
  const name = (account: string) => world.accounts.get(account)?.name ?? null
  const { availability_end_date, offers_max_quantity, buyer_accounts } = authorization
  return {
    Name: authorization.name,
    Description: authorization.description ?? null,
    ProductId: authorization.product_id,
    ProductName: product?.information.ProductTitle ?? null,
    ManufacturerAccountId: authorization.owner,
    ManufacturerLegalName: name(authorization.owner),
    Status: authorization.status,
    CreatedDate: iso(authorization.created_at),
    PricingModel: authorization.pricing_model ?? null,
    PreExistingBuyerAgreement: null,
    Dimensions: product?.dimensions ?? [],
    OfferDetails: {
      OfferCreatedCount: authorization.offers_created,
      OfferExtendedStatus: offerExtendedStatus(authorization),
    },
    Rules: [
      {
        Type: 'ResellerRule',
        ResellerAccountId: authorization.reseller,
        ResellerLegalName: name(authorization.reseller),
      },
      {
        Type: 'AvailabilityRule',
        ...(availability_end_date ? { AvailabilityEndDate: iso(endOfDate(availability_end_date)) } : {}),
        ...(offers_max_quantity ? { OffersMaxQuantity: offers_max_quantity } : {}),
        ...(availability_end_date || offers_max_quantity ? {} : { Usage: 'Unlimited' }),
      },
    ],
    Terms: [
      ...authorization.terms.map((term) => termDocument(term, false)),
      ...(buyer_accounts
        ? [
            {
              Type: 'BuyerTargetingTerm',
              PositiveTargeting: {
                BuyerAccounts: buyer_accounts.map((id) => ({ AwsAccountId: id, LegalName: name(id) })),
              },
            },
          ]
        : []),
    ],
  }
}
