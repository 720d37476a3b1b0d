// The settings of mail. They are read with all others in config.ts.
import { z } from 'zod'
import { isGuarded } from '../core/address.ts'

/** The variables by which letters leave. */
export const mailEnvironment = {
  SYNDIC_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^/]/, 'must start with smtps:// or smtp://')
    .refine(URL.canParse, 'must be an address such as smtps://user:password@mail.example.com')
    .optional(),
  SYNDIC_MAIL_API_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine(isGuarded, 'must be an https address; http is for loopback only')
    .optional(),
  SYNDIC_MAIL_API_KEY: z.string().min(1).optional(),
  SYNDIC_MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n@]+<)?[^\s<>@]+@[^\s<>@]+>?$/, 'must be an address, or "Name <address>"')
    .optional(),
}
const environment = z.object(mailEnvironment)

/** How letters leave: one way, or the other. */
export type MailSettings =
  | { kind: 'smtp'; url: string; from: string }
  | { kind: 'api'; url: string; key: string; from: string }

/** What of the mail settings does not go together. */
export function mailProblems(ours: Readonly<Record<string, string | undefined>>): string[] {
  const { SYNDIC_SMTP_URL: smtp, SYNDIC_MAIL_API_URL: api, SYNDIC_MAIL_FROM: from } = ours
  const problems: string[] = []
  if (smtp !== undefined && api !== undefined) {
    problems.push('SYNDIC_MAIL_API_URL: letters leave one way; remove it or SYNDIC_SMTP_URL')
  }
  if ((api === undefined) !== (ours.SYNDIC_MAIL_API_KEY === undefined)) {
    problems.push('SYNDIC_MAIL_API_KEY: goes with SYNDIC_MAIL_API_URL; set both or none')
  }
  if ((smtp ?? api) !== undefined && from === undefined) {
    problems.push('SYNDIC_MAIL_FROM: is needed to send mail: who the letters are from')
  }
  if ((smtp ?? api) !== undefined && ours.SYNDIC_MODE === 'live' && ours.SYNDIC_PUBLIC_URL === undefined) {
    problems.push('SYNDIC_PUBLIC_URL: is needed to send mail: letters hold links to this service')
  }
  return problems
}

/** How letters leave; undefined where nothing is set. */
export function mailOf(values: z.infer<typeof environment>): MailSettings | undefined {
  const { SYNDIC_SMTP_URL, SYNDIC_MAIL_API_URL, SYNDIC_MAIL_API_KEY, SYNDIC_MAIL_FROM: from } = values
  if (from === undefined) return undefined
  if (SYNDIC_SMTP_URL !== undefined) return { kind: 'smtp', url: SYNDIC_SMTP_URL, from }
  if (SYNDIC_MAIL_API_URL === undefined || SYNDIC_MAIL_API_KEY === undefined) return undefined
  return { kind: 'api', url: SYNDIC_MAIL_API_URL, key: SYNDIC_MAIL_API_KEY, from }
}
