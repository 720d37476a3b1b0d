import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Schemas, unwrap } from '../../src/client/index.ts'
import { DIRECT_TERMS, GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { keyed, publish, type Seats, takeSeats, writeDeal } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
let other_connection: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
  const body = {
    cloud: 'aws' as const,
    name: 'A second account',
    account_id: '121212121212',
    credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: 'secret' },
    settings: {},
  }
  other_connection = unwrap(await seats.vendor.client.POST('/v1/connections', { params: keyed(), body })).id
})
afterAll(() => service.stop())

const draft = () => ({
  name: '',
  product_id,
  buyer: { name: '', accounts: { aws: [GLOBEX.account_id] } },
  terms: DIRECT_TERMS,
})
const check = async (
  change: Partial<{
    deal: ReturnType<typeof draft> & { terms: Schemas['Terms'] }
    connection_ids: string[]
    expires_on: string
    channel: 'direct' | 'reseller'
  }>,
) => {
  const { client, connection_id } = seats.vendor
  const body = { deal: draft(), connection_ids: [connection_id], expires_on: EXPIRES_ON, ...change }
  return unwrap(await client.POST('/v1/deals/check', { body })).connections
}

test('a draft without names is checked on every connection, in their order, and nothing is written', async () => {
  const { connection_id } = seats.vendor
  const before = await dump()
  const found = await check({ connection_ids: [other_connection, connection_id, other_connection] })
  expect(found).toMatchObject([
    {
      connection_id: other_connection,
      cloud: 'aws',
      findings: [
        { rule: 'listing-not-live', field: 'connection_id', fix: expect.stringContaining('Publish') },
      ],
    },
    { connection_id, cloud: 'aws', findings: [], source: expect.stringContaining('Offer@1.0') },
  ])
  expect(await dump()).toEqual(before)
})

/** How many rows the tables have that a write would touch. */
async function dump() {
  return service.services.context.store.inTenant(seats.vendor.organisation_id, async ({ tx }) => [
    await tx.deal.count(),
    await tx.operation.count(),
    await tx.audit_record.count(),
    await tx.timeline_event.count(),
    await tx.idempotency_key.count(),
  ])
}

test('wholesale terms need no buyer, an offer does', async () => {
  const deal = { ...draft(), buyer: { name: 'Globex', accounts: {} } } as ReturnType<typeof draft>
  const rules = async (channel: 'direct' | 'reseller') =>
    (await check({ deal, channel }))[0]?.findings.map(({ rule }) => rule)
  expect(await rules('direct')).toEqual(['buyer-missing'])
  expect(await rules('reseller')).toEqual([])
})

test('deals are found by name and buyer, in any order, page by page', async () => {
  const { client } = seats.vendor
  const stranger = { name: 'Zenith_100%', account_id: '000000000001' }
  const ids = [
    await writeDeal(client, product_id, { name: 'Beta' }),
    await writeDeal(client, product_id, { name: 'Alpha', buyer: stranger }),
    await writeDeal(client, product_id, { name: 'Gamma' }),
  ]
  const names = async (query: Record<string, unknown>) =>
    unwrap(await client.GET('/v1/deals', { params: { query } })).items.map(({ name }) => name)
  expect(await names({ sort: 'name' })).toEqual(['Alpha', 'Beta', 'Gamma'])
  expect(await names({ sort: '-name', limit: 2 })).toEqual(['Gamma', 'Beta'])
  expect(await names({ q: 'zenith_100%' })).toEqual(['Alpha'])
  expect(await names({ q: ids[2] })).toEqual(['Gamma'])
  expect(await names({ product_id: 'prod_other' })).toEqual([])
  const first = unwrap(
    await client.GET('/v1/deals', { params: { query: { sort: '-buyer_name', limit: 1 } } }),
  )
  expect(first.items.map(({ name }) => name)).toEqual(['Alpha'])
  const cursor = first.next ?? ''
  expect(await names({ sort: '-buyer_name', limit: 1, cursor })).toEqual(['Gamma'])
})
