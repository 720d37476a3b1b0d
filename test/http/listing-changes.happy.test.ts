import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES, VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import { PRODUCT } from '../../src/demo/scenario.ts'
import { atTheCloud } from '../support/behind.ts'
import {
  at,
  describeProduct,
  HOUR,
  keyed,
  MINUTE,
  readListing,
  type Seats,
  takeSeats,
  until,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

let named = 0
async function live() {
  const { client, connection_id } = seats.vendor
  named += 1
  const product_id = await describeProduct(client, { name: `Listed ${named}` })
  const body = { product_id, connection_id, prices: LIST_PRICES }
  const { id } = unwrap(await client.POST('/v1/listings', { params: keyed(), body }))
  await until(service, ['live'], () => readListing(client, id))
  await service.settle()
  return { id, product_id, client, behind: atTheCloud(service, seats.vendor, VENDOR.account_id) }
}

const write = (id: string) => ({ ...keyed(), ...at(id) })

async function ended(id: string) {
  const { client } = seats.vendor
  for (let minute = 0; minute < 5; minute += 1) await service.move(MINUTE)
  const { items } = unwrap(await client.GET('/v1/operations', { params: { query: { subject_id: id } } }))
  return items
}

/** What a change set of ours held, by change type. */
async function lastChanges(id: string): Promise<Record<string, unknown>> {
  const [operation] = await ended(id)
  const read = unwrap(
    await seats.vendor.client.GET('/v1/operations/{id}', { params: at(operation?.id ?? '') }),
  )
  const sent = read.history.find(({ purpose }) => purpose === 'send')?.evidence as
    | { sent?: { ChangeSet?: { ChangeType: string; DetailsDocument: unknown }[] } }
    | undefined
  return Object.fromEntries(
    (sent?.sent?.ChangeSet ?? []).map(({ ChangeType, DetailsDocument }) => [ChangeType, DetailsDocument]),
  )
}

test('a live listing is read back after it was published: limited, seen by the seller, and nothing differs', async () => {
  const { id, client } = await live()
  expect(await readListing(client, id)).toMatchObject({
    visibility: 'limited',
    seen_by: [VENDOR.account_id],
    differs: false,
    differences: [],
    held: [],
    read_problem: null,
    read_at: expect.any(String),
  })
})

test('a change holds only what differs, and is in place when the cloud says so', async () => {
  const { id, client, behind } = await live()
  const body = { title: 'Told anew', prices: { ...LIST_PRICES, metered: { scans: '0.95' } } }
  const asked = await client.POST('/v1/listings/{id}/update', { params: write(id), body })
  expect(asked.response.status).toBe(202)
  const waiting = await readListing(client, id)
  expect(waiting.content.title).toMatch(/^Listed/)
  expect(waiting.wanted?.title).toBe('Told anew')
  const changes = await lastChanges(id)
  expect(Object.keys(changes).toSorted()).toEqual(['UpdateInformation', 'UpdatePricingTerms'])
  expect(changes.UpdateInformation).toEqual({ ProductTitle: 'Told anew' })
  const shown = await readListing(client, id)
  expect(shown).toMatchObject({ wanted: null, problems: [], differences: [], state: 'live' })
  expect(shown.content).toMatchObject({ title: 'Told anew', prices: { metered: { scans: '0.95' } } })
  expect((await behind.read(shown))?.differences).toEqual([])
})

test('a dimension is added to the product, then listed with its price; another is named anew, and one is restricted', async () => {
  const { id, product_id, client } = await live()
  const more = { ...PRODUCT.dimensions[1], key: 'alerts', name: 'Alerts', description: 'Alerts sent' }
  const grown = await client.POST('/v1/products/{id}/dimensions', {
    params: write(product_id),
    body: { ...more, kind: 'metered', unit: 'Units' },
  })
  expect(unwrap(grown).dimensions.map(({ key }) => key)).toEqual(['seats', 'scans', 'alerts'])
  const prices = { ...LIST_PRICES, metered: { scans: '0.9', alerts: '0.01' } }
  const dimensions = [{ key: 'seats', name: 'People' }]
  unwrap(await client.POST('/v1/listings/{id}/update', { params: write(id), body: { prices, dimensions } }))
  const changes = await lastChanges(id)
  expect(changes.AddDimensions).toEqual([
    {
      Key: 'alerts',
      Name: 'Alerts',
      Description: 'Alerts sent',
      Unit: 'Units',
      Types: ['ExternallyMetered'],
    },
  ])
  expect(changes.UpdateDimensions).toEqual([
    { Key: 'seats', Name: 'People', Description: 'People who may sign in', Types: ['Entitled'] },
  ])
  expect(await readListing(client, id)).toMatchObject({ problems: [], wanted: null, differences: [] })
  const restricted = { dimensions: [{ key: 'alerts', restricted: true }] }
  unwrap(await client.POST('/v1/listings/{id}/update', { params: write(id), body: restricted }))
  const taken = await lastChanges(id)
  expect(taken.RestrictDimensions).toEqual([{ Key: 'alerts', Types: ['Metered', 'ExternallyMetered'] }])
  const shown = await readListing(client, id)
  expect(shown).toMatchObject({ problems: [], differences: [], held: [] })
  expect(shown.content.dimensions.map(({ key, restricted }) => [key, restricted])).toEqual([
    ['seats', false],
    ['scans', false],
    ['alerts', true],
  ])
  expect(shown.content.prices.metered).toEqual({ scans: '0.9' })
})

test('a change that changes nothing sends nothing', async () => {
  const { id, client } = await live()
  unwrap(await client.POST('/v1/listings/{id}/update', { params: write(id), body: {} }))
  expect(await lastChanges(id)).toEqual({})
  expect((await ended(id))[0]).toMatchObject({ kind: 'listing.update', state: 'succeeded', reference: null })
})

test('texts that somebody changed at the cloud are shown, hold nothing back, and are sent again when asked for', async () => {
  const { id, client, behind } = await live()
  await behind.change(await readListing(client, id), (draft) => ({ ...draft, short_description: 'Theirs' }))
  const read = unwrap(await client.POST('/v1/listings/{id}/read', { params: write(id) }))
  expect(read).toMatchObject({ differs: true, held: [] })
  expect(read.differences).toEqual([
    { field: 'short_description', ours: PRODUCT.short_description, theirs: 'Theirs' },
  ])
  const listed = unwrap(await client.GET('/v1/listings', { params: { query: { differs: 'true' } } }))
  expect(listed.items.map((one) => one.id)).toEqual([id])
  const told = unwrap(await client.GET('/v1/exceptions', { params: { query: { subject_id: id } } }))
  expect(told.items).toEqual([])
  unwrap(await client.POST('/v1/listings/{id}/update', { params: write(id), body: {} }))
  expect(await lastChanges(id)).toEqual({
    UpdateInformation: { ShortDescription: PRODUCT.short_description },
  })
  expect(await readListing(client, id)).toMatchObject({ differs: false, differences: [] })
})

test('a metered dimension that is restricted at the cloud is found by the daily reading; its usage is held back until it is taken over', async () => {
  const { id, client, behind } = await live()
  await behind.change(await readListing(client, id), (draft) => ({
    ...draft,
    restricted: ['scans'],
    prices: { ...draft.prices, metered: {} },
  }))
  expect(await readListing(client, id)).toMatchObject({ held: [], differs: false })
  await service.move(24 * HOUR)
  const found = await readListing(client, id)
  expect(found.held).toEqual(['scans'])
  expect(found.differences).toContainEqual({
    field: 'dimensions.scans',
    ours: 'metered',
    theirs: 'restricted',
    stops: { dimension: 'scans', reason: 'restricted' },
  })
  const about = { params: { query: { subject_id: id } } }
  expect(unwrap(await client.GET('/v1/exceptions', about)).items).toMatchObject([
    { kind: 'listing_drift', state: 'open', sentence: expect.stringContaining('"scans"') },
  ])
  const taken = unwrap(await client.POST('/v1/listings/{id}/adopt', { params: write(id) }))
  expect(taken).toMatchObject({ held: [], differs: false, differences: [] })
  expect(unwrap(await client.GET('/v1/exceptions', about)).items).toMatchObject([{ state: 'resolved' }])
  await service.settle()
  const after = await readListing(client, id)
  expect(after).toMatchObject({ held: [], differs: false })
  expect(after.content.dimensions).toMatchObject([
    { key: 'seats', restricted: false },
    { key: 'scans', restricted: true },
  ])
})

test('the same is over when what was published is sent again', async () => {
  const { id, client, behind } = await live()
  await behind.change(await readListing(client, id), (draft) => ({ ...draft, restricted: ['scans'] }))
  expect(unwrap(await client.POST('/v1/listings/{id}/read', { params: write(id) })).held).toEqual(['scans'])
  unwrap(await client.POST('/v1/listings/{id}/update', { params: write(id), body: {} }))
  const changes = await lastChanges(id)
  expect(changes.UpdateDimensions).toMatchObject([{ Key: 'scans', Types: ['ExternallyMetered'] }])
  expect(await readListing(client, id)).toMatchObject({ held: [], differences: [], problems: [] })
  const told = unwrap(await client.GET('/v1/exceptions', { params: { query: { subject_id: id } } }))
  expect(told.items).toMatchObject([{ kind: 'listing_drift', state: 'resolved' }])
})

test('a listing is made public, restricted in favour of another one, and limited again', async () => {
  const { id, client } = await live()
  const other = await live()
  const show = async (body: { to: 'public' | 'restricted' | 'limited'; replacement_listing_id?: string }) => {
    const asked = await client.POST('/v1/listings/{id}/visibility', { params: write(id), body })
    expect(asked.response.status).toBe(202)
    for (let turn = 0; turn < 12; turn += 1) {
      const shown = await readListing(client, id)
      if (shown.visibility === body.to) return shown
      await service.move(12 * HOUR)
    }
    throw new Error(`It did not become ${body.to}`)
  }
  expect(await show({ to: 'public' })).toMatchObject({ state: 'live', problems: [] })
  expect(await show({ to: 'restricted', replacement_listing_id: other.id })).toMatchObject({ problems: [] })
  const replaced = (await readListing(client, other.id)).cloud_product_id
  expect(await lastChanges(id)).toMatchObject({
    UpdateVisibility: { TargetVisibility: 'Restricted', ReplacementProductId: replaced },
  })
  expect(await show({ to: 'limited' })).toMatchObject({ problems: [] })
})
