import { decimal, format, fromInteger, proportion, round } from '../money.ts'
import type { RateCard, Term } from './model.ts'
import { plainType } from './pricing-rules.ts'

/** price × (100 + percentage) ÷ 100, rounded half up to the places the field may have. */
export function markUp(price: string, percentage: string, places: number): string {
  const factor = fromInteger(100) + decimal(percentage)
  const value = proportion(decimal(price), factor, fromInteger(100))
  return format(round(value, places), Math.min(places, 2))
}

/** The terms a buyer sees under a resale authorization: wholesale terms under the offer's names, with the markup in. */
export function applyMarkup(wholesale: Term[], percentage: string): Term[] {
  return wholesale.flatMap((term): Term[] => {
    if (term.Type === 'BuyerTargetingTerm' || term.Type === 'BuyerValidityTerm') return []
    if (term.Type === 'ResaleLegalTerm') return []
    if (term.Type === 'BuyerLegalTerm') return [{ ...term, Type: 'LegalTerm' }]
    const marked: Term = { ...term, Type: plainType(term) }
    if (term.Price !== undefined) marked.Price = markUp(term.Price, percentage, 3)
    if (term.RateCards) marked.RateCards = term.RateCards.map((card) => markUpCard(card, percentage))
    if (term.Schedule) {
      marked.Schedule = term.Schedule.map((item) => ({
        ChargeDate: item.ChargeDate,
        ChargeAmount: markUp(item.ChargeAmount, percentage, 2),
      }))
    }
    return [marked]
  })
}

function markUpCard(card: RateCard, percentage: string): RateCard {
  return {
    ...card,
    RateCard: card.RateCard.map((rate) => ({ ...rate, Price: markUp(rate.Price, percentage, 8) })),
  }
}
