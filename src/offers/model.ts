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
const grants = z
  .array(
    z.strictObject({ dimension: z.string().min(1), quantity: z.number().int().min(1).max(2_147_483_647) }),
  )
  .max(200)
/** Charged amounts with their dates; they sum to the total to the cent. */
const instalments = z.array(z.strictObject({ due_on: date, amount: exact })).max(60)
/** Price per unit of each metered dimension; up to eight decimals. */
const usage_prices = z.record(z.string().min(1), exact)
const shared = { currency: z.string().regex(/^[A-Z]{3}$/), duration_months: z.number().int().min(1).max(84) }

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
])
export type Terms = z.infer<typeof termsSchema>

export type Instalment = { due_on: string; amount: Money }

export function instalmentsOf(terms: Terms): Instalment[] {
  if (terms.kind === 'usage') return []
  return terms.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: parseMoney(terms.currency, amount) ?? roundMoney(terms.currency, decimal(amount), 'half_up'),
  }))
}

export function usagePricesOf(terms: Terms): Record<string, Decimal> {
  if (terms.kind === 'contract') return {}
  return Object.fromEntries(Object.entries(terms.usage_prices).map(([key, price]) => [key, decimal(price)]))
}

export function grantsOf(terms: Terms): { dimension: string; quantity: number }[] {
  return terms.kind === 'usage' ? [] : terms.grants
}

/** The fixed part of the deal, without usage. */
export function totalOf(terms: Terms): Money {
  if (terms.kind === 'usage') return { asset: assetOf(terms.currency), amount: 0n }
  return (
    parseMoney(terms.currency, terms.total) ?? roundMoney(terms.currency, decimal(terms.total), 'half_up')
  )
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

/** One rule a deal breaks: stable id, where, why, and what to do. */
export type Finding = { rule: string; field: string; reason: string; fix: string }
