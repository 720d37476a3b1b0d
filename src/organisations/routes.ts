import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, write } from '../door/index.ts'
import { createOrganisation, organisationKinds, readOrganisations, renameOrganisation } from './store.ts'

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
  summary: 'The tenants of this installation',
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
    .openapi(list, async (door) => door.json({ items: await readOrganisations(context.store) }, 200))
}
