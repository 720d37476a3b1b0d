// Somebody with the database in hand changes the audit record. Each run makes one change to a chain, chosen by its seed,
// and the check has to find it and name the first record that is not what it was. RUNS=10000 for the long one.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../../src/audit/index.ts'
import { auditRoutes } from '../../src/audit/routes.ts'
import { seededRandom } from '../../src/core/random.ts'
import { callers, type Door } from '../door/support.ts'
import { freshDatabase, sharedPostgres } from '../support/databases.ts'
import { type PostgresStore, postgresStore } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'
import { below, byte, pick, RECORDS, type Tampering, tamperings, where } from './tamperings.ts'

const RUNS = Number(process.env.RUNS ?? (process.env.CI === undefined ? 300 : 120))
const SEED = Number(process.env.SEED ?? 1)

let server: PostgresServer
let base: PostgresStore
let owner: pg.Client
let door: Door
let head: { sequence: string; digest: string }
let organisation_id: string
let other_id: string
beforeAll(async () => {
  server = await sharedPostgres()
  const database = await freshDatabase(server)
  base = await postgresStore(database)
  organisation_id = base.organisation_id
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  other_id = await base.store.inInstallation(async ({ tx, id, now }) => {
    const data = { id: id('organisation'), kind: 'vendor', name: 'Other', created_at: now() }
    return (await tx.organisation.create({ data })).id
  })
  const random = seededRandom(SEED)
  for (let index = 0; index < RECORDS; index += 1) {
    base.wall.move(1000 + byte(random))
    // The other organisation did the same at the same time.
    for (const id of [organisation_id, other_id])
      await base.store.inTenant(id, (scope) => record(scope, actOf(index)))
  }
  // The routes need the store and nothing else.
  door = callers(auditRoutes({ store: base.store } as Parameters<typeof auditRoutes>[0]), organisation_id)
  head = (await check()).head
  // A thief of the whole database switches its guards off first.
  await owner.query('ALTER TABLE audit_record DISABLE TRIGGER ALL')
})
afterAll(async () => {
  await owner.end()
  await base.close()
  await server.stop()
})

const actOf = (index: number) => ({
  actor: { kind: 'person' as const, id: `prsn_${index % 3}` },
  request_id: `req_${index}`,
  act: 'PATCH /v1/things/:id',
  subject_id: `thing_${index % 5}`,
  before: index % 4 === 0 ? null : { name: `was ${index}`, list: [index, null, { deep: true }] },
  after: { name: `is ${index}`, amount: '10.50', nested: { ü: 'ö', zero: 0 } },
})

type Checked = {
  ok: boolean
  records: string
  head: { sequence: string; digest: string }
  broken: { sequence: string; reason: string } | null
}
async function check(kept?: { sequence: string; digest: string }): Promise<Checked> {
  const query = kept === undefined ? '' : `?sequence=${kept.sequence}&digest=${kept.digest}`
  const answer = await door.get(`/v1/audit/check${query}`)
  expect(answer.status).toBe(200)
  return answer.body as Checked
}

test('an untouched chain holds, with and without the record that was kept elsewhere', async () => {
  expect(await check()).toMatchObject({ ok: true, records: String(RECORDS), broken: null })
  expect(await check(head)).toMatchObject({ ok: true, head })
})

test(`${RUNS} changes from seed ${SEED}: each is found, and the first record that is not what it was is named`, async () => {
  const missed: unknown[] = []
  const made: Record<string, number> = {}
  for (let run = 0; run < RUNS; run += 1) {
    const random = seededRandom(SEED * 1_000_003 + run)
    const kind = pick(random, Object.keys(tamperings))
    const { statements, first, needs_head } = tamperings[kind]?.(random, other_id) ?? {
      statements: [],
      first: 0,
      needs_head: false,
    }
    const found = await tampered(statements, needs_head)
    made[kind] = (made[kind] ?? 0) + 1
    if (found.ok || found.broken?.sequence !== String(first)) missed.push({ run, kind, first, found })
  }
  expect(missed).toEqual([])
  if (RUNS >= 100) expect(Object.keys(made).sort()).toEqual(Object.keys(tamperings).sort())
  expect(await check(head)).toMatchObject({ ok: true })
})

/** Makes the change, looks, and puts the rows back as they were. */
async function tampered(statements: Tampering['statements'], needs_head: boolean): Promise<Checked> {
  await owner.query('CREATE TEMP TABLE IF NOT EXISTS untouched AS SELECT * FROM audit_record')
  await owner.query('BEGIN')
  for (const [sql, values] of statements) await owner.query(sql, [organisation_id, ...values])
  await owner.query('COMMIT')
  try {
    return await check(needs_head ? head : undefined)
  } finally {
    await owner.query('BEGIN')
    await owner.query('DELETE FROM audit_record')
    await owner.query('INSERT INTO audit_record SELECT * FROM untouched')
    await owner.query('COMMIT')
  }
}

test('a chain that is written anew from some record on is found by the head that was kept elsewhere', async () => {
  const random = seededRandom(SEED)
  for (let run = 0; run < 10; run += 1) {
    const from = 1 + below(random, RECORDS)
    await owner.query('CREATE TEMP TABLE IF NOT EXISTS untouched AS SELECT * FROM audit_record')
    await owner.query(`DELETE FROM audit_record ${where} >= $2`, [organisation_id, from])
    for (let index = from; index <= RECORDS; index += 1) {
      await base.store.inTenant(organisation_id, (scope) =>
        record(scope, {
          actor: { kind: 'key', id: 'forger' },
          request_id: 'req',
          act: 'POST /v1/things',
          subject_id: '',
        }),
      )
    }
    expect(await check()).toMatchObject({ ok: true, records: String(RECORDS) })
    expect(await check(head)).toMatchObject({ ok: false, broken: { sequence: head.sequence } })
    await owner.query('DELETE FROM audit_record')
    await owner.query('INSERT INTO audit_record SELECT * FROM untouched')
  }
})
