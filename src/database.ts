// The database on Node: a server, or the embedded one in the data directory.
import { join } from 'node:path'
import pg from 'pg'
import type { Config } from './config.ts'
import type { Log } from './context.ts'
import { openEmbedded } from './store/pglite.ts'

/** Opens what the settings name. Whoever opens the embedded one holds the data directory's lock. */
export async function openDatabase(
  config: Config,
  log: Log,
): Promise<{ pool: pg.Pool; close(): Promise<void> }> {
  const { database_url: connectionString } = config
  if (connectionString === undefined) return openEmbedded(join(config.data, 'database'))
  const pool = new pg.Pool({ connectionString, max: 10 })
  // A connection that breaks while nobody uses it is replaced; unheard, its error would end the process.
  pool.on('error', (error) => log('database.connection_lost', { reason: error.message }))
  return { pool, close: () => pool.end() }
}
