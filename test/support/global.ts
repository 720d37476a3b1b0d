// Once before all tests: a migrated embedded database, kept as a file that every test starts from. Making one takes two
// seconds, loading it less than half of one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { embeddedPool } from '../../src/store/pglite.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file with the migrated database. */
    migrated_database: string
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
  return () => rm(folder, { recursive: true, force: true })
}
