import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Schemas, unwrap } from '../../src/client/index.ts'
import { DAY_MS, plus } from '../../src/core/time.ts'
import { openException } from '../../src/exceptions/index.ts'
import { newPerson } from '../access/callers.ts'
import { type Service, startService } from '../support/service.ts'
import { copyOf, liveWorld, type World } from '../support/world.ts'

let service: Service
let world: World
let before: Schemas['Home']
beforeAll(async () => {
  service = await startService()
  world = await liveWorld(service)
  before = await home()
})
afterAll(() => service.stop())

const home = async () => unwrap(await world.seats.vendor.client.GET('/v1/home'))

const firstOf = (table: 'offer' | 'operation' | 'listing' | 'connection' | 'resale_authorization') =>
  world.tenant(async ({ tx, organisation_id }) => {
    const sql = `SELECT id FROM ${table} WHERE organisation_id = $1 ORDER BY id LIMIT 1`
    const [row] = await tx.$queryRawUnsafe<{ id: string }[]>(sql, organisation_id)
    return row?.id ?? ''
  })

const ofKind = ({ items }: Schemas['Home'], kind: string) => items.filter((item) => item.kind === kind)
const countOf = ({ groups }: Schemas['Home'], kind: string) =>
  groups.find((group) => group.kind === kind)?.count ?? 0

/** A copy of the vendor's first offer; a cloud's id of its own keeps it apart. */
async function offer(change: Record<string, unknown>): Promise<string> {
  const terms = { kind: 'contract', currency: 'USD', duration_months: 12, grants: [], instalments: [] }
  const { total = '100.00', ...rest } = change
  return copyOf(world, 'offer', await firstOf('offer'), {
    cloud_offer_id: null,
    deal_id: null,
    terms: { ...terms, total },
    ...rest,
  })
}

test('an offer about to expire is told with its money and its last moment, the sooner and the larger one first', async () => {
  const small = await offer({ state: 'live', name: 'Small', expires_on: '2026-01-29' })
  const large = await offer({ state: 'live', name: 'Large', expires_on: '2026-01-29', total: '90000.01' })
  await offer({ state: 'live', name: 'Later', expires_on: '2026-02-28' })
  const soon = await offer({ state: 'live', name: 'Soon', expires_on: '2026-01-27' })
  const found = await home()
  expect(found.now).toBe('2026-01-27T00:30:00.000Z')
  expect(ofKind(found, 'expiring_offer').map(({ subject_id }) => subject_id)).toEqual([soon, large, small])
  expect(ofKind(found, 'expiring_offer')[1]).toMatchObject({
    sentence: '"Large" can be accepted until 2026-01-29, and nobody has.',
    money: { currency: 'USD', amount: '90000.01' },
    deadline_at: '2026-01-30T00:00:00.000Z',
  })
  expect(found.groups.find(({ kind }) => kind === 'expiring_offer')).toEqual({
    kind: 'expiring_offer',
    count: 3,
    sums: [{ currency: 'USD', amount: '90200.01' }],
  })
  expect(found.total).toBe(before.total + 3)
})

test('a refused offer is told until the same is asked for again', async () => {
  const problems = [{ code: 'X', message: 'INVALID_TERM', plain: 'The term is too long.' }]
  const deal_id = (await world.tenant(({ tx }) => tx.deal.findFirstOrThrow())).id
  const id = await offer({ state: 'failed', name: 'Refused', problems, deal_id: 'deal_other' })
  expect(ofKind(await home(), 'failed_offer')).toEqual([
    expect.objectContaining({ subject_id: id, sentence: '"Refused" was not made: The term is too long.' }),
  ])
  await offer({ state: 'live', expires_on: '2026-02-28', deal_id: 'deal_other' })
  expect(countOf(await home(), 'failed_offer')).toBe(0)
  await offer({ state: 'failed', deal_id, updated_at: '2025-12-01T00:00:00Z' })
  expect(countOf(await home(), 'failed_offer')).toBe(0)
})

