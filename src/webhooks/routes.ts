import { createRoute, z } from '@hono/zod-openapi'
import { tenantOf } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import {
  dayOrInstant,
  json,
  makeRouter,
  pageOf,
  queryFrom,
  refusals,
  searchText,
  spanOf,
} from '../door/index.ts'
import { BODY_MAX_BYTES, type InboxMessage, messageStates } from './model.ts'
import { receiveMessage } from './receive.ts'
import { findMessage, findPage, inboxOrders } from './store.ts'
import { readable } from './words.ts'

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
  request: {
    query: queryFrom(inboxOrders, '-received_at').extend({
      state: z.enum(messageStates).optional(),
      connection_id: z.string().max(60).optional(),
      from: dayOrInstant.optional(),
      until: dayOrInstant.optional(),
      q: searchText.openapi({ description: "Found in its type, the cloud's id of it, and its id." }),
    }),
  },
  responses: { 200: json(pageOf(message), 'A page of messages'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/inbox/{id}',
  tags: ['Inbox'],
  summary: "One message with the cloud's own words",
  request: { params: z.object({ id: z.string().max(60) }) },
  responses: {
    200: json(
      message.extend({
        headers: z.record(z.string(), z.string()),
        words: z.unknown().openapi({
          description:
            'What it says, without what proves it. Null for a message that was refused: nobody knows who wrote it.',
        }),
      }),
      'The message',
    ),
    ...refusals,
  },
})

export function inboxRoutes(context: Context) {
  return makeRouter()
    .openapi(list, async (door) => {
      const { limit, cursor, sort, from, until, ...filter } = door.req.valid('query')
      const slice = sliceOf(inboxOrders, { sort, cursor, limit })
      const wanted = { ...filter, received: spanOf(from, until) }
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) => findPage(scope, wanted, slice))
      return door.json(pageOfSlice(rows, slice, shown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        findMessage(scope, id),
      )
      if (found === undefined) throw new Refusal('not-found', `There is no message ${id}.`)
      const { headers, body, ...rest } = found
      const words = rest.state === 'refused' ? null : readable(body)
      return door.json({ ...shown(rest), headers, words }, 200)
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
