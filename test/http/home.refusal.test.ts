import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { organisation, refusal } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('an organisation without anything needs nobody, has no money, and is at the first step', async () => {
  const client = service.client(await organisation(service, 'reseller', 'Fresh'))
  expect(unwrap(await client.GET('/v1/home'))).toMatchObject({ items: [], groups: [], total: 0 })
  const { months, items } = unwrap(await client.GET('/v1/home/money'))
  expect([months.length, months.at(-1), items]).toEqual([12, '2026-01', []])
  expect(unwrap(await client.GET('/v1/guide'))).toMatchObject({ finished: false, at: 'connect' })
})

test.each(['0', '61', '1.5', 'many'])('%s months are refused', async (months) => {
  // The typed client takes a number only.
  const query = { months: months as unknown as number }
  const answer = await service.client().GET('/v1/home/money', { params: { query } })
  expect(refusal(answer, 422).errors?.[0]?.field).toBe('query.months')
})

test('a key has no guide to put away', async () => {
  for (const path of ['/v1/guide/dismiss', '/v1/guide/resume'] as const) {
    expect(refusal(await service.client().POST(path, {}), 403).detail).toContain('person')
  }
})
