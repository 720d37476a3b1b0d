import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { soldListing } from '../support/held-usage.ts'
import { at, HOUR, keyed, publish, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test('what the cloud still knows is neither linked nor published anew, and where nothing waits nothing is let go or written off', async () => {
  const { client, connection_id } = seats.vendor
  const product_id = await publish(service, seats.vendor)
  const found = await client.GET('/v1/listings', { params: { query: { product_id } } })
  const id = found.data?.items[0]?.id ?? ''
  const params = () => ({ ...keyed(), ...at(id) })
  const link = await client.POST('/v1/listings/{id}/link', {
    params: params(),
    body: { cloud_product_id: 'prod-other00000001' },
  })
  expect(refusal(link, 409).detail).toContain('still knows listing')
  const body = { product_id, connection_id, prices: LIST_PRICES }
  expect(refusal(await client.POST('/v1/listings', { params: keyed(), body }), 409).detail).toContain(id)
  const release = await client.POST('/v1/listings/{id}/release', { params: params() })
  expect(refusal(release, 409).detail).toBe(`No usage of listing ${id} is held back.`)
  const given = { listing_id: id, note: 'Nothing' }
  const off = await client.POST('/v1/usage/write-off', { params: keyed(), body: given })
  expect(refusal(off, 409).detail).toBe(`No usage waits for listing ${id}.`)
})

test('a listing is linked to what the cloud knows, to no product of another listing, and not while the cloud is silent', async () => {
  const sold = await soldListing(service, seats)
  const other = await soldListing(service, seats)
  await sold.vanish()
  const link = (cloud_product_id: string) =>
    sold.client.POST('/v1/listings/{id}/link', {
      params: { ...keyed(), ...at(sold.id) },
      body: { cloud_product_id },
    })
  expect(refusal(await link('prod-nowhere000001'), 422).errors).toMatchObject([
    { field: 'cloud_product_id', rule: 'is not known to the cloud' },
  ])
  expect(refusal(await link(other.cloud_product_id), 422).errors).toMatchObject([
    { field: 'cloud_product_id', rule: `belongs to listing ${other.id}` },
  ])
  service.network.down = /./
  expect(refusal(await link(sold.cloud_product_id), 503).detail).toContain('Try again')
  service.network.down = undefined
  expect(await sold.read()).toMatchObject({ gone: true, held: ['scans'] })
  expect((await link(sold.cloud_product_id)).data).toMatchObject({ gone: false, held: [] })
})

test('why usage is written off is said', async () => {
  const sold = await soldListing(service, seats)
  await sold.vanish()
  await sold.use('3')
  const body = { listing_id: sold.id, note: ' ' }
  const answer = await sold.client.POST('/v1/usage/write-off', { params: keyed(), body })
  expect(refusal(answer, 422).errors).toMatchObject([{ field: 'note' }])
  expect(await sold.records()).toMatchObject([{ state: 'pending' }])
})

test('what the cloud refuses of usage that was let go has not been taken: it waits again, until its deadline', async () => {
  const sold = await soldListing(service, seats)
  const { id, client } = sold
  await sold.behind.change(await sold.read(), (draft) => ({
    ...draft,
    restricted: ['scans'],
    prices: { ...draft.prices, metered: {} },
  }))
  await sold.use('3')
  const params = () => ({ ...keyed(), ...at(id) })
  await client.POST('/v1/listings/{id}/release', { params: params() })
  await service.settle()
  expect(await sold.read()).toMatchObject({ held: ['scans'], released: [] })
  expect(await sold.records()).toMatchObject([
    { state: 'pending', attempts: 2, reason: expect.stringContaining('Its listing differs') },
  ])
  expect(await sold.drift()).toMatchObject([{ state: 'open' }])
  for (let hour = 0; hour < 24; hour += 1) await service.move(HOUR)
  expect(await sold.records()).toMatchObject([{ state: 'expired', attempts: 2 }])
  const subject_id = (await sold.records())[0]?.id ?? ''
  const query = { kind: 'metering_expired' as const, state: 'open' as const, subject_id }
  const told = (await client.GET('/v1/exceptions', { params: { query } })).data?.items
  expect(told).toMatchObject([{ amount: { currency: 'USD', amount: '2.44' } }])
})
