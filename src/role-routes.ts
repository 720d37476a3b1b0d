// Who may do what, as data: the same tables the service decides by.
import { createRoute, z } from '@hono/zod-openapi'
import { permissionNames, permissions, roleNames, roles } from './access/index.ts'
import { json, makeRouter, refusals } from './door/index.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/roles',
  tags: ['Members'],
  summary: 'The roles a member may have and the permissions they hold',
  responses: {
    200: json(
      z.object({
        roles: z.array(
          z.object({
            name: z.enum(roleNames),
            title: z.string(),
            allows: z.array(z.string()).openapi({ description: 'The names of permissions.' }),
          }),
        ),
        permissions: z.array(
          z.object({
            name: z.string(),
            words: z.string().openapi({ description: 'What it lets one do.' }),
          }),
        ),
      }),
      'Roles and permissions',
    ),
    ...refusals,
  },
})

export function roleRoutes() {
  const answer = {
    roles: roleNames.map((name) => ({ name, title: roles[name].title, allows: [...roles[name].allows] })),
    permissions: permissionNames.map((name) => ({ name, words: permissions[name] })),
  }
  return makeRouter().openapi(list, (door) => door.json(answer, 200))
}
