import { endOfDate, parseDate } from '../../time.ts'
import { type ApplyContext, refuse } from '../catalog/change-context.ts'
import type { Authorization, ErrorDetail } from '../model.ts'
import { wholesaleScheduleProblems } from './authorization-pricing.ts'
import { isPricingTerm, termOf } from './pricing-rules.ts'

// Rules across several changes of a resale authorization, seen as the whole change set leaves it. Source: developer
// guide, resale authorizations.

type Problem = { change: string; error: ErrorDetail }

const release = 'ReleaseResaleAuthorization'

export function isExpired(authorization: Authorization, now: number): boolean {
  const end = authorization.availability_end_date
  return end !== undefined && endOfDate(end) < now
}

export function releaseAuthorization(context: ApplyContext, authorization: Authorization): ErrorDetail[] {
  if (authorization.status !== 'Draft') {
    return [refuse('INCOMPATIBLE_STATUS', 'The resale authorization is released already.')]
  }
  const errors: ErrorDetail[] = []
  const { terms } = authorization
  const mandatory = (what: string) => errors.push(refuse('MISSING_MANDATORY_TERMS', `${what} is missing.`))
  // A legal term that is refused by its own change is not missing as well.
  if (!termOf(terms, 'BuyerLegalTerm')) mandatory('The BuyerLegalTerm')
  if (!terms.some(isPricingTerm)) mandatory('A pricing term')
  const hasSchedule = termOf(terms, 'PaymentScheduleTerm') !== undefined
  if (hasSchedule !== (termOf(terms, 'FixedUpfrontPricingTerm') !== undefined)) {
    const message = 'A payment schedule and a fixed upfront price must be given together.'
    errors.push(refuse('INCOMPATIBLE_PRICING_TERM', message))
  }
  const product = context.draft(authorization.product_id)
  if (product?.kind !== 'SaaSProduct' || !['Limited', 'Public'].includes(product.visibility)) {
    errors.push(refuse('INCOMPATIBLE_PRODUCT', 'The product must be in the state limited or public.'))
  }
  if (errors.length === 0) authorization.status = 'Active'
  return errors
}

export function authorizationConsistency(context: ApplyContext, authorization: Authorization): Problem[] {
  const releasing = context.changing(authorization.id, release)
  if (authorization.status !== 'Draft' && !releasing) return availabilityProblems(authorization)
  return [
    ...wholesaleScheduleProblems(authorization.terms, context.now).map((error) => ({
      change: 'UpdatePaymentScheduleTerms',
      error,
    })),
    ...availabilityProblems(authorization),
    ...scheduleCompany(context, authorization, releasing),
    ...buyerProblems(context, authorization),
  ]
}

function availabilityProblems(authorization: Authorization): Problem[] {
  const end = authorization.availability_end_date
  const dates = termOf(authorization.terms, 'PaymentScheduleTerm')?.Schedule ?? []
  if (!end || !dates.some((item) => parseDate(item.ChargeDate) <= parseDate(end))) return []
  const message = 'AvailabilityEndDate must be before every charge date.'
  return [{ change: 'UpdateAvailability', error: refuse('INVALID_AVAILABILITY_END_DATE', message) }]
}

/** Instalments stand with a fixed upfront term, and in an authorization for one offer until a date. */
function scheduleCompany(context: ApplyContext, authorization: Authorization, releasing: boolean): Problem[] {
  const { terms } = authorization
  const change = 'UpdatePaymentScheduleTerms'
  if (!termOf(terms, 'PaymentScheduleTerm')) return []
  if (releasing) {
    if (authorization.availability_end_date && authorization.offers_max_quantity) return []
    const message = 'A payment schedule needs both OffersMaxQuantity and AvailabilityEndDate.'
    return [{ change, error: refuse('INCOMPATIBLE_TERMS', message) }]
  }
  if (termOf(terms, 'FixedUpfrontPricingTerm') || !context.changing(authorization.id, change)) return []
  const message = 'Give ResaleFixedUpfrontPricingTerm and ResalePaymentScheduleTerm together.'
  return [{ change, error: refuse('MISSING_MANDATORY_TERMS', message) }]
}

function buyerProblems(context: ApplyContext, authorization: Authorization): Problem[] {
  if (!authorization.pre_existing_agreement || authorization.buyer_accounts) return []
  const order = ['UpdateInformation', 'UpdateBuyerTargetingTerms', release]
  const change = order.find((type) => context.changing(authorization.id, type)) ?? release
  const message = 'An authorization with a PreExistingBuyerAgreement needs at least one buyer account.'
  return [{ change, error: refuse('INCOMPATIBLE_BUYER_TARGETING', message) }]
}
