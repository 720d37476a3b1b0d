// Two processes on one real server: what one connection cannot show.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePerson } from '../../src/access/index.ts'
import { allowedBy } from '../../src/access/permissions.ts'
import { approve, withdraw } from '../../src/approvals/decide.ts'
import { insertWaiting } from '../../src/approvals/store.ts'
import type { Caller } from '../../src/door/index.ts'
import { acceptInvitation, invite } from '../../src/organisations/invitations.ts'
import { tokenIn } from '../organisations/house.ts'
import { inTenant, type RaceProcess, startWorld, type World } from '../races/processes.ts'
import { furnish } from '../races/tenant.ts'
import { sharedPostgres } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'

let server: PostgresServer
let world: World
beforeAll(async () => {
  server = await sharedPostgres()
  world = await startWorld(server)
}, 120_000)
afterAll(async () => {
  await world.close()
  await server.stop()
})

let numbered = 0

async function person(organisation_id: string | undefined): Promise<Caller> {
  const { context } = world.one
  numbered += 1
  const name = `Person ${numbered}`
  const profile = { name, email: `person-${numbered}@example.com` }
  const id = await context.store.inInstallation(async (scope) => {
    const made = await makePerson(context, scope, profile)
    const seat = { person_id: made, roles: ['owner'], created_at: scope.wall() }
    if (organisation_id !== undefined) {
      await scope.tx.member.create({ data: { organisation_id, ...seat } })
    }
    return made
  })
  return {
    organisation_id: organisation_id ?? '',
    name,
    actor: { kind: 'person', id },
    permissions: allowedBy(['owner']),
    request_id: `req_${numbered}`,
  }
}

/** Resolves when a process waits for a lock of the other one, or is through without. */
async function waitsOrEnds(name: RaceProcess['name'], work: Promise<unknown>): Promise<void> {
  let ended = false
  void work.then(
    () => (ended = true),
    () => (ended = true),
  )
  while (!ended && (await world.waiting(name)) === 0);
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

/** One act that waits, in an organisation with somebody who asked and two who may decide. */
async function waiting() {
  const tenant = await furnish(world)
  const [asker, ben, carl] = [
    await person(tenant.organisation_id),
    await person(tenant.organisation_id),
    await person(tenant.organisation_id),
  ]
  const id = await inTenant(world, tenant, async (scope) => {
    const asked = { two_person: [], name: 'Renamed' }
    const columns = { act: 'organisation.ask_fewer', subject_id: tenant.organisation_id } as const
    const made = { id: scope.id('approval'), ...columns, asked, foreseen: null, sealed_request: null }
    await insertWaiting(scope, { ...made, asked_by: asker.actor.id })
    return made.id
  })
  const agree = ({ context, services }: RaceProcess, who: Caller, meanwhile = async () => {}) =>
    context.store.inTenant(tenant.organisation_id, async (scope) => {
      await approve(context, services.acts, scope, who, { id, note: null })
      await meanwhile()
    })
  const records = () =>
    inTenant(world, tenant, ({ tx }) =>
      tx.audit_record.findMany({ where: { act: 'organisation.ask_fewer' } }),
    )
  const kept = () => inTenant(world, tenant, ({ tx }) => tx.approval.findFirstOrThrow({ where: { id } }))
  return { tenant, id, asker, ben, carl, agree, records, kept }
}

test('two people agree in two processes at the same moment: it is done once', async () => {
  const { ben, carl, agree, records, kept, id } = await waiting()
  let second = Promise.resolve('never began')
  await agree(world.one, ben, async () => {
    second = outcome(agree(world.two, carl))
    await waitsOrEnds('two', second)
  })
  expect(await second).toBe(`Approval ${id} does not wait any more: it is approved.`)
  expect(await records()).toMatchObject([{ actor_id: ben.actor.id }])
  expect(await kept()).toMatchObject({ state: 'approved', decided_by: ben.actor.id })
})

test('agreed to while it is taken back: one of both holds', async () => {
  const { tenant, asker, ben, agree, records, kept, id } = await waiting()
  let second = Promise.resolve('never began')
  await inTenant(world, tenant, async (scope) => {
    await withdraw(scope, asker, id)
    second = outcome(agree(world.two, ben))
    await waitsOrEnds('two', second)
  })
  expect(await second).toBe(`Approval ${id} does not wait any more: it is withdrawn.`)
  expect(await records()).toEqual([])
  expect(await kept()).toMatchObject({ state: 'withdrawn', decided_by: asker.actor.id })
})

test('two people open one invitation in two processes at the same moment: one has the seat', async () => {
  const tenant = await furnish(world)
  const [ada, eve] = [await person(undefined), await person(undefined)]
  const { context } = world.one
  const draft = {
    email: 'x@example.com',
    roles: ['auditor'],
    invited_by: 'operator',
    origin: 'https://x',
  } as const
  const { link } = await inTenant(world, tenant, (scope) =>
    invite({ ...context, mail: undefined }, scope, 'Vendor', draft),
  )
  const take = ({ context }: RaceProcess, who: Caller, meanwhile = async () => {}) =>
    context.store.inInstallation(async (scope) => {
      await acceptInvitation(scope, tokenIn(link ?? ''), who.actor.id, who.request_id)
      await meanwhile()
    })
  let second = Promise.resolve('never began')
  await take(world.one, ada, async () => {
    second = outcome(take(world.two, eve))
    await waitsOrEnds('two', second)
  })
  expect(await second).toContain('was accepted already')
  const seats = await inTenant(world, tenant, ({ tx }) => tx.member.findMany({ select: { person_id: true } }))
  expect(seats).toEqual([{ person_id: ada.actor.id }])
})

test('work is woken when the letter that is to leave stands, and not before', async () => {
  const tenant = await furnish(world)
  const member = await person(tenant.organisation_id)
  await person(tenant.organisation_id)
  const { context, course, ask } = world.one
  const woken: number[] = []
  context.wake = () => void woken.push(course.open())
  const send = async (method: string, path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    return (await ask(tenant.organisation_id, path, init)).status
  }
  const email = `woken-${tenant.tag}@example.com`
  expect([
    await send('POST', '/v1/invitations', { email, roles: ['auditor'] }),
    await send('PATCH', `/v1/members/${member.actor.id}`, { roles: ['auditor'] }),
    await send('DELETE', `/v1/members/${member.actor.id}`, undefined),
    await send('POST', '/v1/organisations', { kind: 'vendor', name: 'New', owner_email: email }),
  ]).toEqual([201, 200, 200, 201])
  expect(woken).toEqual([0, 0, 0, 0])
  context.wake = () => {}
  await world.one.tick()
  const subjects = world.mailbox.sent.map(({ subject }) => subject)
  const name = `Vendor ${tenant.tag}`
  expect(subjects.filter((one) => one.includes(tenant.tag) || one.includes('New')).sort()).toEqual([
    'An invitation to New',
    `An invitation to ${name}`,
    `Your roles in ${name} have changed`,
    `Your seat in ${name} is gone`,
  ])
})
