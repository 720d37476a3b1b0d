import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { body, type Caller, idempotencyHeader, json, makeRouter, refusals, write } from '../door/index.ts'
import { findOrganisation } from '../organisations/index.ts'
import { readAccount, readSeats } from './account.ts'
import { profileColumns, profileOf, renamePerson } from './people.ts'
import { roleNames } from './permissions.ts'
import { heldRoles } from './sessions.ts'

const me = createRoute({
  method: 'get',
  path: '/v1/me',
  tags: ['Access'],
  summary: 'Who is calling, for which organisation, and what they may do',
  responses: {
    200: json(
      z
        .object({
          actor: z.object({ kind: z.enum(['key', 'person', 'operator']), id: z.string() }),
          name: z.string().openapi({ description: "A person's own name, or that of the key." }),
          email: z.string().nullable(),
          roles: z.array(z.enum(roleNames)).openapi({ description: 'Of a person, in this organisation.' }),
          organisation_id: z.string(),
          organisation: z.object({ kind: z.enum(['vendor', 'reseller']), name: z.string() }),
          permissions: z.array(z.string()),
          mode: z.enum(['sandbox', 'live']),
          now: z.string().openapi({ description: "Business time: the sandbox's clock, or the real one." }),
        })
        .openapi('Me'),
      'The caller',
    ),
    ...refusals,
  },
})

const NAME_MAX = 120

const rename = createRoute({
  method: 'patch',
  path: '/v1/me',
  tags: ['Access'],
  summary: 'Change my name',
  description: 'The name is not in the answer: answers are kept, and people can be erased.',
  request: {
    headers: idempotencyHeader,
    body: body(z.strictObject({ name: z.string().trim().min(1).max(NAME_MAX) })),
  },
  responses: { 200: json(z.object({ id: z.string() }), 'It is changed'), ...refusals },
})

const signIn = createRoute({
  method: 'get',
  path: '/v1/me/sign-in',
  tags: ['Access'],
  summary: 'How I sign in',
  responses: {
    200: json(
      z.object({
        has_password: z.boolean(),
        provider: z
          .string()
          .nullable()
          .openapi({ description: "What this installation's sign-in provider is called, if it has one." }),
        linked: z.boolean().openapi({ description: 'Whether that provider signs me in.' }),
      }),
      'My ways in',
    ),
    ...refusals,
  },
})

const seats = createRoute({
  method: 'get',
  path: '/v1/me/seats',
  tags: ['Access'],
  summary: 'The organisations I have a seat in, and my roles there',
  responses: {
    200: json(
      z.object({
        items: z.array(
          z.object({
            organisation_id: z.string(),
            name: z.string(),
            kind: z.enum(['vendor', 'reseller']),
            roles: z.array(z.enum(roleNames)),
            created_at: z.string(),
          }),
        ),
      }),
      'All my seats',
    ),
    ...refusals,
  },
})

export function meRoutes(context: Context) {
  const router = makeRouter()
    .openapi(rename, (door) =>
      write(context, door, async (scope) => {
        const id = personOf(door.get('caller'))
        const { name } = door.req.valid('json')
        await scope.asInstallation((whole) => renamePerson(context, whole, id, name))
        return { status: 200 as const, body: { id } }
      }),
    )
    .openapi(signIn, async (door) => {
      const { has_password, provider, linked } = await readAccount(context, personOf(door.get('caller')))
      return door.json({ has_password, provider: provider ?? null, linked }, 200)
    })
    .openapi(seats, async (door) => {
      const found = await readSeats(context, personOf(door.get('caller')))
      const items = found.map((seat) => ({ ...seat, created_at: seat.created_at.toISOString() }))
      return door.json({ items }, 200)
    })
  return router.openapi(me, async (door) => {
    const { actor, name, organisation_id, permissions } = door.get('caller')
    const { store, config, clocks } = context
    const organisation = await findOrganisation(store, organisation_id)
    if (organisation === undefined) throw new Error(`The caller's organisation ${organisation_id} is gone.`)
    const person = actor.kind === 'person' ? await personHere(context, organisation_id, actor.id) : undefined
    return door.json(
      {
        actor,
        name: person?.name ?? name,
        email: person?.email ?? null,
        roles: person?.roles ?? [],
        organisation_id,
        organisation: { kind: organisation.kind, name: organisation.name },
        permissions: [...permissions].sort(),
        mode: config.mode,
        now: clocks.business.now().toISOString(),
      },
      200,
    )
  })
}

/** A key has no name of its own to change, and is nobody's data. Throws forbidden for one. */
export function personOf({ actor }: Caller): string {
  if (actor.kind === 'person') return actor.id
  throw new Refusal('forbidden', 'This is for a person who is signed in, not for a key.')
}

async function personHere(context: Context, organisation_id: string, person_id: string) {
  const { row, seat } = await context.store.inInstallation(async ({ tx }) => ({
    row: await tx.person.findUniqueOrThrow({ where: { id: person_id }, select: profileColumns }),
    seat: await tx.member.findUnique({
      where: { organisation_id_person_id: { organisation_id, person_id } },
    }),
  }))
  const profile = await profileOf(context, row)
  return { name: profile?.name, email: profile?.email, roles: heldRoles.parse(seat?.roles ?? []) }
}
