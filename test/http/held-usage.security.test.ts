import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { soldListing } from '../support/held-usage.ts'
import { at, keyed, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test("another organisation neither links a listing, nor lets its usage go, nor writes it off; one's own act is in the record", async () => {
  const sold = await soldListing(service, seats)
  const { id, cloud_product_id } = sold
  await sold.vanish()
  await sold.use('3')
  const { client } = seats.reseller
  const before = await sold.read()
  const params = () => ({ ...keyed(), ...at(id) })
  const note = { listing_id: id, note: 'Theirs' }
  const answers = [
    await client.POST('/v1/listings/{id}/link', { params: params(), body: { cloud_product_id } }),
    await client.POST('/v1/listings/{id}/release', { params: params() }),
    await client.POST('/v1/usage/write-off', { params: keyed(), body: note }),
  ]
  for (const answer of answers) expect(refusal(answer, 404).detail).toBe(`There is no listing ${id}.`)
  expect(await sold.read()).toEqual(before)
  expect(await sold.records()).toMatchObject([{ state: 'pending' }])
  const body = { ...note, note: 'Ours' }
  unwrap(await sold.client.POST('/v1/usage/write-off', { params: keyed(), body }))
  const query = { subject_id: id, limit: 1 }
  expect(unwrap(await sold.client.GET('/v1/audit', { params: { query } })).items).toMatchObject([
    { act: 'POST /v1/usage/write-off', subject_id: id },
  ])
})
