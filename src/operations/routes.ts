import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import {
  body,
  idempotencyHeader,
  json,
  makeRouter,
  pageOf,
  queryFrom,
  refusals,
  requiredIdempotencyHeader,
  searchText,
  write,
} from '../door/index.ts'
import { completeByHand } from './complete.ts'
import { findPage, operationOrders } from './list.ts'
import { type Operation, type OperationHandlers, operationKinds, operationStates } from './model.ts'
import { giveTask } from './own.ts'
import { find, findAttempts } from './store.ts'

const tags = ['Operations']
const id = z.string().max(60)
const params = z.object({ id })

const operation = z
  .object({
    id: z.string(),
    connection_id: z.string(),
    kind: z.enum(operationKinds),
    subject_id: z.string(),
    key: z.string(),
    state: z.enum(operationStates),
    reference: z.string().nullable(),
    target: z.record(z.string(), z.string()).nullable(),
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    attempts: z.number().int(),
    human_task: z.object({ title: z.string(), steps: z.array(z.string()), evidence: z.string() }).nullable(),
    owner: z.string().nullable().openapi({ description: 'The person who has taken a human task on.' }),
    created_at: z.string(),
    updated_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .openapi('Operation')

const attempt = z.object({
  number: z.number().int(),
  purpose: z.string(),
  sent_at: z.string(),
  answered_at: z.string().nullable(),
  outcome: z.string(),
  fault: z.string().nullable(),
  cloud_code: z.string().nullable(),
  message: z.string().nullable(),
  evidence: z.unknown(),
})

const list = createRoute({
  method: 'get',
  path: '/v1/operations',
  tags,
  summary: 'Every change asked of a cloud, newest first',
  request: {
    query: queryFrom(operationOrders, '-created_at').extend({
      subject_id: id.optional(),
      connection_id: id.optional(),
      state: z.enum(operationStates).optional(),
      kind: z.enum(operationKinds).optional(),
      owner: id.optional(),
      q: searchText.openapi({
        description: "Found in its id, its key, what it is for and the cloud's reference.",
      }),
    }),
  },
  responses: { 200: json(pageOf(operation), 'A page of operations'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/operations/{id}',
  tags,
  summary: 'One change with its request, its attempts and what the cloud answered',
  request: { params },
  responses: {
    200: json(
      operation.extend({
        request: z.unknown(),
        history: z.array(attempt),
        makes: z
          .array(z.string())
          .openapi({ description: "The cloud's ids that a success by hand must bring, by name." }),
      }),
      'The operation',
    ),
    ...refusals,
  },
})

const complete = createRoute({
  method: 'post',
  path: '/v1/operations/{id}/complete',
  tags,
  summary: 'Finish a step that a person did by hand, with evidence',
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        outcome: z.enum(['succeeded', 'failed']),
        target: z.record(z.string(), z.string()).default({}),
        evidence: z.string().max(4000),
      }),
    ),
  },
  responses: { 200: json(operation, 'The operation'), ...refusals },
})

const own = createRoute({
  method: 'post',
  path: '/v1/operations/{id}/owner',
  tags,
  summary: 'Give a step that a person does by hand to a member, or to nobody',
  request: {
    params,
    headers: idempotencyHeader,
    body: body(z.strictObject({ owner: id.nullable() })),
  },
  responses: { 200: json(operation, 'The operation'), ...refusals },
})

export function operationRoutes(context: Context, handlers: OperationHandlers) {
  return makeRouter()
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(operationOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) => findPage(scope, filter, slice))
      return door.json(pageOfSlice(rows, slice, shown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const one = await find(scope, id)
        if (one === undefined) throw new Refusal('not-found', `There is no operation ${id}.`)
        const history = (await findAttempts(scope, id)).map((row) => ({
          ...row,
          sent_at: row.sent_at.toISOString(),
          answered_at: row.answered_at?.toISOString() ?? null,
        }))
        return { ...shown(one), request: one.request, history, makes: [...handlers[one.kind].makes] }
      })
      return door.json(found, 200)
    })
    .openapi(complete, (door) =>
      write(context, door, async (scope) => ({
        status: 200 as const,
        body: shown(
          await completeByHand(scope, handlers, door.req.valid('param').id, door.req.valid('json')),
        ),
      })),
    )
    .openapi(own, (door) =>
      write(context, door, async (scope) => {
        const { owner } = door.req.valid('json')
        const { before, after } = await giveTask(scope, door.req.valid('param').id, owner)
        return { status: 200 as const, body: shown(after), audit: { before: shown(before) } }
      }),
    )
}

function shown({ organisation_id: _, request: __, ...rest }: Operation) {
  return {
    ...rest,
    created_at: rest.created_at.toISOString(),
    updated_at: rest.updated_at.toISOString(),
    finished_at: rest.finished_at?.toISOString() ?? null,
  }
}
