import { addDuration, day, parseDate } from '../../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import type { Authorization, ErrorDetail, Offer, Term } from '../model.ts'
import { scheduleAgainst } from './channel-schedule.ts'
import { applyMarkup, isMarkup } from './markup.ts'
import { offerChangeHandlers } from './offer.ts'
import { isPricingTerm, plainType, pricingProblems, replaceTerms, termOf } from './pricing-rules.ts'

// What the changes of an offer under a resale authorization ask beyond those of any offer. Source: developer guide,
// channel partner private offers. The wholesale terms are the ground; the reseller lays one markup on all of them, or
// sets instalments of its own, never both.

type TermsDetail = { Terms: Term[] }
type ChannelHandler = (
  context: ApplyContext,
  offer: Offer,
  source: Authorization,
  details: Parameters<ChangeHandler<Offer>>[2],
) => ErrorDetail[]

const against = (message: string) => [refuse('INCOMPATIBLE_RESALE_AUTHORIZATION', message)]
const released = (what: string) => [
  refuse('INCOMPATIBLE_TERMS', `The ${what} of a released private offer cannot change.`),
]
const upfrontTypes = ['ConfigurableUpfrontPricingTerm', 'FixedUpfrontPricingTerm']

const updateMarkup: ChannelHandler = (context, offer, source, details) => {
  const { Percentage } = details as { Percentage: string }
  if (offer.state === 'Released') {
    return [refuse('INCOMPATIBLE_MARKUP', 'The markup of a released offer cannot change.')]
  }
  const lacks = (type: string) => termOf(offer.terms, type) !== undefined && !termOf(source.terms, type)
  if (lacks('FixedUpfrontPricingTerm') || lacks('PaymentScheduleTerm')) {
    return against('A markup cannot change terms of the offer that the resale authorization lacks.')
  }
  if (offer.own_schedule || context.changing(offer.id, 'UpdatePaymentScheduleTerms')) {
    const message = 'Use UpdateMarkup with one percentage, or UpdatePaymentScheduleTerms with amounts.'
    return [refuse('INCOMPATIBLE_TERMS', message)]
  }
  offer.markup = Percentage
  const marked = applyMarkup(source.terms, Percentage)
  const follows = (term: Term) => isPricingTerm(term) || term.Type === 'PaymentScheduleTerm'
  offer.terms = [...marked.filter(follows), ...offer.terms.filter((term) => !follows(term))]
  return []
}

/** A reseller passes a fixed upfront term only; everything else about prices follows from the authorization. */
const updatePricing: ChannelHandler = (context, offer, source, details) => {
  const { PricingModel, Terms } = withoutNulls(details) as TermsDetail & { PricingModel: string }
  if (offer.state === 'Released') return released('pricing')
  const [term, ...others] = Terms
  const wholesale = source.terms.filter((each) => upfrontTypes.includes(plainType(each)))
  const fits = term?.Type === 'FixedUpfrontPricingTerm' && others.length === 0 && PricingModel === 'Contract'
  if (!term || !fits || wholesale.length === 0) {
    return against(
      'Only a FixedUpfrontPricingTerm beside upfront terms of the resale authorization is compatible.',
    )
  }
  if (isMarkup(offer.markup)) {
    return [refuse('INCOMPATIBLE_TERMS', 'A fixed upfront term has no place beside a markup above 0.')]
  }
  const product = context.draft(offer.product_id)
  if (product?.kind !== 'SaaSProduct') return [refuse('INCOMPATIBLE_PRODUCT', 'The product does not exist.')]
  offer.terms = [...offer.terms.filter((each) => !upfrontTypes.includes(plainType(each))), term]
  const durations = wholesale.flatMap(durationsOf)
  const fixed = termOf(source.terms, 'FixedUpfrontPricingTerm')
  return [
    ...pricingProblems(product, PricingModel, Terms),
    ...(wholesale.some((each) => each.CurrencyCode !== term.CurrencyCode)
      ? against('The CurrencyCode must be the one of the resale authorization.')
      : []),
    ...(term.Duration ? [] : [refuse('MISSING_DURATION', 'FixedUpfrontPricingTerm needs a Duration.')]),
    ...(term.Duration && !durations.includes(term.Duration)
      ? against(`The Duration must be one of the resale authorization: ${durations.join(', ')}.`)
      : []),
    ...(fixed && grantsOf(fixed) !== grantsOf(term)
      ? against('The Grants must be those of the resale authorization.')
      : []),
  ]
}

const durationsOf = (term: Term): string[] =>
  term.Duration ? [term.Duration] : (term.RateCards ?? []).flatMap((card) => card.Selector?.Value ?? [])

const grantsOf = (term: Term) =>
  (term.Grants ?? [])
    .map((grant) => `${grant.DimensionKey} ${grant.MaxQuantity ?? ''}`)
    .sort()
    .join(', ')

