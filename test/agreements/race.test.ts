import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { AgreementRecord } from '../../connectors/connector.ts'
import { applyRecord } from '../../src/agreements/sync.ts'
import type { Scope } from '../../src/store/index.ts'
import { sharedPostgres } from '../support/databases.ts'
import { type PostgresStore, postgresStore } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'

let server: PostgresServer
let base: PostgresStore
beforeAll(async () => {
  server = await sharedPostgres()
  base = await postgresStore(server)
})
afterAll(async () => {
  await base.close()
  await server.stop()
})

const asked = <T>(work: (scope: Scope) => Promise<T>) => base.store.inTenant(base.organisation_id, work)

const connection = {
  id: 'conn_race',
  cloud: 'aws' as const,
  covers: 'agreement' as const,
  activates: false,
  answer: null,
}

const record: AgreementRecord = {
  agreement_id: 'agmt-1',
  role: 'seller',
  offer_id: 'offer-1',
  authorization_id: null,
  product_id: 'prod-1',
  buyer_account_id: '777788889999',
  seller_account_id: '111122223333',
  state: 'active',
  cloud_state: 'ACTIVE',
  accepted_at: new Date('2026-01-05T09:00:00.000Z'),
  starts_at: new Date('2026-01-05T09:00:00.000Z'),
  ends_at: null,
  currency: 'USD',
  value: null,
  instalments: [],
  usage_prices: {},
  grants: [],
  updated_at: null,
  license: null,
  evidence: {},
}

async function waitingForALock(): Promise<number> {
  const rows = await base.store.inInstallation(async ({ tx }) => {
    // What other connections wait for is shown to their own user only.
    await tx.$executeRaw`SELECT set_config('role', 'none', true)`
    return tx.$queryRaw<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`
  })
  return rows[0]?.waiting ?? 0
}

test('a message and a pull that tell of a new agreement at once leave one agreement, and neither fails', async () => {
  const taken = Promise.withResolvers<void>()
  const seen = Promise.withResolvers<void>()
  const message = asked(async (scope) => {
    const agreement = await applyRecord(scope, connection, record)
    taken.resolve()
    await seen.promise
    return agreement
  })
  await taken.promise
  const pull = asked((scope) => applyRecord(scope, connection, record))
  await vi.waitFor(async () => expect(await waitingForALock()).toBe(1), { timeout: 10_000 })
  seen.resolve()
  const [one, other] = await Promise.all([message, pull])
  expect(other.id).toBe(one.id)
  const kept = await asked(async ({ tx }) => ({
    agreements: await tx.agreement.count(),
    told: await tx.timeline_event.count({ where: { subject_id: one.id } }),
  }))
  expect(kept).toEqual({ agreements: 1, told: 1 })
})
