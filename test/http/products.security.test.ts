import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { describeProduct, keyed, refusal, type Seats, takeSeats, writeDeal } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test('two organisations may have products of the same name, and each sees its own', async () => {
  const [mine, theirs] = [
    await describeProduct(seats.vendor.client),
    await describeProduct(seats.reseller.client),
  ]
  expect(mine).not.toBe(theirs)
  expect(unwrap(await seats.vendor.client.GET('/v1/products')).items.map(({ id }) => id)).toEqual([mine])
  expect(unwrap(await seats.reseller.client.GET('/v1/products')).items.map(({ id }) => id)).toEqual([theirs])
})

test("nothing can be built on another organisation's product or connection", async () => {
  const { vendor, reseller } = seats
  const foreign = await describeProduct(vendor.client, { name: 'Not theirs' })
  const own = await describeProduct(reseller.client, { name: 'Theirs' })
  await expect(writeDeal(reseller.client, foreign)).rejects.toThrow(`There is no product ${foreign}`)
  for (const body of [
    { product_id: foreign, connection_id: reseller.connection_id, prices: LIST_PRICES },
    { product_id: own, connection_id: vendor.connection_id, prices: LIST_PRICES },
  ]) {
    const answer = await reseller.client.POST('/v1/listings', { params: keyed(), body })
    expect(refusal(answer, 404).type).toBe('/problems/not-found')
  }
})
