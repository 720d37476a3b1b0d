import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { at, keyed, publish, readListing, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  await publish(service, seats.vendor)
  id = unwrap(await seats.vendor.client.GET('/v1/listings')).items[0]?.id ?? ''
})
afterAll(() => service.stop())

test("another organisation's listing is neither changed, shown to others, read back nor taken over", async () => {
  const { client } = seats.reseller
  const params = () => ({ ...keyed(), ...at(id) })
  const before = await readListing(seats.vendor.client, id)
  const answers = [
    await client.POST('/v1/listings/{id}/update', { params: params(), body: { title: 'Taken over' } }),
    await client.POST('/v1/listings/{id}/visibility', { params: params(), body: { to: 'restricted' } }),
    await client.POST('/v1/listings/{id}/read', { params: params() }),
    await client.POST('/v1/listings/{id}/adopt', { params: params() }),
  ]
  for (const answer of answers) expect(refusal(answer, 404).detail).toBe(`There is no listing ${id}.`)
  const dimension = { key: 'theirs', name: 'Theirs', description: 'Theirs', unit: 'Units', kind: 'metered' }
  const added = await client.POST('/v1/products/{id}/dimensions', {
    params: { ...keyed(), ...at(before.product_id) },
    body: { ...dimension, kind: 'metered' },
  })
  expect(refusal(added, 404).detail).toBe(`There is no product ${before.product_id}.`)
  expect(await readListing(seats.vendor.client, id)).toEqual(before)
})

test("another organisation's listing cannot be named as the one that buyers are sent to", async () => {
  await publish(service, seats.reseller)
  const own = unwrap(await seats.reseller.client.GET('/v1/listings')).items[0]?.id ?? ''
  const answer = await seats.reseller.client.POST('/v1/listings/{id}/visibility', {
    params: { ...keyed(), ...at(own) },
    body: { to: 'restricted', replacement_listing_id: id },
  })
  expect(refusal(answer, 404).detail).toBe(`There is no listing ${id}.`)
})

test('where buyers are sent, and what the listing is at the cloud, is not for a request to say', async () => {
  for (const field of ['fulfilment_url', 'webhook_url', 'cloud_product_id', 'state', 'held']) {
    const answer = await service.send(`/v1/listings/${id}/update`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'idempotency-key': `strict ${field}`,
      },
      body: JSON.stringify({ [field]: 'https://example.com' }),
    })
    expect(answer).toMatchObject({ status: 422, json: { errors: [{ field }] } })
  }
})
