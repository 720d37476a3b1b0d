import { createRoute, z } from '@hono/zod-openapi'
import * as agreements from '../agreements/index.ts'
import type { Context } from '../context.ts'
import { isId } from '../core/id.ts'
import { decodeCursor, PAGE_LIMIT_MAX, toPage } from '../core/page.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { instant, json, makeRouter, pageOf, pageQuery, refusals } from '../door/index.ts'
import { isPlainText, toRefusal } from './event.ts'
import { type EventAnswer, type EventStatus, takeUsage } from './ingest.ts'
import { EVENTS_MAX, recordStates } from './model.ts'
import {
  batchAnswerSchema,
  eventAnswerSchema,
  eventDocument,
  hourSchema,
  recordSchema,
  riskSchema,
  shownAnswer,
  shownHour,
  shownRecord,
  shownRisk,
  shownSummary,
  summarySchema,
} from './schemas.ts'
import { type HourCursor, readAtRisk, readHours, readRecords } from './store-reads.ts'
import { summary } from './summary.ts'

const tags = ['Usage']

/** The database takes neither a zero byte nor half a surrogate pair. */
const plain = z.string().max(200).refine(isPlainText, 'must be plain text')

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

const hours = createRoute({
  method: 'get',
  path: '/v1/usage/hours',
  tags,
  summary: 'Usage by agreement, dimension and hour, newest first',
  request: {
    query: pageQuery.extend({
      agreement_id: plain.optional(),
      dimension: plain.optional(),
      from: instant.optional(),
      to: instant.optional(),
    }),
  },
  responses: { 200: json(pageOf(hourSchema), 'A page of hours'), ...refusals },
})

const records = createRoute({
  method: 'get',
  path: '/v1/usage/records',
  tags,
  summary: 'What was reported to the clouds, newest first',
  request: {
    query: pageQuery.extend({
      agreement_id: plain.optional(),
      state: z.enum(recordStates).optional(),
    }),
  },
  responses: { 200: json(pageOf(recordSchema), 'A page of records'), ...refusals },
})

const totals = createRoute({
  method: 'get',
  path: '/v1/usage/summary',
  tags,
  summary: "Each agreement's usage in total, recomputed, beside the cloud's own count",
  request: { query: z.object({ agreement_id: plain.optional() }) },
  responses: { 200: json(z.object({ items: z.array(summarySchema) }), 'Every meter'), ...refusals },
})

const risks = createRoute({
  method: 'get',
  path: '/v1/usage/at-risk',
  tags,
  summary: 'Usage that no cloud has accepted yet, what becomes unbillable soonest first',
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50) }) },
  responses: { 200: json(z.object({ items: z.array(riskSchema) }), 'The most urgent usage'), ...refusals },
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
    .openapi(hours, async (door) => {
      const { limit, cursor, from, to, ...filter } = door.req.valid('query')
      const after = cursor === undefined ? undefined : readCursor(cursor)
      const span = { from: toDate(from), to: toDate(to) }
      return context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const rows = await readHours(scope, { ...filter, ...span }, limit, after)
        const known = await agreements.findMany(scope, [...new Set(rows.map((row) => row.agreement_id))])
        const key = ({ hour, agreement_id, dimension }: (typeof rows)[number]) =>
          JSON.stringify({ hour: hour.toISOString(), agreement_id, dimension })
        const page = toPage(rows, limit, key, (row) => shownHour(row, known.get(row.agreement_id)))
        return door.json(page, 200)
      })
    })
    .openapi(records, async (door) => {
      const { limit, cursor, ...filter } = door.req.valid('query')
      const before = cursor === undefined ? undefined : readRecordCursor(cursor)
      const rows = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        readRecords(scope, filter, limit, before),
      )
      const page = toPage(rows, limit, ({ id }) => id, shownRecord)
      return door.json(page, 200)
    })
    .openapi(totals, async (door) => {
      const { agreement_id } = door.req.valid('query')
      const items = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        summary(scope, agreement_id),
      )
      return door.json({ items: items.map(shownSummary) }, 200)
    })
    .openapi(risks, async (door) => {
      const { limit } = door.req.valid('query')
      return context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const rows = await readAtRisk(scope, limit)
        const known = await agreements.findMany(scope, [...new Set(rows.map((row) => row.agreement_id))])
        const items = rows.map((row) => shownRisk(row, known.get(row.agreement_id), scope.now()))
        return door.json({ items }, 200)
      })
    })
}

function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text)
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

const cursorShape = z.object({ hour: z.iso.datetime(), agreement_id: plain, dimension: plain })

function readCursor(cursor: string): HourCursor {
  try {
    return cursorShape.parse(JSON.parse(decodeCursor(cursor) ?? ''))
  } catch {
    return badCursor()
  }
}

function readRecordCursor(cursor: string): string {
  const id = decodeCursor(cursor) ?? ''
  return isId('record', id) ? id : badCursor()
}

function badCursor(): never {
  throw invalid('query.cursor', 'is not one of ours', 'Send the "next" of the page before, unchanged')
}
