/** What only Azure knows about a draft: `options` of the listing, offer and authorization drafts, read strictly. */
import { z } from 'zod'
import type { ChangeProblem } from '../../connector.ts'

const externalId = z.string().regex(/^[a-z0-9][a-z0-9_-]{2,49}$/)

const listing = z.strictObject({
  /** The offer id that buyers' subscriptions will name; made from the title if nothing is said. */
  offer_id: externalId.optional(),
  /** Directories that see the offer in preview; the seller's own if nothing is said. */
  preview_tenants: z.array(z.guid()).min(1).max(10).optional(),
  /** Countries, such as "us"; all markets if nothing is said. */
  markets: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .min(1)
    .optional(),
  /** "standard" is Microsoft's contract, else the address of the terms. */
  eula: z.union([z.literal('standard'), z.url()]).optional(),
  privacy_policy_url: z.url().optional(),
  support_url: z.url().optional(),
  support_phone: z.string().min(1).optional(),
  webhook_url: z.url().optional(),
})
const offer = z.strictObject({
  /** The plan the private one is made from; needed where the offer has several. */
  base_plan: z.string().optional(),
  prepared_by: z.email().optional(),
  notification_contacts: z.array(z.email()).max(5).optional(),
})
const authorization = z.strictObject({
  ...offer.shape,
  partner_name: z.string().optional(),
  /** The partner's country in English words, such as "United States". */
  partner_location: z.string().optional(),
})
export const optionShapes = { listing, offer, authorization }

export type ListingOptions = z.infer<typeof listing>
export type OfferOptions = z.infer<typeof offer>
export type AuthorizationOptions = z.infer<typeof authorization>

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
      plain: `${field} is not an option of Azure as it stands.`,
    }
  })
  return { ok: false, problems }
}
