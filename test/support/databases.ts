import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { closing } from './closing.ts'
import type { PostgresServer } from './server.ts'

const templates = new WeakMap<PostgresServer, Promise<string>>()

/** A migrated database of one's own on the server that all tests share. What belongs to a whole server, such as a role, is not
 * changed there: for that, start one. */
export async function sharedPostgres(): Promise<PostgresServer> {
  const shared = { url: inject('postgres'), template: inject('migrated_template') }
  const own = await createDatabase(shared, shared.template)
  const stop = () =>
    withClient(shared.url, (client) => client.query(`DROP DATABASE ${nameOf(own)} WITH (FORCE)`))
  return { ...own, stop: async () => void (await stop()) }
}

/** A new database without tables on a server that was started. */
export async function emptyDatabase<S extends Pick<PostgresServer, 'url'>>(server: S): Promise<S> {
  return createDatabase(server, 'template0')
}

/** A migrated database of one test's own: a copy of one that is migrated once per server. */
export async function freshDatabase(server: PostgresServer): Promise<PostgresServer> {
  const known = server.template === undefined ? templates.get(server) : Promise.resolve(server.template)
  const template = known ?? migratedTemplate(server)
  templates.set(server, template)
  return createDatabase(server, await template)
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

/** Makes a database to be copied. */
export async function migratedTemplate(server: Pick<PostgresServer, 'url'>): Promise<string> {
  const database = await emptyDatabase(server)
  const pool = new pg.Pool({ connectionString: database.url, max: 1 })
  const close = closing(pool)
  await migrate(pool, await readMigrations())
  await close()
  return nameOf(database)
}

async function createDatabase<S extends Pick<PostgresServer, 'url'>>(
  server: S,
  template: string,
): Promise<S> {
  const name = `syndic_${randomUUID().replaceAll('-', '')}`
  await withClient(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return { ...server, url: url.href }
}

function nameOf({ url }: Pick<PostgresServer, 'url'>): string {
  return new URL(url).pathname.slice(1)
}
