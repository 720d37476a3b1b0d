// The embedded database: PGlite in this process, behind the same pg.Pool that a server would have. It has one
// connection, no fsync and no lock of its own: the data directory is locked by `lock.ts`.
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'

/** Opens PGlite at a directory (undefined: in memory) and wraps it in a pool of one connection. */
export async function openEmbedded(
  directory: string | undefined,
): Promise<{ pool: pg.Pool; close(): Promise<void> }> {
  const database = await PGlite.create(directory === undefined ? {} : { dataDir: directory })
  const pool = embeddedPool(database)
  return {
    pool,
    async close() {
      await pool.end()
      await database.close()
    },
  }
}

/** A pool over an instance that is already open, such as a clone made for a test. */
export function embeddedPool(database: PGlite): pg.Pool {
  const settings = createPgConfig(database)
  const connection = settings.connection as unknown as { parse(query: { types?: unknown }): void }
  const parse = connection.parse.bind(connection)
  // The Prisma adapter passes types that are not a list; pg's parse message walks them as one.
  connection.parse = (query) =>
    parse({ ...query, types: Array.isArray(query.types) ? query.types : undefined })
  return new pg.Pool({ ...settings, max: 1, idleTimeoutMillis: 0 } as pg.PoolConfig)
}
