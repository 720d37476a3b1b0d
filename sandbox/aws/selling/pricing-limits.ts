import { refuse } from '../catalog/change-context.ts'
import type { ErrorDetail, Term } from '../model.ts'
import { isContractLength, isTrialLength } from './durations.ts'

/** How much one pricing term may hold. Sources differ on grants (200 or 800): the guide's number holds here. */
const most = { rate_cards: 5, usage_rate_cards: 1, rates: 800, grants: 200 }

/** Terms whose rate cards say nothing; no other rule can be checked on them. */
export function emptyRateCards(terms: Term[]): ErrorDetail[] {
  const priced = ['UsageBasedPricingTerm', 'ConfigurableUpfrontPricingTerm']
  return terms
    .filter(({ Type }) => priced.includes(Type))
    .filter(({ RateCards }) => !RateCards || RateCards.some((card: { RateCard?: unknown }) => !card.RateCard))
    .map(({ Type }) => refuse('INVALID_RATE_CARD', `The ${Type} has no rates.`))
}

/** What is too much or too long in one pricing term. */
export function limitProblems(type: string, term: Term): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const cards = term.RateCards ?? []
  const cardLimit = type === 'UsageBasedPricingTerm' ? most.usage_rate_cards : most.rate_cards
  if (cards.length > cardLimit) {
    errors.push(refuse('TOO_MANY_RATE_CARDS', `The ${type} takes at most ${cardLimit} rate cards.`))
  }
  if (cards.some((card) => card.RateCard.length > most.rates)) {
    errors.push(refuse('TOO_MANY_RATES', `A rate card takes at most ${most.rates} rates.`))
  }
  if ((term.Grants ?? []).length > most.grants) {
    errors.push(refuse('TOO_MANY_GRANTS', `The ${type} takes at most ${most.grants} grants.`))
  }
  for (const { Selector } of cards) {
    if (Selector && !isContractLength(Selector.Value)) {
      const message = `The selector ${Selector.Value} is no time up to five years.`
      errors.push(refuse('INVALID_SELECTOR_DURATION_VALUE', message))
    }
  }
  return [...errors, ...durationProblems(type, term.Duration)]
}

function durationProblems(type: string, duration: string | undefined): ErrorDetail[] {
  if (duration === undefined) return []
  if (type === 'FreeTrialPricingTerm') {
    return isTrialLength(duration) ? [] : [refuse('INVALID_DURATION', 'A free trial lasts 5 to 31 days.')]
  }
  return isContractLength(duration)
    ? []
    : [refuse('INVALID_DURATION', 'A contract lasts more than nothing and at most five years.')]
}
