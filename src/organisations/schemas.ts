// What the doors of this room have in common.
import { z } from '@hono/zod-openapi'

const EMAIL_MAX = 254

/** An e-mail address of one person. */
export const emailAddress = z
  .string()
  .trim()
  .max(EMAIL_MAX)
  .pipe(z.email('must be an e-mail address'))
  .openapi({ example: 'ada@example.com', format: 'email' })

/** The link of an invitation, where nobody else brings it to its person. */
export const linkField = z
  .string()
  .nullable()
  .openapi({ description: 'Shown once, and only where no mail is set up. Whoever opens it gets the seat.' })
