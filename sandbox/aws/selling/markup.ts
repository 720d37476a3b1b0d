import { decimal, format, fromInteger } from '../../money.ts'
import type { RateCard, Term } from '../model.ts'
import { plainType } from './pricing-rules.ts'

// decimal() keeps twelve places.
const scale = 12

/** True for a percentage above nothing; "0", "0.00" and ".0" are nothing. */
export function isMarkup(percentage: string | undefined): boolean {
  return percentage !== undefined && decimal(percentage) > 0n
}

/** price × (100 + percentage) ÷ 100, exact, and rounded once: half up to the places the field may have. */
export function markUp(price: string, percentage: string, places: number): string {
  if (!isMarkup(percentage)) return price
  const exact = decimal(price) * (fromInteger(100) + decimal(percentage))
  const step = 100n * 10n ** BigInt(2 * scale - places)
  const rounded = (exact * 2n + step) / (step * 2n)
  return format(rounded * 10n ** BigInt(scale - places), Math.min(places, 2))
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
