import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Person, problem } from '../organisations/house.ts'
import { type Approval, askCredentials, askReopen, decide, NEW, OLD, openWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.house.close())

const forbidden = { status: 403, type: '/problems/forbidden' }
const SCOPES = ['connections.manage', 'ledger.manage', 'keys.manage', 'approvals.decide', 'approvals.read']

test('nobody agrees to what they have asked for themselves', async () => {
  const { ann } = world
  const { id } = await askCredentials(world, ann)
  for (const decision of ['approve', 'refuse']) {
    expect(problem(await decide(ann, id, decision))).toMatchObject(forbidden)
  }
  expect(await world.credentials()).toEqual(OLD)
  expect(await ann.ok('GET', `/v1/approvals/${id}`)).toMatchObject({ state: 'waiting' })
})

test('who asks through a key, or a key made with a key, has asked themselves', async () => {
  const { ann, ben, house } = world
  const key = await ann.ok<{ secret: string }>('POST', '/v1/api-keys', { name: 'One', scopes: SCOPES }, 201)
  const one = house.withKey(key.secret)
  const next = await one.ok<{ secret: string }>('POST', '/v1/api-keys', { name: 'Two', scopes: SCOPES }, 201)
  const two = house.withKey(next.secret)
  const { id } = await askReopen(two)
  expect(problem(await decide(ann, id, 'approve'))).toMatchObject(forbidden)
  expect((await decide(ben, id, 'approve')).status).toBe(200)
})

test('a row of keys too long to be looked through hides nobody', async () => {
  const { ann, ben, house } = world
  const scopes = SCOPES.filter((scope) => scope !== 'approvals.decide')
  let maker: Pick<Person, 'ok'> = ann
  for (let number = 0; number < 22; number += 1) {
    const key = await maker.ok<{ secret: string }>('POST', '/v1/api-keys', { name: 'Row', scopes }, 201)
    maker = house.withKey(key.secret)
  }
  const { id } = await askReopen(maker)
  for (const who of [ann, ben]) expect(problem(await decide(who, id, 'approve'))).toMatchObject(forbidden)
  expect(await world.closed()).toEqual(['2026-01', '2026-02'])
})

test('neither a key nor the operator key decides', async () => {
  const { ann, ben, house } = world
  const key = await ben.ok<{ secret: string }>('POST', '/v1/api-keys', { name: 'Bot', scopes: SCOPES }, 201)
  const { id } = await askReopen(ann)
  for (const who of [house.withKey(key.secret), house.operator()]) {
    for (const decision of ['approve', 'refuse']) {
      expect(problem(await decide(who, id, decision))).toMatchObject(forbidden)
    }
  }
  expect(await world.closed()).toEqual(['2026-01', '2026-02'])
})

test('who may decide on some acts does not decide on acts they could not do', async () => {
  const { ann, house } = world
  const fred = await house.person('Fred', ['finance'])
  const adam = await house.person('Adam', ['admin'])
  const credentials = await askCredentials(world, ann)
  const reopening = await askReopen(ann)
  expect(problem(await decide(fred, credentials.id, 'approve'))).toMatchObject(forbidden)
  expect(problem(await decide(adam, reopening.id, 'approve'))).toMatchObject(forbidden)
  for (const role of ['offers', 'engineer', 'auditor'] as const) {
    const who = await house.person(`May-not-${role}`, [role])
    expect((await decide(who, reopening.id, 'approve')).status).toBe(403)
  }
  expect((await decide(fred, reopening.id, 'approve')).status).toBe(200)
  expect((await decide(adam, credentials.id, 'approve')).status).toBe(200)
})

test('nothing is done in the name of somebody who may not do it any more', async () => {
  const { ann, ben, house } = world
  const asker = await house.person('Asker', ['owner'])
  const key = await asker.ok<{ id: string; secret: string }>(
    'POST',
    '/v1/api-keys',
    { name: 'Key', scopes: ['ledger.manage'] },
    201,
  )
  const byPerson = await askCredentials(world, asker)
  const byKey = await askReopen(house.withKey(key.secret))
  const gone = await house.person('Gone', ['owner'])
  const month = { partner_id: world.partner_id, month: '2026-01' }
  const byGone = await gone.ok<Approval>('POST', '/v1/partner-statements', month, 202)
  await ann.ok('DELETE', `/v1/members/${gone.id}`)
  await ann.ok('PATCH', `/v1/members/${asker.id}`, { roles: ['auditor'] })
  await ann.ok('POST', `/v1/api-keys/${key.id}/revoke`)
  for (const { id } of [byPerson, byKey, byGone]) {
    expect(problem(await decide(ben, id, 'approve'))).toMatchObject({
      status: 409,
      detail: expect.stringContaining('may not do this any more'),
    })
    expect((await decide(ben, id, 'refuse')).status).toBe(200)
  }
  expect(await world.credentials()).toEqual(OLD)
  expect(await world.statements()).toEqual([])
})

