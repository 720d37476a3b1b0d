import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { closing, type PostgresServer, type PostgresStore, postgresStore } from '../support/postgres.ts'

const templates = new WeakMap<PostgresServer, Promise<string>>()

/** A new database without tables on a server that was started. */
export async function emptyDatabase(server: PostgresServer): Promise<PostgresServer> {
  return createDatabase(server, 'template0')
}

/** A migrated database of one test's own: a copy of one that is migrated once per server. */
export async function freshDatabase(server: PostgresServer): Promise<PostgresServer> {
  const template = templates.get(server) ?? migratedTemplate(server)
  templates.set(server, template)
  return createDatabase(server, await template)
}

/** Two processes of the service on one fresh database: each has its pool, its store and its clocks. */
export async function twoProcesses(
  server: PostgresServer,
): Promise<{ one: PostgresStore; two: PostgresStore; organisation_id: string; close(): Promise<void> }> {
  const database = await freshDatabase(server)
  const one = await postgresStore(database)
  const two = await postgresStore(database)
  const close = async () => void (await Promise.all([one.close(), two.close()]))
  return { one, two, organisation_id: one.organisation_id, close }
}

/** Runs statements on a connection of their own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function migratedTemplate(server: PostgresServer): Promise<string> {
  const database = await emptyDatabase(server)
  const pool = new pg.Pool({ connectionString: database.url, max: 1 })
  const close = closing(pool)
  await migrate(pool, await readMigrations())
  await close()
  return nameOf(database)
}

async function createDatabase(server: PostgresServer, template: string): Promise<PostgresServer> {
  const name = `syndic_${randomUUID().replaceAll('-', '')}`
  await withClient(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return { ...server, url: url.href }
}

function nameOf({ url }: PostgresServer): string {
  return new URL(url).pathname.slice(1)
}
