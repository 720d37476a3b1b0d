import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test.each<[string, { limit?: number; cursor?: string }, string]>([
  ['a page of none', { limit: 0 }, 'query.limit'],
  ['a page too long', { limit: 201 }, 'query.limit'],
  ['half a thing', { limit: 1.5 }, 'query.limit'],
  ['a cursor of somebody else', { cursor: '%%%' }, 'query.cursor'],
  ['a cursor that never ends', { cursor: 'a'.repeat(401) }, 'query.cursor'],
])('%s is refused', async (_, query, field) => {
  const answer = await seats.vendor.client.GET('/v1/inbox', { params: { query } })
  expect(refusal(answer, 422).errors?.[0]?.field).toBe(field)
})

test('a message is brought, not fetched: the address of a webhook answers nothing else', async () => {
  const { connection_id } = seats.vendor
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const { status } = await service.send(`/v1/webhooks/${connection_id}`, { method })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  }
})
