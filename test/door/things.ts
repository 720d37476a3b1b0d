// A room as small as can be, with one write, for the tests of the door itself.
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../../src/context.ts'
import { Refusal } from '../../src/core/problem.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, write } from '../../src/door/index.ts'
import type { Scope, Store } from '../../src/store/index.ts'
import * as timeline from '../../src/timeline/index.ts'

const thing = z.object({ zebra: z.string(), id: z.string(), apple: z.object({ b: z.number(), a: z.null() }) })

const create = createRoute({
  method: 'post',
  path: '/things/{shelf}',
  request: {
    params: z.object({ shelf: z.string() }),
    query: z.object({ colour: z.string().optional() }),
    headers: idempotencyHeader,
    body: body(z.strictObject({ name: z.string() })),
  },
  responses: { 201: json(thing, 'The thing'), ...refusals },
})

export type During = (scope: Scope, name: string) => Promise<void>

/** `during` is called inside the write, after its effect. The name "refused" is refused there, "broken" breaks. */
export function thingRoutes(context: Pick<Context, 'store'>, during: During = async () => {}) {
  return makeRouter().openapi(create, (door) =>
    write(context, door, async (scope) => {
      const { name } = door.req.valid('json')
      const id = scope.id('event')
      await timeline.record(scope, { subject_id: id, kind: 'thing', sentence: name })
      await during(scope, name)
      if (name === 'refused') throw new Refusal('conflict', 'not this one')
      if (name === 'broken') throw new TypeError('it broke')
      // The fields are out of order on purpose: a replay must not sort them.
      return { status: 201 as const, body: { zebra: name, id, apple: { b: 1, a: null } } }
    }),
  )
}

type Made = { store: Store; organisation_id: string }

/** The names of what was made for a tenant, in their order. */
export async function things({ store, organisation_id }: Made): Promise<unknown[]> {
  const rows = await store.inTenant(organisation_id, ({ tx }) =>
    tx.timeline_event.findMany({ where: { kind: 'thing' }, orderBy: { sequence: 'asc' } }),
  )
  return rows.map((row) => row.sentence)
}

export async function clearThings({ store, organisation_id }: Made): Promise<void> {
  await store.inTenant(organisation_id, async ({ tx }) => {
    await tx.timeline_event.deleteMany()
    await tx.idempotency_key.deleteMany()
  })
}
