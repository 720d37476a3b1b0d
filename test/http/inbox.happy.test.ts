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
  await service.settle()
})
afterAll(() => service.stop())

test('what a cloud told is listed newest first, page by page', async () => {
  const { client } = seats.vendor
  const all = unwrap(await client.GET('/v1/inbox', { params: { query: { limit: 200 } } }))
  expect(all.next).toBeNull()
  expect(all.items.map(({ type }) => type)).toContain('Change Set Succeeded')
  expect(all.items.every(({ state }) => state === 'processed')).toBe(true)
  const paged: string[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 1, ...(cursor === undefined ? {} : { cursor }) }
    const page = unwrap(await client.GET('/v1/inbox', { params: { query } }))
    paged.push(...page.items.map(({ id }) => id))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  expect(paged).toEqual(all.items.map(({ id }) => id))
  expect(paged).toEqual([...paged].sort().reverse())
})
