// Somebody with the database in hand changes the audit record. Each run makes one change to a chain, chosen by its seed,
// and the check has to find it and name the first record that is not what it was. RUNS=10000 for the long one.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../../src/audit/index.ts'
import { auditRoutes } from '../../src/audit/routes.ts'
import { seededRandom } from '../../src/core/random.ts'
import { callers, type Door } from '../door/support.ts'
import { freshDatabase } from '../store/databases.ts'
import { type PostgresServer, type PostgresStore, postgresStore, startPostgres } from '../support/postgres.ts'

const RUNS = Number(process.env.RUNS ?? 300)
const SEED = Number(process.env.SEED ?? 1)
const RECORDS = 40

let server: PostgresServer
let base: PostgresStore
let owner: pg.Client
let door: Door
let head: { sequence: string; digest: string }
let organisation_id: string
beforeAll(async () => {
  server = await startPostgres()
  const database = await freshDatabase(server)
  base = await postgresStore(database)
  organisation_id = base.organisation_id
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  const random = seededRandom(SEED)
  for (let index = 0; index < RECORDS; index += 1) {
    base.wall.move(1000 + byte(random))
    await base.store.inTenant(organisation_id, (scope) =>
      record(scope, {
        actor: { kind: 'person', id: `prsn_${index % 3}` },
        request_id: `req_${index}`,
        act: 'PATCH /v1/things/:id',
        subject_id: `thing_${index % 5}`,
        before: index % 4 === 0 ? null : { name: `was ${index}`, list: [index, null, { deep: true }] },
        after: { name: `is ${index}`, amount: '10.50', nested: { ü: 'ö', zero: 0 } },
      }),
    )
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

type Random = ReturnType<typeof seededRandom>
const byte = (random: Random) => random.bytes(1)[0] ?? 0
const below = (random: Random, limit: number) => ((byte(random) << 8) | byte(random)) % limit
const pick = <T>(random: Random, list: readonly T[]): T => {
  const found = list[below(random, list.length)]
  if (found === undefined) throw new Error('There is nothing to pick from')
  return found
}

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

/** One change, as statements; the first record that is not what it was, and whether the chain alone shows it. */
type Tampering = { statements: [string, unknown[]][]; first: number; needs_head: boolean }

const COLUMNS = [
  'at',
  'request_id',
  'actor_kind',
  'actor_id',
  'act',
  'subject_id',
  'before',
  'after',
  'salt',
  'body_digest',
  'previous_digest',
  'digest',
] as const

/** Another value for a column. */
function changed(random: Random, column: (typeof COLUMNS)[number]): string {
  const flipped = (name: string) =>
    `overlay("${name}" placing (CASE WHEN substr("${name}", 9, 1) = '7' THEN '8' ELSE '7' END) from 9 for 1)`
  switch (column) {
    case 'at':
      return `at + interval '${1 + below(random, 5)} milliseconds'`
    case 'actor_kind':
      return `CASE actor_kind WHEN 'key' THEN 'operator' ELSE 'key' END`
    case 'before':
    case 'after':
      return pick(random, [
        `'{"name": "somebody else did it"}'::jsonb`,
        `CASE WHEN "${column}" IS NULL THEN '{}'::jsonb END`,
        `coalesce("${column}", '{}'::jsonb) || '{"more": 1}'::jsonb`,
      ])
    case 'salt':
    case 'body_digest':
    case 'previous_digest':
    case 'digest':
      return flipped(column)
    default:
      return `"${column}" || 'x'`
  }
}

const where = 'WHERE organisation_id = $1 AND sequence'

const tamperings: Record<string, (random: Random) => Tampering> = {
  flip(random) {
    const at = 1 + below(random, RECORDS)
    const column = pick(random, COLUMNS)
    // A changed digest shows in the record itself, for it is not the digest of its fields any more.
    return {
      statements: [[`UPDATE audit_record SET "${column}" = ${changed(random, column)} ${where} = $2`, [at]]],
      first: at,
      needs_head: false,
    }
  },
  remove(random) {
    const at = 1 + below(random, RECORDS - 1)
    return { statements: [[`DELETE FROM audit_record ${where} = $2`, [at]]], first: at, needs_head: false }
  },
  remove_and_close_up(random) {
    const at = 1 + below(random, RECORDS - 1)
    return {
      statements: [
        [`DELETE FROM audit_record ${where} = $2`, [at]],
        [`UPDATE audit_record SET sequence = -sequence ${where} > $2`, [at]],
        [`UPDATE audit_record SET sequence = -sequence - 1 ${where} < 0`, []],
      ],
      first: at,
      needs_head: false,
    }
  },
  insert(random) {
    const at = 1 + below(random, RECORDS)
    return {
      statements: [
        [`UPDATE audit_record SET sequence = -sequence ${where} >= $2`, [at]],
        [`UPDATE audit_record SET sequence = -sequence + 1 ${where} < 0`, []],
        [
          `INSERT INTO audit_record SELECT organisation_id, $2::bigint, at, 'req_put_in', actor_kind, actor_id, act, subject_id,
             before, after, salt, body_digest, previous_digest, digest FROM audit_record ${where} = $2 + 1`,
          [at],
        ],
      ],
      first: at,
      needs_head: false,
    }
  },
  exchange(random) {
    const one = 1 + below(random, RECORDS - 1)
    const two = one + 1 + below(random, RECORDS - one)
    return {
      statements: [
        [`UPDATE audit_record SET sequence = 0 ${where} = $2`, [one]],
        [`UPDATE audit_record SET sequence = $2 ${where} = $3`, [one, two]],
        [`UPDATE audit_record SET sequence = $2 ${where} = 0`, [two]],
      ],
      first: one,
      needs_head: false,
    }
  },
  cut_off(random) {
    const at = 1 + below(random, RECORDS)
    return { statements: [[`DELETE FROM audit_record ${where} >= $2`, [at]]], first: at, needs_head: true }
  },
  forget_without_right(random) {
    // An erased person's record keeps its digests; whoever empties one and changes who it was is found all the same.
    const at = 1 + below(random, RECORDS)
    return {
      statements: [
        [
          `UPDATE audit_record SET before = NULL, after = NULL, salt = '', actor_id = 'prsn_x' ${where} = $2`,
          [at],
        ],
      ],
      first: at,
      needs_head: false,
    }
  },
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
    const { statements, first, needs_head } = tamperings[kind]?.(random) ?? {
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
