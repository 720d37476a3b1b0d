import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { problem } from '../organisations/house.ts'
import { askCredentials, askReopen, decide, NEW, OLD, openWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.house.close())

const waiting = () => world.house.context.store.inTenant(world.house.home, ({ tx }) => tx.approval.findMany())

test('what cannot be done is refused at once and waits for nobody', async () => {
  const { ann, connection_id, partner_id } = world
  for (const [method, path, body, status] of [
    ['PATCH', `/v1/connections/${connection_id}`, { credentials: { access_key_id: 'short' } }, 422],
    ['PATCH', '/v1/connections/conn_nobody', { credentials: NEW }, 404],
    ['POST', '/v1/ledger/periods/2025-12/reopen', { reason: 'Why not' }, 409],
    ['POST', '/v1/ledger/periods/2026-01/reopen', { reason: 'Why not' }, 409],
    ['POST', '/v1/ledger/periods/2026-02/reopen', { reason: ' ' }, 422],
    ['POST', '/v1/ledger/periods/2026-02/reopen', {}, 422],
    ['POST', '/v1/partner-statements', { partner_id, month: '2026-03' }, 409],
    ['POST', '/v1/partner-statements', { partner_id: 'part_nobody', month: '2026-01' }, 404],
  ] as const) {
    const answer = await ann.send(method, path, { body })
    expect([path, answer.status]).toEqual([path, status])
  }
  expect(await waiting()).toEqual([])
})

test('the month that is closed last goes first', async () => {
  const answer = await world.ann.send('POST', '/v1/ledger/periods/2026-01/reopen', { body: { reason: 'x' } })
  expect(problem(answer).detail).toContain('2026-02 is closed after it')
})

test('one act on one thing waits once', async () => {
  const { ann, ben } = world
  const { id } = await askReopen(ann)
  const again = await ben.send('POST', '/v1/ledger/periods/2026-02/reopen', { body: { reason: 'Me too' } })
  expect(problem(again)).toMatchObject({ status: 409, detail: expect.stringContaining(id) })
})

test('what is decided is decided', async () => {
  const { ann, ben, house } = world
  const third = await house.person('Third', ['owner'])
  const { id } = await askCredentials(world, ann)
  expect((await decide(ben, id, 'refuse')).status).toBe(200)
  for (const answer of [
    await decide(third, id, 'approve'),
    await decide(third, id, 'refuse'),
    await ann.send('POST', `/v1/approvals/${id}/withdraw`),
  ]) {
    expect(problem(answer)).toMatchObject({ status: 409, detail: expect.stringContaining('it is refused') })
  }
  expect(await world.credentials()).toEqual(OLD)
})

test('after seven days it is over, and its secrets are forgotten', async () => {
  const { ann, ben, house } = world
  const { id } = await askCredentials(world, ann)
  house.context.wall.move(7 * DAY_MS)
  const again = await house.signIn(ben.id, ben.email)
  expect(problem(await decide(again, id, 'approve'))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('expired'),
  })
  expect(await again.ok('GET', `/v1/approvals/${id}`)).toMatchObject({ state: 'expired' })
  expect(await again.ok('GET', '/v1/approvals?state=expired')).toMatchObject({ items: [{ id }] })
  expect(await again.ok('GET', '/v1/approvals?state=waiting')).toMatchObject({ items: [] })
  expect((await waiting())[0]?.sealed_request).not.toBeNull()
  house.context.clock.move(7 * DAY_MS)
  await house.settle()
  expect(await waiting()).toMatchObject([{ state: 'expired', sealed_request: null }])
  expect(await world.credentials()).toEqual(OLD)
})

test('an act that became impossible stays undone and waits on', async () => {
  const { ann, ben, house } = world
  const { id } = await askReopen(ann)
  await house.context.store.inTenant(house.home, ({ tx }) => tx.closed_period.deleteMany())
  expect(problem(await decide(ben, id, 'approve'))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('is not closed'),
  })
  expect(await ann.ok('GET', `/v1/approvals/${id}`)).toMatchObject({ state: 'waiting', result: null })
})

test('two who agree at the same moment: it is done once', async () => {
  const { ann, ben, house } = world
  const third = await house.person('Third', ['owner'])
  const { id } = await askCredentials(world, ann)
  const both = await Promise.all([decide(ben, id, 'approve'), decide(third, id, 'approve')])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  const { items } = await ann.ok<{ items: unknown[] }>('GET', '/v1/audit?act=connections.change_credentials')
  expect(items).toHaveLength(1)
})
