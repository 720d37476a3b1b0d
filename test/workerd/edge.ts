// The built Worker in the real runtime, workerd: a PostgreSQL server through Hyperdrive, a local bucket, and the sandbox
// as a process of its own. Everything is on this machine; what asks for another one is refused.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestHarness } from 'wrangler'
import { z } from 'zod'
import { type Client, makeClient } from '../../src/client/index.ts'
import type { CloudAddresses } from '../../src/config.ts'
import { STARTS_AT } from '../../src/demo/scenario.ts'
import { startSandbox } from '../../src/sandbox-process.ts'
import { emptyDatabase, sharedPostgres } from '../support/databases.ts'
import { buildWorker, CONFIG, quiet } from './build.ts'

export const KEY = 'sk_test_0123456789abcdefghijklmnop'
/** More rounds than any instant of the sandbox's time can need. */
const ROUNDS_MAX = 200

export type Edge = {
  url: string
  key: string
  /** The sandbox's control address. */
  control: string
  /** The test's own connection to the database, named so that it is not taken for one of the Worker's. */
  database: pg.Pool
  database_url: string
  client(organisation?: string): Client
  /** One request, past the typed client. */
  send(path: string, init?: RequestInit): Promise<{ status: number; type: string; body: unknown }>
  /** What the cron does every minute. */
  cron(): Promise<void>
  /** Lets the cron come until nothing is due. */
  settle(): Promise<void>
  /** How many database clients of the Worker are open. */
  databaseClients(): Promise<number>
  /** Every address that was asked for, by the Worker or by the test. */
  asked: string[]
  /** The Worker's log. */
  logged(): { event: string; [field: string]: unknown }[]
  /** Starts the same bundle again with other secrets. */
  restart(secrets: Record<string, string>): Promise<void>
  stop(): Promise<void>
}

export const SECRETS = { SYNDIC_SECRET_KEY: '1f'.repeat(32), SYNDIC_KEY: KEY }

/** Builds and starts. Every part that was started is stopped again if a later one fails. */
export async function startEdge({ migrated }: { migrated: boolean }): Promise<Edge> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return { ...(await start(migrated, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(migrated: boolean, stops: (() => Promise<unknown>)[]): Promise<Omit<Edge, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'syndic-edge-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  Object.assign(process.env, quiet(folder))
  const building = buildWorker(folder)
  const shared = await sharedPostgres()
  stops.push(shared.stop)
  const server = migrated ? shared : await emptyDatabase(shared)
  const database = new pg.Pool({ connectionString: server.url, max: 1, application_name: EYES })
  // The pool calls itself ended before its connection is; the server stops in between.
  database.on('error', () => {})
  stops.push(() => database.end())
  const sandbox = await startSandbox({ data: join(folder, 'sandbox'), start: STARTS_AT })
  stops.push(sandbox.stop)
  const { control } = sandbox.addresses
  if (control === undefined) throw new Error('The sandbox has no control address')
  const asked: string[] = []
  stops.push(watchNetwork(asked))
  // Read by wrangler in place of the address in its configuration.
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE = server.url
  const { directory } = await building
  const { createTestHarness } = await import('wrangler')
  const options = (secrets: Record<string, string>, url?: string) => ({
    root: folder,
    workers: [
      { configPath: CONFIG, prebuiltWorkerDir: directory, vars: varsFor(sandbox.addresses, url), secrets },
    ],
  })
  const harness = createTestHarness(options(SECRETS))
  stops.push(() => harness.close())
  const url = (await harness.listen()).url.origin
  // Only now is it known where the clouds and the buyers reach it.
  await harness.update(options(SECRETS, url))
  const cron = async () => {
    const { outcome } = await harness.getWorker().scheduled({ cron: '* * * * *' })
    if (outcome !== 'ok')
      throw new Error(`The cron ended with "${outcome}": ${JSON.stringify(linesOf(harness))}`)
  }
  return {
    url,
    key: KEY,
    control,
    database,
    database_url: server.url,
    client: (organisation) =>
      makeClient({ url, key: KEY, ...(organisation === undefined ? {} : { organisation }) }),
    send: async (path, init) => readAnswer(await fetch(`${url}${path}`, init)),
    cron,
    settle: () => settle(cron, database, control),
    databaseClients: () => countClients(database),
    asked,
    logged: () => linesOf(harness),
    restart: (secrets) => harness.update(options(secrets, url)),
  }
}

async function readAnswer(answer: Response) {
  const text = await answer.text()
  const type = answer.headers.get('content-type') ?? ''
  const body: unknown = type.includes('json') ? JSON.parse(text) : text
  return { status: answer.status, type, body }
}

function varsFor(addresses: CloudAddresses, url: string | undefined): Record<string, string> {
  return {
    SYNDIC_MODE: 'sandbox',
    SYNDIC_SANDBOX: JSON.stringify(addresses),
    ...(url === undefined ? {} : { SYNDIC_PUBLIC_URL: url }),
  }
}

/** Notes every address and turns away those of other machines: the Worker's requests leave through this process. */
function watchNetwork(asked: string[]): () => Promise<void> {
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input))
    asked.push(url.href)
    if (url.hostname !== '127.0.0.1') throw new TypeError(`${url.hostname} is not on this machine`)
    return real(input, init)
  }
  return async () => {
    globalThis.fetch = real
  }
}

const line = z.looseObject({ event: z.string() })

function linesOf(harness: TestHarness): z.infer<typeof line>[] {
  return harness.getLogs().map(({ message }) => {
    try {
      return line.parse(JSON.parse(message))
    } catch {
      return { event: 'unreadable', message }
    }
  })
}

/** What the test's own connections are called. */
export const EYES = 'eyes'

async function countClients(database: pg.Pool): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> $1`,
    [EYES],
  )
  return Number(rows[0]?.count)
}

/** The cron's tick does all that is due; what was begun by a message's own tick may still be under way. */
async function settle(cron: () => Promise<void>, database: pg.Pool, control: string): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await cron()
    const { now } = z.object({ now: z.string() }).parse(await (await fetch(`${control}/clock`)).json())
    const { rows } = await database.query('SELECT kind, key, last_error FROM work WHERE due_at <= $1', [now])
    if (rows.length === 0) return
    if (round === ROUNDS_MAX - 1) throw new Error(`Work stays due: ${JSON.stringify(rows)}`)
  }
}
