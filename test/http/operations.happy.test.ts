import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { at, keyed, MINUTE, publish, readListing, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const lost = { fault: 'drop_answer', service: 'marketplace-catalog', operation: 'StartChangeSet' }
  await service.control('POST', '/faults', lost)
  await publish(service, seats.vendor)
})
afterAll(() => service.stop())

test('each change asked of a cloud is told with its attempts and what the cloud answered', async () => {
  const { client } = seats.vendor
  const { items } = unwrap(await client.GET('/v1/operations'))
  expect(items).toHaveLength(1)
  const [listed] = items
  const one = unwrap(await client.GET('/v1/operations/{id}', { params: at(listed?.id ?? '') }))
  const { history, request, makes, ...operation } = one
  expect(operation).toEqual(listed)
  expect(makes).toEqual(['product_id'])
  expect(operation).toMatchObject({ kind: 'listing.publish', state: 'succeeded', human_task: null })
  expect(request).toMatchObject({ title: 'Northwind Analytics' })
  expect(history.map(({ number }) => number)).toEqual(history.map((_, index) => index + 1))
  // The first answer was lost after the cloud had acted; the identical request again found the same change set.
  expect(history.map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual(
    expect.arrayContaining(['send unknown', 'send accepted', 'check succeeded']),
  )
  expect(history.find(({ outcome }) => outcome === 'accepted')?.evidence).toMatchObject({
    received: { ChangeSetId: operation.reference },
  })
  const changeSets = (await service.control('GET', '/aws/accepted?kind=change_sets')) as unknown[]
  expect(changeSets).toHaveLength(1)
})

test('they are narrowed by what they are for and how they stand', async () => {
  const { client } = seats.vendor
  const [{ subject_id } = { subject_id: '' }] = unwrap(await client.GET('/v1/operations')).items
  const count = async (query: { subject_id?: string; state?: 'succeeded' | 'failed' }) =>
    unwrap(await client.GET('/v1/operations', { params: { query } })).items.length
  expect(await count({ subject_id, state: 'succeeded' })).toBe(1)
  expect(await count({ subject_id, state: 'failed' })).toBe(0)
  expect(await count({ subject_id: 'lst_other' })).toBe(0)
})

test('a person finishes what waits for a person, and what follows is the same as for an answer of the cloud', async () => {
  const { client, organisation_id } = seats.vendor
  const [operation] = unwrap(await client.GET('/v1/operations')).items
  if (operation === undefined) throw new Error('There is an operation')
  await service.services.context.store.inTenant(organisation_id, async ({ tx }) => {
    const where = { organisation_id_id: { organisation_id, id: operation.id } }
    await tx.operation.update({ where, data: { state: 'waiting_for_person', finished_at: null } })
  })
  const body = {
    outcome: 'succeeded' as const,
    target: { product_id: 'prod-by-hand' },
    evidence: 'Seen in the console',
  }
  const params = { ...at(operation.id), ...keyed() }
  unwrap(await client.POST('/v1/operations/{id}/complete', { params, body }))
  await service.move(MINUTE)
  expect(await readListing(client, operation.subject_id)).toMatchObject({
    state: 'live',
    cloud_product_id: 'prod-by-hand',
  })
  const done = unwrap(await client.GET('/v1/operations/{id}', { params: at(operation.id) }))
  expect(done).toMatchObject({ state: 'succeeded', target: { product_id: 'prod-by-hand' } })
  expect(done.history.at(-1)).toMatchObject({ outcome: 'by_hand_succeeded', evidence: body })
})
