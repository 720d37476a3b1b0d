// Once before all tests: a migrated database, embedded and on a server. Every test starts from a copy of its own, which
// takes a tenth of what migrating takes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { embeddedPool } from '../../src/store/pglite.ts'
import { migratedTemplate } from './databases.ts'
import { startPostgres } from './server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file with the migrated database. */
    migrated_database: string
    /** A server that all tests share; each has databases of its own there. */
    postgres: string
    /** The database on it that is migrated and otherwise empty. */
    migrated_template: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await PGlite.create()
  await migrate(embeddedPool(database), await readMigrations())
  const dump = await database.dumpDataDir('none')
  await database.close()
  const folder = await mkdtemp(join(tmpdir(), 'syndic-tests-'))
  const file = join(folder, 'database.tar')
  await writeFile(file, new Uint8Array(await dump.arrayBuffer()))
  project.provide('migrated_database', file)
  const server = await startPostgres()
  const template = await migratedTemplate(server)
  project.provide('postgres', server.url)
  project.provide('migrated_template', template)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
