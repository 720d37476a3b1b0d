import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Role, roleNames } from '../../src/access/permissions.ts'
import { type House, openHouse, type Person, problem, tokenIn } from './house.ts'

let house: House
let owner: Person
let admin: Person
let other: string
let stranger: Person
beforeAll(async () => {
  house = await openHouse()
  owner = await house.person('Olga', ['owner'])
  admin = await house.person('Adam', ['admin'])
  const made = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'reseller', name: 'Contoso' }, 201)
  other = made.id
  stranger = await house.person('Sven', ['owner'], other)
})
afterAll(() => house.close())

const invitation = (roles: readonly Role[], email = 'x@example.com') => ({ body: { email, roles } })

test.each<[Role, number]>([
  ['owner', 403],
  ['finance', 403],
  ['admin', 201],
  ['offers', 201],
  ['engineer', 201],
  ['auditor', 201],
])('an admin who invites somebody as %s is answered %i', async (role, status) => {
  const answer = await admin.send('POST', '/v1/invitations', invitation([role], `${role}@example.com`))
  expect(answer.status).toBe(status)
})

test('nobody raises themselves, by roles, by an invitation or by a key', async () => {
  const before = await owner.ok('GET', '/v1/members')
  for (const roles of [['owner'], ['admin', 'finance'], [...roleNames]]) {
    const answer = await admin.send('PATCH', `/v1/members/${admin.id}`, { body: { roles } })
    expect(problem(answer)).toMatchObject({ status: 403, type: '/problems/forbidden' })
  }
  const key = await admin.ok<{ secret: string }>(
    'POST',
    '/v1/api-keys',
    { name: 'Seats', scopes: ['members.manage', 'members.read'] },
    201,
  )
  const program = house.withKey(key.secret)
  expect((await program.send('POST', '/v1/invitations', invitation(['engineer']))).status).toBe(403)
  const path = `/v1/members/${admin.id}`
  expect((await program.send('PATCH', path, { body: { roles: ['auditor'] } })).status).toBe(403)
  expect(await owner.ok('GET', '/v1/members')).toEqual(before)
})

test('an admin touches no seat that holds more', async () => {
  for (const answer of [
    await admin.send('DELETE', `/v1/members/${owner.id}`),
    await admin.send('PATCH', `/v1/members/${owner.id}`, { body: { roles: ['auditor'] } }),
  ]) {
    expect(answer.status).toBe(403)
  }
})

test.each<Role>(['offers', 'finance', 'engineer', 'auditor'])('%s changes no seats', async (role) => {
  const who = await house.person(`Role-${role}`, [role])
  for (const answer of [
    await who.send('POST', '/v1/invitations', invitation(['engineer'])),
    await who.send('PATCH', `/v1/members/${who.id}`, { body: { roles: ['owner'] } }),
    await who.send('DELETE', `/v1/members/${owner.id}`),
    await who.send('PATCH', `/v1/organisations/${house.home}`, { body: { two_person: [] } }),
    await who.send('POST', '/v1/organisations', { body: { kind: 'vendor', name: 'Mine' } }),
  ]) {
    expect(answer.status).toBe(403)
  }
})

test('a foreign seat, invitation or organisation is answered like a missing one', async () => {
  const made = await stranger.ok<{ id: string }>(
    'POST',
    '/v1/invitations',
    { email: 'foreign@example.com', roles: ['auditor'] },
    201,
  )
  const pairs = [
    ['PATCH', '/v1/members/', stranger.id, 'prsn_nobody', { roles: ['auditor'] }],
    ['DELETE', '/v1/members/', stranger.id, 'prsn_nobody', undefined],
    ['POST', '/v1/invitations/', `${made.id}/revoke`, 'inv_nobody/revoke', undefined],
    ['PATCH', '/v1/organisations/', other, 'org_nobody', { name: 'Mine' }],
  ] as const
  for (const [method, path, theirs, missing, body] of pairs) {
    const foreign = await owner.send(method, `${path}${theirs}`, { body })
    const nobody = await owner.send(method, `${path}${missing}`, { body })
    expect([path, foreign.status]).toEqual([path, 404])
    const name = (text: string) => text.replace('/revoke', '')
    expect(foreign.text.replaceAll(name(theirs), 'ID')).toBe(nobody.text.replaceAll(name(missing), 'ID'))
  }
  const shown = await owner.ok<{ items: { id: string }[] }>('GET', '/v1/organisations')
  expect(shown.items.map(({ id }) => id)).toEqual([house.home])
})

test('a key sees its own organisation, the operator all of them', async () => {
  const key = await owner.ok<{ secret: string }>(
    'POST',
    '/v1/api-keys',
    { name: 'Reads', scopes: ['organisation.read'] },
    201,
  )
  const ids = async (who: { ok: Person['ok'] }) =>
    (await who.ok<{ items: { id: string }[] }>('GET', '/v1/organisations')).items.map(({ id }) => id)
  expect(await ids(house.withKey(key.secret))).toEqual([house.home])
  expect(await ids(house.operator())).toContain(other)
  expect(await ids(house.operator())).toContain(house.home)
})

