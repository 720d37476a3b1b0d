import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { at, describeProduct, keyed, publish, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test("another organisation's listing is not there, in its place or in the list", async () => {
  await publish(service, seats.vendor)
  const { data } = await seats.vendor.client.GET('/v1/listings')
  const [listing] = data?.items ?? []
  const foreign = await seats.reseller.client.GET('/v1/listings/{id}', { params: at(listing?.id ?? '') })
  expect(refusal(foreign, 404).detail).toBe(`There is no listing ${listing?.id}.`)
  expect((await seats.reseller.client.GET('/v1/listings')).data).toEqual({ items: [], next: null })
})

test('nothing of a request decides where a cloud is: an address among the fields is refused', async () => {
  const product_id = await describeProduct(seats.vendor.client, { name: 'Elsewhere' })
  const { connection_id } = seats.vendor
  const body = { product_id, connection_id, prices: LIST_PRICES, endpoint: 'https://example.com' }
  const answer = await seats.vendor.client.POST('/v1/listings', { params: keyed(), body })
  expect(refusal(answer, 422).errors?.[0]?.field).toBe('endpoint')
})
