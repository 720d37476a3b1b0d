// Two complete services on one database of a real server, as two processes have them: each with its own pool, store,
// wall clock and lease owner. Business time, the cloud, the mailbox and the kept files are common to both.
import pg from 'pg'
import { makeApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { systemRandom } from '../../src/core/random.ts'
import type { Control } from '../../src/sandbox/model.ts'
import { makeServices, type Services } from '../../src/services.ts'
import { PrismaClient } from '../../src/store/generated/node/client.ts'
import { type Blobs, makeStore, memoryBlobs, type Scope } from '../../src/store/index.ts'
import { type ManualClock, manualClock } from '../support/context.ts'
import { freshDatabase } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'
import { type RaceCloud, raceCloud } from './cloud.ts'
import { type Course, makeCourse } from './course.ts'
import { type Mailbox, makeMailbox } from './mailbox.ts'

export const START = '2026-01-05T09:00:00.000Z'
export const KEY = 'sk_test_0123456789abcdefghijklmnop'
/** No test of these waits for wall time: a tick ends when nothing is due, or after so many pieces. */
const UNTIL_IDLE = { milliseconds: 3_600_000, pieces: 400 }

export type RaceProcess = {
  name: 'one' | 'two'
  context: Context
  services: Services
  wall: ManualClock
  /** Where it stands among its steps, and how to hold it there. */
  course: Course
  logged: { event: string; reason?: unknown; kind?: unknown }[]
  /** Does due work until there is none, or so many pieces. */
  tick(pieces?: number): Promise<{ pieces: number; more: boolean }>
  /** One request to its door, for an organisation. */
  ask(organisation_id: string, path: string, init?: RequestInit): Promise<Response>
}

export type World = {
  one: RaceProcess
  two: RaceProcess
  clock: ManualClock
  cloud: RaceCloud
  mailbox: Mailbox
  blobs: Blobs
  /** The pool of the test itself, which no process uses. */
  watch: pg.Pool
  /** How many statements of a process wait for a lock of another one. */
  waiting(name: RaceProcess['name']): Promise<number>
  /** Nothing is due any more, the clocks stand at the start, and nothing was logged. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function startWorld(server: PostgresServer): Promise<World> {
  const database = await freshDatabase(server)
  const clock = manualClock(START)
  const cloud = raceCloud(clock)
  const mailbox = makeMailbox()
  const blobs = memoryBlobs()
  const shared = { url: database.url, clock, cloud, mailbox, blobs }
  const [one, two] = [await startProcess('one', shared), await startProcess('two', shared)]
  const watch = openPool(database.url, 'watch', 1)
  return {
    one,
    two,
    clock,
    cloud,
    mailbox,
    blobs,
    watch: watch.pool,
    async waiting(name) {
      const { rows } = await watch.pool.query<{ many: number }>(
        `SELECT count(*)::int AS many FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
        [name],
      )
      return rows[0]?.many ?? 0
    },
    async clear() {
      await watch.pool.query('DELETE FROM work')
      clock.set(START)
      for (const { wall, logged, course } of [one, two]) {
        wall.set(START)
        logged.length = 0
        course.free()
      }
    },
    async close() {
      for (const { context } of [one, two]) await context.store.close()
      await watch.close()
    },
  }
}

/** As much of the sandbox as moving its clock needs; it never moves backwards. */
function movedBy(clock: ManualClock): Control {
  const control: Pick<Control, 'now' | 'moveTo'> = {
    now: async () => clock.now(),
    moveTo: async (to) => {
      if (clock.now() < to) clock.set(to)
    },
  }
  // Nothing else of it is used by work.
  return control as Control
}

/** Work of a tenant through process one. */
export const inTenant = <T>(
  { one }: World,
  { organisation_id }: { organisation_id: string },
  work: (scope: Scope) => Promise<T>,
): Promise<T> => one.context.store.inTenant(organisation_id, work)

type Shared = Pick<World, 'clock' | 'cloud' | 'mailbox' | 'blobs'> & { url: string }

async function startProcess(name: RaceProcess['name'], shared: Shared): Promise<RaceProcess> {
  const wall = manualClock(START)
  const course = makeCourse()
  const { pool, close } = openPool(shared.url, name, 6)
  pool.on('connect', (client) => holdable(client, course))
  const clocks = { business: shared.clock, wall }
  const store = makeStore({
    pool,
    client: (adapter) => new PrismaClient({ adapter }),
    clocks,
    random: systemRandom,
    close,
  })
  const logged: RaceProcess['logged'] = []
  const context: Context = {
    config: { ...readConfig({}), public_url: 'https://syndic.example' },
    store,
    blobs: shared.blobs,
    clocks,
    random: systemRandom,
    mail: shared.mailbox.mailFor(name, course),
    sandbox: { control: movedBy(shared.clock), refresh: async () => {} },
    connectors: shared.cloud.connectorsFor(name, course),
    seal: { seal: async (plain) => plain, open: async (text) => text },
    log: (event, fields) => void logged.push({ event, ...fields }),
    // These tests say themselves when work is done.
    wake: () => {},
  }
  const services = makeServices(context)
  const app = makeApp(services, { development_key: KEY, version: 'test', refresh: async () => {} })
  return {
    name,
    context,
    services,
    wall,
    course,
    logged,
    tick: (pieces = UNTIL_IDLE.pieces) => services.tick({ ...UNTIL_IDLE, pieces }),
    ask: async (organisation_id, path, init = {}) => {
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${KEY}`)
      headers.set('syndic-organisation', organisation_id)
      return app.fetch(new Request(`http://${name}.example${path}`, { ...init, headers }))
    },
  }
}

/** Every statement of the process is a step of its course. */
function holdable(client: pg.PoolClient, course: Course): void {
  const run = client.query.bind(client) as (...given: unknown[]) => unknown
  const held = async (...given: unknown[]) => {
    const sql = textOf(given[0])
    await course.step(sql)
    try {
      return await run(...given)
    } finally {
      course.did(sql)
    }
  }
  // The overloads of query are many; everybody here uses the one that answers a promise.
  client.query = held as unknown as typeof client.query
}

function textOf(query: unknown): string {
  const text = typeof query === 'string' ? query : (query as { text: string }).text
  return text.replace(/\s+/g, ' ').trim()
}

function openPool(connectionString: string, application_name: string, max: number) {
  const pool = new pg.Pool({ connectionString, max, application_name })
  // The pool calls itself ended before its connections are; a server stopped in between would break them.
  const ended: Promise<unknown>[] = []
  pool.on('connect', (client) =>
    ended.push(new Promise((resolve) => client.once('end', () => resolve(null)))),
  )
  return {
    pool,
    close: async () => {
      await pool.end()
      await Promise.all(ended)
    },
  }
}
