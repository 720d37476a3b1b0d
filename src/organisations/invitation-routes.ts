import { createRoute, z } from '@hono/zod-openapi'
import { roleNames } from '../access/index.ts'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import {
  body,
  idempotencyHeader,
  json,
  makeRouter,
  pageOf,
  queryFrom,
  refusals,
  write,
  writeAndWake,
} from '../door/index.ts'
import {
  type Invitation,
  invitationStates,
  invite,
  lookUpInvitation,
  revokeInvitation,
  takeSeat,
} from './invitations.ts'
import { invitationOrders, readInvitations } from './list-invitations.ts'
import { checkReach } from './reach.ts'
import { emailAddress, linkField } from './schemas.ts'
import { sendAgain } from './send-again.ts'
import { holdOrganisation } from './store.ts'

const tags = ['Members']
const TOKEN_MAX = 200

const invitation = z
  .object({
    id: z.string(),
    roles: z.array(z.enum(roleNames)),
    state: z.enum(invitationStates),
    invited_by: z.string(),
    created_at: z.string(),
    expires_at: z.string(),
    accepted_at: z.string().nullable(),
    accepted_by: z.string().nullable(),
    revoked_at: z.string().nullable(),
  })
  .openapi('Invitation')

const create = createRoute({
  method: 'post',
  path: '/v1/invitations',
  tags,
  summary: 'Invite somebody by e-mail',
  description:
    'Good for seven days and one person. Nobody gives more than they hold themselves. The address is not in the answer: answers are kept, and people can be erased.',
  request: {
    headers: idempotencyHeader,
    body: body(
      z.strictObject({
        email: emailAddress,
        roles: z.array(z.enum(roleNames)).min(1).max(roleNames.length),
      }),
    ),
  },
  responses: {
    201: json(invitation.extend({ link: linkField }), 'The invitation'),
    ...refusals,
  },
})

const list = createRoute({
  method: 'get',
  path: '/v1/invitations',
  tags,
  summary: 'The invitations of this organisation',
  request: {
    query: queryFrom(invitationOrders, '-created_at').extend({
      state: z.enum(invitationStates).optional(),
    }),
  },
  responses: {
    200: json(
      pageOf(
        invitation.extend({
          email: z
            .string()
            .nullable()
            .openapi({ description: 'Forgotten once it is used, revoked or over.' }),
        }),
      ),
      'A page of invitations',
    ),
    ...refusals,
  },
})

const revoke = createRoute({
  method: 'post',
  path: '/v1/invitations/{id}/revoke',
  tags,
  summary: 'End an invitation that nobody has taken up',
  request: { params: z.object({ id: z.string().max(60) }), headers: idempotencyHeader },
  responses: { 200: json(invitation, 'The invitation'), ...refusals },
})

const again = createRoute({
  method: 'post',
  path: '/v1/invitations/{id}/send-again',
  tags,
  summary: 'Send an invitation that waits once more',
  description:
    'With a new link, good for seven days from now; the link before opens nothing any more. Nobody gives more than they hold themselves.',
  request: { params: z.object({ id: z.string().max(60) }), headers: idempotencyHeader },
  responses: { 200: json(invitation.extend({ link: linkField }), 'The invitation'), ...refusals },
})

const accept = createRoute({
  method: 'post',
  path: '/v1/invitations/accept',
  tags,
  summary: 'Take an invitation up, for somebody who is signed in',
  description: 'Works once. It may be an invitation to any organisation. Who is new opens its link instead.',
  request: {
    headers: idempotencyHeader,
    body: body(z.strictObject({ token: z.string().min(1).max(TOKEN_MAX) })),
  },
  responses: {
    200: json(
      z.object({
        organisation_id: z.string(),
        organisation: z.string(),
        roles: z.array(z.enum(roleNames)),
      }),
      'The seat',
    ),
    ...refusals,
  },
})

export function invitationRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      writeAndWake(context, door, async (scope) => {
        const { email, roles } = door.req.valid('json')
        const caller = door.get('caller')
        checkReach(roles, caller)
        const { name } = await holdOrganisation(scope)
        const draft = { email, roles, invited_by: caller.actor.id, origin: new URL(door.req.url).origin }
        const { invitation: made, link } = await invite(context, scope, name, draft)
        const secrets = link === null ? [] : (['link'] as const)
        return { status: 201 as const, body: { ...shown(made), link }, secrets }
      }),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(invitationOrders, { limit, cursor, sort })
      const found = await readInvitations(context, door.get('caller').organisation_id, filter, slice)
      return door.json(
        pageOfSlice(found, slice, (one) => ({ ...shown(one), email: one.email })),
        200,
      )
    })
    .openapi(revoke, (door) =>
      write(context, door, async (scope) => {
        const { before, after } = await revokeInvitation(scope, door.req.valid('param').id)
        return { status: 200 as const, body: shown(after), audit: { before: shown(before) } }
      }),
    )
    .openapi(again, (door) =>
      writeAndWake(context, door, async (scope) => {
        const told = { id: door.req.valid('param').id, origin: new URL(door.req.url).origin }
        const { before, after, link } = await sendAgain(context, scope, door.get('caller'), told)
        const secrets = link === null ? [] : (['link'] as const)
        const answer = { ...shown(after), link }
        return { status: 200 as const, body: answer, secrets, audit: { before: shown(before) } }
      }),
    )
    .openapi(accept, async (door) => {
      const { actor } = door.get('caller')
      const { token } = door.req.valid('json')
      const { organisation_id, id } = await context.store.inInstallation((scope) =>
        lookUpInvitation(scope, token),
      )
      // The seat, its record and the remembered answer belong to the organisation that has invited.
      return write(
        context,
        door,
        async (scope) => ({
          status: 200 as const,
          body: await takeSeat(scope, id, actor.id),
          audit: { subject_id: id },
        }),
        organisation_id,
      )
    })
}

function shown({ id, roles, state, invited_by, accepted_by, ...times }: Invitation) {
  return {
    id,
    roles,
    state,
    invited_by,
    accepted_by,
    created_at: times.created_at.toISOString(),
    expires_at: times.expires_at.toISOString(),
    accepted_at: times.accepted_at?.toISOString() ?? null,
    revoked_at: times.revoked_at?.toISOString() ?? null,
  }
}
