import { decimal, sum } from '../../money.ts'
import { type ApplyContext, refuse } from '../catalog/change-context.ts'
import type { Authorization, ErrorDetail, Offer, Term } from '../model.ts'
import { priceOf, scheduleTotal } from './prices.ts'
import { termOf } from './pricing-rules.ts'

// A reseller's own instalments beside the wholesale ones. Source: developer guide, channel partner private offers,
// "Update payment schedule details": the days stay, and no amount falls below the wholesale amount of its day.

const against = (message: string) => refuse('INCOMPATIBLE_RESALE_AUTHORIZATION', message)

export function scheduleAgainst(source: Authorization, own: Term | undefined): ErrorDetail[] {
  const wholesale = termOf(source.terms, 'PaymentScheduleTerm')
  if (!wholesale) {
    const upfront = termOf(source.terms, 'ConfigurableUpfrontPricingTerm')
    if (!own || upfront) return []
    return [against('A payment schedule is not compatible with the resale authorization.')]
  }
  if (!own) return [against('The resale authorization has a payment schedule: it cannot be removed.')]
  const least = new Map(
    (wholesale.Schedule ?? []).map((item) => [item.ChargeDate, decimal(item.ChargeAmount)]),
  )
  const items = own.Schedule ?? []
  if (items.length !== least.size || items.some((item) => !least.has(item.ChargeDate))) {
    return [against('The charge dates must be those of the resale authorization.')]
  }
  const low = items.filter((item) => decimal(item.ChargeAmount) < (least.get(item.ChargeDate) ?? 0n))
  return [
    ...(low.length > 0
      ? [
          against(
            `The amount of ${low.map((item) => item.ChargeDate)} is below that of the resale authorization.`,
          ),
        ]
      : []),
    ...(own.CurrencyCode === wholesale.CurrencyCode
      ? []
      : [refuse('INVALID_CURRENCY_CODE', 'The CurrencyCode must be the one of the prices.')]),
  ]
}

/** Instalments in place of a configurable price: their total is at least what the granted quantities cost wholesale. */
export function channelConsistency(
  context: ApplyContext,
  offer: Offer,
): { change: string; error: ErrorDetail }[] {
  const source = offer.resale_authorization_id ? context.draft(offer.resale_authorization_id) : undefined
  const isOpen = offer.state === 'Draft' || context.changing(offer.id, 'ReleaseOffer')
  if (source?.kind !== 'ResaleAuthorization' || !isOpen) return []
  const fixed = termOf(offer.terms, 'FixedUpfrontPricingTerm')
  const own = termOf(offer.terms, 'PaymentScheduleTerm')
  const cards = termOf(source.terms, 'ConfigurableUpfrontPricingTerm')?.RateCards
  const card = cards?.find((candidate) => candidate.Selector?.Value === fixed?.Duration)
  if (!fixed || !own || !card) return []
  const least = sum(
    (fixed.Grants ?? []).map((grant) => {
      const price = card.RateCard.find((rate) => rate.DimensionKey === grant.DimensionKey)?.Price
      return price === undefined ? 0n : priceOf(price, grant.MaxQuantity ?? 1)
    }),
  )
  if (scheduleTotal(own) >= least) return []
  const message = 'The total of the payment schedule is below what the resale authorization asks.'
  return [{ change: 'UpdatePaymentScheduleTerms', error: against(message) }]
}
