import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { idempotencyHeader, json, makeRouter, orderedQuery, pageOf, refusals, write } from '../door/index.ts'
import { readSession } from './cookies.ts'
import { erase } from './erase.ts'
import { personOf } from './me-routes.ts'
import { emailDigest, profileOf } from './people.ts'
import { roleNames } from './permissions.ts'
import { readPersonalData, shownSession } from './personal-data.ts'
import { endSession, findSessions } from './sessions.ts'

const tags = ['People']

const session = z
  .object({
    id: z.string(),
    current: z.boolean(),
    created_at: z.string(),
    last_seen_at: z.string(),
    ends_at: z.string().openapi({ description: 'When it ends unless it is used, or in any case.' }),
  })
  .openapi('Session')

const listSessions = createRoute({
  method: 'get',
  path: '/v1/sessions',
  tags,
  summary: 'Where I am signed in',
  responses: { 200: json(z.object({ items: z.array(session) }), 'My sessions'), ...refusals },
})

const end = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/end',
  tags,
  summary: 'End one of my sessions at once',
  request: { params: z.object({ id: z.string().max(100) }), headers: idempotencyHeader },
  responses: { 200: json(z.object({ id: z.string(), ended: z.literal(true) }), 'It ended'), ...refusals },
})

const person = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    operator: z.boolean(),
    created_at: z.string(),
    erased_at: z.string().nullable(),
  })
  .openapi('Person')

const EMAIL_MAX = 254
/** What people can be ordered by: nothing else about them is kept in the open. */
const peopleOrders = { created_at: { column: 'id', holds: 'text' } } as const

const listPeople = createRoute({
  method: 'get',
  path: '/v1/people',
  tags,
  summary: 'Everybody who has an account on this installation',
  request: {
    query: orderedQuery(peopleOrders).extend({
      email: z.string().trim().max(EMAIL_MAX).optional().openapi({
        description: 'Finds who has exactly this address: addresses are kept sealed.',
      }),
      standing: z.enum(['here', 'erased']).optional(),
    }),
  },
  responses: { 200: json(pageOf(person), 'A page of people'), ...refusals },
})

const eraseRoute = createRoute({
  method: 'post',
  path: '/v1/people/{id}/erase',
  tags,
  summary: 'Forget a person: oneself, or anybody for who runs the installation',
  description:
    'Their name and address, ways to sign in, sessions and seats are gone, and what audit records said of them. Books and the chains of audit records stand. It cannot be undone.',
  request: { params: z.object({ id: z.string().max(100) }), headers: idempotencyHeader },
  responses: {
    200: json(z.object({ id: z.string(), erased_at: z.string() }), 'They are forgotten'),
    ...refusals,
  },
})

const personalDataSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  operator: z.boolean(),
  has_password: z.boolean(),
  created_at: z.string(),
  seats: z.array(
    z.object({
      organisation_id: z.string(),
      roles: z.array(z.enum(roleNames)),
      created_at: z.string(),
    }),
  ),
  identities: z.array(z.object({ issuer: z.string(), subject: z.string(), linked_at: z.string() })),
  sessions: z.array(session),
  sign_ups: z.array(
    z.object({
      organisation_id: z.string(),
      name: z.string(),
      email: z.string(),
      company: z.string(),
      created_at: z.string(),
    }),
  ),
  acts: z.array(
    z.object({
      organisation_id: z.string(),
      at: z.string(),
      act: z.string(),
      subject_id: z.string(),
      request_id: z.string(),
    }),
  ),
})

const personalData = createRoute({
  method: 'get',
  path: '/v1/me/personal-data',
  tags,
  summary: 'Everything that is kept about me',
  responses: { 200: json(personalDataSchema, 'My data'), ...refusals },
})

const theirData = createRoute({
  method: 'get',
  path: '/v1/people/{id}/personal-data',
  tags,
  summary: 'Everything that is kept about a person, for who runs the installation and was asked for it',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: { 200: json(personalDataSchema, 'Their data'), ...refusals },
})

export function peopleRoutes(context: Context) {
  const { store } = context
  return makeRouter()
    .openapi(listSessions, async (door) => {
      const person_id = personOf(door.get('caller'))
      const items = await store.inInstallation((scope) => findSessions(scope, person_id, readSession(door)))
      return door.json({ items: items.map(shownSession) }, 200)
    })
    .openapi(end, (door) =>
      write(context, door, async (scope) => {
        const person_id = personOf(door.get('caller'))
        const { id } = door.req.valid('param')
        const ended = await scope.asInstallation((whole) => endSession(whole, person_id, id))
        if (!ended) throw new Refusal('not-found', `There is no session ${id} of yours.`)
        return { status: 200 as const, body: { id, ended: true as const } }
      }),
    )
    .openapi(listPeople, async (door) => {
      const { email, standing, ...asked } = door.req.valid('query')
      const slice = sliceOf(peopleOrders, asked)
      const rows = await store.inInstallation(async (scope) =>
        scope.tx.person.findMany({
          where: {
            ...(email === undefined ? {} : { email_digest: await emailDigest(context, scope, email) }),
            ...(standing === undefined ? {} : { erased_at: standing === 'here' ? null : { not: null } }),
            ...slice.where,
          },
          orderBy: slice.orderBy,
          take: slice.take,
        }),
      )
      const { items, next } = pageOfSlice(rows, slice, (row) => row)
      return door.json({ items: await Promise.all(items.map((row) => shown(context, row))), next }, 200)
    })
    .openapi(eraseRoute, (door) =>
      write(context, door, async (scope) => {
        const caller = door.get('caller')
        const { id } = door.req.valid('param')
        const own = caller.actor.kind === 'person' && caller.actor.id === id
        // Who may not learns nothing of who there is.
        if (!own && !caller.permissions.has('operator')) {
          throw new Refusal('not-found', `There is no person ${id}.`)
        }
        const erased = await erase(context, scope, caller, id)
        return { status: 200 as const, body: { id, erased_at: erased.erased_at.toISOString() } }
      }),
    )
    .openapi(personalData, async (door) => {
      const person_id = personOf(door.get('caller'))
      const told = await store.inInstallation((scope) =>
        readPersonalData(context, scope, person_id, readSession(door)),
      )
      return door.json(told, 200)
    })
    .openapi(theirData, async (door) => {
      const { id } = door.req.valid('param')
      const told = await store.inInstallation((scope) => readPersonalData(context, scope, id, undefined))
      return door.json(told, 200)
    })
}

async function shown(
  context: Context,
  row: Parameters<typeof profileOf>[1] & { operator: boolean; created_at: Date; erased_at: Date | null },
) {
  const profile = await profileOf(context, row)
  return {
    id: row.id,
    name: profile?.name ?? null,
    email: profile?.email ?? null,
    operator: row.operator,
    created_at: row.created_at.toISOString(),
    erased_at: row.erased_at?.toISOString() ?? null,
  }
}
