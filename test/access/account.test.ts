// What a person changes about themselves, how they sign in, and what the operator does for them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse, type Person, problem, tokenIn } from '../organisations/house.ts'

let house: House
let ann: Person
let bob: Person
beforeAll(async () => {
  house = await openHouse()
  ann = await house.person('Ann', ['owner'])
  bob = await house.person('Bob', ['auditor'])
})
afterAll(() => house.close())

type People = { items: { id: string; name: string | null }[]; next: string | null }
const operator = () => house.operator()

test('a person has another name everywhere, and the same address', async () => {
  expect(await bob.ok('PATCH', '/v1/me', { name: '  Robert Builder ' })).toEqual({ id: bob.id })
  expect(await bob.ok('GET', '/v1/me')).toMatchObject({ name: 'Robert Builder', email: 'bob@example.com' })
  const { items } = await ann.ok<People>('GET', '/v1/members')
  expect(items.map(({ name }) => name)).toEqual(['Ann', 'Robert Builder'])
})

test('neither the record of it nor the remembered answer holds a name', async () => {
  const sending = { body: { name: 'Bobby Tables' }, headers: { 'idempotency-key': 'renamed' } }
  const first = await bob.send('PATCH', '/v1/me', sending)
  expect((await bob.send('PATCH', '/v1/me', sending)).text).toBe(first.text)
  const kept = await house.context.store.inTenant(house.home, async ({ tx }) => ({
    records: await tx.audit_record.findMany({ where: { act: 'PATCH /v1/me' } }),
    answers: await tx.idempotency_key.findMany({}),
  }))
  expect(kept.records).toHaveLength(2)
  expect(kept.answers).toHaveLength(1)
  expect(JSON.stringify(kept, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
    /Bobby|Robert/,
  )
})

test.each(['', '   ', 'n'.repeat(121)])('the name %j is refused', async (name) => {
  const answer = await bob.send('PATCH', '/v1/me', { body: { name } })
  expect(answer.body).toMatchObject({ status: 422, errors: [{ field: 'name' }] })
})

test('a key has no name of its own and no way to sign in', async () => {
  for (const answer of [
    await operator().send('PATCH', '/v1/me', { body: { name: 'Root' } }),
    await operator().get('/v1/me/sign-in'),
    await operator().get('/v1/me/seats'),
  ]) {
    expect(problem(answer)).toMatchObject({ status: 403 })
  }
})

test('a person sees how they sign in, and nothing of what they sign in with', async () => {
  expect(await bob.ok('GET', '/v1/me/sign-in')).toEqual({
    has_password: false,
    provider: null,
    linked: false,
  })
})

test('a person sees every organisation they sit in, and no other', async () => {
  const made = await operator().ok<{ id: string; link: string }>(
    'POST',
    '/v1/organisations',
    { kind: 'reseller', name: 'Contoso', owner_email: 'bob@example.com' },
    201,
  )
  const seat = { organisation_id: house.home, name: 'My company', kind: 'vendor', roles: ['auditor'] }
  expect(await bob.ok('GET', '/v1/me/seats')).toMatchObject({ items: [seat] })
  await bob.ok('POST', '/v1/invitations/accept', { token: tokenIn(made.link) })
  const second = { organisation_id: made.id, name: 'Contoso', kind: 'reseller', roles: ['owner'] }
  const { items } = await bob.ok<{ items: unknown[] }>('GET', '/v1/me/seats')
  expect(items).toHaveLength(2)
  expect(items).toMatchObject([seat, second])
})

test('the operator finds a person by the whole address in any spelling, and by no part of it', async () => {
  const find = (email: string) =>
    operator().ok<People>('GET', `/v1/people?email=${encodeURIComponent(email)}`)
  expect((await find(' BOB@example.com ')).items.map(({ id }) => id)).toEqual([bob.id])
  expect((await find('bob')).items).toEqual([])
})

test('people are paged upwards and downwards, and those who were forgotten are told apart', async () => {
  const cleo = await house.person('Cleo', ['auditor'])
  const ids = async (query: string) => {
    const first = await operator().ok<People>('GET', `/v1/people?limit=2&${query}`)
    const rest = await operator().ok<People>('GET', `/v1/people?limit=2&${query}&cursor=${first.next}`)
    return [...first.items, ...rest.items].map(({ id }) => id)
  }
  expect(await ids('sort=created_at')).toEqual([ann.id, bob.id, cleo.id])
  expect(await ids('sort=-created_at')).toEqual([cleo.id, bob.id, ann.id])
  await operator().ok('POST', `/v1/people/${cleo.id}/erase`)
  const standing = (value: string) => operator().ok<People>('GET', `/v1/people?standing=${value}`)
  expect((await standing('erased')).items).toMatchObject([{ id: cleo.id, name: null }])
  expect((await standing('here')).items.map(({ id }) => id)).toEqual([ann.id, bob.id])
})

test('the operator brings a person what is kept about them; nobody else does', async () => {
  const path = `/v1/people/${bob.id}/personal-data`
  const told = await operator().ok<{ acts: { act: string }[] }>('GET', path)
  expect(told).toMatchObject({
    id: bob.id,
    name: 'Bobby Tables',
    email: 'bob@example.com',
    seats: [{ organisation_id: house.home, roles: ['auditor'] }, { roles: ['owner'] }],
  })
  expect(told.acts.map(({ act }) => act).sort()).toEqual([
    'PATCH /v1/me',
    'PATCH /v1/me',
    'POST /v1/invitations/accept',
  ])
  expect((await ann.get(path)).status).toBe(403)
  expect((await operator().get('/v1/people/prsn_nobody/personal-data')).status).toBe(404)
})
