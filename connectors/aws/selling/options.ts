/** What only AWS knows about a draft: `options` of the listing, offer and authorization drafts, read strictly. */
import { z } from 'zod'
import { compare, decimal, parseDecimal } from '../../../src/core/decimal.ts'
import { isLocalDate } from '../../../src/core/time.ts'
import type { ChangeProblem } from '../../connector.ts'
import { limits } from './limits.ts'

const account = z.string().regex(/^\d{12}$/)
const date = z.string().refine(isLocalDate, 'must be a date that exists, written YYYY-MM-DD')
const document = z.union(
  [z.literal('standard'), z.url({ protocol: /^https?$/ })],
  'must be "standard" or the address of a document',
)
const days = z.number().int().min(1)
/** Written like "5" or "7.25"; two decimals is what AWS takes. */
const percent = z.string().refine((text) => {
  const value = parseDecimal(text)
  return (
    value !== undefined && value.scale <= 2 && value.coefficient >= 0n && compare(value, decimal(100)) <= 0
  )
}, 'must be a percentage from 0 to 100 with at most two decimals')
const net_payment_days = z
  .number()
  .refine((value) => limits.net_payment_days.includes(value), `must be one of ${limits.net_payment_days}`)

const renewal = z.strictObject({
  /** By how much the price rises; or, in its place, a range in which it is chosen before the renewal. */
  price_increase_percent: percent.optional(),
  lowest_percent: percent.optional(),
  highest_percent: percent.optional(),
  usual_percent: percent.optional(),
  /** So many days before the end nobody can change anything any more. */
  lockout_days: days.optional(),
  /** So many days before the end the increase must have been chosen. */
  adjustment_days: days.optional(),
  maximum: z.number().int().min(1).optional(),
})

const listing = z.strictObject({
  /** The accounts that see the listing while it is limited; the seller's own if nothing is said. */
  limited_to: z.array(account).min(1).max(100).optional(),
  eula: document.optional(),
})
const offer = z.strictObject({
  eula: document.optional(),
  /** The agreement's first day, after the last day of acceptance; it needs a last day. */
  starts_on: date.optional(),
  /** The agreement's last day, in place of a duration; a replacement needs it. */
  ends_on: date.optional(),
  net_payment_days: net_payment_days.optional(),
  renewal: renewal.optional(),
  /** Of configurable prices: several dimensions in any quantity, or one of them once. */
  choice: z.enum(['quantities', 'one']).optional(),
  /** The set that the offer is released with. */
  offer_set_id: z.string().min(1).optional(),
})
const authorization = z.strictObject({
  eula: document.optional(),
  /** The contract between vendor and reseller: "standard" or the address of a document. */
  reseller_contract: document.optional(),
  net_payment_days: net_payment_days.optional(),
  choice: z.enum(['quantities', 'one']).optional(),
  /** What the reseller may be to the buyer: it sells itself, or it passes the product on to one who sells. */
  reseller_role: z.enum(['ChannelPartner', 'Distributor']).optional(),
  /** Agreements made under it begin on this day at the latest. */
  latest_start_on: date.optional(),
})
const reseller_offer = z.strictObject({
  net_payment_days: net_payment_days.optional(),
  /** The agreement's last day, for a replacement. */
  ends_on: date.optional(),
  offer_set_id: z.string().min(1).optional(),
})
export const optionShapes = { listing, offer, authorization, reseller_offer }

export type ListingOptions = z.infer<typeof listing>
export type OfferOptions = z.infer<typeof offer>
export type AuthorizationOptions = z.infer<typeof authorization>
export type ResellerOfferOptions = z.infer<typeof reseller_offer>
export type RenewalOptions = z.infer<typeof renewal>

export type ReadOptions<T> = { ok: true; options: T } | { ok: false; problems: ChangeProblem[] }

/** Reads the options of a draft; a name we do not know is a problem, never ignored. */
export function readOptions<T>(shape: z.ZodType<T>, options: unknown): ReadOptions<T> {
  const read = shape.safeParse(options ?? {})
  if (read.success) return { ok: true, options: read.data }
  const problems = read.error.issues.map((issue) => {
    const field = ['options', ...issue.path.map(String)].join('.')
    return {
      code: 'INVALID_OPTIONS',
      message: issue.message,
      field,
      plain: `${field} is not an option of AWS as it stands.`,
    }
  })
  return { ok: false, problems }
}
