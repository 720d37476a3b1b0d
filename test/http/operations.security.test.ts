import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { at, keyed, publish, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  await publish(service, seats.vendor)
  id = unwrap(await seats.vendor.client.GET('/v1/operations')).items[0]?.id ?? ''
})
afterAll(() => service.stop())

test('neither the request nor the evidence holds what the account is opened with', async () => {
  const read = unwrap(await seats.vendor.client.GET('/v1/operations/{id}', { params: at(id) }))
  const text = JSON.stringify(read)
  expect(read.history.length).toBeGreaterThan(1)
  for (const secret of seats.vendor.secrets) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/authorization"|x-amz-security-token|aws4-hmac/i)
})

test('another organisation neither reads nor completes it, even while it waits for a person', async () => {
  const { organisation_id } = seats.vendor
  await service.services.context.store.inTenant(organisation_id, async ({ tx }) => {
    const where = { organisation_id_id: { organisation_id, id } }
    await tx.operation.update({ where, data: { state: 'waiting_for_person' } })
  })
  const { client } = seats.reseller
  const body = { outcome: 'succeeded' as const, target: {}, evidence: 'Trust me' }
  expect(refusal(await client.GET('/v1/operations/{id}', { params: at(id) }), 404).type).toBe(
    '/problems/not-found',
  )
  const params = { ...at(id), ...keyed() }
  expect(refusal(await client.POST('/v1/operations/{id}/complete', { params, body }), 404).type).toBe(
    '/problems/not-found',
  )
  expect(unwrap(await client.GET('/v1/operations')).items).toEqual([])
  const read = unwrap(await seats.vendor.client.GET('/v1/operations/{id}', { params: at(id) }))
  expect(read.state).toBe('waiting_for_person')
})
