import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { DIRECT_TERMS, GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  at,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readOffer,
  type Seats,
  takeSeats,
  writeDeal,
} from '../support/seats.ts'
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

const lastDay = async (id: string, expires_on: string | null) => {
  const { client } = seats.vendor
  unwrap(
    await client.POST('/v1/offers/{id}/expiry', { params: { ...at(id), ...keyed() }, body: { expires_on } }),
  )
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  return readOffer(client, id)
}

test('a deal comes back as it was written, and nothing stands in its way', async () => {
  const { client, connection_id } = seats.vendor
  const id = await writeDeal(client, product_id, { name: 'Northwind for Globex' })
  const read = unwrap(await client.GET('/v1/deals/{id}', { params: at(id) }))
  expect(read).toEqual({
    id,
    name: 'Northwind for Globex',
    product_id,
    buyer: { name: GLOBEX.name, accounts: { aws: [GLOBEX.account_id] } },
    terms: DIRECT_TERMS,
    state: 'open',
    created_at: service.now().toISOString(),
  })
  const query = { connection_id, expires_on: EXPIRES_ON }
  const checked = await client.GET('/v1/deals/{id}/check', { params: { ...at(id), query } })
  expect(checked.data).toEqual({ findings: [] })
})

test('an offer goes live at the cloud for the buyer alone, with the terms of the deal', async () => {
  const live = await liveOffer(service, seats.vendor, product_id)
  expect(live).toMatchObject({
    channel: 'direct',
    terms: DIRECT_TERMS,
    wholesale: null,
    markup_percent: null,
    buyer_account_ids: [GLOBEX.account_id],
    timeline: [{ kind: 'asked' }, { kind: 'live' }],
  })
  const offers = (await service.control('GET', '/aws/accepted?kind=offers')) as Record<string, unknown>[]
  const made = offers.find(({ id }) => id === live.cloud_offer_id)
  expect(made).toMatchObject({
    state: 'Released',
    buyer_accounts: [GLOBEX.account_id],
    availability_end_date: EXPIRES_ON,
  })
  const said = JSON.stringify(made)
  for (const amount of ['30000.00', '2026-01-20', '2026-02-20', '2026-03-20', '0.8125'])
    expect(said).toContain(amount)
})

test('its last day is moved there and back again, and then it is withdrawn', async () => {
  const { id } = await liveOffer(service, seats.vendor, product_id)
  expect(await lastDay(id, '2026-01-17')).toMatchObject({ state: 'live', expires_on: '2026-01-17' })
  expect(await lastDay(id, '2026-01-18')).toMatchObject({ state: 'live', expires_on: '2026-01-18' })
  expect(await lastDay(id, '2026-01-17')).toMatchObject({ state: 'live', expires_on: '2026-01-17' })
  const withdrawn = await lastDay(id, null)
  expect(withdrawn.state).toBe('withdrawn')
  expect(withdrawn.timeline.at(-1)?.sentence).toBe('The offer is withdrawn.')
  await expect(service.sandbox.accept(GLOBEX.account_id, withdrawn.cloud_offer_id ?? '')).rejects.toThrow(
    'refused',
  )
})

test('a list is read page by page, and narrowed by deal and state', async () => {
  const { client } = seats.vendor
  const page = async (cursor?: string) =>
    unwrap(await client.GET('/v1/offers', { params: { query: { limit: 1, ...(cursor ? { cursor } : {}) } } }))
  const ids: string[] = []
  let next: string | null | undefined
  do {
    const read = await page(next ?? undefined)
    ids.push(...read.items.map(({ id }) => id))
    next = read.next
  } while (next)
  expect(ids).toHaveLength(2)
  expect(ids).toEqual([...new Set(ids)].sort())
  const query = { state: 'withdrawn' as const }
  const withdrawn = unwrap(await client.GET('/v1/offers', { params: { query } })).items
  expect(withdrawn.map(({ id }) => id)).toEqual([ids[1]])
  const deal_id = withdrawn[0]?.deal_id ?? ''
  const ofDeal = unwrap(await client.GET('/v1/offers', { params: { query: { deal_id } } })).items
  expect(ofDeal.map(({ id }) => id)).toEqual([ids[1]])
})
