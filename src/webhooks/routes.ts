import { createRoute, z } from '@hono/zod-openapi'
import { tenantOf } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../core/page.ts'
import { Refusal } from '../core/problem.ts'
import { json, makeRouter, pageOf, pageQuery, refusals } from '../door/index.ts'
import { BODY_MAX_BYTES, type InboxMessage, messageStates } from './model.ts'
import { receiveMessage } from './receive.ts'
import { findPage } from './store.ts'

const message = z
  .object({
    id: z.string(),
    connection_id: z.string(),
    message_id: z.string(),
    type: z.string(),
    state: z.enum(messageStates),
    reason: z.string().nullable(),
    hints: z.array(z.unknown()),
    received_at: z.string(),
    processed_at: z.string().nullable(),
  })
  .openapi('InboxMessage')

const list = createRoute({
  method: 'get',
  path: '/v1/inbox',
  tags: ['Inbox'],
  summary: 'Messages from clouds, verified and refused, newest first',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(message), 'A page of messages'), ...refusals },
})

export function inboxRoutes(context: Context) {
  return makeRouter().openapi(list, async (door) => {
    const { limit, cursor } = door.req.valid('query')
    const before = cursor === undefined ? undefined : decodeCursor(cursor)
    const { organisation_id } = door.get('caller')
    const rows = await context.store.inTenant(organisation_id, (scope) => findPage(scope, limit, before))
    return door.json(
      toPage(rows, limit, (row) => row.id, shown),
      200,
    )
  })
}

/** The clouds' door: each connection has its own address. It needs no key: a message is believed by its signature. */
export function webhookRoutes(context: Context) {
  return makeRouter().post('/v1/webhooks/:connection_id', async (door) => {
    const connection_id = door.req.param('connection_id')
    const organisation_id = await tenantOf(context.store, connection_id)
    if (organisation_id === undefined) throw new Refusal('not-found', 'There is no such address.')
    const body = await door.req.text()
    if (body.length > BODY_MAX_BYTES) {
      throw new Refusal(
        'too-large',
        `The message has ${body.length} characters; at most ${BODY_MAX_BYTES} are taken.`,
      )
    }
    const headers = Object.fromEntries(door.req.raw.headers)
    const outcome = await receiveMessage(context, organisation_id, connection_id, { headers, body })
    if (outcome === 'remembered') context.wake()
    return door.json({ outcome }, 200)
  })
}

function shown(found: InboxMessage) {
  return {
    ...found,
    received_at: found.received_at.toISOString(),
    processed_at: found.processed_at?.toISOString() ?? null,
  }
}
