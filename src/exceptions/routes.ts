import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { moneyText } from '../core/money.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { DAY_MS } from '../core/time.ts'
import {
  body,
  idempotencyHeader,
  json,
  makeRouter,
  moneySchema,
  orderedQuery,
  orNull,
  pageOf,
  refusals,
  searchText,
  write,
} from '../door/index.ts'
import { type ExceptionItem, exceptionKinds, exceptionStates } from './model.ts'
import { exceptionOrders, findException, readExceptions, resolveByHand } from './store.ts'

const exception = z
  .object({
    id: z.string(),
    kind: z.enum(exceptionKinds),
    subject_id: z.string(),
    sentence: z.string(),
    fix: z.string(),
    amount: orNull(moneySchema),
    state: z.enum(exceptionStates),
    note: z.string().nullable(),
    age_days: z.number().int(),
    created_at: z.string(),
    resolved_at: z.string().nullable(),
  })
  .openapi('Exception')

const list = createRoute({
  method: 'get',
  path: '/v1/exceptions',
  tags: ['Exceptions'],
  summary: 'What needs a person; newest first if nothing is said',
  request: {
    query: orderedQuery(exceptionOrders).extend({
      state: z.enum(exceptionStates).optional(),
      kind: z.enum(exceptionKinds).optional(),
      subject_id: z.string().max(400).optional().openapi({ description: 'What it is about.' }),
      q: searchText.openapi({ description: 'Found in its sentence, its id and what it is about.' }),
    }),
  },
  responses: { 200: json(pageOf(exception), 'A page of exceptions'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/exceptions/{id}',
  tags: ['Exceptions'],
  summary: 'One exception',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(exception, 'The exception'), ...refusals },
})

const resolve = createRoute({
  method: 'post',
  path: '/v1/exceptions/{id}/resolve',
  tags: ['Exceptions'],
  summary: 'Close an exception and say why',
  request: {
    headers: idempotencyHeader,
    params: z.object({ id: z.string() }),
    body: body(z.strictObject({ note: z.string().trim().min(1).max(2000) })),
  },
  responses: { 200: json(exception, 'The resolved exception'), ...refusals },
})

function shown(item: ExceptionItem, now: Date): z.infer<typeof exception> {
  return {
    id: item.id,
    kind: item.kind,
    subject_id: item.subject_id,
    sentence: item.sentence,
    fix: item.fix,
    amount: item.amount === null ? null : moneyText(item.amount),
    state: item.state,
    note: item.note,
    age_days: Math.max(
      0,
      Math.floor(((item.resolved_at ?? now).getTime() - item.created_at.getTime()) / DAY_MS),
    ),
    created_at: item.created_at.toISOString(),
    resolved_at: item.resolved_at?.toISOString() ?? null,
  }
}

export function exceptionRoutes(context: Context) {
  const now = () => context.clocks.business.now()
  return makeRouter()
    .openapi(list, async (door) => {
      const { limit, cursor, sort = '-created_at', ...filter } = door.req.valid('query')
      const slice = sliceOf(exceptionOrders, { sort, cursor, limit })
      const rows = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        readExceptions(scope, filter, slice),
      )
      return door.json(
        pageOfSlice(rows, slice, (row) => shown(row, now())),
        200,
      )
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        findException(scope, id),
      )
      return door.json(shown(found, now()), 200)
    })
    .openapi(resolve, (door) =>
      write(context, door, async (scope) => ({
        status: 200 as const,
        body: shown(
          await resolveByHand(scope, door.req.valid('param').id, door.req.valid('json').note),
          now(),
        ),
      })),
    )
}
