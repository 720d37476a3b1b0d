import { createRoute, z } from '@hono/zod-openapi'
import { roleNames } from '../access/index.ts'
import type { Context } from '../context.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, writeAndWake } from '../door/index.ts'
import { type ChangedSeat, changeRoles, readMembers, removeMember, type Seat } from './members.ts'

const tags = ['Members']
const roles = z.array(z.enum(roleNames)).min(1).max(roleNames.length)
const params = z.object({ id: z.string().max(60) })

const seat = z.object({ id: z.string(), roles: z.array(z.enum(roleNames)), created_at: z.string() })

const member = seat
  .extend({
    name: z.string().nullable(),
    email: z.string().nullable().openapi({ description: 'Null where the person was erased.' }),
  })
  .openapi('Member')

const changedSeat = seat
  .extend({
    api_keys: z.array(z.string()).openapi({
      description: 'Keys this person has made that go on working and do more than the person now may.',
    }),
  })
  .openapi('ChangedSeat', {
    description: 'Without the name and address: answers are kept, and people can be erased.',
  })

const list = createRoute({
  method: 'get',
  path: '/v1/members',
  tags,
  summary: 'Who has a seat in this organisation',
  responses: { 200: json(z.object({ items: z.array(member) }), 'All members'), ...refusals },
})

const change = createRoute({
  method: 'patch',
  path: '/v1/members/{id}',
  tags,
  summary: "Change a member's roles",
  description:
    'Nobody gives more than they hold themselves, or changes the seat of somebody who holds more. The last owner stays one. The member is signed out everywhere.',
  request: { params, headers: idempotencyHeader, body: body(z.strictObject({ roles })) },
  responses: { 200: json(changedSeat, 'The seat'), ...refusals },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/members/{id}',
  tags,
  summary: "Take a member's seat away",
  description:
    'Their sessions end, and the invitations they sent are revoked. Keys they made go on: revoke those in "api_keys" that should not.',
  request: { params, headers: idempotencyHeader },
  responses: { 200: json(changedSeat, 'The seat that was'), ...refusals },
})

export function memberRoutes(context: Context) {
  return makeRouter()
    .openapi(list, async (door) => {
      const members = await readMembers(context, door.get('caller').organisation_id)
      return door.json({ items: members.map(shown) }, 200)
    })
    .openapi(change, (door) => {
      const { id } = door.req.valid('param')
      const wanted = door.req.valid('json').roles
      return writeAndWake(context, door, async (scope) =>
        answer(await changeRoles(context, scope, door.get('caller'), id, wanted)),
      )
    })
    .openapi(remove, (door) => {
      const { id } = door.req.valid('param')
      return writeAndWake(context, door, async (scope) =>
        answer(await removeMember(context, scope, door.get('caller'), id)),
      )
    })
}

function shown<T extends Seat>({ created_at, ...rest }: T) {
  return { ...rest, created_at: created_at.toISOString() }
}

function answer({ before, after, api_keys }: ChangedSeat) {
  return {
    status: 200 as const,
    body: { ...shown(after ?? before), api_keys },
    audit: { before: shown(before), after: after === null ? null : { ...shown(after), api_keys } },
  }
}
