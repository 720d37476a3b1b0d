import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { body, type Caller, idempotencyHeader, json, makeRouter, refusals, write } from '../door/index.ts'
import {
  createOrganisation,
  organisationKinds,
  readOrganisations,
  renameOrganisation,
  type Whose,
} from './store.ts'

const organisation = z
  .object({ id: z.string(), kind: z.enum(organisationKinds), name: z.string(), created_at: z.string() })
  .openapi('Organisation')

const create = createRoute({
  method: 'post',
  path: '/v1/organisations',
  tags: ['Organisations'],
  summary: 'Create a tenant: a vendor or a reseller',
  request: {
    headers: idempotencyHeader,
    body: body(z.strictObject({ kind: z.enum(organisationKinds), name: z.string().trim().min(1).max(120) })),
  },
  responses: { 201: json(organisation, 'The organisation'), ...refusals },
})

const rename = createRoute({
  method: 'patch',
  path: '/v1/organisations/{id}',
  tags: ['Organisations'],
  summary: 'Rename a tenant',
  request: {
    params: z.object({ id: z.string() }),
    headers: idempotencyHeader,
    body: body(z.strictObject({ name: z.string().trim().min(1).max(120) })),
  },
  responses: { 200: json(organisation, 'The organisation'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/organisations',
  tags: ['Organisations'],
  summary: 'The organisations the caller has to do with; for the operator, all of the installation',
  responses: { 200: json(z.object({ items: z.array(organisation) }), 'All organisations'), ...refusals },
})

export function organisationRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => ({
        status: 201 as const,
        body: await createOrganisation(scope, door.req.valid('json')),
      })),
    )
    .openapi(rename, (door) =>
      write(context, door, async (scope) => ({
        status: 200 as const,
        body: await renameOrganisation(scope, door.req.valid('param').id, door.req.valid('json').name),
      })),
    )
    .openapi(list, async (door) => {
      const items = await readOrganisations(context.store, whose(door.get('caller')))
      return door.json({ items }, 200)
    })
}

/** The operator sees which organisations there are, a person those they sit in, and a key the one it is of. */
function whose({ actor, organisation_id, permissions }: Caller): Whose {
  if (permissions.has('operator')) return 'all'
  return actor.kind === 'person' ? { person_id: actor.id } : { organisation_id }
}
