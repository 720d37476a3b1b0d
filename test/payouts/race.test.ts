import { afterAll, beforeAll, expect, test } from 'vitest'
import { decimal } from '../../src/core/decimal.ts'
import { closeStatement } from '../../src/payouts/close-statement.ts'
import { createPartner } from '../../src/payouts/create-partner.ts'
import { payable, recordShare } from '../../src/payouts/index.ts'
import type { Scope } from '../../src/store/index.ts'
import { usd } from '../ledger/books.ts'
import { sharedPostgres } from '../support/databases.ts'
import { type PostgresStore, postgresStore } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'

let server: PostgresServer
let base: PostgresStore
beforeAll(async () => {
  server = await sharedPostgres()
  base = await postgresStore(server, { start: '2026-02-01T00:00:00.000Z' })
})
afterAll(async () => {
  await base.close()
  await server.stop()
})

const asked = <T>(work: (scope: Scope) => Promise<T>) => base.store.inTenant(base.organisation_id, work)

test('shares recorded and a month closed at the same moment: one statement, every share in it or still to come', async () => {
  const partner = await asked((scope) =>
    createPartner(scope, { name: 'P', reseller_account_id: '2', share_percent: decimal(10) }),
  )
  const share = (line: number) =>
    asked((scope) =>
      recordShare(scope, {
        agreement: { id: 'agr_1', role: 'manufacturer', seller_account_id: '2' },
        line_key: `line ${line}`,
        amount: usd('10.00'),
        occurred_at: new Date('2026-01-15T00:00:00.000Z'),
      }),
    )
  const close = () => asked((scope) => closeStatement(scope, { partner_id: partner.id, month: '2026-01' }))
  await share(0)
  const lines = Array.from({ length: 20 }, (_, index) => share(index % 10))
  const closings = await Promise.all([close(), close(), ...lines.slice(0, 10), close(), ...lines.slice(10)])
  const answers = closings.flatMap((item) =>
    item !== undefined && 'statements' in item ? item.statements : [],
  )
  expect(new Set(answers.map((item) => item.digest)).size).toBe(1)
  const [owed] = await asked((scope) => payable(scope, partner.id))
  expect(owed).toMatchObject({ payable: { amount: '10.00' }, agrees: true })
  const stated = answers[0]
  const left = await asked(({ tx }) => tx.partner_share.count({ where: { statement_id: null } }))
  expect(10 - left).toBe(Array.isArray(stated?.lines) ? stated.lines.length : 0)
})

test('a month that several close at once is stated once', async () => {
  for (const account of ['3', '4', '5', '6', '7', '8']) {
    const partner = await asked((scope) =>
      createPartner(scope, { name: account, reseller_account_id: account, share_percent: decimal(10) }),
    )
    await asked((scope) =>
      recordShare(scope, {
        agreement: { id: 'agr_1', role: 'manufacturer', seller_account_id: account },
        line_key: `only line of ${account}`,
        amount: usd('10.00'),
        occurred_at: new Date('2026-01-15T00:00:00.000Z'),
      }),
    )
    const close = () => asked((scope) => closeStatement(scope, { partner_id: partner.id, month: '2026-01' }))
    const closings = await Promise.all([close(), close(), close(), close()])
    expect(closings.filter((item) => !item.replayed).length).toBe(1)
    expect(new Set(closings.flatMap((item) => item.statements.map(({ id }) => id))).size).toBe(1)
  }
})
