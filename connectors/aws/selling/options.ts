/** What only AWS knows about a draft: `options` of the listing, offer and authorization drafts, read strictly. */
import { z } from 'zod'
import type { ChangeProblem, ListingOption } from '../../connector.ts'

const account = z.string().regex(/^\d{12}$/)
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const document = z.union([z.literal('standard'), z.url()])

const listing = z.strictObject({
  /** The accounts that see the listing while it is limited; the seller's own if nothing is said. */
  limited_to: z.array(account).min(1).max(100).optional(),
  eula: document.optional(),
})
const offer = z.strictObject({
  /** Makes the offer a replacement of this agreement. */
  replaces_agreement_id: z.string().optional(),
  /** The agreement's last day, in place of a duration; a replacement needs it. */
  agreement_ends_on: date.optional(),
})
const authorization = z.strictObject({
  /** The contract between vendor and reseller: "standard" or the address of a document. */
  reseller_contract: document.optional(),
})
/** The same of a listing, for forms. */
export const listingOptions: readonly ListingOption[] = [
  {
    name: 'limited_to',
    title: 'Who sees it while it is limited',
    help: 'Up to 100 AWS account IDs. If nothing is said, only your own account sees it until it is public.',
    pattern: '^\\d{12}$',
    list: true,
  },
  {
    name: 'eula',
    title: 'Agreement text',
    help: '"standard" for AWS\'s standard contract, or the https address of a PDF of your own.',
    pattern: '^(standard|https?://\\S+)$',
    list: false,
  },
]
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
      plain: `${field} is not an option of AWS as it stands.`,
    }
  })
  return { ok: false, problems }
}
