import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { type House, openHouse, type Person, problem, tokenIn } from './house.ts'

let house: House
let owner: Person
let other: string
beforeAll(async () => {
  house = await openHouse()
  owner = await house.person('Olga', ['owner'])
  const made = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'reseller', name: 'Contoso' }, 201)
  other = made.id
})
afterAll(() => house.close())

type Made = { id: string; link: string }
const invite = async (email: string, by: Person = owner): Promise<Made & { token: string }> => {
  const made = await by.ok<Made>('POST', '/v1/invitations', { email, roles: ['auditor'] }, 201)
  return { ...made, token: tokenIn(made.link) }
}
const accept = (who: Person, token: string) => who.send('POST', '/v1/invitations/accept', { body: { token } })

test.each([
  [{ email: 'no address', roles: ['auditor'] }, 'email'],
  [{ email: 'a@example.com, b@example.com', roles: ['auditor'] }, 'email'],
  [{ email: 'ada@example.com\r\nBcc: eve@example.com', roles: ['auditor'] }, 'email'],
  [{ email: 'ada@example.com', roles: [] }, 'roles'],
  [{ email: 'ada@example.com', roles: ['king'] }, 'roles.0'],
])('%j is refused for its %s', async (body, field) => {
  const answer = await owner.send('POST', '/v1/invitations', { body })
  expect(answer.status).toBe(422)
  expect(answer.body).toMatchObject({ errors: [{ field }] })
})

test('an invitation works once, whoever tries it again', async () => {
  const { token } = await invite('once@example.com')
  const first = await house.person('First', ['auditor'], other)
  const second = await house.person('Second', ['auditor'], other)
  expect((await accept(first, token)).status).toBe(200)
  for (const who of [first, second]) {
    expect(problem(await accept(who, token))).toMatchObject({
      status: 409,
      detail: expect.stringContaining('accepted'),
    })
  }
  const { items } = await owner.ok<{ items: { id: string }[] }>('GET', '/v1/members')
  expect(items.map(({ id }) => id)).toEqual([owner.id, first.id])
})

test('two who try it at once: one of them has the seat', async () => {
  const { token } = await invite('race@example.com')
  const people = await Promise.all(['Ra', 'Rb', 'Rc'].map((name) => house.person(name, ['auditor'], other)))
  const statuses = await Promise.all(people.map(async (who) => (await accept(who, token)).status))
  expect(statuses.sort()).toEqual([200, 409, 409])
})

test('a revoked one and one that is over are good for nothing, and their address is forgotten', async () => {
  const late = await house.person('Late', ['auditor'], other)
  const revoked = await invite('revoked@example.com')
  const ended = await owner.ok<{ state: string }>('POST', `/v1/invitations/${revoked.id}/revoke`)
  expect(ended.state).toBe('revoked')
  expect(await owner.ok('POST', `/v1/invitations/${revoked.id}/revoke`)).toEqual(ended)
  expect(problem(await accept(late, revoked.token)).detail).toContain('revoked')

  const over = await invite('over@example.com')
  house.context.wall.move(7 * DAY_MS)
  const again = await house.signIn(late.id, late.email, other)
  expect(problem(await accept(again, over.token))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('expired'),
  })
  house.context.clock.move(7 * DAY_MS)
  await house.settle()
  const rows = await house.context.store.inTenant(house.home, ({ tx }) =>
    tx.invitation.findMany({ where: { id: { in: [revoked.id, over.id] } } }),
  )
  expect(rows.map(({ sealed_email }) => sealed_email)).toEqual(['', ''])
  owner = await house.signIn(owner.id, owner.email, house.home)
})

test('what was taken up is not revoked any more', async () => {
  const { id, token } = await invite('taken@example.com')
  await accept(await house.person('Taken', ['auditor'], other), token)
  expect((await owner.send('POST', `/v1/invitations/${id}/revoke`)).status).toBe(409)
})

test('somebody who has a seat is not invited, and takes no second one', async () => {
  const ann = await house.person('Ann', ['auditor'])
  const body = { email: 'ANN@example.com', roles: ['owner'] }
  const refused = await owner.send('POST', '/v1/invitations', { body })
  expect(problem(refused)).toMatchObject({ status: 409, detail: expect.stringContaining(ann.id) })
  const { id, token } = await invite('for-somebody-else@example.com')
  expect(problem(await accept(ann, token)).detail).toContain('a seat in this organisation already')
  const { items } = await owner.ok<{ items: { id: string; state: string }[] }>('GET', '/v1/invitations')
  expect(items.find((one) => one.id === id)?.state).toBe('waiting')
})

test('the last owner can neither go nor be anything less', async () => {
  for (const answer of [
    await owner.send('DELETE', `/v1/members/${owner.id}`),
    await owner.send('PATCH', `/v1/members/${owner.id}`, { body: { roles: ['admin'] } }),
    await house.operator().send('DELETE', `/v1/members/${owner.id}`),
  ]) {
    expect(problem(answer)).toMatchObject({ status: 409, detail: expect.stringContaining('last owner') })
  }
})

test('two owners who send each other away: one is left', async () => {
  const made = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'vendor', name: 'Duel' }, 201)
  const one = await house.person('One', ['owner'], made.id)
  const two = await house.person('Two', ['owner'], made.id)
  await Promise.all([
    one.send('DELETE', `/v1/members/${two.id}`),
    two.send('DELETE', `/v1/members/${one.id}`),
  ])
  const left = await house.operator(made.id).ok<{ items: unknown[] }>('GET', '/v1/members')
  expect(left.items).toHaveLength(1)
})

test('acts that nobody could agree to are not made to need two people', async () => {
  const path = `/v1/organisations/${other}`
  const boss = await house.person('Boss', ['owner'], other)
  const alone = await boss.send('PATCH', path, { body: { two_person: ['ledger.reopen'] } })
  expect(problem(alone)).toMatchObject({ status: 409, detail: expect.stringContaining('there is one here') })
  const unknown = await boss.send('PATCH', path, { body: { two_person: ['fees.override'] } })
  expect(unknown.status).toBe(422)
  const implicit = await boss.send('PATCH', path, { body: { two_person: ['organisation.ask_fewer'] } })
  expect(implicit.status).toBe(422)
})

test('no more than a hundred invitations wait at once', async () => {
  const { context } = house
  await context.store.inTenant(other, async (scope) => {
    const data = Array.from({ length: 100 }, (_, index) => ({
      organisation_id: other,
      id: scope.id('invitation'),
      token_hash: `digest ${index}`,
      sealed_email: '',
      roles: ['auditor'],
      invited_by: 'prsn_x',
      created_at: scope.wall(),
      expires_at: new Date(scope.wall().getTime() + DAY_MS),
    }))
    await scope.tx.invitation.createMany({ data })
  })
  const boss = await house.person('Chief', ['owner'], other)
  const body = { email: 'one-more@example.com', roles: ['auditor'] }
  expect(problem(await boss.send('POST', '/v1/invitations', { body }))).toMatchObject({ status: 409 })
})
