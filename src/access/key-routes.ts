import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, write } from '../door/index.ts'
import { type ApiKey, findKeys, KEY_DAYS_DEFAULT, KEY_DAYS_MAX, makeKey, revokeKey } from './keys.ts'
import { type Permission, permissionNames } from './permissions.ts'

const tags = ['Access']
const scope = z.enum(permissionNames as [Permission, ...Permission[]])

const apiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    last_four: z.string(),
    scopes: z.array(scope),
    created_by: z.string(),
    created_at: z.string(),
    expires_at: z.string(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
  })
  .openapi('ApiKey')

const create = createRoute({
  method: 'post',
  path: '/v1/api-keys',
  tags,
  summary: 'Make an API key',
  description: 'The secret is in this answer and never again. A key can do nothing that its maker cannot.',
  request: {
    headers: idempotencyHeader,
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(120),
        scopes: z.array(scope).min(1),
        days: z.number().int().min(1).max(KEY_DAYS_MAX).default(KEY_DAYS_DEFAULT),
      }),
    ),
  },
  responses: { 201: json(apiKey.extend({ secret: z.string() }), 'The key with its secret'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/api-keys',
  tags,
  summary: 'The API keys of this organisation, revoked ones too',
  responses: { 200: json(z.object({ items: z.array(apiKey) }), 'All keys'), ...refusals },
})

const revoke = createRoute({
  method: 'post',
  path: '/v1/api-keys/{id}/revoke',
  tags,
  summary: 'End an API key at once',
  description: 'A process that has just seen the key believes it for two seconds more.',
  request: { params: z.object({ id: z.string() }), headers: idempotencyHeader },
  responses: { 200: json(apiKey, 'The revoked key'), ...refusals },
})

export function keyRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => {
        const { actor, permissions } = door.get('caller')
        const maker = { id: actor.id, permissions }
        const { key, secret } = await makeKey(context, scope, maker, door.req.valid('json'))
        return { status: 201 as const, body: { ...shown(key), secret }, secrets: ['secret'] as const }
      }),
    )
    .openapi(list, async (door) => {
      const found = await context.store.inTenant(door.get('caller').organisation_id, findKeys)
      return door.json({ items: found.map(shown) }, 200)
    })
    .openapi(revoke, (door) =>
      write(context, door, async (scope) => {
        const { before, after } = await revokeKey(scope, door.req.valid('param').id)
        return { status: 200 as const, body: shown(after), audit: { before: shown(before) } }
      }),
    )
}

function shown({ created_at, expires_at, revoked_at, last_used_at, ...rest }: ApiKey) {
  return {
    ...rest,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    revoked_at: revoked_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
  }
}
