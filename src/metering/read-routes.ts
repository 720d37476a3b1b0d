// What became of usage: hours, records, totals, what is at risk, and its course over a day or a month.
import { createRoute, z } from '@hono/zod-openapi'
import * as agreements from '../agreements/index.ts'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { decodeCursor, PAGE_LIMIT_MAX, toPage } from '../core/page.ts'
import { invalid } from '../core/problem.ts'
import {
  dayOrInstant,
  instant,
  json,
  localDate,
  makeRouter,
  month,
  pageOf,
  pageQuery,
  queryFrom,
  refusals,
  spanOf,
} from '../door/index.ts'
import { isPlainText } from './event.ts'
import { hourStates, recordStates } from './model.ts'
import {
  courseSchema,
  hourSchema,
  recordSchema,
  riskSchema,
  shownHour,
  shownPoint,
  shownRecord,
  shownRisk,
  shownSummary,
  summarySchema,
} from './schemas.ts'
import { courseOf, readCourse } from './store-course.ts'
import { hourText } from './store-hours.ts'
import { type HourCursor, readAtRisk, readHours, readRecords, recordOrders } from './store-reads.ts'
import { findShares } from './store-shares.ts'
import { summary } from './summary.ts'

const tags = ['Usage']

/** The database takes neither a zero byte nor half a surrogate pair. */
const plain = z.string().max(200).refine(isPlainText, 'must be plain text')

const hours = createRoute({
  method: 'get',
  path: '/v1/usage/hours',
  tags,
  summary: 'Usage by agreement, dimension and hour, newest first',
  request: {
    query: pageQuery.extend({
      agreement_id: plain.optional(),
      dimension: plain.optional(),
      state: z.enum(hourStates).optional(),
      lost: z
        .enum(['yes'])
        .optional()
        .openapi({ description: 'Only hours of which something will not be billed.' }),
      from: dayOrInstant.optional(),
      until: dayOrInstant.optional(),
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
    query: queryFrom(recordOrders, '-created_at').extend({
      agreement_id: plain.optional(),
      dimension: plain.optional(),
      state: z.enum(recordStates).optional(),
      hour: instant.optional().openapi({ description: 'The hour that the cloud was told.' }),
      operation_id: plain.optional().openapi({ description: 'The request that carried it.' }),
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
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
      agreement_id: plain.optional(),
    }),
  },
  responses: { 200: json(z.object({ items: z.array(riskSchema) }), 'The most urgent usage'), ...refusals },
})

const course = createRoute({
  method: 'get',
  path: '/v1/usage/course',
  tags,
  summary: "One meter's usage over the hours of a day, or over the days of a month",
  request: {
    query: z.object({
      agreement_id: plain,
      dimension: plain,
      of: z
        .string()
        .refine(
          (text) => month.safeParse(text).success || localDate.safeParse(text).success,
          'must be a month written YYYY-MM, or a day written YYYY-MM-DD',
        )
        .openapi({ example: '2026-03' }),
    }),
  },
  responses: { 200: json(courseSchema, 'Every hour or day of it, in order'), ...refusals },
})

export function usageReads({ store }: Pick<Context, 'store'>) {
  return makeRouter()
    .openapi(hours, async (door) => {
      const { limit, cursor, from, until, lost, ...filter } = door.req.valid('query')
      const after = cursor === undefined ? undefined : readCursor(cursor)
      const wanted = { ...filter, ...spanOf(from, until), lost: lost !== undefined }
      return store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const rows = await readHours(scope, wanted, limit, after)
        const known = await agreements.findNamed(scope, rows.map(agreementOf))
        const shares = await findShares(
          scope,
          rows.filter(({ tagged }) => tagged),
        )
        const key = ({ hour, agreement_id, dimension }: (typeof rows)[number]) =>
          JSON.stringify({ hour: hour.toISOString(), agreement_id, dimension })
        const page = toPage(rows, limit, key, (row) =>
          shownHour(row, known.get(row.agreement_id), shares.get(hourText(row))),
        )
        return door.json(page, 200)
      })
    })
    .openapi(records, async (door) => {
      const { limit, cursor, sort, hour, ...filter } = door.req.valid('query')
      const slice = sliceOf(recordOrders, { sort, cursor, limit })
      const wanted = { ...filter, ...(hour === undefined ? {} : { hour: new Date(hour) }) }
      const rows = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        readRecords(scope, wanted, slice),
      )
      return door.json(pageOfSlice(rows, slice, shownRecord), 200)
    })
    .openapi(totals, async (door) => {
      const { agreement_id } = door.req.valid('query')
      return store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const meters = await summary(scope, agreement_id)
        const known = await agreements.findNamed(scope, meters.map(agreementOf))
        return door.json({ items: meters.map((one) => shownSummary(one, known.get(one.agreement_id))) }, 200)
      })
    })
    .openapi(risks, async (door) => {
      const { limit, agreement_id } = door.req.valid('query')
      return store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const rows = await readAtRisk(scope, limit, agreement_id)
        const known = await agreements.findNamed(scope, rows.map(agreementOf))
        const items = rows.map((row) => shownRisk(row, known.get(row.agreement_id), scope.now()))
        return door.json({ items }, 200)
      })
    })
    .openapi(course, async (door) => {
      const { of, ...meter } = door.req.valid('query')
      return store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const wanted = courseOf(of)
        const points = await readCourse(scope, meter, wanted)
        return door.json({ ...meter, by: wanted.by, items: points.map(shownPoint) }, 200)
      })
    })
}

const agreementOf = ({ agreement_id }: { agreement_id: string }) => agreement_id

const cursorShape = z.object({ hour: z.iso.datetime(), agreement_id: plain, dimension: plain })

function readCursor(cursor: string): HourCursor {
  try {
    return cursorShape.parse(JSON.parse(decodeCursor(cursor)))
  } catch {
    throw invalid('query.cursor', 'is not one of ours', 'Send the "next" of the page before, unchanged')
  }
}
