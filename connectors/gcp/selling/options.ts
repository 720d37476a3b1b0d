/** What only Google knows about a draft: `options` of the offer draft, read strictly. */
import { z } from 'zod'
import { isLocalDate } from '../../../src/core/time.ts'
import type { ChangeProblem } from '../../connector.ts'

const date = z.string().refine(isLocalDate)
const contact = z.strictObject({ contact: z.string().optional(), email: z.email().optional() })
const CUSTOMER_NOTE_CHARACTERS_MAX = 120

const offer = z.strictObject({
  /** The plan the offer is based on: a standard offer's id or its service level. */
  plan: z.string().min(1).optional(),
  /** Drives the revenue share. */
  deal_type: z.enum(['NEW', 'MIGRATION', 'CHANNEL_SHIFT', 'NATIVE_RENEWAL']).optional(),
  customer: z
    .strictObject({
      company: z.string().optional(),
      contact: z.string().optional(),
      email: z.email().optional(),
    })
    .optional(),
  partner_contact: contact.optional(),
  /** The first day in Los Angeles; without it the term begins at acceptance. */
  starts_on: date.optional(),
  renewals: z.number().int().min(0).max(83).optional(),
  customer_note: z.string().max(CUSTOMER_NOTE_CHARACTERS_MAX).optional(),
  /** The instalments buy credit for usage, on plans without a flat fee. */
  prepaid: z.boolean().optional(),
  /** Amends this private offer of the same buyer, where Google leaves the choice. */
  amends_offer_id: z.string().min(1).optional(),
  /** A custom agreement as PDF in base64; Google takes the document itself, no address. */
  eula_pdf: z.base64().optional(),
})
export const optionShapes = { offer, none: z.strictObject({}) }
export type OfferOptions = z.infer<typeof offer>

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
      plain: `${field} is not an option of Google as it stands.`,
    }
  })
  return { ok: false, problems }
}
