import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, type Schemas, unwrap } from '../../src/client/index.ts'
import { at, keyed, organisation } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let vendor: Client
let home: string
beforeAll(async () => {
  service = await startService()
  vendor = service.client()
  const { items } = unwrap(await vendor.GET('/v1/organisations'))
  home = items.find(({ name }) => name === 'My company')?.id ?? ''
})
afterAll(() => service.stop())

const panel = async (client = vendor) => unwrap(await client.GET('/v1/sandbox'))

/** Lets time pass as the panel does, to its end. */
async function pass(body: { by: string } | { to: string }): Promise<Schemas['Sandbox']> {
  unwrap(await vendor.POST('/v1/sandbox/clock', { params: keyed(), body }))
  await service.settle()
  const after = await panel()
  expect(after.moving).toBeNull()
  return after
}

const connect = async (client: Client, cloud: 'aws' | 'azure' | 'gcp') =>
  unwrap(await client.POST('/v1/sandbox/connect', { params: keyed(), body: { cloud } }))
const buyer = async (cloud: 'aws' | 'azure' | 'gcp', name: string) =>
  unwrap(await vendor.POST('/v1/sandbox/buyers', { params: keyed(), body: { cloud, name } }))

test('one click connects a seller account on each cloud, tested and listening to its messages', async () => {
  for (const cloud of ['aws', 'azure', 'gcp'] as const) {
    const { id, account_id } = await connect(vendor, cloud)
    const shown = unwrap(await vendor.GET('/v1/connections/{id}', { params: at(id) }))
    expect(shown).toMatchObject({ cloud, account_id, tested_at: service.now().toISOString() })
    expect(shown.test_result?.map(({ ok }) => ok)).not.toContain(false)
  }
  const destinations = (await service.control('GET', '/aws/event-destinations')) as {
    url: string
    confirmed: boolean
  }[]
  expect(destinations).toEqual([
    expect.objectContaining({ confirmed: true, url: expect.stringContaining('/v1/webhooks/conn_') }),
  ])
  expect(unwrap(await vendor.GET('/v1/home')).items.filter(({ kind }) => kind === 'connection')).toEqual([])
})

test('a reseller connects where resellers have an interface', async () => {
  const client = service.client(await organisation(service, 'reseller', 'Contoso Cloud Partners'))
  expect((await panel(client)).connectable).toEqual(['aws', 'azure'])
  for (const cloud of ['aws', 'azure'] as const) {
    const { id } = await connect(client, cloud)
    const shown = unwrap(await client.GET('/v1/connections/{id}', { params: at(id) }))
    expect(shown.test_result?.every(({ ok }) => ok)).toBe(true)
  }
})

const LISTED = {
  aws: { entitled: { seats: '1200' }, metered: { scans: '0.9' } },
  azure: { entitled: { seats: '1200' }, metered: { scans: '0.9' } },
  gcp: { entitled: { seats: '1200' }, metered: { scans: '0.96' } },
} as const

/** A product of two dimensions, on every connection, at its price there. */
async function publishEverywhere(): Promise<{ product_id: string; connections: Schemas['Connection'][] }> {
  const dimension = { description: 'Counted', aggregation: 'sum' as const, multiplier: '1' }
  const made = await vendor.POST('/v1/products', {
    params: keyed(),
    body: {
      name: 'Own Analytics',
      short_description: 'Dashboards.',
      long_description: 'Dashboards and alerts.',
      details: {
        highlights: ['Quick'],
        keywords: ['analytics'],
        categories: ['Data Catalogs'],
        logo_url: 'https://example.com/logo.png',
        support: 'support@example.com',
        refund_policy: 'Within 30 days.',
      },
      dimensions: [
        { ...dimension, key: 'seats', name: 'Seats', unit: 'Users', kind: 'entitled' },
        { ...dimension, key: 'scans', name: 'Scans', unit: 'Units', kind: 'metered' },
      ],
    },
  })
  const product_id = unwrap(made).id
  const connections = unwrap(await vendor.GET('/v1/connections')).items
  for (const { id, cloud } of connections) {
    const prices = { currency: 'USD' as const, term_months: 12, ...LISTED[cloud] }
    const body = { product_id, connection_id: id, prices }
    unwrap(await vendor.POST('/v1/listings', { params: keyed(), body }))
  }
  await service.settle()
  return { product_id, connections }
}

