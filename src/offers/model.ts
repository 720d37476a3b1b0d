// This zod knows OpenAPI: the terms are described to the outside as well.
import { z } from '@hono/zod-openapi'
import { type Decimal, decimal, parseDecimal } from '../core/decimal.ts'
import { assetOf, type Money, parseMoney, roundMoney } from '../core/money.ts'
import { isLocalDate } from '../core/time.ts'

const exact = z
  .string()
  .refine((text) => parseDecimal(text) !== undefined, 'must be a plain decimal number such as "12.5"')
const date = z.string().refine(isLocalDate, 'must be a date that exists, written YYYY-MM-DD')

/** What is bought ahead: so many units of an entitled dimension. */
export const grants = z
  .array(
    z.strictObject({ dimension: z.string().min(1), quantity: z.number().int().min(1).max(2_147_483_647) }),
  )
  .max(200)
/** A charged amount with its date. */
export const instalment = z.strictObject({ due_on: date, amount: exact })
/** They sum to the total to the cent. */
const instalments = z.array(instalment).max(60)
/** Price per unit of each metered dimension; up to eight decimals. */
const usage_prices = z.record(z.string().min(1), exact)
const currency = z.string().regex(/^[A-Z]{3}$/)
const duration_months = z.number().int().min(1).max(84)
const shared = { currency, duration_months }
/** For each length of the agreement, the price of one unit of each entitled dimension for that whole length. */
const rates = z
  .array(z.strictObject({ duration_months, prices: z.record(z.string().min(1), exact) }))
  .min(1)
  .max(24)
const TRIAL_DAYS_MAX = 365

/** What a buyer pays, in one shape for every cloud: the closed union of pricing kinds. */
export const termsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('contract'),
    ...shared,
    total: exact,
    grants,
    instalments: instalments.min(1),
  }),
  z.strictObject({ kind: z.literal('usage'), ...shared, usage_prices }),
  z.strictObject({
    kind: z.literal('contract_with_consumption'),
    ...shared,
    total: exact,
    grants,
    instalments: instalments.min(1),
    usage_prices,
  }),
  z.strictObject({ kind: z.literal('configurable'), currency, rates, usage_prices }),
  z.strictObject({
    kind: z.literal('free_trial'),
    currency,
    trial_days: z.number().int().min(1).max(TRIAL_DAYS_MAX),
    grants: grants.min(1),
  }),
])
export type Terms = z.infer<typeof termsSchema>

export type Instalment = { due_on: string; amount: Money }

/** Terms with a fixed price that is paid by instalments. */
export type FixedTerms = Extract<Terms, { instalments: unknown }>
type Rate = { duration_months: number; prices: Record<string, Decimal> }

export function isFixed(terms: Terms): terms is FixedTerms {
  return terms.kind === 'contract' || terms.kind === 'contract_with_consumption'
}

export function instalmentsOf(terms: Terms): Instalment[] {
  if (!isFixed(terms)) return []
  return terms.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: parseMoney(terms.currency, amount) ?? roundMoney(terms.currency, decimal(amount), 'half_up'),
  }))
}

export function usagePricesOf(terms: Terms): Record<string, Decimal> {
  return 'usage_prices' in terms ? pricesOf(terms.usage_prices) : {}
}

const pricesOf = (prices: Record<string, string>) =>
  Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, decimal(price)]))

export function ratesOf(terms: Terms): Rate[] {
  if (terms.kind !== 'configurable') return []
  return terms.rates.map(({ duration_months: months, prices }) => ({
    duration_months: months,
    prices: pricesOf(prices),
  }))
}

export function grantsOf(terms: Terms): { dimension: string; quantity: number }[] {
  return 'grants' in terms ? terms.grants : []
}

/** How long an agreement lasts; the longest where the buyer chooses, none for a trial. */
export function monthsOf(terms: Terms): number {
  if (terms.kind === 'free_trial') return 0
  if (terms.kind !== 'configurable') return terms.duration_months
  return Math.max(...terms.rates.map((rate) => rate.duration_months))
}

/** The fixed part of the deal, without usage; nothing as long as the buyer has not chosen. */
export function totalOf(terms: Terms): Money {
  if (!isFixed(terms)) return { asset: assetOf(terms.currency), amount: 0n }
  return (
    parseMoney(terms.currency, terms.total) ?? roundMoney(terms.currency, decimal(terms.total), 'half_up')
  )
}

/** Terms as every connector is handed them. */
export function draftOf(terms: Terms) {
  return {
    currency: terms.currency,
    grants: grantsOf(terms),
    instalments: instalmentsOf(terms),
    usage_prices: usagePricesOf(terms),
    duration_months: monthsOf(terms),
    ...(terms.kind === 'configurable' ? { rates: ratesOf(terms) } : {}),
    ...(terms.kind === 'free_trial' ? { trial_days: terms.trial_days } : {}),
  }
}

/** The person who buys, as some clouds print it on the offer. */
export const buyerContactSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  email: z.email().optional(),
})
export type BuyerContact = z.infer<typeof buyerContactSchema>

/** What only one cloud knows about an offer or a listing; its connector reads it strictly. */
export const cloudOptionsSchema = z.record(z.string(), z.unknown())
export type CloudOptions = z.infer<typeof cloudOptionsSchema>

/** The buyer in the contract's words. */
export function buyerOf(company: string, contact: BuyerContact | null) {
  return {
    company,
    ...(contact?.name === undefined ? {} : { contact: contact.name }),
    ...(contact?.email === undefined ? {} : { email: contact.email }),
  }
}

export const offerStates = ['publishing', 'live', 'failed', 'accepted', 'expired', 'withdrawn'] as const
export type OfferState = (typeof offerStates)[number]

/**
 * publishing: the set, its offers or its release are on their way. incomplete: something of it was not made, and a
 * person decides. withdrawn: its offers are, or are on their way to be.
 */
export const offerSetStates = ['publishing', 'incomplete', 'released', 'failed', 'withdrawn'] as const
export type OfferSetState = (typeof offerSetStates)[number]

/** One rule a deal breaks: stable id, where, why, and what to do. */
export type Finding = { rule: string; field: string; reason: string; fix: string }
