import type { ListingDraft } from '../../connectors/connector.ts'
import { type Decimal, decimal, formatDecimal } from '../core/decimal.ts'

/** draft is never stored: a listing is written down together with the operation that publishes it. */
export const listingStates = ['publishing', 'live', 'failed'] as const
export type ListingState = (typeof listingStates)[number]

/** The public price list: what stands beside every private offer. Prices are exact decimals as text. */
export type Prices = {
  currency: string
  term_months: number
  entitled: Record<string, string>
  metered: Record<string, string>
}

/** A listing draft as it is written down: decimals as text. */
export type StoredDraft = Omit<ListingDraft, 'prices'> & { prices: Prices }

export function toDraft(stored: StoredDraft): ListingDraft {
  const { entitled, metered, ...rest } = stored.prices
  return { ...stored, prices: { ...rest, entitled: mapPrices(entitled), metered: mapPrices(metered) } }
}

function mapPrices(prices: Record<string, string>): Record<string, Decimal> {
  return Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, decimal(price)]))
}

/** One spelling per price ("0.10" and "0.1" are the same request). */
export function normalPrices(prices: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(prices).map(([key, price]) => [key, formatDecimal(decimal(price))]),
  )
}
