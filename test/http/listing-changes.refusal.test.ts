import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES, VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import { atTheCloud } from '../support/behind.ts'
import {
  at,
  describeProduct,
  HOUR,
  keyed,
  MINUTE,
  readListing,
  refusal,
  type Seats,
  takeSeats,
  until,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let id: string
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const { client, connection_id } = seats.vendor
  product_id = await describeProduct(client)
  const body = { product_id, connection_id, prices: LIST_PRICES }
  id = unwrap(await client.POST('/v1/listings', { params: keyed(), body })).id
})
afterAll(() => service.stop())

const write = () => ({ ...keyed(), ...at(id) })
const change = (body: Parameters<typeof send>[0]) => send(body)
function send(body: {
  title?: string
  prices?: typeof LIST_PRICES
  dimensions?: { key: string; restricted?: boolean }[]
  options?: Record<string, unknown>
}) {
  return seats.vendor.client.POST('/v1/listings/{id}/update', { params: write(), body })
}
async function afterwards() {
  for (let minute = 0; minute < 5; minute += 1) await service.move(MINUTE)
  return readListing(seats.vendor.client, id)
}
const fieldOf = (answer: Parameters<typeof refusal>[0]) => refusal(answer, 422).errors?.[0]

test('nothing is changed, shown to others, read back or taken over before it is live', async () => {
  const { client } = seats.vendor
  expect(refusal(await change({ title: 'Too early' }), 409).detail).toContain('only one that is live')
  const show = await client.POST('/v1/listings/{id}/visibility', { params: write(), body: { to: 'public' } })
  expect(refusal(show, 409).detail).toContain('is publishing')
  const read = await client.POST('/v1/listings/{id}/read', { params: write() })
  expect(refusal(read, 409).detail).toContain('is publishing')
  const adopt = await client.POST('/v1/listings/{id}/adopt', { params: write() })
  expect(refusal(adopt, 409).detail).toContain('nothing of listing')
  await until(service, ['live'], () => readListing(client, id))
})

test('everything that is sold has its price, nothing else has one, and a dimension is known to the product', async () => {
  const unknown = await change({ dimensions: [{ key: 'nothing' }] })
  expect(fieldOf(unknown)).toMatchObject({ field: 'dimensions.0.key' })
  const unpriced = await change({ prices: { ...LIST_PRICES, metered: {} as { scans: string } } })
  expect(fieldOf(unpriced)).toMatchObject({ field: 'prices.metered.scans', rule: 'is missing' })
  const priced = await change({ prices: LIST_PRICES, dimensions: [{ key: 'scans', restricted: true }] })
  expect(fieldOf(priced)).toMatchObject({ field: 'prices.metered.scans' })
})

test('a dimension is added to a product once', async () => {
  const body = { key: 'scans', name: 'Scans', description: 'Scans', unit: 'Units', kind: 'metered' as const }
  const params = { ...keyed(), ...at(product_id) }
  const twice = await seats.vendor.client.POST('/v1/products/{id}/dimensions', { params, body })
  expect(refusal(twice, 409).detail).toContain('"scans" already')
})

test('what AWS would refuse is said in plain words; the listing stays live as it was, and what was typed is kept', async () => {
  unwrap(await change({ options: { limited_to: ['12'] } }))
  const refused = await afterwards()
  expect(refused).toMatchObject({
    state: 'live',
    problems: [{ code: 'INVALID_OPTIONS', plain: expect.stringContaining('limited_to') }],
    wanted: { options: { limited_to: ['12'] } },
    content: { options: {} },
  })
  const home = unwrap(await seats.vendor.client.GET('/v1/home'))
  expect(home.items).toContainEqual(expect.objectContaining({ kind: 'failed_listing', subject_id: id }))
  unwrap(await change({ options: { limited_to: [VENDOR.account_id, '999900001111'] } }))
  expect(await afterwards()).toMatchObject({
    problems: [],
    wanted: null,
    seen_by: [VENDOR.account_id, '999900001111'],
  })
})

test('one change at a time: the second one waits for its turn', async () => {
  unwrap(await change({ title: 'One' }))
  expect(refusal(await change({ title: 'Two' }), 409).detail).toContain('is under way')
  const read = await seats.vendor.client.POST('/v1/listings/{id}/read', { params: write() })
  expect(refusal(read, 409).detail).toContain('is being changed')
  const adopt = await seats.vendor.client.POST('/v1/listings/{id}/adopt', { params: write() })
  expect(refusal(adopt, 409).detail).toContain('is being changed')
  expect((await afterwards()).content.title).toBe('One')
})

async function newest() {
  const query = { subject_id: id, kind: 'listing.update' as const, limit: 1 }
  const { items } = unwrap(await seats.vendor.client.GET('/v1/operations', { params: { query } }))
  return items[0]
}

test('while AWS works on something else of the listing (423) the change waits, says so, and is made once it may', async () => {
  const body = { to: 'limited' as const }
  unwrap(await seats.vendor.client.POST('/v1/listings/{id}/visibility', { params: write(), body }))
  unwrap(await change({ title: 'After the lock' }))
  await service.settle()
  expect(await newest()).toMatchObject({
    state: 'written',
    problems: [{ code: 'ResourceInUseException', plain: expect.stringContaining('waits') }],
  })
  expect((await afterwards()).content.title).toBe('After the lock')
})

test('however long AWS asks to slow down (429), nobody has to find out anything', async () => {
  const fault = { fault: 'throttle', service: 'marketplace-catalog', times: 40 }
  await service.control('POST', '/faults', { ...fault, operation: 'StartChangeSet' })
  unwrap(await change({ title: 'After the rush' }))
  for (let turn = 0; turn < 35; turn += 1) await service.move(20 * MINUTE)
  const waiting = await newest()
  expect(waiting?.attempts).toBeGreaterThan(24)
  expect(waiting).toMatchObject({
    state: 'written',
    human_task: null,
    problems: [{ code: 'ThrottlingException', plain: expect.stringContaining('slow down') }],
  })
  await service.control('DELETE', '/faults')
  await service.move(20 * MINUTE)
  expect((await afterwards()).content.title).toBe('After the rush')
})

test('another listing stands in for a restricted one only, and never for itself', async () => {
  const show = (body: { to: 'public' | 'restricted'; replacement_listing_id: string }) =>
    seats.vendor.client.POST('/v1/listings/{id}/visibility', { params: write(), body })
  const field = 'replacement_listing_id'
  expect(fieldOf(await show({ to: 'public', replacement_listing_id: id }))).toMatchObject({ field })
  expect(fieldOf(await show({ to: 'restricted', replacement_listing_id: id }))).toMatchObject({
    field,
    rule: 'is the listing itself',
  })
})

test('a reading that fails says why, and what was read before stays', async () => {
  const { client } = seats.vendor
  const behind = atTheCloud(service, seats.vendor, VENDOR.account_id)
  await behind.change(await readListing(client, id), (draft) => ({ ...draft, restricted: ['scans'] }))
  expect(unwrap(await client.POST('/v1/listings/{id}/read', { params: write() })).held).toEqual(['scans'])
  service.network.down = /./
  const failed = unwrap(await client.POST('/v1/listings/{id}/read', { params: write() }))
  expect(failed).toMatchObject({ held: ['scans'], read_problem: expect.any(String) })
  service.network.down = undefined
  await service.move(24 * HOUR)
  expect(await readListing(client, id)).toMatchObject({ held: ['scans'], read_problem: null })
})
