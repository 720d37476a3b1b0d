import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { inject } from 'vitest'
import type { Connectors } from '../../connectors/connector.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { newId } from '../../src/core/id.ts'
import { seededRandom } from '../../src/core/random.ts'
import type { Clock } from '../../src/core/time.ts'
import { PrismaClient } from '../../src/store/generated/node/client.ts'
import { makeStore, memoryBlobs } from '../../src/store/index.ts'
import { closing } from './closing.ts'
import { sharedPostgres } from './databases.ts'

/** A clock that stands still until it is moved. */
export type ManualClock = Clock & { set(to: string | Date): void; move(milliseconds: number): void }

export function manualClock(start: string): ManualClock {
  let present = new Date(start)
  return {
    now: () => new Date(present),
    set: (to) => {
      present = new Date(to)
    },
    move: (milliseconds) => {
      present = new Date(present.getTime() + milliseconds)
    },
  }
}

export type TestContext = Context & {
  clock: ManualClock
  wall: ManualClock
  organisation_id: string
  logged: string[]
  close(): Promise<void>
}

/** Clocks of tests stand still, and with them the windows in which requests are counted. */
const UNLIMITED = {
  SYNDIC_RATE_PER_MINUTE: '0',
  SYNDIC_OPEN_RATE_PER_MINUTE: '0',
  SYNDIC_SIGN_IN_RATE_PER_MINUTE: '0',
}

/** A migrated in-memory database of its own, loaded from the one that was made before all tests. */
export async function embeddedDatabase(): Promise<PGlite> {
  const bytes = await readFile(inject('migrated_database'))
  return PGlite.create({ loadDataDir: new Blob([Uint8Array.from(bytes)]) })
}

/** A whole context on a fresh database with clocks that only the test moves. */
export async function testContext(
  options: { start?: string; seed?: number; connectors?: Connectors } = {},
): Promise<TestContext> {
  const clock = manualClock(options.start ?? '2026-01-05T09:00:00.000Z')
  const wall = manualClock('2026-01-05T09:00:00.000Z')
  const random = seededRandom(options.seed ?? 1)
  const clocks = { business: clock, wall }
  const server = await sharedPostgres()
  const pool = new pg.Pool({ connectionString: server.url, max: 4 })
  const end = closing(pool)
  const store = makeStore({
    pool,
    client: (adapter) => new PrismaClient({ adapter }),
    clocks,
    random,
    close: async () => {
      await end()
      await server.stop()
    },
  })
  const organisation_id = newId('organisation', clock.now(), random)
  await store.inInstallation(({ tx, now }) =>
    tx.organisation.create({
      data: { id: organisation_id, kind: 'vendor', name: 'Vendor', created_at: now() },
    }),
  )
  const { connectors = {} } = options
  return contextOn({ store, random, connectors, clock, wall, organisation_id })
}

type On = Pick<TestContext, 'store' | 'random' | 'connectors' | 'clock' | 'wall' | 'organisation_id'>

/** A whole context on a store that was opened before. */
export function contextOn(on: On): TestContext {
  const logged: string[] = []
  return {
    ...on,
    config: readConfig(UNLIMITED),
    blobs: memoryBlobs(),
    clocks: { business: on.clock, wall: on.wall },
    seal: { seal: async (plain) => plain, open: async (sealed) => sealed },
    mail: undefined,
    sandbox: undefined,
    log: (event, fields) => void logged.push(JSON.stringify({ event, ...fields })),
    wake: () => {},
    logged,
    close: () => on.store.close(),
  }
}
