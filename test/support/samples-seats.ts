// Requests that change people and their seats, and what waits for a second person: the same shape as samples.ts, which puts all together.
import { hashOf } from '../../src/access/index.ts'
import { DAY_MS, plus } from '../../src/core/time.ts'
import { newPerson } from '../access/callers.ts'
import type { Make } from './samples.ts'
import type { World } from './world.ts'

const wordOf = (n: string) => n.replace(/\W/g, '').toLowerCase()

/** An invitation to the vendor's that waits, by its token. */
async function invited(world: World, token: string): Promise<string> {
  const token_hash = await hashOf(token)
  return world.tenant(async ({ tx, organisation_id, id, wall }) => {
    const made = { organisation_id, id: id('invitation'), token_hash, sealed_email: '', roles: ['auditor'] }
    const times = { created_at: wall(), expires_at: plus(wall(), DAY_MS) }
    await tx.invitation.create({ data: { ...made, ...times, invited_by: 'prsn_invites' } })
    return made.id
  })
}

/** An act that waits at the vendor's, who asked for it and who may decide on it. */
async function asked(world: World, n: string) {
  const { organisation_id } = world.seats.vendor
  const asker = await newPerson(world, organisation_id, ['owner'])
  const decider = await newPerson(world, organisation_id, ['owner'])
  const id = await world.tenant(async (scope) => {
    const made = scope.id('approval')
    await scope.tx.approval.create({
      data: {
        organisation_id,
        id: made,
        act: 'organisation.ask_fewer',
        subject_id: n,
        request: { asked: { name: `Agreed ${n}`, two_person: [] }, foreseen: null },
        state: 'waiting',
        asked_by: asker.id,
        asked_at: scope.wall(),
        expires_at: plus(scope.wall(), DAY_MS),
      },
    })
    return made
  })
  return { path: `/v1/approvals/${id}`, asker: asker.headers, decider: decider.headers }
}

const member = async (world: World) =>
  `/v1/members/${(await newPerson(world, world.seats.vendor.organisation_id, ['auditor'])).id}`

export const seatSamples: Readonly<Record<string, Make>> = {
  'POST /v1/sessions/:id/end': async (world) => {
    const { headers, other_session_id } = await newPerson(world, world.seats.vendor.organisation_id, [
      'auditor',
    ])
    return { path: `/v1/sessions/${other_session_id}/end`, headers }
  },
  'POST /v1/guide/dismiss': async (world) => {
    const { headers } = await newPerson(world, world.seats.vendor.organisation_id, ['auditor'])
    return { path: '/v1/guide/dismiss', headers }
  },
  'POST /v1/guide/resume': async (world) => {
    const { headers } = await newPerson(world, world.seats.vendor.organisation_id, ['auditor'])
    return { path: '/v1/guide/resume', headers }
  },
  'POST /v1/people/:id/erase': async (world) => {
    const { id } = await newPerson(world, world.seats.vendor.organisation_id, ['auditor'])
    // A person who is forgotten is signed in no more: what is repeated here is repeated by who runs the installation.
    return { path: `/v1/people/${id}/erase` }
  },
  'PATCH /v1/members/:id': async (world) => ({
    path: await member(world),
    body: { roles: ['engineer'] },
    other: { roles: ['offers'] },
  }),
  'DELETE /v1/members/:id': async (world) => ({ path: await member(world) }),
  'POST /v1/invitations': async (_, n) => ({
    path: '/v1/invitations',
    body: { email: `made-${wordOf(n)}@example.com`, roles: ['auditor'] },
    other: { email: `other-${wordOf(n)}@example.com`, roles: ['auditor'] },
  }),
  'POST /v1/invitations/:id/revoke': async (world, n) => ({
    path: `/v1/invitations/${await invited(world, `revoked ${n}`)}/revoke`,
  }),
  'POST /v1/invitations/:id/send-again': async (world, n) => {
    const body = { email: `again-${wordOf(n)}@example.com`, roles: ['auditor' as const] }
    const { data } = await world.seats.vendor.client.POST('/v1/invitations', { body })
    return { path: `/v1/invitations/${data?.id}/send-again` }
  },
  'PATCH /v1/me': async (world, n) => {
    const { headers } = await newPerson(world, world.seats.vendor.organisation_id, ['auditor'])
    return { path: '/v1/me', headers, body: { name: `Named ${n}` }, other: { name: `Renamed ${n}` } }
  },
  'POST /v1/invitations/accept': async (world, n) => {
    for (const token of [`one ${n}`, `other ${n}`]) await invited(world, token)
    const { headers } = await newPerson(world, undefined, [])
    return {
      path: '/v1/invitations/accept',
      headers,
      body: { token: `one ${n}` },
      other: { token: `other ${n}` },
    }
  },
  'POST /v1/approvals/:id/approve': async (world, n) => {
    const { path, decider } = await asked(world, n)
    return { path: `${path}/approve`, headers: decider, body: { note: 'Yes' }, other: { note: 'Yes, twice' } }
  },
  'POST /v1/approvals/:id/refuse': async (world, n) => {
    const { path, decider } = await asked(world, n)
    return { path: `${path}/refuse`, headers: decider, body: { note: 'No' }, other: { note: 'No, twice' } }
  },
  'POST /v1/approvals/:id/withdraw': async (world, n) => {
    const { path, asker } = await asked(world, n)
    return { path: `${path}/withdraw`, headers: asker }
  },
  'POST /v1/ledger/periods/:month/reopen': async (world, n) => {
    await world.tenant(({ tx, organisation_id, now }) =>
      tx.closed_period.createMany({
        data: [{ organisation_id, month: '2025-12', closed_at: now() }],
        skipDuplicates: true,
      }),
    )
    return {
      path: '/v1/ledger/periods/2025-12/reopen',
      body: { reason: `Late ${n}` },
      other: { reason: `Later ${n}` },
    }
  },
}
