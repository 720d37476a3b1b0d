// Migrations on a real server: two starts at once, and what an operator may find there.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../src/core/canonical.ts'
import { type Migration, migrate, readMigrations } from '../../src/store/migrate.ts'
import { LATEST_MIGRATION, schemaProblem } from '../../src/store/schema-version.ts'
import { emptyDatabase, freshDatabase, withClient } from '../support/databases.ts'
import { type PostgresServer, startPostgres } from '../support/server.ts'

const FOLDER = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url))

let server: PostgresServer
let written: Migration[]
beforeAll(async () => {
  server = await startPostgres()
  written = await readMigrations()
})
afterAll(() => server.stop())

/** A pool on a database, ended together with its connections. */
async function withPool<T>({ url }: PostgresServer, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const ended: Promise<unknown>[] = []
  pool.on('connect', (client) =>
    ended.push(new Promise((resolve) => client.once('end', () => resolve(null)))),
  )
  try {
    return await work(pool)
  } finally {
    await pool.end()
    await Promise.all(ended)
  }
}

type Applied = { migration_name: string; checksum: string; applied_steps_count: number }

const applied = (database: PostgresServer): Promise<Applied[]> =>
  withClient(database.url, async (client) => {
    const { rows } = await client.query('SELECT * FROM "_prisma_migrations" ORDER BY migration_name')
    return rows
  })

async function migration(name: string, sql: string): Promise<Migration> {
  return { name, sql, checksum: await sha256(sql) }
}

test('two starts at once apply every migration once', async () => {
  const database = await emptyDatabase(server)
  const done = await Promise.all(
    Array.from({ length: 4 }, () => withPool(database, (pool) => migrate(pool, written))),
  )
  const names = written.map(({ name }) => name)
  expect(done.filter((found) => found.length > 0)).toEqual([names])
  expect((await applied(database)).map((row) => row.migration_name)).toEqual(names)
})

test('a later start applies only what is new, in order', async () => {
  const database = await freshDatabase(server)
  const newer = [
    ...written,
    await migration('99980101000000_b', 'ALTER TABLE later ADD COLUMN second int'),
    await migration('99970101000000_a', 'CREATE TABLE later (first int)'),
  ].toSorted((left, right) => (left.name < right.name ? -1 : 1))
  await withPool(database, async (pool) => {
    expect(await migrate(pool, written)).toEqual([])
    expect(await migrate(pool, newer)).toEqual(['99970101000000_a', '99980101000000_b'])
    expect(await migrate(pool, newer)).toEqual([])
  })
})

test('a migration whose text was changed after it was applied is refused by its name', async () => {
  const database = await freshDatabase(server)
  const [first, ...others] = written
  if (first === undefined) throw new Error('There are no migrations')
  const changed = [await migration(first.name, `${first.sql}\n`), ...others]
  await withPool(database, (pool) =>
    expect(migrate(pool, changed)).rejects.toThrow(`${first.name} was changed after it was applied`),
  )
})

test('a database of a newer version is refused, and nothing is done to it', async () => {
  const database = await freshDatabase(server)
  await withPool(database, async (pool) => {
    const newer = await migration('99990101000000_newer', 'SELECT 1')
    const older = [...written, await migration('99980101000000_missing', 'CREATE TABLE never (id int)')]
    await migrate(pool, [...written, newer])
    await expect(migrate(pool, older)).rejects.toThrow(/newer than this program.*99990101000000_newer/)
    const { rows } = await pool.query(`SELECT to_regclass('never') AS there`)
    expect(rows).toEqual([{ there: null }])
  })
})

test('a migration that fails is undone as a whole, says why, and can be mended', async () => {
  const database = await freshDatabase(server)
  await withPool(database, async (pool) => {
    const bad = await migration('99980101000000_half', 'CREATE TABLE half (id int); SELECT no_such_thing')
    await expect(migrate(pool, [...written, bad])).rejects.toThrow(/99980101000000_half.*no_such_thing/)
    const good = await migration('99980101000000_half', 'CREATE TABLE half (id int)')
    expect(await migrate(pool, [...written, good])).toEqual(['99980101000000_half'])
  })
})

test("the record is Prisma's own: its columns, its checksum, no unfinished rows", async () => {
  const database = await freshDatabase(server)
  const columns = await withClient(database.url, async (client) => {
    const { rows } = await client.query(
      `SELECT column_name AS name, data_type AS type, is_nullable AS nullable, character_maximum_length AS length
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
    )
    return rows
  })
  const time = 'timestamp with time zone'
  expect(columns).toEqual([
    { name: 'id', type: 'character varying', nullable: 'NO', length: 36 },
    { name: 'checksum', type: 'character varying', nullable: 'NO', length: 64 },
    { name: 'finished_at', type: time, nullable: 'YES', length: null },
    { name: 'migration_name', type: 'character varying', nullable: 'NO', length: 255 },
    { name: 'logs', type: 'text', nullable: 'YES', length: null },
    { name: 'rolled_back_at', type: time, nullable: 'YES', length: null },
    { name: 'started_at', type: time, nullable: 'NO', length: null },
    { name: 'applied_steps_count', type: 'integer', nullable: 'NO', length: null },
  ])
  for (const row of await applied(database)) {
    const file = await readFile(`${FOLDER}${row.migration_name}/migration.sql`)
    const checksum = createHash('sha256').update(file).digest('hex')
    expect(row).toMatchObject({ checksum, applied_steps_count: 1, rolled_back_at: null, logs: null })
    expect(row).toHaveProperty('finished_at', expect.any(Date))
  }
})

test('a migration that Prisma itself rolled back is applied again', async () => {
  const database = await freshDatabase(server)
  const again = await migration('99980101000000_again', 'SELECT 1')
  await withPool(database, async (pool) => {
    await migrate(pool, [...written, again])
    await pool.query(
      'UPDATE "_prisma_migrations" SET rolled_back_at = finished_at, finished_at = NULL WHERE migration_name = $1',
      [again.name],
    )
    expect(await migrate(pool, [...written, again])).toEqual([again.name])
  })
})

test('the program knows its newest migration', async () => {
  const folders = (await readdir(FOLDER, { withFileTypes: true })).filter((item) => item.isDirectory())
  const newest = folders
    .map(({ name }) => name)
    .toSorted()
    .at(-1)
  expect(LATEST_MIGRATION, 'Write the newest migration into src/store/schema-version.ts').toBe(newest)
})

test('migrations are dated: one that sorts before a released one would never be the newest', () => {
  const stamps = written.map(({ name }) => name.slice(0, 14))
  expect(new Set(stamps).size).toBe(stamps.length)
  for (const name of written.map((one) => one.name)) expect(name).toMatch(/^20\d{12}_[a-z0-9_]+$/)
})

test('a program that does not migrate by itself says what the database lacks', async () => {
  const empty = await emptyDatabase(server)
  await withPool(empty, async (pool) => {
    expect(await schemaProblem(pool)).toMatch(/is empty.*npm run migrate/)
    await migrate(pool, written.slice(0, -1))
    expect(await schemaProblem(pool)).toContain(LATEST_MIGRATION)
    await migrate(pool, written)
    expect(await schemaProblem(pool)).toBeUndefined()
    await pool.query('UPDATE "_prisma_migrations" SET finished_at = NULL WHERE migration_name = $1', [
      LATEST_MIGRATION,
    ])
    expect(await schemaProblem(pool)).toContain(LATEST_MIGRATION)
  })
})