test("another organisation's act is answered like a missing one", async () => {
  const { ann, house } = world
  const { id } = await askReopen(ann)
  const made = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'vendor', name: 'Other' }, 201)
  const stranger = await house.person('Stranger', ['owner'], made.id)
  const nobody = `appr_${'0'.repeat(id.length - 5)}`
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/approve'],
    ['POST', '/refuse'],
    ['POST', '/withdraw'],
  ] as const) {
    const body = method === 'POST' && path !== '/withdraw' ? {} : undefined
    const foreign = await stranger.send(method, `/v1/approvals/${id}${path}`, { body })
    const missing = await stranger.send(method, `/v1/approvals/${nobody}${path}`, { body })
    expect(foreign.status).toBe(404)
    expect(foreign.text.replaceAll(id, 'ID')).toBe(missing.text.replaceAll(nobody, 'ID'))
  }
  expect(await stranger.ok('GET', '/v1/approvals')).toMatchObject({ items: [] })
})

test('only who asked takes it back', async () => {
  const { ann, ben } = world
  const { id } = await askReopen(ann)
  expect(problem(await ben.send('POST', `/v1/approvals/${id}/withdraw`))).toMatchObject(forbidden)
})

test('two people cannot be switched off by one, by whatever way', async () => {
  const { ann, house } = world
  const path = `/v1/organisations/${house.home}`
  for (const two_person of [[], ['ledger.reopen'], ['partner_statements.close', 'ledger.reopen']]) {
    const answer = await ann.send('PATCH', path, { body: { two_person, name: 'Sneaky' } })
    expect([202, 409]).toContain(answer.status)
  }
  const key = await ann.ok<{ secret: string }>(
    'POST',
    '/v1/api-keys',
    { name: 'Key', scopes: ['organisation.manage'] },
    201,
  )
  expect((await house.withKey(key.secret).send('PATCH', path, { body: { two_person: [] } })).status).toBe(409)
  const { items } = await ann.ok<{ items: unknown[] }>('GET', '/v1/organisations')
  expect(items[0]).toMatchObject({
    name: 'My company',
    two_person: expect.arrayContaining(['ledger.reopen']),
  })
  // The way out where nobody is left to agree: whoever runs the installation, on the record.
  await house.operator().ok('PATCH', path, { two_person: [] })
  const audit = await ann.ok<{ items: unknown[] }>('GET', '/v1/audit?limit=1')
  expect(audit.items[0]).toMatchObject({ actor: { kind: 'operator' }, after: { two_person: [] } })
})

test('the secrets of a waiting act are nowhere in the clear', async () => {
  const { ann, ben, house, connection_id } = world
  const headers = { 'idempotency-key': 'with-secrets' }
  const asked = await ann.send('PATCH', `/v1/connections/${connection_id}`, {
    body: { credentials: NEW },
    headers,
  })
  const { id } = asked.body as { id: string }
  const dump = () =>
    house.context.store.inTenant(house.home, async ({ tx }) =>
      JSON.stringify([
        await tx.approval.findMany(),
        await tx.idempotency_key.findMany(),
        await tx.audit_record.findMany({ select: { before: true, after: true } }),
        await tx.work.findMany(),
        await tx.connection.findMany(),
      ]),
    )
  const seen = [asked.text, await dump(), (await ben.get('/v1/approvals')).text]
  seen.push((await decide(ben, id, 'approve')).text, await dump(), (await ben.get('/v1/audit')).text)
  seen.push(house.context.logged.join())
  for (const text of seen) {
    expect(text).not.toContain(NEW.secret_access_key)
    expect(text).not.toContain(NEW.access_key_id)
  }
  expect(await world.credentials()).toEqual(NEW)
})

test('a sealed request that was moved to another act does not open', async () => {
  const { ann, ben, house } = world
  const { id } = await askCredentials(world, ann)
  await ann.send('POST', `/v1/approvals/${id}/withdraw`)
  const other = await askCredentials(world, ann, { ...NEW, secret_access_key: 'another' })
  const sealed = await house.context.seal.seal(JSON.stringify({ id: 'x' }), [house.home, id, 'request'])
  await house.context.store.inTenant(house.home, ({ tx }) =>
    tx.approval.updateMany({ where: { id: other.id }, data: { sealed_request: sealed } }),
  )
  expect((await decide(ben, other.id, 'approve')).status).toBe(500)
  expect(await world.credentials()).toEqual(OLD)
})
