// How usage events are written and answered.
import { z } from '@hono/zod-openapi'
import { problemBody } from '../core/problem.ts'
import { problemSchema } from '../door/index.ts'
import type { EventAnswer } from './ingest.ts'

export const eventAnswerSchema = z
  .object({
    id: z.string().nullable(),
    source: z.string().nullable(),
    status: z.enum(['accepted', 'replayed', 'conflict', 'refused']),
    problem: problemSchema.optional(),
  })
  .openapi('UsageEventAnswer')

export const batchAnswerSchema = z
  .object({
    events: z.array(eventAnswerSchema).openapi({ description: 'One answer per event, in their order' }),
    accepted: z.number().int(),
    replayed: z.number().int(),
    conflicts: z.number().int(),
    refused: z.number().int(),
  })
  .openapi('UsageBatchAnswer')

/** How an event is written, for the documentation: each event is judged by itself, not by the door. */
export const eventDocument = {
  type: 'object' as const,
  required: ['id', 'source', 'time', 'subject', 'type', 'data'],
  properties: {
    id: { type: 'string' as const, example: 'evt-1' },
    source: { type: 'string' as const, example: 'https://eu.example.com/meter' },
    time: { type: 'string' as const, format: 'date-time' },
    subject: { type: 'string' as const, description: 'The agreement', example: 'agr_0abc' },
    type: { type: 'string' as const, description: "The dimension's key", example: 'scans' },
    data: {
      type: 'object' as const,
      properties: {
        quantity: {
          description: 'Text, or a whole JSON number. Not needed for count and unique dimensions.',
          oneOf: [{ type: 'string' as const, example: '1.25' }, { type: 'integer' as const }],
        },
        attributes: {
          type: 'object' as const,
          description: 'Free; a unique dimension counts the different values of "unique"',
          additionalProperties: true,
        },
        tags: {
          type: 'object' as const,
          description:
            'Up to 5, to split the usage by: keys of up to 100 and values of up to 256 letters, digits, spaces and + - = . _ : / @',
          additionalProperties: { type: 'string' as const },
          example: { team: 'search' },
        },
      },
    },
  },
}

export function shownAnswer({ problem, ...answer }: EventAnswer): z.infer<typeof eventAnswerSchema> {
  if (problem === undefined) return answer
  return { ...answer, problem: problemBody(problem.code, problem.detail, problem.errors) }
}
