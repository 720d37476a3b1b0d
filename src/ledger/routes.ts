import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { approvalSchema, writeOrAsk } from '../approvals/index.ts'
import type { Context } from '../context.ts'
import {
  body,
  type DoorEnv,
  idempotencyHeader,
  json,
  localDate,
  makeRouter,
  month,
  refusals,
  write,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { type ExportFormat, exportBooks, exportFormats } from './export.ts'
import { closedPeriods, closePeriod } from './periods.ts'
import { ledgerReadRoutes } from './read-routes.ts'
import { checkInPieces, trialBalance } from './recompute.ts'
import { reopen } from './reopen.ts'
import { checked, period, reopened, shownAccount, shownPeriod, shownTotal, trial } from './schemas.ts'

const tags = ['Ledger']
const readTrial = createRoute({
  method: 'get',
  path: '/v1/ledger/trial-balance',
  tags,
  summary: 'The trial balance, now or at the end of a day',
  request: { query: z.object({ until: localDate.optional() }) },
  responses: { 200: json(trial, 'Every account and the totals'), ...refusals },
})

const check = createRoute({
  method: 'get',
  path: '/v1/ledger/check',
  tags,
  summary: 'Recompute the books and say whether every assertion holds',
  responses: { 200: json(checked, 'What was asserted and found'), ...refusals },
})

const exported = createRoute({
  method: 'get',
  path: '/v1/ledger/export',
  tags,
  summary: 'The books as a file for hledger and ledger, for Beancount, or as CSV',
  request: { query: z.object({ format: z.enum(exportFormats) }) },
  responses: {
    200: {
      description: 'The file, as it is made',
      content: { 'text/plain': { schema: z.string() }, 'text/csv': { schema: z.string() } },
    },
    ...refusals,
  },
})

const listPeriods = createRoute({
  method: 'get',
  path: '/v1/ledger/periods',
  tags,
  summary: 'Closed months',
  responses: { 200: json(z.object({ items: z.array(period) }), 'Closed months'), ...refusals },
})

const close = createRoute({
  method: 'post',
  path: '/v1/ledger/periods/{month}/close',
  tags,
  summary: 'Close a month: nothing is booked into it any more',
  request: { headers: idempotencyHeader, params: z.object({ month }) },
  responses: { 200: json(period, 'The closed month'), ...refusals },
})

const reopenRoute = createRoute({
  method: 'post',
  path: '/v1/ledger/periods/{month}/reopen',
  tags,
  summary: 'Reopen the month that was closed last',
  description: 'What was booked on a later day because the month was closed stays there.',
  request: {
    headers: idempotencyHeader,
    params: z.object({ month }),
    body: body(z.strictObject({ reason: z.string().trim().min(1).max(2000) })),
  },
  responses: {
    200: json(reopened, 'The month as it was closed, and why it is open again'),
    202: json(approvalSchema, 'It waits for a second person'),
    ...refusals,
  },
})

export function ledgerRoutes(context: Context) {
  const ask = <T>(door: HonoContext<DoorEnv>, work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(door.get('caller').organisation_id, work)
  return makeRouter()
    .route('/', ledgerReadRoutes(context))
    .openapi(readTrial, async (door) => {
      const { until } = door.req.valid('query')
      const found = await ask(door, (scope) => trialBalance(scope, until))
      const shown = { accounts: found.accounts.map(shownAccount), totals: found.totals.map(shownTotal) }
      return door.json({ until: until ?? null, ...shown }, 200)
    })
    .openapi(check, async (door) => {
      const found = await checkInPieces((work) => ask(door, work))
      return door.json({ ...found, open_clearing: found.open_clearing.map(shownAccount) }, 200)
    })
    .openapi(exported, (door) => {
      const { format } = door.req.valid('query')
      return fileOf(format, exportBooks(context, door.get('caller').organisation_id, format))
    })
    .openapi(listPeriods, async (door) => {
      const rows = await ask(door, closedPeriods)
      return door.json({ items: rows.map(shownPeriod) }, 200)
    })
    .openapi(close, (door) =>
      write(context, door, async (scope) => ({
        status: 200 as const,
        body: shownPeriod(await closePeriod(scope, door.req.valid('param').month)),
        audit: { subject_id: door.req.valid('param').month },
      })),
    )
    .openapi(reopenRoute, (door) => {
      const request = { month: door.req.valid('param').month, reason: door.req.valid('json').reason }
      const question = { act: 'ledger.reopen', subject_id: request.month, request } as const
      const run = async (scope: Scope) => {
        const { before, after } = await reopen(scope, request)
        return { status: 200 as const, body: after, audit: { subject_id: request.month, before } }
      }
      return writeOrAsk(context, door, question, { run })
    })
}

const FILES: Record<ExportFormat, { type: string; name: string }> = {
  hledger: { type: 'text/plain; charset=utf-8', name: 'syndic.journal' },
  beancount: { type: 'text/plain; charset=utf-8', name: 'syndic.beancount' },
  csv: { type: 'text/csv; charset=utf-8', name: 'syndic.csv' },
}

function fileOf(format: ExportFormat, text: AsyncIterable<string>): Response {
  const encoder = new TextEncoder()
  const chunks = text[Symbol.asyncIterator]()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await chunks.return?.()
    },
  })
  const { type, name } = FILES[format]
  return new Response(stream, {
    headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  })
}
