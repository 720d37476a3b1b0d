import { z } from 'zod'

const shape = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({ originalCode: z.string(), originalMessage: z.string().default('') }),
    }),
  }),
})

/**
 * Whether the database refused a text that JSON can carry and PostgreSQL cannot: the character NUL (22021, in JSON
 * 22P05) or half of a surrogate pair (22P02 for json).
 */
export function isUnstorable(error: unknown): boolean {
  const read = shape.safeParse(error)
  if (!read.success) return false
  const { originalCode, originalMessage } = read.data.meta.driverAdapterError.cause
  return (
    originalCode === '22021' ||
    originalCode === '22P05' ||
    (originalCode === '22P02' && originalMessage.endsWith('type json'))
  )
}
