import { createRoute, z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import { approvalSchema, writeOrAsk } from '../approvals/index.ts'
import type { Context } from '../context.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, write } from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { changeConnection, connect } from './connect.ts'
import { findRow, findRows, keepTest, toShown } from './store.ts'
import { tryConnection } from './test-connection.ts'

const fields = z.record(z.string(), z.string()).default({})
const tags = ['Connections']

const connection = z
  .object({
    id: z.string(),
    cloud: z.enum(clouds),
    name: z.string(),
    account_id: z.string(),
    settings: z.record(z.string(), z.string()),
    tested_at: z.string().nullable(),
    test_result: z
      .array(
        z.object({
          permission: z.string(),
          ok: z.boolean(),
          detail: z.string().openapi({ description: "The cloud's answer." }),
          fix: z.string().optional().openapi({ description: 'What to do, where it does not work.' }),
        }),
      )
      .nullable(),
    created_at: z.string(),
  })
  .openapi('Connection')

const create = createRoute({
  method: 'post',
  path: '/v1/connections',
  tags,
  summary: 'Connect a seller account on a cloud',
  description: 'Credentials are sealed to this organisation and connection and are never shown again.',
  request: {
    headers: idempotencyHeader,
    body: body(
      z.strictObject({
        cloud: z.enum(clouds),
        name: z.string().trim().min(1).max(120),
        account_id: z.string().trim().min(1).max(200),
        credentials: fields,
        settings: fields,
      }),
    ),
  },
  responses: { 201: json(connection, 'The connection'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/connections',
  tags,
  summary: 'The seller accounts of this organisation',
  responses: { 200: json(z.object({ items: z.array(connection) }), 'All connections'), ...refusals },
})

const params = z.object({ id: z.string() })

const read = createRoute({
  method: 'get',
  path: '/v1/connections/{id}',
  tags,
  summary: 'One connection',
  request: { params },
  responses: { 200: json(connection, 'The connection'), ...refusals },
})

const change = createRoute({
  method: 'patch',
  path: '/v1/connections/{id}',
  tags,
  summary: 'Rename a connection, give it new credentials, or change its settings',
  description:
    'What is left out stays. Credentials and settings are replaced as a whole. New credentials wait for a second person where the organisation asks for one.',
  request: {
    params,
    headers: idempotencyHeader,
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(120).optional(),
        credentials: z.record(z.string(), z.string()).optional(),
        settings: z.record(z.string(), z.string()).optional(),
      }),
    ),
  },
  responses: {
    200: json(connection, 'The connection'),
    202: json(approvalSchema, 'It waits for a second person'),
    ...refusals,
  },
})

const test = createRoute({
  method: 'post',
  path: '/v1/connections/{id}/test',
  tags,
  summary: 'Try each permission of a connection with harmless reads',
  request: { params, headers: idempotencyHeader },
  responses: { 200: json(connection, 'The connection with the result'), ...refusals },
})

export function connectionRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => ({
        status: 201 as const,
        body: await connect(context, scope, door.req.valid('json')),
      })),
    )
    .openapi(change, (door) => {
      const { id } = door.req.valid('param')
      const wanted = door.req.valid('json')
      const run = async (scope: Scope) => {
        const { before, after } = await changeConnection(context, scope, id, wanted)
        return { status: 200 as const, body: after, audit: { before } }
      }
      if (wanted.credentials === undefined) return write(context, door, run)
      const shown = { id, ...wanted, credentials: Object.keys(wanted.credentials).sort() }
      const act = 'connections.change_credentials'
      return writeOrAsk(context, door, { act, subject_id: id, request: { id, ...wanted }, shown }, { run })
    })
    .openapi(list, async (door) => {
      const rows = await context.store.inTenant(door.get('caller').organisation_id, findRows)
      return door.json({ items: rows.map(toShown) }, 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const row = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        findRow(scope, id),
      )
      return door.json(toShown(row), 200)
    })
    .openapi(test, async (door) => {
      const { id } = door.req.valid('param')
      const result = await tryConnection(context, door.get('caller').organisation_id, id)
      return write(context, door, async (scope) => {
        const before = toShown(await findRow(scope, id))
        const body = toShown(await keepTest(scope, id, result))
        return { status: 200 as const, body, audit: { before } }
      })
    })
}