test('human tasks, refused listings and authorizations, refused files and connections that do not work are told', async () => {
  const { organisation_id } = world.seats.vendor
  const task = await copyOf(world, 'operation', await firstOf('operation'), {
    key: 'waits',
    state: 'waiting_for_person',
    human_task: { title: 'Publish it in the portal', steps: [], evidence: '' },
  })
  const listing = await copyOf(world, 'listing', await firstOf('listing'), {
    state: 'failed',
    connection_id: 'conn_other',
    problems: [{ code: 'X', message: 'The logo is missing.' }],
  })
  const authorization = await copyOf(world, 'resale_authorization', await firstOf('resale_authorization'), {
    state: 'failed',
    deal_id: 'deal_other',
    problems: [{ code: 'X', message: 'No such account.' }],
  })
  const untested = await copyOf(world, 'connection', await firstOf('connection'), {
    account_id: '999900001111',
    name: 'Second',
    tested_at: null,
  })
  await world.tenant((scope) =>
    openException(scope, {
      kind: 'statement_refused',
      subject_id: 'stmt_refused',
      sentence: 'The file x.csv was refused: row 3: no amount.',
      fix: 'Mend it',
    }),
  )
  const found = await home()
  expect(ofKind(found, 'human_task')[0]).toMatchObject({
    subject_id: task,
    sentence: 'Publish it in the portal',
  })
  expect(ofKind(found, 'failed_listing')[0]).toMatchObject({
    subject_id: listing,
    sentence: expect.stringContaining('The logo is missing.'),
  })
  expect(ofKind(found, 'failed_authorization')[0]).toMatchObject({
    subject_id: authorization,
    sentence: expect.stringContaining('No such account.'),
  })
  expect(ofKind(found, 'connection')[0]).toMatchObject({
    subject_id: untested,
    sentence: 'The connection "Second" was not tested as it stands.',
  })
  expect(ofKind(found, 'failed_statement')[0]).toMatchObject({ subject_id: 'stmt_refused' })
  expect(countOf(found, 'exception')).toBe(countOf(before, 'exception'))
  await world.tenant(({ tx }) => tx.connection.deleteMany({ where: { organisation_id, id: untested } }))
})

test('an act that waits for a second person says how long it waits, in business time', async () => {
  const { organisation_id } = world.seats.vendor
  await world.tenant(({ tx, id, wall }) =>
    tx.approval.create({
      data: {
        organisation_id,
        id: id('approval'),
        act: 'ledger.reopen',
        subject_id: '2025-12',
        request: { asked: {}, foreseen: null },
        state: 'waiting',
        asked_by: 'prsn_asks',
        asked_at: plus(wall(), -DAY_MS),
        expires_at: plus(wall(), DAY_MS),
      },
    }),
  )
  expect(ofKind(await home(), 'approval')[0]).toMatchObject({
    sentence: 'Somebody asked to reopen a closed month; another person has to agree.',
    deadline_at: '2026-01-28T00:30:00.000Z',
    since: '2026-01-26T00:30:00.000Z',
  })
})

test('usage that the cloud has not taken is told by agreement with what it is worth and when it is lost', async () => {
  const { organisation_id, connection_id } = world.seats.vendor
  const agreement = await world.tenant(({ tx }) => tx.agreement.findFirstOrThrow())
  await world.tenant(async ({ tx, id }) => {
    for (const [hour, quantity, deadline] of [
      ['2026-01-26T18:00:00Z', '4', '2026-01-27T01:00:00Z'],
      ['2026-01-26T19:00:00Z', '6', '2026-01-27T02:00:00Z'],
    ] as const) {
      await tx.usage_record.create({
        data: {
          organisation_id,
          id: id('record'),
          connection_id,
          agreement_id: agreement.id,
          dimension: 'scans',
          hour: new Date(hour),
          source_hour: new Date(hour),
          quantity,
          state: 'pending',
          attempts: 3,
          deadline_at: new Date(deadline),
          created_at: new Date('2026-01-26T20:00:00Z'),
        },
      })
    }
  })
  const [first] = ofKind(await home(), 'usage_at_risk')
  expect(first).toMatchObject({
    subject_id: agreement.id,
    sentence: expect.stringMatching(/^10 scans of .+ were not taken by the cloud yet\.$/),
    deadline_at: '2026-01-27T01:00:00.000Z',
  })
  expect(first?.money?.amount).toMatch(/^\d+\.\d\d$/)
  expect((await home()).items[0]?.kind).toBe('usage_at_risk')
})

