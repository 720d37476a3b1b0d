import { afterAll, beforeAll, expect, test } from 'vitest'
import { reads } from '../support/crawl.ts'
import { takeSeats } from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('nothing is read without the key', async () => {
  for (const { path } of await reads(service)) {
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${KEY}`, KEY, `Bearer ${KEY}x`]) {
      const headers: HeadersInit = authorization === '' ? {} : { authorization }
      const answer = await service.send(path.replace('{id}', 'x'), { headers })
      expect({ path, status: answer.status }).toEqual({ path, status: 401 })
    }
  }
})

test('a key of a write belongs to its organisation alone', async () => {
  const make = async (name: string) => {
    const params = { header: { 'idempotency-key': `make-${name}` } }
    const made = await service.client().POST('/v1/organisations', { params, body: { kind: 'vendor', name } })
    return made.data?.id ?? ''
  }
  const [one, two] = [await make('One'), await make('Two')]
  const shared = { header: { 'idempotency-key': 'shared' } }
  const statuses: number[] = []
  for (const [organisation, name] of [
    [one, 'A'],
    [two, 'B'],
  ] as const) {
    const body = { kind: 'reseller' as const, name }
    const made = await service.client(organisation).POST('/v1/organisations', { params: shared, body })
    statuses.push(made.response.status)
    expect(made.data?.name).toBe(name)
  }
  expect(statuses).toEqual([201, 201])
})

test('a failure on our side is logged, and says nothing of our insides', async () => {
  const { store } = service.services.context
  const seats = await takeSeats(service)
  const id = seats.vendor.connection_id
  await store.inTenant(seats.vendor.organisation_id, ({ tx }) =>
    tx.connection.update({ where: { id }, data: { sealed_credentials: 'v1.AAAA.AAAA' } }),
  )
  const headers = { authorization: `Bearer ${KEY}`, 'syndic-organisation': seats.vendor.organisation_id }
  const answer = await service.send(`/v1/connections/${id}/test`, { method: 'POST', headers })
  expect(answer).toMatchObject({ status: 500, json: { type: '/problems/internal' } })
  expect(answer.text).not.toMatch(/node_modules|seal|decrypt|\.ts/i)
  expect(service.logged.join()).toContain('request.failed')
})
