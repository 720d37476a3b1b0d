// A real PostgreSQL server for what one connection cannot show: races, locks, waiting.
import pg from 'pg'
import { newId } from '../../src/core/id.ts'
import { systemRandom } from '../../src/core/random.ts'
import type { Clocks } from '../../src/core/time.ts'
import { PrismaClient } from '../../src/store/generated/node/client.ts'
import { makeStore, type Store } from '../../src/store/index.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { closing } from './closing.ts'
import { contextOn, type ManualClock, manualClock, type TestContext } from './context.ts'
import { freshDatabase } from './databases.ts'
import type { PostgresServer } from './server.ts'

export type PostgresStore = {
  store: Store
  clocks: Clocks
  clock: ManualClock
  wall: ManualClock
  organisation_id: string
  close(): Promise<void>
}

type StoreOptions = { connections?: number; start?: string }

/** A store on a server that was started: migrated, with one vendor organisation, over a pool of several connections. */
export async function postgresStore(
  server: PostgresServer,
  options: StoreOptions = {},
): Promise<PostgresStore> {
  const opened = await openPostgres(server, options)
  const organisation_id = newId('organisation', opened.clock.now(), systemRandom)
  await opened.store.inInstallation(({ tx, now }) =>
    tx.organisation.create({
      data: { id: organisation_id, kind: 'vendor', name: 'Vendor', created_at: now() },
    }),
  )
  return { ...opened, organisation_id }
}

/** The same with nothing put into it, as one more process of the service opens it. */
export async function openPostgres(
  server: PostgresServer,
  options: StoreOptions = {},
): Promise<Omit<PostgresStore, 'organisation_id'>> {
  const pool = new pg.Pool({ connectionString: server.url, max: options.connections ?? 8 })
  const close = closing(pool)
  await migrate(pool, await readMigrations())
  const clock = manualClock(options.start ?? '2026-01-05T09:00:00.000Z')
  const wall = manualClock('2026-01-05T09:00:00.000Z')
  const clocks = { business: clock, wall }
  const store = makeStore({
    pool,
    client: (adapter) => new PrismaClient({ adapter }),
    clocks,
    random: systemRandom,
    close,
  })
  return { store, clocks, clock, wall, close: () => store.close() }
}

/** A whole context on a server that was started. */
export async function postgresContext(
  server: PostgresServer,
  options: { start?: string } = {},
): Promise<TestContext> {
  const on = await postgresStore(server, options)
  return contextOn({ ...on, random: systemRandom, connectors: {} })
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
