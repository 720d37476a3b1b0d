import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { describeProduct, keyed, readListing, type Seats, takeSeats, until } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test('a listing is asked for at once and live when the cloud says so, with the ids of the cloud', async () => {
  const { client, connection_id } = seats.vendor
  const product_id = await describeProduct(client)
  const prices = { ...LIST_PRICES, metered: { scans: '0.90' } }
  const asked = await client.POST('/v1/listings', {
    params: keyed(),
    body: { product_id, connection_id, prices },
  })
  expect(asked.response.status).toBe(202)
  const { id } = unwrap(asked)
  expect(asked.data).toMatchObject({ state: 'publishing', cloud_product_id: null, prices: LIST_PRICES })
  const live = await until(service, ['live'], () => readListing(client, id))
  expect(live).toMatchObject({
    cloud_product_id: expect.stringMatching(/^prod-/),
    cloud_offer_id: expect.stringMatching(/^offer-/),
    problems: [],
    timeline: [{ kind: 'asked' }, { kind: 'live', cloud_words: { product_id: live.cloud_product_id } }],
  })
  const { items } = unwrap(await client.GET('/v1/listings'))
  expect(items).toHaveLength(1)
  // One listing is read with more than a list shows, and says the same where both say something.
  expect(live).toMatchObject(items[0] ?? {})
})

test('the buyer is sent to the sign-up page of this connection', async () => {
  const { items } = unwrap(
    await seats.vendor.client.GET('/v1/operations', { params: { query: { limit: 1 } } }),
  )
  const [operation] = items
  const read = unwrap(
    await seats.vendor.client.GET('/v1/operations/{id}', { params: { path: { id: operation?.id ?? '' } } }),
  )
  expect(read.request).toMatchObject({
    fulfilment_url: `${service.url}/sign-up/${seats.vendor.connection_id}`,
  })
})
