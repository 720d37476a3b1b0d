// What one connection cannot show: a real server, and transactions at the same time.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accounts, balance, type EntryDraft, post, recipes } from '../../src/ledger/index.ts'
import { closePeriod } from '../../src/ledger/periods.ts'
import { checkBooks } from '../../src/ledger/recompute.ts'
import { rollUp } from '../../src/ledger/roll-up.ts'
import { listEntries } from '../../src/ledger/store-lists.ts'
import type { Scope } from '../../src/store/index.ts'
import { sharedPostgres } from '../support/databases.ts'
import { type PostgresStore, postgresStore } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'
import { usd } from './books.ts'

let server: PostgresServer
let base: PostgresStore
beforeAll(async () => {
  server = await sharedPostgres()
  base = await postgresStore(server, { start: '2026-03-10T00:00:00.000Z' })
})
afterAll(async () => {
  await base.close()
  await server.stop()
})

const asked = <T>(work: (scope: Scope) => Promise<T>) => base.store.inTenant(base.organisation_id, work)

function sale(key: string, amount: string, agreement_id: string, day = '2026-03-01'): EntryDraft {
  const occurred_at = new Date(`${day}T12:00:00.000Z`)
  const draft = recipes.saleInvoiced({ key, agreement_id, amount: usd(amount), occurred_at, evidence: {} })
  if (draft === null) throw new Error('nothing to book')
  return draft
}

/** Whether a transaction waits for another one's lock at this moment. */
async function somebodyWaits(): Promise<boolean> {
  const rows = await asked(({ tx }) => tx.$queryRaw`SELECT 1 FROM pg_locks WHERE NOT granted`)
  return Array.isArray(rows) && rows.length > 0
}

test('the same reference booked by many at once has one effect; the others are replays of it', async () => {
  const rounds = Array.from({ length: 20 }, (_, index) => `same ${index}`)
  for (const key of rounds) {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => asked((scope) => post(scope, [sale(key, '1.00', 'agr_same')]))),
    )
    expect(answers.flat().filter((answer) => !answer.replayed).length).toBe(1)
    expect(new Set(answers.flat().map((answer) => answer.entry_id)).size).toBe(1)
  }
  expect(await asked((scope) => balance(scope, accounts.invoiced('agr_same'), 'USD/2'))).toEqual([
    usd('20.00'),
  ])
})

test('batches that share references in opposite orders do not lock each other out', async () => {
  for (const round of ['one', 'two', 'three']) {
    const drafts = Array.from({ length: 900 }, (_, index) => sale(`${round} ${index}`, '0.01', 'agr_batch'))
    await Promise.all(
      [drafts, drafts.toReversed(), drafts, drafts.toReversed()].map((batch) =>
        asked((scope) => post(scope, batch)),
      ),
    )
  }
  expect(await asked((scope) => balance(scope, accounts.invoiced('agr_batch'), 'USD/2'))).toEqual([
    usd('27.00'),
  ])
})

test('of two who book one reference differently, one is refused', async () => {
  const both = await Promise.allSettled(
    ['1.00', '2.00'].map((amount) => asked((scope) => post(scope, [sale('differs', amount, 'agr_two')]))),
  )
  expect(both.map((item) => item.status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a posting that is still open when a month is closed is waited for; one that comes later is booked after it', async () => {
  const steps: string[] = []
  let proceed = () => {}
  const gate = new Promise<void>((resolve) => {
    proceed = resolve
  })
  let posted = () => {}
  const booked = new Promise<void>((resolve) => {
    posted = resolve
  })
  const slow = asked(async (scope) => {
    await post(scope, [sale('slow', '1.00', 'agr_close', '2026-02-10')])
    posted()
    await gate
    steps.push('posted')
  })
  await booked
  const closing = asked(async (scope) => {
    await closePeriod(scope, '2026-02')
    steps.push('closed')
  })
  while (steps.length === 0 && !(await somebodyWaits()));
  proceed()
  await Promise.all([slow, closing])
  expect(steps).toEqual(['posted', 'closed'])
  await asked((scope) => post(scope, [sale('late', '1.00', 'agr_close', '2026-02-10')]))
  const entries = await asked((scope) =>
    listEntries(
      scope,
      { account: accounts.invoiced('agr_close') },
      { sort: 'recorded_at', after: undefined, limit: 10 },
    ),
  )
  expect(entries.map((entry) => entry.book_date)).toEqual(['2026-02-10', '2026-03-01'])
})

test('balances are exact while entries are booked and rolled up by many at once', async () => {
  const work: Promise<unknown>[] = []
  for (let index = 0; index < 60; index += 1) {
    work.push(asked((scope) => post(scope, [sale(`storm ${index}`, '0.01', 'agr_storm')])))
    if (index % 5 === 0) work.push(asked((scope) => rollUp(scope, 7)))
    if (index % 7 === 0) {
      work.push(
        asked(async (scope) => {
          const found = await checkBooks(scope)
          expect(found.assertions.find((item) => item.name === 'rolled_up_equals_recomputed')?.ok).toBe(true)
        }),
      )
    }
  }
  await Promise.all(work)
  while ((await asked((scope) => rollUp(scope))) > 0);
  expect(await asked((scope) => balance(scope, accounts.invoiced('agr_storm'), 'USD/2'))).toEqual([
    usd('0.60'),
  ])
  expect((await asked(checkBooks)).ok).toBe(true)
})