test('a thousand exceptions are counted with their sum and do not hide what else waits', async () => {
  const { organisation_id } = world.seats.vendor
  await world.tenant(({ tx, now }) =>
    tx.exception_item.createMany({
      data: Array.from({ length: 1000 }, (_, index) => ({
        organisation_id,
        id: `exc_many_${index}`,
        kind: 'line_unexplained',
        subject_id: `line_${index}`,
        sentence: `Line ${index} cannot be explained.`,
        fix: 'Look at it',
        asset: index % 2 === 0 ? 'USD/2' : 'EUR/2',
        amount: BigInt(index),
        state: 'open',
        created_at: now(),
      })),
    }),
  )
  const found = await home()
  expect(found.items).toHaveLength(20)
  expect(new Set(found.items.map(({ kind }) => kind)).size).toBeGreaterThan(6)
  expect(ofKind(found, 'exception')[0]?.money).toEqual({ currency: 'EUR', amount: '9.99' })
  const group = found.groups.find(({ kind }) => kind === 'exception')
  expect(group?.count).toBe(1000 + countOf(before, 'exception'))
  expect(group?.sums).toEqual([
    { currency: 'EUR', amount: '2500.00' },
    { currency: 'USD', amount: '2495.00' },
  ])
})

test('what was opened to a reseller waits for its answer, and no longer once it has made an offer', async () => {
  const { client } = world.seats.reseller
  const opened = async () => ofKind(unwrap(await client.GET('/v1/home')), 'opened_authorization')
  // The one that was accepted is not told.
  expect(await opened()).toEqual([])
  const id = await copyOf(world, 'resale_authorization', await firstOf('resale_authorization'), {
    state: 'active',
    name: 'Opened',
    expires_on: '2026-02-10',
    cloud_authorization_id: 'authorization-opened',
  })
  expect(await opened()).toEqual([
    {
      kind: 'opened_authorization',
      subject_id: id,
      sentence: expect.stringMatching(/ opened "Opened" to you at USD 48,000\.01 wholesale until 2026-02-10/),
      money: { currency: 'USD', amount: '48000.01' },
      deadline_at: '2026-02-11T00:00:00.000Z',
      since: expect.any(String),
    },
  ])
})

test('a year of money is told by month and cloud, as the postings say', async () => {
  const { months, items, totals } = unwrap(
    await world.seats.vendor.client.GET('/v1/home/money', { params: { query: { months: 3 } } }),
  )
  expect(months).toEqual(['2025-11', '2025-12', '2026-01'])
  // Sold by the reseller: a wholesale of 48,000.01, whose first instalment fell due on 25 January, less the fee.
  expect(items).toEqual([
    {
      month: '2026-01',
      cloud: 'aws',
      currency: 'USD',
      booked: '48000.01',
      invoiced: '23160.01',
      collected: '0.00',
      disbursed: '0.00',
    },
  ])
  expect(totals).toEqual(items.map(({ cloud: _, ...rest }) => rest))
})

test('the guide knows from the facts which steps are done, and is put away and brought back by each person alone', async () => {
  const { organisation_id } = world.seats.vendor
  const ask = async (headers: Record<string, string>, path: string, method = 'GET') =>
    (await service.send(path, { method, headers })).json as Schemas['Guide']
  const ann = (await newPerson(world, organisation_id, ['owner'])).headers
  const bob = (await newPerson(world, organisation_id, ['engineer'])).headers
  const seen = await ask(ann, '/v1/guide')
  expect(seen.steps.filter(({ done }) => done).map(({ key }) => key)).toEqual([
    'connect',
    'listing',
    'deal',
    'offer',
    'acceptance',
    'month',
  ])
  expect(seen).toMatchObject({ dismissed: false, finished: false, at: 'usage' })
  expect((await ask(ann, '/v1/guide/dismiss', 'POST')).dismissed).toBe(true)
  expect((await ask(ann, '/v1/guide')).dismissed).toBe(true)
  expect((await ask(bob, '/v1/guide')).dismissed).toBe(false)
  expect((await ask(ann, '/v1/guide/resume', 'POST')).dismissed).toBe(false)
})

test('the reseller has steps of its own', async () => {
  const guide = unwrap(await world.seats.reseller.client.GET('/v1/guide'))
  expect(guide.steps.map(({ key }) => key)).toEqual(['connect', 'opened', 'resale', 'statement'])
  expect(guide.steps.slice(0, 3).every(({ done }) => done)).toBe(true)
})