const updateSchedule: ChannelHandler = (context, offer, source, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  if (offer.state === 'Released') return released('payment schedule')
  if (context.changing(offer.id, 'UpdateMarkup')) {
    const message = 'Use UpdatePaymentScheduleTerms with amounts, or UpdateMarkup with one percentage.'
    return [refuse('INCOMPATIBLE_TERMS', message)]
  }
  if (isMarkup(offer.markup)) {
    const message = 'A payment schedule has no place beside a markup above 0.'
    return [refuse('INCOMPATIBLE_MARKUP_PERCENTAGE', message)]
  }
  const problems = scheduleAgainst(source, Terms[0])
  if (problems.length > 0) return problems
  offer.terms = replaceTerms(offer.terms, (type) => type === 'PaymentScheduleTerm', Terms)
  offer.own_schedule = Terms.length > 0
  return []
}

const updateNetPayment: ChannelHandler = (_context, offer, source, details) => {
  const { Terms } = withoutNulls(details) as TermsDetail
  if (offer.state === 'Released') return released('net payment term')
  const longest = termOf(source.terms, 'NetPaymentTerm')?.PaymentDuePeriod
  const asked = Terms[0]?.PaymentDuePeriod
  offer.terms = replaceTerms(offer.terms, (type) => type === 'NetPaymentTerm', Terms)
  const days = (period: string) => Number(/^P(\d+)D$/.exec(period)?.[1] ?? Number.POSITIVE_INFINITY)
  if (!longest) return asked ? against('The resale authorization has no net payment term.') : []
  if (!asked) return against('The resale authorization has a net payment term: it cannot be removed.')
  if (days(asked) <= days(longest)) return []
  return against(`PaymentDuePeriod must be at most ${longest}, as the resale authorization says.`)
}

const updateTargeting: ChannelHandler = (context, offer, _source, details) => {
  if (offer.replaces_agreement_id) {
    return [refuse('INCOMPATIBLE_TARGETING', 'A replacement offer is for the buyer of its agreement.')]
  }
  const errors = offerChangeHandlers.UpdateTargeting?.(context, offer, details) ?? []
  if ((offer.buyer_accounts?.length ?? 0) <= 25) return errors
  return [...errors, refuse('TOO_MANY_BUYER_ACCOUNTS', 'Name at most 25 buyers.')]
}

const updateValidity: ChannelHandler = (context, offer, source, details) => {
  const errors = offerChangeHandlers.UpdateValidityTerms?.(context, offer, details) ?? []
  const { Terms } = withoutNulls(details) as TermsDetail
  const { AgreementDuration, AgreementStartDate, AgreementEndDate } = Terms[0] ?? { Type: '' }
  const duration = termOf(source.terms, 'FixedUpfrontPricingTerm')?.Duration
  const latest = termOf(source.terms, 'BuyerValidityTerm')?.MaximumAgreementStartDate
  if (AgreementDuration && duration && AgreementDuration !== duration) {
    errors.push(...against(`AgreementDuration must be ${duration}, as the resale authorization says.`))
  }
  if (AgreementStartDate && latest && AgreementStartDate > latest) {
    errors.push(...against(`AgreementStartDate must be ${latest} at the latest.`))
  }
  if (AgreementStartDate && AgreementEndDate && duration) {
    const end = addDuration(parseDate(AgreementStartDate), duration) ?? 0
    if (Math.abs(end - parseDate(AgreementEndDate)) > day) {
      errors.push(...against(`The agreement must last ${duration}, as the resale authorization says.`))
    }
  }
  return errors
}

const channel: Record<string, ChannelHandler> = {
  UpdateMarkup: updateMarkup,
  UpdatePricingTerms: updatePricing,
  UpdatePaymentScheduleTerms: updateSchedule,
  UpdateNetPaymentTerms: updateNetPayment,
  UpdateTargeting: updateTargeting,
  UpdateValidityTerms: updateValidity,
}

/** Applies a change of an offer: by the channel's rules when a resale authorization stands behind it. */
export function changeOffer(
  context: ApplyContext,
  offer: Offer,
  type: string,
  details: Parameters<ChangeHandler<Offer>>[2],
): ErrorDetail[] {
  const source = offer.resale_authorization_id ? context.draft(offer.resale_authorization_id) : undefined
  const handler = channel[type]
  if (handler && source?.kind === 'ResaleAuthorization') return handler(context, offer, source, details)
  if (type === 'UpdateMarkup') {
    const message = 'Only an offer made of a resale authorization has a markup.'
    return [refuse('INVALID_MARKUP_PERCENTAGE', message)]
  }
  return offerChangeHandlers[type]?.(context, offer, details) ?? []
}
