import { endOfDate } from '../../time.ts'
import { type ApplyContext, refuse } from '../catalog/change-context.ts'
import { standingProblems } from '../catalog/seller-standing.ts'
import type { ErrorDetail, Offer } from '../model.ts'
import { isPricingTerm, scheduleProblems, termOf } from './pricing-rules.ts'

export type Problem = { change: string; error: ErrorDetail }

/** True for what may no longer change once a private offer is out. */
export function isSealed(offer: Offer): boolean {
  return offer.state === 'Released' && isPrivate(offer)
}

export const sealed = (what: string) => [
  refuse('INCOMPATIBLE_TERMS', `The ${what} of a released private offer cannot change.`),
]

/** How many buyers an offer names; one less under a resale authorization. */
const mostBuyers = { own: 26, resold: 25 }

/** Buyers must be accounts, and under a resale authorization only accounts it allows. */
export function checkBuyers(context: ApplyContext, offer: Offer): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const buyers = offer.buyer_accounts ?? []
  const most = offer.resale_authorization_id ? mostBuyers.resold : mostBuyers.own
  if (buyers.length > most) {
    errors.push(refuse('TOO_MANY_BUYER_ACCOUNTS', `An offer names at most ${most} buyers.`))
  }
  for (const buyer of buyers) {
    if (!context.world.accounts.get(buyer)) {
      errors.push(refuse('INVALID_BUYER_ACCOUNTS', `The account ${buyer} does not exist.`))
    }
  }
  const source = offer.resale_authorization_id ? context.draft(offer.resale_authorization_id) : undefined
  if (source?.kind === 'ResaleAuthorization' && source.buyer_accounts) {
    const allowed = source.buyer_accounts
    const outside = buyers.filter((buyer) => !allowed.includes(buyer))
    if (outside.length > 0) {
      const message = `The resale authorization does not allow the buyers ${outside.join(', ')}.`
      errors.push(refuse('INCOMPATIBLE_RESALE_AUTHORIZATION', message))
    }
  }
  return errors
}

function publicOffers(context: ApplyContext, productId: string): Offer[] {
  return context.world.entities
    .all()
    .flatMap((entity) => (entity.kind === 'Offer' && entity.product_id === productId ? [entity] : []))
    .filter((offer) => offer.state === 'Released' && !isPrivate(offer))
}

/** A private offer needs a released offer for everybody first. */
export function hasPublicOffer(context: ApplyContext, productId: string): boolean {
  return publicOffers(context, productId).length > 0
}

/** Rules across several changes, seen on the offer as the whole change set leaves it. */
export function offerConsistency(context: ApplyContext, offer: Offer): Problem[] {
  const problems: Problem[] = []
  if (offer.state === 'Draft' || context.changing(offer.id, 'ReleaseOffer')) {
    const bounds = { now: context.now, availability_end_date: offer.availability_end_date }
    for (const error of scheduleProblems(offer.terms, bounds)) {
      problems.push({ change: 'UpdatePaymentScheduleTerms', error })
    }
  }
  problems.push(...publicConsistency(context, offer))
  return problems
}

/** What only private offers may have, seen when it is added to an offer for everybody that is out. */
function publicConsistency(context: ApplyContext, offer: Offer): Problem[] {
  if (isPrivate(offer) || offer.state === 'Draft') return []
  const releasing = context.changing(offer.id, 'ReleaseOffer')
  const problems: Problem[] = []
  const only = (type: string, change: string) => {
    if (!termOf(offer.terms, type) || !(releasing || context.changing(offer.id, change))) return
    problems.push({ change, error: refuse('INCOMPATIBLE_TERMS', `The ${type} is for private offers.`) })
  }
  only('NetPaymentTerm', 'UpdateNetPaymentTerms')
  if (!releasing) only('PaymentScheduleTerm', 'UpdatePaymentScheduleTerms')
  if (offer.pre_existing_agreement) {
    const message = 'Only an offer with buyers moves an agreement that they have elsewhere.'
    problems.push({
      change: 'UpdateInformation',
      error: refuse('INCOMPATIBLE_PRE_EXISTING_AGREEMENT', message),
    })
  }
  return problems
}

