import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse, type Person, tokenIn } from './house.ts'

let house: House
let owner: Person
beforeAll(async () => {
  house = await openHouse({ mail: true })
  owner = await house.person('Olga', ['owner'])
})
afterAll(() => house.close())

type Shown = { id: string; state: string; link: string | null; email?: string | null }

test('an invitation goes out by mail, and its link makes a seat for somebody who is signed in', async () => {
  const made = await owner.ok<Shown>(
    'POST',
    '/v1/invitations',
    { email: 'ada@example.com', roles: ['offers', 'engineer'] },
    201,
  )
  expect(made).toMatchObject({ state: 'waiting', link: null, invited_by: owner.id })
  expect(made).toMatchObject({ expires_at: '2026-01-12T09:00:00.000Z' })
  await house.settle()
  expect(house.letters).toHaveLength(1)
  const [letter] = house.letters
  expect(letter?.to).toBe('ada@example.com')
  expect(letter?.subject).toBe('An invitation to My company')
  expect(letter?.text).toContain('as offers and engineer')
  expect(letter?.text).toContain('https://syndic.test/sign-in/invitation?token=')
  const listed = await owner.ok<{ items: Shown[] }>('GET', '/v1/invitations')
  expect(listed.items).toMatchObject([{ id: made.id, email: 'ada@example.com', state: 'waiting' }])

  const elsewhere = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'reseller', name: 'Contoso' }, 201)
  const ada = await house.person('Ada', ['owner'], elsewhere.id)
  const token = tokenIn(letter?.text ?? '')
  const seat = await ada.ok('POST', '/v1/invitations/accept', { token })
  expect(seat).toEqual({
    organisation_id: house.home,
    organisation: 'My company',
    roles: ['offers', 'engineer'],
  })
  const { items } = await ada.ok<{ items: { id: string; name: string }[] }>('GET', '/v1/organisations')
  expect(items.map(({ name }) => name).sort()).toEqual(['Contoso', 'My company'])
  const after = await owner.ok<{ items: Shown[] }>('GET', '/v1/invitations')
  expect(after.items).toMatchObject([{ state: 'accepted', accepted_by: ada.id, email: null }])
  const members = await owner.ok<{ items: unknown[] }>('GET', '/v1/members')
  expect(members.items).toMatchObject([
    { id: owner.id, name: 'Olga', email: 'olga@example.com', roles: ['owner'] },
    { id: ada.id, name: 'Ada', email: 'ada@example.com', roles: ['offers', 'engineer'] },
  ])
})

test('taken up once more under the same key, it is answered alike and recorded where it belongs', async () => {
  await owner.ok('POST', '/v1/invitations', { email: 'again@example.com', roles: ['auditor'] }, 201)
  await house.settle()
  const token = tokenIn(house.letters.at(-1)?.text ?? '')
  const made = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'vendor', name: 'Elsewhere' }, 201)
  const grace = await house.person('Grace', ['auditor'], made.id)
  const sending = { body: { token }, headers: { 'idempotency-key': 'take-a-seat' } }
  const first = await grace.send('POST', '/v1/invitations/accept', sending)
  const second = await grace.send('POST', '/v1/invitations/accept', sending)
  expect(first.status).toBe(200)
  expect(second.text).toBe(first.text)
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  const records = await owner.ok<{ items: { actor: { id: string } }[] }>(
    'GET',
    '/v1/audit?act=invitations/accept',
  )
  expect(records.items.filter(({ actor }) => actor.id === grace.id)).toHaveLength(1)
})

test('an operator makes an organisation and invites its first owner, who takes it over', async () => {
  const made = await house
    .operator()
    .ok<{ id: string; invitation_id: string; link: null; two_person: string[] }>(
      'POST',
      '/v1/organisations',
      { kind: 'vendor', name: 'Globex', owner_email: 'hank@example.com' },
      201,
    )
  expect(made).toMatchObject({ link: null, two_person: [], name: 'Globex' })
  await house.settle()
  const letter = house.letters.at(-1)
  expect(letter).toMatchObject({ to: 'hank@example.com', subject: 'An invitation to Globex' })
  const hank = await house.person('Hank', ['auditor'])
  await hank.ok('POST', '/v1/invitations/accept', { token: tokenIn(letter?.text ?? '') })
  const there = await house.signIn(hank.id, hank.email, made.id)
  expect(await there.ok('GET', '/v1/members')).toMatchObject({ items: [{ id: hank.id, roles: ['owner'] }] })
  const { items } = await there.ok<{ items: { act: string; actor: { id: string } }[] }>('GET', '/v1/audit')
  expect(items.map(({ act, actor }) => [act, actor.id])).toEqual([
    ['POST /v1/invitations/accept', hank.id],
    ['POST /v1/organisations', 'operator'],
  ])
  expect(await there.ok('GET', '/v1/audit/check')).toMatchObject({ ok: true })
})

test('other roles hold from the next request on; the member is told and signed out', async () => {
  const joan = await house.person('Joan', ['finance'])
  expect((await joan.get('/v1/ledger/accounts')).status).toBe(200)
  const changed = await owner.ok('PATCH', `/v1/members/${joan.id}`, { roles: ['engineer', 'auditor'] })
  expect(changed).toMatchObject({ id: joan.id, roles: ['engineer', 'auditor'], api_keys: [] })
  expect(JSON.stringify(changed)).not.toMatch(/joan/i)
  expect((await joan.get('/v1/ledger/accounts')).status).toBe(401)
  const again = await house.signIn(joan.id, joan.email)
  expect((await again.get('/v1/audit')).status).toBe(200)
  await house.settle()
  expect(house.letters.at(-1)).toMatchObject({
    to: 'joan@example.com',
    subject: 'Your roles in My company have changed',
    text: expect.stringContaining('you are now engineer and auditor'),
  })
  const { items } = await owner.ok<{ items: unknown[] }>('GET', `/v1/audit?subject_id=${joan.id}`)
  expect(items[0]).toMatchObject({
    act: 'PATCH /v1/members/:id',
    before: { roles: ['finance'] },
    after: { roles: ['engineer', 'auditor'] },
  })
})

test('a seat that is taken away is gone at once; keys go on and are named', async () => {
  const kim = await house.person('Kim', ['engineer'])
  const key = await kim.ok<{ id: string; secret: string }>(
    'POST',
    '/v1/api-keys',
    { name: 'Meter', scopes: ['usage.send', 'usage.read'] },
    201,
  )
  const gone = await owner.ok('DELETE', `/v1/members/${kim.id}`)
  expect(gone).toMatchObject({ id: kim.id, roles: ['engineer'], api_keys: [key.id] })
  expect((await kim.get('/v1/usage/summary')).status).toBe(401)
  expect((await house.withKey(key.secret).get('/v1/me')).status).toBe(200)
  expect((await owner.send('DELETE', `/v1/members/${kim.id}`)).status).toBe(404)
  await house.settle()
  expect(house.letters.at(-1)?.subject).toBe('Your seat in My company is gone')
})

test('an organisation says which acts need two people', async () => {
  await house.person('Second', ['owner'])
  const changed = await owner.ok('PATCH', `/v1/organisations/${house.home}`, {
    name: 'Northwind',
    two_person: ['ledger.reopen', 'connections.change_credentials'],
  })
  expect(changed).toMatchObject({
    name: 'Northwind',
    two_person: ['connections.change_credentials', 'ledger.reopen'],
  })
})
