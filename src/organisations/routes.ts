import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { approvalSchema, choosableActs, writeOrAsk } from '../approvals/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import {
  body,
  type Caller,
  type DoorEnv,
  idempotencyHeader,
  json,
  makeRouter,
  refusals,
  writeAndWake,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { asksFewer, changeOrganisation, type OrganisationChange, organisationChange } from './change.ts'
import { invite } from './invitations.ts'
import { emailAddress, linkField } from './schemas.ts'
import {
  insertOrganisation,
  type OrganisationKind,
  organisationKinds,
  readOrganisations,
  seatsOf,
} from './store.ts'

const organisation = z
  .object({
    id: z.string(),
    kind: z.enum(organisationKinds),
    name: z.string(),
    two_person: z
      .array(z.string())
      .openapi({ description: `The acts that need two people here, of: ${choosableActs.join(', ')}.` }),
    created_at: z.string(),
  })
  .openapi('Organisation')

const create = createRoute({
  method: 'post',
  path: '/v1/organisations',
  tags: ['Organisations'],
  summary: 'Create a tenant: a vendor or a reseller',
  description:
    'With owner_email its first owner is invited; where no mail is set up, "link" is theirs to open. With owned_by_me ' +
    'whoever asks owns it: that takes a person.',
  request: {
    headers: idempotencyHeader,
    body: body(
      z.strictObject({
        kind: z.enum(organisationKinds),
        name: z.string().trim().min(1).max(120),
        owner_email: emailAddress.optional(),
        owned_by_me: z.boolean().default(false),
      }),
    ),
  },
  responses: {
    201: json(
      organisation.extend({ invitation_id: z.string().nullable(), link: linkField }),
      'The organisation, and the invitation of its first owner',
    ),
    ...refusals,
  },
})

const change = createRoute({
  method: 'patch',
  path: '/v1/organisations/{id}',
  tags: ['Organisations'],
  summary: 'Rename a tenant, or say which acts need two people',
  description:
    'Asking for two people less often waits for a second person itself; the key of who runs the installation is the way out where none is left.',
  request: {
    params: z.object({ id: z.string() }),
    headers: idempotencyHeader,
    body: body(organisationChange),
  },
  responses: {
    200: json(organisation, 'The organisation'),
    202: json(approvalSchema, 'It waits for a second person'),
    ...refusals,
  },
})

const list = createRoute({
  method: 'get',
  path: '/v1/organisations',
  tags: ['Organisations'],
  summary: 'The organisations the caller has a seat in; for who runs the installation, all',
  responses: { 200: json(z.object({ items: z.array(organisation) }), 'Organisations'), ...refusals },
})

export function organisationRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) => {
      const { owner_email, owned_by_me, ...wanted } = door.req.valid('json')
      const origin = new URL(door.req.url).origin
      const { actor } = door.get('caller')
      if (owned_by_me && actor.kind !== 'person') {
        const fix = 'Sign in with a browser, or name the owner in owner_email'
        throw invalid('owned_by_me', 'takes a person, and a key is none', fix)
      }
      return writeAndWake(context, door, async (scope) => {
        const owner = { email: owner_email, person_id: owned_by_me ? actor.id : undefined }
        const made = await createFor(context, scope, door.get('caller'), wanted, owner, origin)
        const secrets = made.link === null ? [] : (['link'] as const)
        return { status: 201 as const, body: made, secrets }
      })
    })
    .openapi(change, (door) => changeOrAsk(context, door, door.req.valid('param').id, door.req.valid('json')))
    .openapi(list, async (door) => door.json({ items: await visible(context, door.get('caller')) }, 200))
}

/** Makes the organisation and seats or invites its first owner; its own record begins with that. */
async function createFor(
  context: Context,
  scope: Scope,
  { actor, request_id }: Caller,
  wanted: { kind: OrganisationKind; name: string },
  owner: { email: string | undefined; person_id: string | undefined },
  origin: string,
) {
  return scope.asInstallation(async (installation) => {
    const made = await insertOrganisation(installation, wanted)
    return installation.asTenant(made.id, async (theirs) => {
      const draft = { roles: ['owner'] as const, invited_by: actor.id, origin }
      const { invitation, link } =
        owner.email === undefined
          ? { invitation: null, link: null }
          : await invite(context, theirs, made.name, { ...draft, email: owner.email })
      if (owner.person_id !== undefined) await takeSeat(theirs, owner.person_id)
      const invitation_id = invitation?.id ?? null
      const after = { ...made, invitation_id }
      await record(theirs, { actor, request_id, act: 'POST /v1/organisations', subject_id: made.id, after })
      return { ...after, link }
    })
  })
}

/** Whoever makes an organisation for themselves is its first owner. */
async function takeSeat({ tx, organisation_id, wall }: Scope, person_id: string): Promise<void> {
  const data = { organisation_id, person_id, roles: ['owner'], created_at: wall() }
  await tx.member.create({ data })
}

function changeOrAsk(context: Context, door: HonoContext<DoorEnv>, id: string, wanted: OrganisationChange) {
  const { organisation_id, actor } = door.get('caller')
  if (id !== organisation_id) throw new Refusal('not-found', `There is no organisation ${id}.`)
  return writeOrAsk(
    context,
    door,
    {
      act: 'organisation.ask_fewer',
      subject_id: id,
      request: wanted,
      // Who runs the installation could change the database as well, and this way it is on the record.
      asks: async (scope) => actor.kind !== 'operator' && asksFewer(scope, wanted),
    },
    {
      run: async (scope) => {
        const { before, after } = await changeOrganisation(scope, wanted)
        return { status: 200 as const, body: after, audit: { before } }
      },
    },
  )
}

async function visible({ store }: Context, { actor, organisation_id, permissions }: Caller) {
  if (permissions.has('operator')) return readOrganisations(store)
  const ids = actor.kind === 'person' ? await seatsOf(store, actor.id) : [organisation_id]
  return readOrganisations(store, ids)
}
