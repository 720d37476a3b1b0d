import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { PRODUCT } from '../../src/demo/scenario.ts'
import {
  describeProduct,
  keyed,
  MINUTE,
  readListing,
  refusal,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

type Prices = Omit<typeof LIST_PRICES, 'entitled' | 'metered'> & {
  entitled: Record<string, string>
  metered: Record<string, string>
}
const list = (product_id: string, change: Partial<Prices> = {}) =>
  seats.vendor.client.POST('/v1/listings', {
    params: keyed(),
    body: { product_id, connection_id: seats.vendor.connection_id, prices: { ...LIST_PRICES, ...change } },
  })

test('every dimension has a price of its own kind, and nothing else has one', async () => {
  const product_id = await describeProduct(seats.vendor.client)
  const answer = await list(product_id, { entitled: {}, metered: { seats: '1', beds: '2' } })
  expect(refusal(answer, 422).errors?.map(({ field, rule }) => `${field} ${rule}`)).toEqual([
    'prices.entitled.seats is missing',
    'prices.metered.scans is missing',
    'prices.metered.seats is not a metered dimension of this product',
    'prices.metered.beds is not a metered dimension of this product',
  ])
  expect(unwrap(await seats.vendor.client.GET('/v1/listings')).items).toEqual([])
})

test('a dimension with an inherited name has no price by itself', async () => {
  const [first] = PRODUCT.dimensions
  if (first === undefined) throw new Error('The product has dimensions')
  const product_id = await describeProduct(seats.vendor.client, {
    name: 'Inherited',
    dimensions: [{ ...first, key: 'constructor' }],
  })
  const problem = refusal(await list(product_id, { entitled: {}, metered: {} }), 422)
  expect(problem.errors?.map(({ field }) => field)).toEqual(['prices.entitled.constructor'])
})

test('without an Idempotency-Key nothing that reaches a cloud is done', async () => {
  const answer = await service.send('/v1/listings', {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ product_id: 'prod_x', connection_id: 'conn_x', prices: LIST_PRICES }),
  })
  expect(answer).toMatchObject({ status: 400, json: { type: '/problems/idempotency-required' } })
})

test("a refusal shows the cloud's own words and a plain sentence; mended, it is asked for again", async () => {
  const { client } = seats.vendor
  const product_id = await describeProduct(client, {
    name: 'Without a proper logo',
    details: { ...PRODUCT.details, logo_url: 'http://example.com/logo.png' },
  })
  const { id } = unwrap(await list(product_id))
  await service.move(MINUTE)
  const refused = await readListing(client, id)
  expect(refused).toMatchObject({
    state: 'failed',
    problems: [
      {
        code: 'ValidationException',
        message: expect.stringContaining('/LogoUrl'),
        plain: expect.stringMatching(/^AWS refused/),
      },
    ],
    timeline: [{ kind: 'asked' }, { kind: 'failed', sentence: expect.stringContaining('AWS refused') }],
  })
  const again = unwrap(await list(product_id))
  expect(again).toMatchObject({ id, state: 'publishing', problems: [] })
  await service.move(MINUTE)
  const { timeline } = await readListing(client, id)
  expect(timeline.map(({ kind }) => kind)).toEqual(['asked', 'failed', 'asked', 'failed'])
})

test('a product is listed on a connection once', async () => {
  const product_id = await describeProduct(seats.vendor.client, { name: 'Listed once' })
  const { id } = unwrap(await list(product_id))
  expect(refusal(await list(product_id), 409).detail).toContain(id)
})
