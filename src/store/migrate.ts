// Applies prisma/migrations in order, in Prisma's own table and with its checksums, so that `prisma migrate deploy`
// can take over at any time. Each migration is one transaction; an advisory lock keeps two starts apart.
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { sha256 } from '../core/canonical.ts'

const DIRECTORY = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url))
/** Prisma's own advisory lock number, so that our runner and its command exclude each other. */
const LOCK = 72707369

const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`

export type Migration = { name: string; sql: string; checksum: string }

export async function readMigrations(directory = DIRECTORY): Promise<Migration[]> {
  const found = await readdir(directory, { withFileTypes: true })
  const names = found
    .filter((item) => item.isDirectory())
    .map((item) => item.name)
    .sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${directory}/${name}/migration.sql`, 'utf8')
      return { name, sql, checksum: await sha256(sql) }
    }),
  )
}

/** Brings a database up to date; answers the names it applied. Throws if an applied migration's text has changed. */
export async function migrate(pool: pg.Pool, migrations: readonly Migration[]): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query(`SELECT pg_advisory_lock(${LOCK})`)
    try {
      await client.query(TABLE)
      return await applyMissing(client, migrations)
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${LOCK})`)
    }
  } finally {
    client.release()
  }
}

async function applyMissing(client: pg.PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]))
  const unknown = [...applied.keys()].filter(
    (name) => !migrations.some((migration) => migration.name === name),
  )
  if (unknown.length > 0) {
    throw new Error(
      `The database is newer than this program: it has ${unknown.join(', ')}. Start the newer version.`,
    )
  }
  const done: string[] = []
  for (const migration of migrations) {
    const checksum = applied.get(migration.name)
    if (checksum === undefined) {
      await applyOne(client, migration)
      done.push(migration.name)
    } else if (checksum !== migration.checksum) {
      throw new Error(
        `Migration ${migration.name} was changed after it was applied. Restore its text and add a new one.`,
      )
    }
  }
  return done
}

async function applyOne(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
       VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(
      `Migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