test('a forged token opens nothing, and neither does its digest', async () => {
  const { link } = await owner.ok<{ link: string }>(
    'POST',
    '/v1/invitations',
    { email: 'forged@example.com', roles: ['auditor'] },
    201,
  )
  const token = tokenIn(link)
  const digest = await house.context.store.inTenant(house.home, ({ tx }) =>
    tx.invitation.findFirst({ orderBy: { id: 'desc' }, select: { token_hash: true } }),
  )
  for (const wrong of [`${token}x`, token.slice(1), digest?.token_hash ?? '', 'x', token.toUpperCase()]) {
    const answer = await stranger.send('POST', '/v1/invitations/accept', { body: { token: wrong } })
    expect(problem(answer)).toMatchObject({ status: 404, type: '/problems/not-found' })
  }
})

test('a token is good for no key, and not without signing in', async () => {
  const { link } = await owner.ok<{ link: string }>(
    'POST',
    '/v1/invitations',
    { email: 'key@example.com', roles: ['auditor'] },
    201,
  )
  const body = { token: tokenIn(link) }
  expect((await house.operator().send('POST', '/v1/invitations/accept', { body })).status).toBe(403)
  expect((await house.anybody.send('POST', '/v1/invitations/accept', { body })).status).toBe(401)
  const forged = { body, headers: { origin: 'https://evil.example' } }
  expect(problem(await stranger.send('POST', '/v1/invitations/accept', forged)).type).toBe(
    '/problems/foreign-origin',
  )
})

test('a link is shown once: neither a repetition, nor the record, nor the database has it', async () => {
  const sending = {
    body: { email: 'secret@example.com', roles: ['auditor'] },
    headers: { 'idempotency-key': 'one-link' },
  }
  const first = await owner.send('POST', '/v1/invitations', sending)
  const again = await owner.send('POST', '/v1/invitations', sending)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const token = tokenIn((first.body as { link: string }).link)
  expect(again.text).not.toContain(token)
  const audit = await owner.get('/v1/audit/export')
  expect(audit.text).toContain('POST /v1/invitations')
  const kept = await house.context.store.inTenant(house.home, async ({ tx }) => [
    await tx.idempotency_key.findMany(),
    await tx.invitation.findMany(),
    await tx.audit_record.findMany({ select: { before: true, after: true } }),
    await tx.work.findMany(),
  ])
  for (const text of [JSON.stringify(kept), audit.text, house.context.logged.join()]) {
    expect(text).not.toContain(token)
    expect(text).not.toContain('secret@example.com')
  }
})

test('who loses their seat takes the invitations along that they have sent', async () => {
  const plotter = await house.person('Plotter', ['admin'])
  const sent = await plotter.ok<{ id: string; link: string }>(
    'POST',
    '/v1/invitations',
    { email: 'plotter-two@example.com', roles: ['admin'] },
    201,
  )
  const harmless = await plotter.ok<{ id: string }>(
    'POST',
    '/v1/invitations',
    { email: 'harmless@example.com', roles: ['auditor'] },
    201,
  )
  await owner.ok('PATCH', `/v1/members/${plotter.id}`, { roles: ['auditor'] })
  const states = async () => {
    const { items } = await owner.ok<{ items: { id: string; state: string }[] }>('GET', '/v1/invitations')
    return [sent.id, harmless.id].map((id) => items.find((one) => one.id === id)?.state)
  }
  expect(await states()).toEqual(['revoked', 'waiting'])
  await owner.ok('DELETE', `/v1/members/${plotter.id}`)
  expect(await states()).toEqual(['revoked', 'revoked'])
  const answer = await stranger.send('POST', '/v1/invitations/accept', {
    body: { token: tokenIn(sent.link) },
  })
  expect(answer.status).toBe(409)
})

test('who is forgotten takes the invitations along that they have sent', async () => {
  const leaver = await house.person('Leaver', ['admin'])
  const sent = await leaver.ok<{ id: string; link: string }>(
    'POST',
    '/v1/invitations',
    { email: 'leaver-two@example.com', roles: ['admin'] },
    201,
  )
  await leaver.ok('POST', `/v1/people/${leaver.id}/erase`)
  const { items } = await owner.ok<{ items: { id: string; state: string; email: null }[] }>(
    'GET',
    '/v1/invitations',
  )
  expect(items.find(({ id }) => id === sent.id)).toMatchObject({ state: 'revoked', email: null })
  const answer = await stranger.send('POST', '/v1/invitations/accept', {
    body: { token: tokenIn(sent.link) },
  })
  expect(answer.status).toBe(409)
})

test("with the real clouds the operator's key gives seats and sees no seller's data", async () => {
  const live = await openHouse({ live: true })
  const made = await live
    .operator()
    .ok<{ id: string; link: string }>(
      'POST',
      '/v1/organisations',
      { kind: 'vendor', name: 'Globex', owner_email: 'hank@example.com' },
      201,
    )
  const there = live.operator(made.id)
  expect((await there.get('/v1/members')).status).toBe(200)
  expect((await there.send('POST', '/v1/invitations', invitation(['owner']))).status).toBe(201)
  for (const path of ['/v1/connections', '/v1/ledger/accounts', '/v1/audit', '/v1/approvals']) {
    expect([path, (await there.get(path)).status]).toEqual([path, 403])
  }
  await live.close()
})
