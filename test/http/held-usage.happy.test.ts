import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { soldListing } from '../support/held-usage.ts'
import { at, keyed, readAgreement, type Seats, takeSeats, until } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

const write = (id: string) => ({ ...keyed(), ...at(id) })

test('a listing that the cloud knows no more holds its usage and names the ways on; linked to its product there, the usage is sent', async () => {
  const sold = await soldListing(service, seats)
  const { id, client, cloud_product_id } = sold
  expect(await sold.vanish()).toMatchObject({ gone: true, held: ['scans'], can_adopt: false })
  await sold.use('3')
  expect(await sold.records()).toMatchObject([{ state: 'pending', attempts: 0 }])
  expect(await sold.drift()).toMatchObject([
    {
      state: 'open',
      sentence: expect.stringContaining('does not know its listing any more: "scans"'),
      fix: expect.stringMatching(/link it .* publish it again, send .* or write it off/),
    },
  ])
  const body = { cloud_product_id }
  const linked = unwrap(await client.POST('/v1/listings/{id}/link', { params: write(id), body }))
  expect(linked).toMatchObject({ cloud_product_id, gone: false, held: [], differences: [] })
  await service.settle()
  expect(await sold.records()).toMatchObject([{ state: 'accepted', quantity: '3' }])
  expect(await sold.drift()).toMatchObject([{ state: 'resolved' }])
  expect((await sold.read()).timeline.map(({ kind }) => kind)).toContain('linked')
})

test('it is published again under its own id, and what waited goes on once the new product is read', async () => {
  const sold = await soldListing(service, seats)
  const { id, client, product_id } = sold
  const { cloud_product_id: gone } = await sold.vanish()
  await sold.use('3')
  const body = { product_id, connection_id: seats.vendor.connection_id, prices: LIST_PRICES }
  const asked = unwrap(await client.POST('/v1/listings', { params: keyed(), body }))
  expect(asked).toMatchObject({ id, state: 'publishing' })
  await service.settle()
  expect(await sold.records()).toMatchObject([{ state: 'pending' }])
  await until(service, ['live'], sold.read)
  await service.settle()
  const shown = await sold.read()
  expect(shown).toMatchObject({ state: 'live', gone: false, held: [], differs: false })
  expect(shown.cloud_product_id).not.toBe(gone)
  expect(await sold.records()).toMatchObject([{ state: 'accepted' }])
})

test('the usage that waits is sent as it is, and what is used later goes out too', async () => {
  const sold = await soldListing(service, seats)
  await sold.vanish()
  await sold.use('3')
  const path = '/v1/listings/{id}/release'
  const released = unwrap(await sold.client.POST(path, { params: write(sold.id) }))
  expect(released).toMatchObject({ gone: true, held: [], released: ['scans'] })
  await service.settle()
  await sold.use('4')
  expect(await sold.records()).toMatchObject([{ state: 'accepted' }, { state: 'accepted' }])
  const again = await sold.client.POST('/v1/listings/{id}/read', { params: write(sold.id) })
  expect(unwrap(again)).toMatchObject({ gone: true, held: [], released: ['scans'] })
  expect(await sold.drift()).toMatchObject([{ state: 'resolved' }])
})

test('it is written off with a word why: lost by name and worth, with nothing left to do, and later usage waits', async () => {
  const sold = await soldListing(service, seats)
  await sold.vanish()
  await sold.use('3')
  const body = { listing_id: sold.id, note: 'The product was withdrawn' }
  const lost = unwrap(await sold.client.POST('/v1/usage/write-off', { params: keyed(), body }))
  expect(lost).toEqual({
    listing_id: sold.id,
    records: 1,
    worth: [{ currency: 'USD', amount: '2.44' }],
    more: false,
  })
  expect(await sold.records()).toMatchObject([
    { state: 'written_off', reason: 'Written off while it was held back: The product was withdrawn' },
  ])
  expect(await sold.summary()).toMatchObject({ used: '3', lost: '3', sent: '0', balanced: true })
  const told = (await readAgreement(sold.client, sold.agreement_id)).timeline.at(-1)
  expect(told).toMatchObject({
    kind: 'usage_lost',
    sentence: expect.stringContaining('was written off: 3 scans (USD 2.44)'),
  })
  const query = { q: sold.agreement_id, state: 'open' as const }
  expect(unwrap(await sold.client.GET('/v1/exceptions', { params: { query } })).items).toEqual([])
  await sold.use('4')
  expect(await sold.records()).toMatchObject([{ state: 'written_off' }, { state: 'pending' }])
})

test('a dimension that AWS refuses is found at once: nothing is lost, the rest waits, and all of it is sent when the listing is mended', async () => {
  const sold = await soldListing(service, seats)
  const { id, client } = sold
  await sold.behind.change(await sold.read(), (draft) => ({
    ...draft,
    restricted: ['scans'],
    prices: { ...draft.prices, metered: {} },
  }))
  expect(await sold.read()).toMatchObject({ held: [] })
  await sold.use('3')
  expect(await sold.read()).toMatchObject({
    held: ['scans'],
    differences: expect.arrayContaining([
      expect.objectContaining({ stops: { dimension: 'scans', reason: 'restricted' } }),
    ]),
  })
  await sold.use('4')
  expect(await sold.records()).toMatchObject([
    { state: 'pending', attempts: 1 },
    { state: 'pending', attempts: 0 },
  ])
  unwrap(await client.POST('/v1/listings/{id}/update', { params: write(id), body: {} }))
  for (let minute = 0; minute < 5; minute += 1) await service.move(60_000)
  expect(await sold.read()).toMatchObject({ held: [], differences: [] })
  expect(await sold.records()).toMatchObject([
    { state: 'accepted', quantity: '3' },
    { state: 'accepted', quantity: '4' },
  ])
  expect(await sold.summary()).toMatchObject({ accepted: '7', lost: '0', balanced: true })
})