test('a whole deal on each cloud is lived through these doors alone, to the money at the bank', async () => {
  const { product_id, connections } = await publishEverywhere()
  const [task] = (await panel()).tasks
  expect(task).toMatchObject({ cloud: 'gcp', title: expect.stringContaining('Producer Portal') })
  const done = await vendor.POST('/v1/sandbox/by-hand', {
    params: keyed(),
    body: { operation_id: task?.operation_id ?? '' },
  })
  expect(unwrap(done)).toMatchObject({ state: 'succeeded', evidence: expect.stringContaining('cloud.goog') })
  await pass({ by: 'PT2H' })
  const listings = unwrap(await vendor.GET('/v1/listings')).items
  expect(listings.map(({ state }) => state)).toEqual(['live', 'live', 'live'])

  for (const { id, cloud } of connections) {
    const { account_id, name } = await buyer(cloud, `Buyer on ${cloud}`)
    const deal = await vendor.POST('/v1/deals', {
      params: keyed(),
      body: {
        name: `Deal on ${cloud}`,
        product_id,
        buyer: { name, accounts: { [cloud]: [account_id] }, contact: { name: 'B', email: 'b@example.com' } },
        terms: {
          kind: 'contract_with_consumption',
          currency: 'USD',
          duration_months: 12,
          total: '1200.00',
          grants: [{ dimension: 'seats', quantity: 1 }],
          instalments: [{ due_on: '2026-01-06', amount: '1200.00' }],
          usage_prices: { scans: cloud === 'gcp' ? '0.96' : '0.9' },
        },
      },
    })
    const body = { deal_id: unwrap(deal).id, connection_id: id, expires_on: '2026-01-20' }
    unwrap(await vendor.POST('/v1/offers', { params: keyed(), body }))
  }
  const { offers } = await pass({ by: 'PT2H' })
  expect(offers.map(({ cloud }) => cloud).sort()).toEqual(['aws', 'azure', 'gcp'])

  for (const { id } of offers) {
    const accepted = await vendor.POST('/v1/sandbox/accept', { params: keyed(), body: { offer_id: id } })
    expect(unwrap(accepted)).toMatchObject({ signed_up: true, problem: null })
  }
  const { agreements } = await pass({ by: 'PT10M' })
  expect(agreements.map(({ state, signed_up, metered }) => [state, signed_up, metered])).toEqual(
    Array.from({ length: 3 }, () => ['active', true, ['scans']]),
  )

  for (const { id } of agreements) {
    const event = { id: `use ${id}`, source: 'test', subject: id, type: 'scans', data: { quantity: '10' } }
    const events = [{ ...event, time: service.now().toISOString() }]
    unwrap(await vendor.POST('/v1/usage', { body: { events } }))
  }
  await pass({ by: 'PT75M' })
  const records = unwrap(await vendor.GET('/v1/usage/records')).items
  expect(records.map(({ state, quantity }) => [state, quantity])).toEqual(
    Array.from({ length: 3 }, () => ['accepted', '10']),
  )

  const closing = unwrap(await vendor.POST('/v1/sandbox/months/close', { params: keyed() }))
  expect(closing).toMatchObject({ month: '2026-01', moving: { to: '2026-03-18T12:30:00.000Z' } })
  await service.settle()
  expect((await panel()).clock.now).toBe('2026-03-18T12:30:00.000Z')
  for (const { id, cloud, account_id } of connections) {
    const query = { connection_id: id }
    const statement = await vendor.GET('/v1/sandbox/bank-statement', { params: { query }, parseAs: 'text' })
    const text = unwrap(statement)
    expect(text.trim().split('\n').length).toBeGreaterThan(1)
    await vendor.POST('/v1/statements', {
      params: { query: { name: `bank-${account_id}.csv`, source: 'bank', bank_account: cloud } },
      body: text,
      bodySerializer: () => text,
      headers: { 'content-type': 'text/csv' },
    })
  }
  await service.settle()
  const { items, total } = unwrap(await vendor.GET('/v1/reconciliation'))
  expect(items.every(({ explained }) => explained)).toBe(true)
  // Each sold a contract of 1,200.00 and ten scans; each cloud kept three per cent.
  expect(total.map(({ expected }) => expected)).toEqual([{ currency: 'USD', amount: '3518.77' }])
  // Microsoft pays out from fifty dollars on: the 8.73 of the scans alone wait for more.
  expect(total.map(({ banked }) => banked)).toEqual([{ currency: 'USD', amount: '3510.04' }])
  expect(total.flatMap(({ causes }) => causes.map(({ cause, amount }) => [cause, amount.amount]))).toEqual([
    ['timing', '8.73'],
  ])
  expect(unwrap(await vendor.GET('/v1/guide'))).toMatchObject({ finished: true, at: null })
  expect(unwrap(await vendor.GET('/v1/home'))).toMatchObject({ items: [], total: 0 })
})

