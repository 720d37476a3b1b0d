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

const complete = (subject: string, evidence = 'Seen in the console') =>
  seats.vendor.client.POST('/v1/operations/{id}/complete', {
    params: { ...at(subject), ...keyed() },
    body: { outcome: 'failed', target: {}, evidence },
  })

test('what does not wait for a person is not completed by hand', async () => {
  expect(refusal(await complete(id), 409).detail).toContain('succeeded')
  const read = unwrap(await seats.vendor.client.GET('/v1/operations/{id}', { params: at(id) }))
  expect(read.state).toBe('succeeded')
  expect(read.history.some(({ outcome }) => outcome.startsWith('by_hand'))).toBe(false)
})

test('evidence says how it is known', async () => {
  const { organisation_id } = seats.vendor
  await service.services.context.store.inTenant(organisation_id, async ({ tx }) => {
    const where = { organisation_id_id: { organisation_id, id } }
    await tx.operation.update({ where, data: { state: 'waiting_for_person' } })
  })
  expect(refusal(await complete(id, '  '), 422).errors?.[0]?.field).toBe('evidence')
  expect(refusal(await complete(id, 'x'.repeat(4001)), 422).errors?.[0]?.field).toBe('evidence')
})

test('an operation that is not there is neither read nor completed', async () => {
  expect(refusal(await complete('op_nothing'), 404).detail).toContain('op_nothing')
  expect(
    refusal(await seats.vendor.client.GET('/v1/operations/{id}', { params: at('op_nothing') }), 404).type,
  ).toBe('/problems/not-found')
})
