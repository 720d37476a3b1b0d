// An invitation that is sent once more, and the list of invitations.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { type House, openHouse, type Person, problem, tokenIn } from './house.ts'

let house: House
let owner: Person
let elsewhere: string
beforeAll(async () => {
  house = await openHouse()
  owner = await house.person('Olga', ['owner'])
  const kind = { kind: 'reseller', name: 'Contoso' }
  elsewhere = (await house.operator().ok<{ id: string }>('POST', '/v1/organisations', kind, 201)).id
})
afterAll(() => house.close())

type Made = { id: string; link: string; state: string; expires_at: string }
const invite = (email: string, roles: string[] = ['auditor']) =>
  owner.ok<Made>('POST', '/v1/invitations', { email, roles }, 201)
const again = (id: string, who: Person = owner) => who.send('POST', `/v1/invitations/${id}/send-again`)
const accept = (who: Person, link: string) =>
  who.send('POST', '/v1/invitations/accept', { body: { token: tokenIn(link) } })

test('a new link lets in, the one before does not, and the seven days begin anew', async () => {
  const first = await invite('ada@example.com', ['offers'])
  house.context.wall.move(2 * DAY_MS)
  owner = await house.signIn(owner.id, owner.email)
  const second = (await again(first.id)).body as Made
  expect(second).toMatchObject({ id: first.id, state: 'waiting', roles: ['offers'] })
  expect(Date.parse(second.expires_at) - Date.parse(first.expires_at)).toBe(2 * DAY_MS)
  const ada = await house.person('Ada', ['auditor'], elsewhere)
  expect((await accept(ada, first.link)).status).toBe(404)
  expect((await accept(ada, second.link)).status).toBe(200)
  expect(problem(await again(first.id))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('is accepted'),
  })
})

test('the link is in the answer alone: neither the record nor a repetition shows it', async () => {
  const { id } = await invite('once@example.com')
  const sending = { headers: { 'idempotency-key': 'sent-again' } }
  const path = `/v1/invitations/${id}/send-again`
  const first = await owner.send('POST', path, sending)
  const token = tokenIn((first.body as Made).link)
  expect((await owner.send('POST', path, sending)).text).not.toContain(token)
  const records = await owner.get(`/v1/audit?subject_id=${id}`)
  expect(records.text).toContain('send-again')
  expect(records.text).not.toContain(token)
})

test('what is revoked, over or not there is not sent again', async () => {
  const revoked = await invite('revoked@example.com')
  await owner.ok('POST', `/v1/invitations/${revoked.id}/revoke`)
  expect(problem(await again(revoked.id)).detail).toContain('is revoked')
  const over = await invite('over@example.com')
  house.context.wall.move(7 * DAY_MS)
  owner = await house.signIn(owner.id, owner.email)
  expect(problem(await again(over.id)).detail).toContain('is expired')
  expect((await again('inv_nobody')).status).toBe(404)
})

test('nobody sends again what gives more than they hold, or what is not theirs', async () => {
  const { id } = await invite('boss@example.com', ['owner'])
  const admin = await house.person('Adam', ['admin'])
  expect(problem(await again(id, admin))).toMatchObject({ status: 403 })
  expect(problem(await again(id, await house.person('Audrey', ['auditor'])))).toMatchObject({ status: 403 })
  const stranger = await house.person('Stefan', ['owner'], elsewhere)
  expect(problem(await again(id, stranger))).toEqual({
    ...problem(await again('inv_nobody', stranger)),
    detail: `There is no invitation ${id}.`,
  })
})

test('invitations come page by page, newest first, and by their state', async () => {
  type Page = { items: { id: string; state: string; email: string | null }[]; next: string | null }
  const whole = await owner.ok<Page>('GET', '/v1/invitations')
  expect(whole.items.map(({ state }) => state)).toEqual([
    'waiting',
    'expired',
    'revoked',
    'expired',
    'accepted',
  ])
  expect(whole.items.map(({ email }) => email)).toEqual(['boss@example.com', null, null, null, null])
  const first = await owner.ok<Page>('GET', '/v1/invitations?limit=3')
  const rest = await owner.ok<Page>('GET', `/v1/invitations?limit=3&cursor=${first.next}`)
  expect([...first.items, ...rest.items]).toEqual(whole.items)
  expect([first.items.length, rest.next]).toEqual([3, null])
  for (const state of ['waiting', 'accepted', 'revoked', 'expired']) {
    const { items } = await owner.ok<Page>('GET', `/v1/invitations?state=${state}`)
    expect(items).toEqual(whole.items.filter((one) => one.state === state))
  }
  expect((await owner.get('/v1/invitations?state=lost')).status).toBe(422)
})
