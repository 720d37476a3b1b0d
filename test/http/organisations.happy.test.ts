import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { keyed } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('an installation begins with one vendor, which is who a request without a name is for', async () => {
  const first = unwrap(await service.client().GET('/v1/organisations')).items.find(
    ({ name }) => name === 'My company',
  )
  expect(first).toMatchObject({ kind: 'vendor' })
  const made = await service.client().POST('/v1/organisations', {
    params: keyed(),
    body: { kind: 'reseller', name: '  Contoso  ' },
  })
  expect(unwrap(made)).toMatchObject({
    kind: 'reseller',
    name: 'Contoso',
    created_at: service.now().toISOString(),
  })
})

test('a write sent twice under one key is done once and answered alike', async () => {
  const params = { header: { 'idempotency-key': 'twice' } }
  const body = { kind: 'reseller' as const, name: 'Sent twice' }
  const first = await service.client().POST('/v1/organisations', { params, body })
  const second = await service.client().POST('/v1/organisations', { params, body })
  expect(second.data).toEqual(unwrap(first))
  expect(second.response.headers.get('idempotency-replayed')).toBe('true')
  const { items } = unwrap(await service.client().GET('/v1/organisations'))
  expect(items.filter(({ name }) => name === 'Sent twice')).toHaveLength(1)
})
