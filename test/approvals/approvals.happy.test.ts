import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Approval, askCredentials, askReopen, decide, NEW, OLD, openWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld({ mail: true })
})
afterEach(() => world.house.close())

test('new credentials wait, sealed, until another person agrees', async () => {
  const { ann, ben, house, connection_id } = world
  const asked = await askCredentials(world, ann)
  expect(asked).toMatchObject({
    act: 'connections.change_credentials',
    subject_id: connection_id,
    state: 'waiting',
    asked_by: ann.id,
    request: { id: connection_id, name: 'Renamed', credentials: ['access_key_id', 'secret_access_key'] },
    foreseen: { id: connection_id, name: 'Renamed' },
    decided_by: null,
    result: null,
    expires_at: '2026-01-12T09:00:00.000Z',
  })
  expect(await world.credentials()).toEqual(OLD)
  const { items } = await ben.ok<{ items: Approval[] }>('GET', '/v1/approvals?state=waiting')
  expect(items.map(({ id }) => id)).toEqual([asked.id])

  const agreed = await decide(ben, asked.id, 'approve', { note: 'Rotated as planned' })
  expect(agreed.status).toBe(200)
  expect(agreed.body).toMatchObject({
    state: 'approved',
    decided_by: ben.id,
    note: 'Rotated as planned',
    result: { id: connection_id, name: 'Renamed' },
  })
  expect(await world.credentials()).toEqual(NEW)
  const kept = await house.context.store.inTenant(house.home, ({ tx }) => tx.approval.findMany())
  expect(kept.map(({ sealed_request }) => sealed_request)).toEqual([null])
  const records = await ann.ok<{ items: unknown[] }>('GET', `/v1/audit?subject_id=${connection_id}&limit=1`)
  expect(records.items[0]).toMatchObject({
    act: 'connections.change_credentials',
    actor: { kind: 'person', id: ben.id },
    before: { name: 'Seller' },
    after: { approval_id: asked.id, asked_by: ann.id, result: { name: 'Renamed' } },
  })
  expect(await ann.ok('GET', '/v1/audit/check')).toMatchObject({ ok: true })
})

test('a month is reopened when another person agrees, and not before', async () => {
  const { ann, ben } = world
  const { id } = await askReopen(ann)
  expect(await world.closed()).toEqual(['2026-01', '2026-02'])
  expect((await decide(ben, id, 'approve')).body).toMatchObject({
    result: { month: '2026-02', reason: 'A late invoice' },
  })
  expect(await world.closed()).toEqual(['2026-01'])
})

test("a partner's month shows its total before anybody agrees, and is closed then", async () => {
  const { ann, ben, partner_id } = world
  const body = { partner_id, month: '2026-01' }
  const asked = await ann.ok<Approval>('POST', '/v1/partner-statements', body, 202)
  expect(asked.foreseen).toEqual([{ total: { currency: 'USD', amount: '25.00' }, late_lines: 0, lines: 1 }])
  expect(await world.statements()).toEqual([])
  expect((await decide(ben, asked.id, 'approve')).status).toBe(200)
  expect(await world.statements()).toHaveLength(1)
  // It is stated already: nothing is done, so nobody is asked.
  const again = await ann.send('POST', '/v1/partner-statements', { body })
  expect(again.status).toBe(200)
})

test('a refused act is not done, and one may ask again', async () => {
  const { ann, ben } = world
  const { id } = await askReopen(ann)
  expect((await decide(ben, id, 'refuse', { note: 'Not this month' })).body).toMatchObject({
    state: 'refused',
    decided_by: ben.id,
    note: 'Not this month',
    result: null,
  })
  expect(await world.closed()).toEqual(['2026-01', '2026-02'])
  expect((await askReopen(ann)).state).toBe('waiting')
})

test('who asked takes it back', async () => {
  const { ann } = world
  const { id } = await askCredentials(world, ann)
  const back = await ann.send('POST', `/v1/approvals/${id}/withdraw`)
  expect(back.body).toMatchObject({ state: 'withdrawn', decided_by: ann.id })
  expect((await askCredentials(world, ann)).state).toBe('waiting')
})

test('the same request under the same key asks once, and the same agreement is done once', async () => {
  const { ann, ben, connection_id } = world
  const sending = { body: { credentials: NEW }, headers: { 'idempotency-key': 'ask' } }
  const asks = []
  for (let time = 0; time < 3; time += 1) {
    asks.push(await ann.send('PATCH', `/v1/connections/${connection_id}`, sending))
  }
  expect(asks.map(({ status }) => status)).toEqual([202, 202, 202])
  expect(new Set(asks.map(({ text }) => text)).size).toBe(1)
  const [{ id }] = asks.map(({ body }) => body as Approval) as [Approval]
  const agreeing = { body: {}, headers: { 'idempotency-key': 'agree' } }
  const first = await ben.send('POST', `/v1/approvals/${id}/approve`, agreeing)
  const second = await ben.send('POST', `/v1/approvals/${id}/approve`, agreeing)
  expect([first.status, second.status]).toEqual([200, 200])
  expect(second.text).toBe(first.text)
  const { items } = await ann.ok<{ items: unknown[] }>('GET', '/v1/audit?act=connections.change_credentials')
  expect(items).toHaveLength(1)
})

test('everybody who may decide is told, but not who asked', async () => {
  const { ann, house } = world
  await house.person('Fred', ['finance'])
  await house.person('Audrey', ['auditor'])
  house.letters.length = 0
  const { id } = await askReopen(ann)
  await house.settle()
  expect(house.letters.map(({ to }) => to).sort()).toEqual(['ben@example.com', 'fred@example.com'])
  expect(house.letters[0]?.text).toContain('reopen a closed month: 2026-02')
  expect(house.letters[0]?.text).toContain(`POST /v1/approvals/${id}/approve`)
})

test('without new credentials a connection changes at once, and so does all that nobody asked two people for', async () => {
  const { ann, connection_id } = world
  await ann.ok('PATCH', `/v1/connections/${connection_id}`, { name: 'Only a name' })
  const free = await openWorld({ two_person: [] })
  await free.ann.ok('PATCH', `/v1/connections/${free.connection_id}`, { credentials: NEW })
  expect(await free.credentials()).toEqual(NEW)
  const reopened = await free.ann.ok('POST', '/v1/ledger/periods/2026-02/reopen', { reason: 'Late' })
  expect(reopened).toMatchObject({ month: '2026-02', reason: 'Late' })
  expect(await free.closed()).toEqual(['2026-01'])
  const made = { partner_id: free.partner_id, month: '2026-01' }
  expect((await free.ann.send('POST', '/v1/partner-statements', { body: made })).status).toBe(201)
  await free.house.close()
})

test('to ask for two people less often takes two people', async () => {
  const { ann, ben, house } = world
  const path = `/v1/organisations/${house.home}`
  const fewer = { two_person: ['ledger.reopen'] }
  const asked = await ann.ok<Approval>('PATCH', path, fewer, 202)
  expect(asked.act).toBe('organisation.ask_fewer')
  const { id } = await askReopen(ann)
  await decide(ben, id, 'approve')
  expect((await decide(ben, asked.id, 'approve')).body).toMatchObject({ result: fewer })
  const { items } = await ann.ok<{ items: unknown[] }>('GET', '/v1/organisations')
  expect(items[0]).toMatchObject(fewer)
  expect((await askReopen(ann, '2026-01')).state).toBe('waiting')
  await ann.ok('PATCH', path, { two_person: ['ledger.reopen', 'partner_statements.close'] })
})
