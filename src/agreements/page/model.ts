// The page that buyers come to from the marketplace, as its vendor set it.
import { z } from 'zod'
import { invalid } from '../../core/problem.ts'
import { contrast, WHITE } from './colour.ts'

/** The name under which a redirect carries the code. */
export const CODE_FIELD = 'syndic_code'
const ADDRESS_MAX = 500
/** What a thing on a page has to stand out by from what is behind it (WCAG 2.2, 1.4.11). */
const CONTRAST_MIN = 3

const line = (max: number) => z.string().trim().min(1).max(max).nullable()

export const pageSchema = z
  .strictObject({
    name: line(80).default(null).openapi({ description: "The seller's name; the organisation's, if null." }),
    logo_url: line(ADDRESS_MAX).default(null).openapi({ description: 'An image, by https.' }),
    colour: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'must be six hexadecimal digits after a #')
      .nullable()
      .default(null)
      .openapi({ description: 'Of the button and the line at the top; must stand out from white.' }),
    text: line(1000).default(null).openapi({ description: 'What buyers are told; an empty line parts.' }),
    support_email: z.email().max(254).nullable().default(null),
    form: z.boolean().default(false).openapi({
      description: 'Asks for a name, an address and a company; nobody has to answer.',
    }),
    redirect_url: line(ADDRESS_MAX)
      .default(null)
      .openapi({
        description: `Leads buyers on to this address, by https, with a code in "${CODE_FIELD}" that works once.`,
      }),
  })
  .openapi('SignUpPage')
export type SignUpPage = z.infer<typeof pageSchema>

export const plainPage: SignUpPage = pageSchema.parse({})

/** Throws invalid-input for what a browser should not be led to, or could not read. */
export function checkPage({ logo_url, redirect_url, colour, form }: SignUpPage): void {
  if (logo_url !== null) checkAddress('logo_url', logo_url)
  if (redirect_url !== null) {
    const url = checkAddress('redirect_url', redirect_url)
    if (url.hash !== '') throw invalid('redirect_url', 'has a part after #', 'Leave that part out')
    if (url.searchParams.has(CODE_FIELD)) {
      throw invalid('redirect_url', `has ${CODE_FIELD} already`, 'Leave it out: it is added')
    }
    if (form) throw invalid('form', 'cannot be shown before a redirect', 'Choose one of the two')
  }
  if (colour !== null && contrast(colour, WHITE) < CONTRAST_MIN) {
    const rule = `stands out from white by ${contrast(colour, WHITE).toFixed(1)} only`
    throw invalid('colour', rule, `Choose a darker one: ${CONTRAST_MIN} at least`)
  }
}

function checkAddress(field: string, text: string): URL {
  const fix = 'Give a whole address such as https://www.example.com/welcome'
  if (!URL.canParse(text)) throw invalid(field, 'is not an address', fix)
  const url = new URL(text)
  if (url.protocol !== 'https:') throw invalid(field, 'is not by https', fix)
  if (url.username !== '' || url.password !== '') throw invalid(field, 'holds a name or password', fix)
  return url
}