export function releaseOffer(context: ApplyContext, offer: Offer): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const missing = (code: string, what: string) => errors.push(refuse(code, `${what} is missing.`))
  if (offer.state === 'Released') return [refuse('INVALID_UPDATE_REQUEST', 'The offer is released already.')]
  const product = context.draft(offer.product_id)
  if (
    product?.kind !== 'SaaSProduct' ||
    product.visibility === 'Draft' ||
    product.visibility === 'Restricted'
  ) {
    errors.push(refuse('INCOMPATIBLE_PRODUCT', 'The product must be released and not restricted.'))
  }
  if (!offer.terms.some(isPricingTerm)) missing('MISSING_MANDATORY_TERMS', 'A pricing term')
  if (!termOf(offer.terms, 'LegalTerm')) missing('MISSING_MANDATORY_TERMS', 'The legal term')
  const hasFixed = termOf(offer.terms, 'FixedUpfrontPricingTerm') !== undefined
  if (hasFixed && !termOf(offer.terms, 'PaymentScheduleTerm') && !termOf(offer.terms, 'ByolPricingTerm')) {
    missing('MISSING_MANDATORY_TERMS', 'The payment schedule that a fixed upfront price needs')
  }
  errors.push(...standingProblems(context, offer.terms.filter(isPricingTerm), 'release'))
  errors.push(
    ...(isPrivate(offer) ? privateReleaseProblems(context, offer) : publicReleaseProblems(context, offer)),
  )
  if (errors.length === 0) {
    offer.state = 'Released'
    offer.released_at = context.now
  }
  return errors
}

export function isPrivate(offer: Offer): boolean {
  return [offer.buyer_accounts, offer.resale_authorization_id, offer.replaces_agreement_id].some(Boolean)
}

/** One offer for everybody, and one free trial beside it. */
function publicReleaseProblems(context: ApplyContext, offer: Offer): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const fixed = termOf(offer.terms, 'FixedUpfrontPricingTerm') ?? termOf(offer.terms, 'PaymentScheduleTerm')
  if (fixed) {
    errors.push(refuse('MISSING_BUYER_ACCOUNTS', 'A fixed upfront price or a payment schedule needs buyers.'))
  }
  const others = publicOffers(context, offer.product_id).filter(
    (other) => other.id !== offer.id && isTrial(other) === isTrial(offer),
  )
  if (others.some((other) => !hasEnded(other, context.now))) {
    errors.push(refuse('TOO_MANY_OFFERS', 'The product has a public offer already.'))
  }
  return errors
}

function isTrial(offer: Offer): boolean {
  return offer.terms.filter(isPricingTerm).every((term) => term.Type === 'FreeTrialPricingTerm')
}

function hasEnded(offer: Offer, now: number): boolean {
  return offer.availability_end_date !== undefined && endOfDate(offer.availability_end_date) < now
}

function privateReleaseProblems(context: ApplyContext, offer: Offer): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const missing = (code: string, what: string) => errors.push(refuse(code, `${what} is missing.`))
  if (!offer.name) missing('MISSING_NAME', 'The name')
  if (!offer.description) missing('MISSING_DESCRIPTION', 'The description')
  if (!offer.availability_end_date) missing('MISSING_AVAILABILITY_END_DATE', 'The availability end date')
  if (!offer.buyer_accounts && !offer.replaces_agreement_id)
    missing('MISSING_BUYER_ACCOUNTS', 'A targeted buyer')
  const end = termOf(offer.terms, 'ValidityTerm')?.AgreementEndDate
  if (offer.replaces_agreement_id && !end) missing('MISSING_AGREEMENT_END_DATE', 'The agreement end date')
  if (!hasPublicOffer(context, offer.product_id)) {
    errors.push(refuse('INCOMPATIBLE_PRODUCT', 'First create a public offer for the product.'))
  }
  const source = offer.resale_authorization_id ? context.draft(offer.resale_authorization_id) : undefined
  if (source?.kind === 'ResaleAuthorization') {
    errors.push(...checkBuyers(context, offer))
    if (source.status !== 'Active') {
      errors.push(refuse('INVALID_UPDATE_REQUEST', 'The resale authorization is no longer active.'))
    }
  }
  return errors
}
