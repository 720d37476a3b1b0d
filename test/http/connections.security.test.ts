import { afterAll, beforeAll, expect, test } from 'vitest'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { readEverything } from '../support/crawl.ts'
import {
  at,
  buyerAccepts,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test('the secret is in no answer, no log and no row, whatever was done with it', async () => {
  const { vendor } = seats
  await vendor.client.POST('/v1/connections/{id}/test', { params: at(vendor.connection_id) })
  await service.control('POST', '/faults', { fault: 'error_500', service: 'marketplace-catalog' })
  const product_id = await publish(service, vendor)
  await buyerAccepts(service, GLOBEX, await liveOffer(service, vendor, product_id))
  await service.move(3 * MINUTE)
  const [, secret = ''] = vendor.secrets
  const values = { connection_id: vendor.connection_id, expires_on: EXPIRES_ON, format: 'csv' }
  const all = await readEverything(service, vendor.organisation_id, values)
  expect(all.some(({ path }) => path.startsWith('/v1/operations/'))).toBe(true)
  for (const { path, answer } of all) {
    expect({ path, status: answer.status }).toEqual({ path, status: 200 })
    for (const word of [secret, 'sealed_credentials', KEY]) {
      expect({ path, word, found: answer.text.includes(word) }).toEqual({ path, word, found: false })
    }
  }
  expect(service.logged.join('\n')).not.toContain(secret)
  const rows = await service.services.context.store.inTenant(vendor.organisation_id, ({ tx }) =>
    Promise.all([
      tx.connection.findMany(),
      tx.operation.findMany(),
      tx.operation_attempt.findMany(),
      tx.idempotency_key.findMany(),
    ]),
  )
  const kept = JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(kept).not.toContain(secret)
})

test('a refused connection does not repeat what was sent', async () => {
  const body = {
    cloud: 'aws' as const,
    name: 'Mistyped',
    account_id: '1',
    credentials: {
      access_key_id: 'hunter2-key',
      secret_access_key: 'hunter2-secret',
      pasword: 'hunter2-word',
    },
    settings: {},
  }
  const { response } = await seats.vendor.client.POST('/v1/connections', {
    params: keyed(),
    body,
    parseAs: 'stream',
  })
  expect(response.status).toBe(422)
  const answer = await service.send('/v1/connections', {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.text).not.toContain('hunter2')
})

test('sealed credentials moved to another connection or organisation do not open', async () => {
  const { store, seal } = service.services.context
  const { vendor, reseller } = seats
  const row = await store.inTenant(vendor.organisation_id, ({ tx }) =>
    tx.connection.findUniqueOrThrow({ where: { id: vendor.connection_id } }),
  )
  const open = (organisation: string, connection: string) =>
    seal.open(row.sealed_credentials, [organisation, connection])
  await expect(open(vendor.organisation_id, vendor.connection_id)).resolves.toContain(vendor.secrets[1])
  await expect(open(reseller.organisation_id, vendor.connection_id)).rejects.toThrow()
  await expect(open(vendor.organisation_id, reseller.connection_id)).rejects.toThrow()
})
