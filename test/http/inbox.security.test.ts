import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { publish, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  await publish(service, seats.vendor)
})
afterAll(() => service.stop())

test("an organisation reads its own cloud's messages alone", async () => {
  const [ours, theirs] = await Promise.all(
    [seats.vendor, seats.reseller].map(async ({ client }) => unwrap(await client.GET('/v1/inbox')).items),
  )
  expect(ours?.length).toBeGreaterThan(0)
  expect(ours?.every(({ connection_id }) => connection_id === seats.vendor.connection_id)).toBe(true)
  expect(theirs?.filter(({ connection_id }) => connection_id === seats.vendor.connection_id)).toEqual([])
})

test('a refused message is told with its reason, never with its body', async () => {
  const body = '{"Type":"Notification","secret":"hunter2"}'
  const path = `/v1/webhooks/${seats.vendor.connection_id}`
  const answer = await service.send(path, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer hunter2' },
  })
  expect(answer.status).toBe(401)
  expect(answer.text).not.toContain('hunter2')
  const told = JSON.stringify(await seats.vendor.client.GET('/v1/inbox'))
  expect(told).toContain('refused')
  expect(told).not.toContain('hunter2')
  const kept = await service.services.context.store.inTenant(seats.vendor.organisation_id, ({ tx }) =>
    tx.inbox_message.findFirstOrThrow({ where: { state: 'refused' } }),
  )
  expect(kept.body).toBe(body)
  expect(JSON.stringify(kept.headers)).not.toContain('hunter2')
})
