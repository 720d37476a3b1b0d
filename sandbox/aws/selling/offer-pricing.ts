import { decimal } from '../../money.ts'
import { day } from '../../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import { standingProblems } from '../catalog/seller-standing.ts'
import type { ErrorDetail, Offer, Term } from '../model.ts'
import { isPublicLength } from './durations.ts'
import { isPrivate, isSealed, type Problem, sealed } from './offer-rules.ts'
import { emptyRateCards } from './pricing-limits.ts'
import { isPricingTerm, pricingProblems, replaceTerms, termOf } from './pricing-rules.ts'

/** Which terms a pricing model may have beside each other. */
const termsOfModel: Record<string, string[]> = {
  Usage: ['UsageBasedPricingTerm', 'FreeTrialPricingTerm', 'RecurringPaymentTerm'],
  Contract: [
    'ConfigurableUpfrontPricingTerm',
    'FixedUpfrontPricingTerm',
    'UsageBasedPricingTerm',
    'ByolPricingTerm',
  ],
  Free: ['FreeTrialPricingTerm'],
  Byol: ['ByolPricingTerm', 'FixedUpfrontPricingTerm'],
}

const raiseNotice = 90 * day

export const updatePricing: ChangeHandler<Offer> = (context, offer, details) => {
  const { PricingModel, Terms } = withoutNulls(details) as { PricingModel: string; Terms: Term[] }
  if (isSealed(offer)) return sealed('pricing')
  if (offer.resale_authorization_id) {
    const message = 'The prices of an offer under a resale authorization follow from it: use UpdateMarkup.'
    return [refuse('INCOMPATIBLE_RESALE_AUTHORIZATION', message)]
  }
  const product = context.draft(offer.product_id)
  if (product?.kind !== 'SaaSProduct') return [refuse('INCOMPATIBLE_PRODUCT', 'The product does not exist.')]
  const empty = emptyRateCards(Terms)
  if (empty.length > 0) return empty
  const errors = [
    ...modelProblems(PricingModel, Terms),
    ...standingProblems(context, Terms, 'prices'),
    ...pricingProblems(product, PricingModel, Terms),
    ...replacementProblems(context, offer, PricingModel, Terms),
    ...(offer.state === 'Released' ? priceChangeProblems(context, offer, Terms) : []),
  ]
  offer.pricing_model = PricingModel
  offer.terms = replaceTerms(offer.terms, (type) => isPricingTerm({ Type: type }), Terms)
  return errors
}

function modelProblems(model: string, terms: Term[]): ErrorDetail[] {
  const allowed = termsOfModel[model] ?? []
  const strange = terms.filter(({ Type }) => !allowed.includes(Type)).map(({ Type }) => Type)
  // Upfront terms under Usage and the like are told apart by the rules that authorizations share.
  const told = model === 'Usage' && strange.some((type) => type.includes('Upfront'))
  if (strange.length > 0 && !told) {
    return [
      refuse('INCOMPATIBLE_PRICING_MODEL', `The pricing model ${model} does not take ${strange.join(', ')}.`),
    ]
  }
  if (model === 'Byol' && !terms.some(({ Type }) => Type === 'ByolPricingTerm')) {
    return [refuse('INCOMPATIBLE_PRICING_MODEL', 'The pricing model Byol needs its own term.')]
  }
  return []
}

/** A replacement goes on with the contract it replaces: a contract again, in the same currency. */
function replacementProblems(
  context: ApplyContext,
  offer: Offer,
  model: string,
  terms: Term[],
): ErrorDetail[] {
  const agreement = context.world.agreements.get(offer.replaces_agreement_id ?? '')
  if (!agreement) return []
  if (model !== 'Contract') {
    return [refuse('INCOMPATIBLE_AGREEMENT', 'An agreement is replaced by a contract only.')]
  }
  const other = terms.find((term) => term.CurrencyCode && term.CurrencyCode !== agreement.currency)
  return other
    ? [refuse('INCOMPATIBLE_CURRENCY_CODE', `The agreement that is replaced is in ${agreement.currency}.`)]
    : []
}

function pricesOf(terms: Term[]): Map<string, bigint> {
  return new Map(
    terms.flatMap((term) =>
      (term.RateCards ?? []).flatMap((card) =>
        card.RateCard.map(({ DimensionKey, Price }): [string, bigint] => [
          `${term.Type} ${card.Selector?.Value ?? ''} ${DimensionKey}`,
          decimal(Price),
        ]),
      ),
    ),
  )
}

/** Prices everybody sees do not go up and down at once, and go up again only after the notice of 90 days. */
function priceChangeProblems(context: ApplyContext, offer: Offer, terms: Term[]): ErrorDetail[] {
  const before = pricesOf(offer.terms)
  const after = [...pricesOf(terms)]
  const raised = after.some(([key, price]) => price > (before.get(key) ?? price))
  const lowered = after.some(([key, price]) => price < (before.get(key) ?? price))
  if (!raised) return []
  if (lowered) return [refuse('INVALID_PRICE_CHANGE', 'Raise and lower prices in two changes, not in one.')]
  const last = offer.prices_raised_at
  if (last !== undefined && context.now < last + raiseNotice) {
    return [refuse('INVALID_PRICE_CHANGE', 'Prices were raised less than 90 days ago.')]
  }
  offer.prices_raised_at = context.now
  return []
}

/** Rules of the prices that need the rest of the offer. */
export function pricingConsistency(context: ApplyContext, offer: Offer): Problem[] {
  const problems: Problem[] = []
  const found = (code: string, message: string) =>
    problems.push({ change: 'UpdatePricingTerms', error: refuse(code, message) })
  const changing = context.changing(offer.id, 'UpdatePricingTerms')
  const releasing = context.changing(offer.id, 'ReleaseOffer')
  const fixed = termOf(offer.terms, 'FixedUpfrontPricingTerm')
  if ((changing || releasing) && fixed && !fixed.Duration && !termOf(offer.terms, 'ValidityTerm')) {
    found('MISSING_DURATION', 'A fixed upfront price needs a duration, its own or that of a validity term.')
  }
  if (isPrivate(offer) || offer.state === 'Draft' || !(changing || releasing)) return problems
  if (fixed && !releasing) found('INCOMPATIBLE_TERMS', 'A fixed upfront price is for private offers.')
  const cards = termOf(offer.terms, 'ConfigurableUpfrontPricingTerm')?.RateCards ?? []
  for (const { Selector } of cards) {
    if (Selector && !isPublicLength(Selector.Value)) {
      const message = `The selector ${Selector.Value} is for private offers; others take 1, 12, 24 or 36 months.`
      found('INCOMPATIBLE_SELECTOR_DURATION', message)
    }
  }
  return problems
}
