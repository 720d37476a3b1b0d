import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  at,
  keyed,
  liveOffer,
  publish,
  readOffer,
  refusal,
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

test("another organisation neither checks, offers, moves nor withdraws a vendor's deal", async () => {
  const { vendor, reseller } = seats
  const offer = await liveOffer(service, vendor, product_id)
  const deal_id = offer.deal_id ?? ''
  const query = { connection_id: reseller.connection_id, expires_on: EXPIRES_ON }
  const { client } = reseller
  const answers = [
    await client.GET('/v1/deals/{id}/check', { params: { ...at(deal_id), query } }),
    await client.POST('/v1/offers', { params: keyed(), body: { deal_id, ...query } }),
    await client.POST('/v1/offers/{id}/expiry', {
      params: { ...at(offer.id), ...keyed() },
      body: { expires_on: null },
    }),
  ]
  for (const answer of answers) expect(refusal(answer, 404).type).toBe('/problems/not-found')
  expect(await readOffer(vendor.client, offer.id)).toMatchObject({ state: 'live', expires_on: EXPIRES_ON })
})

test("an offer cannot be sent over another organisation's account", async () => {
  const { vendor, reseller } = seats
  const deal_id = await writeDeal(vendor.client, product_id)
  const body = { deal_id, connection_id: reseller.connection_id, expires_on: EXPIRES_ON }
  expect(refusal(await vendor.client.POST('/v1/offers', { params: keyed(), body }), 404).detail).toBe(
    `There is no connection ${reseller.connection_id}.`,
  )
})

test('the same write twice under one key makes one offer', async () => {
  const { client, connection_id } = seats.vendor
  const deal_id = await writeDeal(client, product_id)
  const params = { header: { 'idempotency-key': 'one-offer' } }
  const body = { deal_id, connection_id, expires_on: EXPIRES_ON }
  const [first, second] = [
    await client.POST('/v1/offers', { params, body }),
    await client.POST('/v1/offers', { params, body }),
  ]
  expect(second.data).toEqual(first.data)
  const { data } = await client.GET('/v1/offers', { params: { query: { deal_id } } })
  expect(data?.items).toHaveLength(1)
})
