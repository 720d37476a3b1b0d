import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Schemas, unwrap } from '../../src/client/index.ts'
import { DIRECT_TERMS, GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { at, publish, refusal, type Seats, takeSeats, writeDeal } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())

const body = (terms: Schemas['Terms'], expires_on = EXPIRES_ON) => ({
  deal: {
    name: 'Draft',
    product_id,
    buyer: { name: 'Globex', accounts: { aws: [GLOBEX.account_id] } },
    terms,
  },
  connection_ids: [seats.vendor.connection_id],
  expires_on,
})
const send = (content: unknown) =>
  seats.vendor.client.POST('/v1/deals/check', { body: content as ReturnType<typeof body> })

const broken = {
  ...DIRECT_TERMS,
  total: '90000.01',
  duration_months: 61,
  instalments: [
    { due_on: '2026-01-20', amount: '45000' },
    { due_on: '2026-01-10', amount: '45000' },
  ],
} as Schemas['Terms']

test('a draft is held against the same rules as the deal that it becomes', async () => {
  const { client, connection_id } = seats.vendor
  const { connections } = unwrap(await send(body(broken, '2026-01-04')))
  const deal_id = await writeDeal(client, product_id, { name: 'Draft', terms: broken })
  const query = { connection_id, expires_on: '2026-01-04' }
  const saved = unwrap(await client.GET('/v1/deals/{id}/check', { params: { ...at(deal_id), query } }))
  expect(connections[0]?.findings).toEqual(saved.findings)
  expect(saved.findings.map(({ rule }) => rule)).toEqual([
    'expiry-past',
    'duration',
    'instalment-order',
    'instalments-sum',
  ])
})

test('what cannot be read at all is refused at its field', async () => {
  const fields = async (content: unknown) =>
    refusal(await send(content), 422).errors?.map(({ field }) => field)
  const fine = body(DIRECT_TERMS)
  expect(await fields({ ...fine, connection_ids: [] })).toEqual(['connection_ids'])
  expect(await fields({ ...fine, connection_ids: Array(21).fill('conn_x') })).toEqual(['connection_ids'])
  expect(await fields({ ...fine, expires_on: '2026-02-30' })).toEqual(['expires_on'])
  const total = { ...fine, deal: { ...fine.deal, terms: { ...DIRECT_TERMS, total: 'much' } } }
  expect(await fields(total)).toEqual(['deal.terms.total'])
  expect(await fields({ ...fine, deal: { ...fine.deal, note: 'x' } })).toEqual(['deal.note'])
})

test('a draft without names is checked and not saved', async () => {
  const { deal } = body(DIRECT_TERMS)
  const unnamed = { ...deal, name: ' ', buyer: { ...deal.buyer, name: '' } }
  unwrap(await send({ ...body(DIRECT_TERMS), deal: unnamed }))
  const saved = await seats.vendor.client.POST('/v1/deals', { body: unnamed })
  expect(refusal(saved, 422).errors?.map(({ field }) => field)).toEqual(['name', 'buyer.name'])
})

test('a list is ordered by what it has, and a cursor belongs to its order', async () => {
  const { client } = seats.vendor
  for (const path of ['/v1/products', '/v1/listings', '/v1/deals', '/v1/resale-authorizations'] as const) {
    const wrong = await client.GET(path, { params: { query: { sort: 'colour' as 'created_at' } } })
    expect(refusal(wrong, 422).errors?.[0]?.field).toBe('query.sort')
    const query = { sort: '-created_at' as const, cursor: 'W10' }
    expect(refusal(await client.GET(path, { params: { query } }), 422).errors?.[0]?.field).toBe(
      'query.cursor',
    )
  }
})
