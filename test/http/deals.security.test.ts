import { afterAll, beforeAll, expect, test } from 'vitest'
import { DIRECT_TERMS, GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { describeProduct, publish, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let mine: string
let theirs: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  mine = await publish(service, seats.vendor)
  theirs = await describeProduct(seats.reseller.client, { name: 'Of the other organisation' })
})
afterAll(() => service.stop())

const check = (product_id: string, connection_ids: string[]) =>
  seats.vendor.client.POST('/v1/deals/check', {
    body: {
      deal: {
        name: 'Probe',
        product_id,
        buyer: { name: 'Globex', accounts: { aws: [GLOBEX.account_id] } },
        terms: DIRECT_TERMS,
      },
      connection_ids,
      expires_on: EXPIRES_ON,
    },
  })

test("another organisation's product or connection is not there for a draft either", async () => {
  const { connection_id } = seats.vendor
  const foreign = refusal(await check(theirs, [connection_id]), 404)
  expect(foreign.detail.replace(theirs, 'ID')).toBe(
    refusal(await check('prod_none', [connection_id]), 404).detail.replace('prod_none', 'ID'),
  )
  const other = seats.reseller.connection_id
  const over = refusal(await check(mine, [connection_id, other]), 404)
  expect(over.detail.replace(other, 'ID')).toBe(
    refusal(await check(mine, [connection_id, 'conn_none']), 404).detail.replace('conn_none', 'ID'),
  )
})

test('a filter finds nothing of another organisation', async () => {
  const { client } = seats.reseller
  const { connection_id } = seats.vendor
  const product = await client.GET('/v1/products', { params: { query: { q: mine } } })
  const listing = await client.GET('/v1/listings', { params: { query: { product_id: mine, connection_id } } })
  const deal = await client.GET('/v1/deals', { params: { query: { product_id: mine } } })
  const opened = await client.GET('/v1/resale-authorizations', { params: { query: { connection_id } } })
  for (const { data } of [product, listing, deal, opened]) expect(data).toEqual({ items: [], next: null })
})