test('time passes in steps: what falls due on the way is done when it falls due', async () => {
  const before = service.now()
  unwrap(await vendor.POST('/v1/sandbox/clock', { params: keyed(), body: { by: 'P1D' } }))
  expect((await panel()).moving).toEqual({
    from: before.toISOString(),
    to: new Date(before.getTime() + 86_400_000).toISOString(),
  })
  // Sent on while it is on its way, it goes on from where it would have arrived.
  const further = unwrap(await vendor.POST('/v1/sandbox/clock', { params: keyed(), body: { by: 'P1D' } }))
  expect(further.moving?.to).toBe(new Date(before.getTime() + 2 * 86_400_000).toISOString())
  await service.settle()
  expect(await panel()).toMatchObject({ moving: null, clock: { now: further.moving?.to } })
})

test('a buyer stops paying and pays again, and cancels what it bought', async () => {
  const [first] = (await panel()).agreements
  const one = (await panel()).buyers.find(({ cloud }) => cloud === first?.cloud)
  if (first === undefined || one === undefined) throw new Error('There is an agreement and its buyer')
  for (const pays of [false, true]) {
    const body = { cloud: one.cloud, account_id: one.account_id, pays }
    expect(unwrap(await vendor.POST('/v1/sandbox/pay', { params: keyed(), body }))).toMatchObject({ pays })
    expect((await panel()).buyers.find(({ account_id }) => account_id === one.account_id)?.pays).toBe(pays)
  }
  for (const { id } of (await panel()).agreements) {
    unwrap(await vendor.POST('/v1/sandbox/cancel', { params: keyed(), body: { agreement_id: id } }))
  }
  const { agreements, happened } = await pass({ by: 'PT10M' })
  expect(agreements).toEqual([])
  expect(happened[0]).toMatchObject({ sentence: expect.any(String), occurred_at: expect.any(String) })
})

test('faults are planned in plain names, met, and taken back', async () => {
  const plan = async (body: {
    fault: 'duplicate_event' | 'error_503'
    cloud?: 'gcp' | 'aws'
    times?: number
  }) => unwrap(await vendor.POST('/v1/sandbox/faults', { params: keyed(), body }))
  const message = await plan({ fault: 'duplicate_event', cloud: 'gcp' })
  expect(message).toMatchObject({ service: 'pubsub', operation: 'Push', used: 0 })
  const broken = await plan({ fault: 'error_503', cloud: 'aws', times: 2 })
  const [connection] = unwrap(await vendor.GET('/v1/connections')).items.filter(
    ({ cloud }) => cloud === 'aws',
  )
  const params = at(connection?.id ?? '')
  const tested = unwrap(await vendor.POST('/v1/connections/{id}/test', { params }))
  expect(tested.test_result?.some(({ ok }) => !ok)).toBe(true)
  const planned = unwrap(await vendor.GET('/v1/sandbox/faults')).items
  expect(planned.find(({ id }) => id === broken.id)?.used).toBe(2)
  for (const { id } of planned) {
    unwrap(await vendor.DELETE('/v1/sandbox/faults/{id}', { params: { ...at(id), ...keyed() } }))
  }
  expect(unwrap(await vendor.GET('/v1/sandbox/faults')).items).toEqual([])
})

test('the clock stands and runs as it is told', async () => {
  const mode = async (wanted: 'running' | 'stopped') => {
    const body = { mode: wanted }
    return unwrap(await vendor.POST('/v1/sandbox/clock', { params: keyed(), body })).clock.mode
  }
  expect([await mode('running'), await mode('stopped')]).toEqual(['running', 'stopped'])
})

test('what was done is in the audit record, and a repetition does it once', async () => {
  const body = { cloud: 'aws' as const, name: 'Twice' }
  const params = keyed()
  const [one, two] = [
    unwrap(await vendor.POST('/v1/sandbox/buyers', { params, body })),
    unwrap(await vendor.POST('/v1/sandbox/buyers', { params, body })),
  ]
  expect(two).toEqual(one)
  expect((await panel()).buyers.filter(({ name }) => name === 'Twice')).toHaveLength(1)
  const audit = await service.services.context.store.inTenant(home, ({ tx }) =>
    tx.audit_record.findMany({ where: { act: 'POST /v1/sandbox/buyers' }, orderBy: { sequence: 'desc' } }),
  )
  expect(audit[0]?.after).toEqual(one)
})
