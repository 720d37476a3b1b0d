import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCommitment } from '../../src/commitments/create-commitment.ts'
import { draw, standing } from '../../src/commitments/index.ts'
import { decimal } from '../../src/core/decimal.ts'
import { usd } from '../ledger/books.ts'
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

test('sales at the same moment never draw more than there is, and each line draws once', async () => {
  const commitment = await base.store.inTenant(base.organisation_id, (scope) =>
    createCommitment(scope, {
      name: 'Prepaid',
      kind: 'cloud',
      cloud: 'aws',
      buyer_account_id: 'buyer',
      amount: usd('100.00'),
      eligible_percent: decimal(100),
      cap_percent: decimal(50),
      starts_on: '2026-01-01',
      ends_on: '2026-12-31',
      source: 'mail',
    }),
  )
  const lines = Array.from({ length: 24 }, (_, index) => `line ${index % 12}`)
  await Promise.all(
    lines.map((line_key) =>
      base.store.inTenant(base.organisation_id, (scope) =>
        draw(scope, {
          agreement: { id: 'agr_1' },
          buyer_account_id: 'buyer',
          cloud: 'aws',
          amount: usd('7.00'),
          line_key,
          occurred_at: new Date('2026-01-04T00:00:00.000Z'),
        }),
      ),
    ),
  )
  const found = await base.store.inTenant(base.organisation_id, (scope) => standing(scope, commitment))
  expect(found.invoiced.amount).toEqual(usd('84.00'))
  expect(found.drawn.amount).toEqual(usd('50.00'))
  expect(found.remaining.amount).toEqual(usd('50.00'))
})
