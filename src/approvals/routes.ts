import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../core/page.ts'
import { Refusal } from '../core/problem.ts'
import {
  body,
  idempotencyHeader,
  json,
  makeRouter,
  pageOf,
  pageQuery,
  refusals,
  write,
  writeAndWake,
} from '../door/index.ts'
import { approve, refuse, withdraw } from './decide.ts'
import { type ActHandlers, approvalStates } from './model.ts'
import { approvalSchema, shownApproval } from './schemas.ts'
import { findApproval, findApprovals } from './store.ts'

const tags = ['Approvals']
const params = z.object({ id: z.string().max(60) })
const noted = body(
  z.strictObject({
    note: z.string().trim().min(1).max(2000).optional().openapi({ description: 'Why, for the record.' }),
  }),
)

const list = createRoute({
  method: 'get',
  path: '/v1/approvals',
  tags,
  summary: 'Acts that wait, or waited, for a second person, newest first',
  request: { query: pageQuery.extend({ state: z.enum(approvalStates).optional() }) },
  responses: { 200: json(pageOf(approvalSchema), 'A page of approvals'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/approvals/{id}',
  tags,
  summary: 'One act with what was asked for and what became of it',
  request: { params },
  responses: { 200: json(approvalSchema, 'The approval'), ...refusals },
})

const agree = createRoute({
  method: 'post',
  path: '/v1/approvals/{id}/approve',
  tags,
  summary: 'Agree as the second person: the act is done now',
  description:
    'For a person who could do the act themselves and has not asked for it, with a key of theirs neither.',
  request: { params, headers: idempotencyHeader, body: noted },
  responses: { 200: json(approvalSchema, 'The approval with the result'), ...refusals },
})

const disagree = createRoute({
  method: 'post',
  path: '/v1/approvals/{id}/refuse',
  tags,
  summary: 'Refuse as the second person: the act is not done',
  request: { params, headers: idempotencyHeader, body: noted },
  responses: { 200: json(approvalSchema, 'The approval'), ...refusals },
})

const takeBack = createRoute({
  method: 'post',
  path: '/v1/approvals/{id}/withdraw',
  tags,
  summary: 'Take back an act one has asked for',
  request: { params, headers: idempotencyHeader },
  responses: { 200: json(approvalSchema, 'The approval'), ...refusals },
})

export function approvalRoutes(context: Context, handlers: ActHandlers) {
  const { store } = context
  return makeRouter()
    .openapi(list, async (door) => {
      const { limit, cursor, state } = door.req.valid('query')
      const before = cursor === undefined ? undefined : decodeCursor(cursor)
      const rows = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        findApprovals(scope, { state, before, limit: limit + 1 }),
      )
      return door.json(
        toPage(rows, limit, (row) => row.id, shownApproval),
        200,
      )
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        findApproval(scope, id),
      )
      if (found === undefined) throw new Refusal('not-found', `There is no approval ${id}.`)
      return door.json(shownApproval(found), 200)
    })
    .openapi(agree, (door) =>
      writeAndWake(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const { note = null } = door.req.valid('json')
        return answer(await approve(context, handlers, scope, door.get('caller'), { id, note }))
      }),
    )
    .openapi(disagree, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const { note = null } = door.req.valid('json')
        return answer(await refuse(scope, door.get('caller'), { id, note }))
      }),
    )
    .openapi(takeBack, (door) =>
      write(context, door, async (scope) =>
        answer(await withdraw(scope, door.get('caller'), door.req.valid('param').id)),
      ),
    )
}

function answer({ before, after }: Awaited<ReturnType<typeof approve>>) {
  return { status: 200 as const, body: shownApproval(after), audit: { before: shownApproval(before) } }
}
