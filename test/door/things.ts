// A room as small as can be, with one write, for the tests of the door itself.
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../../src/context.ts'
import { Refusal } from '../../src/core/problem.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, write } from '../../src/door/index.ts'
import type { Scope, Store } from '../../src/store/index.ts'

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
      await scope.tx.installation.create({ data: { key: id, value: name } })
      await during(scope, name)
      if (name === 'refused') throw new Refusal('conflict', 'not this one')
      if (name === 'broken') throw new TypeError('it broke')
      // The fields are out of order on purpose: a replay must not sort them.
      return { status: 201 as const, body: { zebra: name, id, apple: { b: 1, a: null } } }
    }),
  )
}

/** The names of what was made. */
export async function things(store: Store): Promise<unknown[]> {
  const rows = await store.inInstallation(({ tx }) =>
    tx.installation.findMany({ where: { key: { startsWith: 'evt_' } } }),
  )
  return rows.map((row) => row.value)
}

export async function clearThings(store: Store): Promise<void> {
  await store.inInstallation(async ({ tx }) => {
    await tx.installation.deleteMany({ where: { key: { startsWith: 'evt_' } } })
    await tx.idempotency_key.deleteMany()
  })
}
