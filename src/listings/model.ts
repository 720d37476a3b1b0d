import type { ListedDimension, ListingDifference, ListingDraft } from '../../connectors/connector.ts'
import { type Decimal, decimal, formatDecimal } from '../core/decimal.ts'
import { type FieldProblem, Refusal } from '../core/problem.ts'
import { DAY_MS } from '../core/time.ts'

/** How often a live listing is read back from its cloud. */
export const READ_MS = DAY_MS

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

/** Why usage of a dimension waits: what a reading found, or that the cloud refused a record of it. */
export const stopReasons = ['missing', 'restricted', 'other_kind', 'refused'] as const
type StopReason = (typeof stopReasons)[number]
/** What the cloud shows in another way, or says in another way than it shows. */
export type Difference = Omit<ListingDifference, 'stops'> & {
  stops?: { dimension: string; reason: StopReason }
}

/** The dimensions that the cloud could not take usage of. */
export function stoppedBy(differences: readonly Difference[]): string[] {
  return [...new Set(differences.flatMap(({ stops }) => stops?.dimension ?? []))].toSorted()
}

/** The cloud does not know the listing any more. */
export function isGone({ differences }: { differences: readonly Difference[] }): boolean {
  return differences.some(({ field }) => field === 'listing')
}

/** The cloud shows something that can be taken over. */
export function canAdopt(of: { theirs: StoredDraft | null; differences: readonly Difference[] }): boolean {
  return of.theirs !== null && of.differences.some(({ stops }) => stops?.reason !== 'refused')
}

/** A listing draft as it is written down: decimals as text. */
export type StoredDraft = Omit<ListingDraft, 'prices'> & { prices: Prices }

export function toDraft(stored: StoredDraft): ListingDraft {
  const { entitled, metered, ...rest } = stored.prices
  return { ...stored, prices: { ...rest, entitled: mapPrices(entitled), metered: mapPrices(metered) } }
}

export function toStored({ prices, ...draft }: ListingDraft): StoredDraft {
  const texts = (of: Record<string, Decimal>) =>
    Object.fromEntries(Object.entries(of).map(([key, price]) => [key, formatDecimal(price)]))
  return {
    ...draft,
    prices: { ...prices, entitled: texts(prices.entitled), metered: texts(prices.metered) },
  }
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

/** Every dimension that is sold has its price, and nothing else has one. Throws invalid-input. */
export function checkPrices(dimensions: readonly ListedDimension[], prices: Prices): void {
  const problems: FieldProblem[] = []
  for (const kind of ['entitled', 'metered'] as const) {
    const keys = dimensions.filter((dimension) => dimension.kind === kind).map((dimension) => dimension.key)
    for (const key of keys) {
      if (Object.hasOwn(prices[kind], key)) continue
      problems.push({
        field: `prices.${kind}.${key}`,
        rule: 'is missing',
        fix: `Give a price for every ${kind} dimension`,
      })
    }
    for (const key of Object.keys(prices[kind])) {
      if (keys.includes(key)) continue
      const fix = `Known ${kind} dimensions: ${keys.join(', ') || 'none'}`
      problems.push({
        field: `prices.${kind}.${key}`,
        rule: `is not a ${kind} dimension of this product`,
        fix,
      })
    }
  }
  const first = problems[0]
  if (first) throw new Refusal('invalid-input', `${first.field} ${first.rule}.`, problems)
}
