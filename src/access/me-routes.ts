import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { json, makeRouter, refusals } from '../door/index.ts'
import { findOrganisation } from '../organisations/index.ts'
import { profileColumns, profileOf } from './people.ts'
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

export function meRoutes(context: Context) {
  return makeRouter().openapi(me, async (door) => {
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
