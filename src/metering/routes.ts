import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { moneyText } from '../core/money.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { body, json, makeRouter, refusals, requiredIdempotencyHeader, write } from '../door/index.ts'
import { isPlainText, toRefusal } from './event.ts'
import { batchAnswerSchema, eventAnswerSchema, eventDocument, shownAnswer } from './event-schemas.ts'
import { type EventAnswer, type EventStatus, takeUsage } from './ingest.ts'
import { EVENTS_MAX } from './model.ts'
import { usageReads } from './read-routes.ts'
import { writtenOffSchema } from './schemas.ts'
import { writeOff } from './write-off.ts'

const tags = ['Usage']

const report = createRoute({
  method: 'post',
  path: '/v1/usage',
  tags,
  summary: 'Report usage: one event, a batch of up to 1000, or NDJSON',
  description:
    'An event has the fields of CloudEvents. The same id and source with the same content is a replay; with other ' +
    'content it is a conflict that names the first field that differs. A single event is answered with its own ' +
    'status. A batch or NDJSON is always answered 200 with one answer per event, in their order: read each status. ' +
    'Events that were accepted stay accepted when others are refused, so the whole batch may be sent again.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: {
            oneOf: [
              eventDocument,
              {
                type: 'object' as const,
                required: ['events'],
                properties: {
                  events: { type: 'array' as const, maxItems: EVENTS_MAX, items: eventDocument },
                },
              },
            ],
          },
        },
        'application/x-ndjson': { schema: { type: 'string' as const, description: 'One event per line' } },
      },
    },
  },
  responses: {
    200: json(z.union([eventAnswerSchema, batchAnswerSchema]), 'What became of each event'),
    ...refusals,
    415: { ...refusals[422], description: 'The body is neither JSON nor NDJSON' },
  },
})

const giveUp = createRoute({
  method: 'post',
  path: '/v1/usage/write-off',
  tags,
  summary: 'Write off the usage that is held back for a listing',
  description:
    'What waits now is lost, and is told to each agreement with its worth. What is used later waits as before. Nothing is sent to the cloud.',
  request: {
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        listing_id: z.string().max(60),
        note: z.string().trim().min(1).max(1000).refine(isPlainText, 'must be plain text'),
      }),
    ),
  },
  responses: { 200: json(writtenOffSchema, 'What was written off'), ...refusals },
})

export function meteringRoutes(context: Context) {
  return makeRouter()
    .openapi(report, async (door) => {
      const { batched, events } = readBody(door.req.header('content-type') ?? '', await door.req.text())
      const answers = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        takeUsage(context, scope, events),
      )
      return door.json(batched ? shownBatch(answers) : shownSingle(answers), 200)
    })
    .openapi(giveUp, (door) =>
      write(context, door, async (scope) => {
        const { listing_id, note } = door.req.valid('json')
        const { records, worth, more } = await writeOff(scope, listing_id, note)
        const body = { listing_id, records, worth: worth.map(moneyText), more }
        return { status: 200 as const, body, audit: { subject_id: listing_id } }
      }),
    )
    .route('/', usageReads(context))
}

function readBody(content_type: string, text: string): { batched: boolean; events: unknown[] } {
  const type = content_type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-ndjson') {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return { batched: true, events: limited(lines.map(readLine)) }
  }
  if (type !== 'application/json' && type !== 'application/cloudevents+json') {
    throw new Refusal('unsupported-media-type', 'Send application/json or application/x-ndjson.')
  }
  const given = parse(text, 'The body is not JSON.')
  if (typeof given !== 'object' || given === null || !('events' in given)) {
    return { batched: false, events: [given] }
  }
  if (!Array.isArray(given.events)) throw invalid('events', 'must be a list', 'Send {"events": [ … ]}')
  return { batched: true, events: limited(given.events) }
}

function readLine(line: string, index: number): unknown {
  return parse(line, `Line ${index + 1} is not JSON.`)
}

function parse(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('malformed-request', complaint)
  }
}

function limited(events: unknown[]): unknown[] {
  if (events.length >= 1 && events.length <= EVENTS_MAX) return events
  throw invalid('events', `must be 1 to ${EVENTS_MAX} events`, 'Send them in several requests')
}

function shownSingle([answer]: readonly EventAnswer[]) {
  if (answer === undefined) throw new Error('A single event has one answer')
  if (answer.problem !== undefined) throw toRefusal(answer.problem)
  return shownAnswer(answer)
}

function shownBatch(answers: readonly EventAnswer[]): z.infer<typeof batchAnswerSchema> {
  const many = (status: EventStatus) => answers.filter((answer) => answer.status === status).length
  return {
    events: answers.map(shownAnswer),
    accepted: many('accepted'),
    replayed: many('replayed'),
    conflicts: many('conflict'),
    refused: many('refused'),
  }
}
