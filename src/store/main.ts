// npm run migrate: brings the database of DATABASE_URL, or the embedded one, up to date.
import { join } from 'node:path'
import pg from 'pg'
import { readConfig } from '../config.ts'
import { lockDirectory } from './lock.ts'
import { migrate, readMigrations } from './migrate.ts'
import { openEmbedded } from './pglite.ts'

try {
  const config = readConfig(process.env)
  const migrations = await readMigrations()
  let applied: string[]
  if (config.database_url === undefined) {
    const unlock = await lockDirectory(config.data)
    const database = await openEmbedded(join(config.data, 'database'))
    applied = await migrate(database.pool, migrations)
    await database.close()
    await unlock()
  } else {
    const pool = new pg.Pool({ connectionString: config.database_url, max: 1 })
    applied = await migrate(pool, migrations)
    await pool.end()
  }
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
