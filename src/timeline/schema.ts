import { z } from '@hono/zod-openapi'

/** A timeline on the wire: each event with a plain sentence and, where the cloud said something, its own words. */
export const timelineSchema = z
  .array(
    z.object({ kind: z.string(), sentence: z.string(), cloud_words: z.unknown(), occurred_at: z.string() }),
  )
  .openapi('Timeline')
