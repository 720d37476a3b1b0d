// Cloudflare's entry: the same app and the same tick. An isolate holds configuration, connectors and token caches; a
// request holds its own database client, closed when it ends.
import pg from 'pg'
import { makeSealer } from './access/index.ts'
import { makeApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import type { Context, Log } from './context.ts'
import { systemRandom } from './core/random.ts'
import { wallClock } from './core/time.ts'
import { sandboxClock } from './sandbox-clock.ts'
import { makeConnectors, makeServices, type Services } from './services.ts'
import { PrismaClient } from './store/generated/workers/client.ts'
import { bucketBlobs, type DatabaseClient, makeStore } from './store/index.ts'
import { schemaProblem } from './store/schema-version.ts'
import { VERSION } from './version.ts'

// The two generated clients are one schema and differ in the engine they load; TypeScript compares them by name.
type Bucket = Parameters<typeof bucketBlobs>[0]

/** What wrangler.toml binds. Settings and secrets carry the same names as on Node. */
type Environment = { HYPERDRIVE: { connectionString: string }; BLOBS: Bucket } & Record<string, unknown>

type Isolate = {
  config: Config
  clocks: Context['clocks']
  connectors: Context['connectors']
  seal: Context['seal']
  development_key: string
  refresh(): Promise<void>
}

let isolate: Promise<Isolate> | undefined

const log: Log = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

async function openIsolate(environment: Environment): Promise<Isolate> {
  const texts = Object.entries(environment).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const config = readConfig(Object.fromEntries(texts))
  if (config.secret_key === undefined || config.development_key === undefined) {
    throw new Error(
      'A Worker needs SYNDIC_SECRET_KEY and SYNDIC_KEY as secrets: it has no directory to keep its own in.',
    )
  }
  const call: typeof fetch = (input, init) => fetch(input, init)
  const clock = config.sandbox?.control === undefined ? undefined : sandboxClock(config.sandbox.control, call)
  const clocks = { business: clock ?? wallClock, wall: wallClock }
  return {
    config,
    clocks,
    connectors: makeConnectors({ clocks, random: systemRandom, addresses: config.sandbox, fetch: call }),
    seal: await makeSealer(config.secret_key, systemRandom),
    development_key: config.development_key,
    refresh: async () => clock?.refresh(),
  }
}

/** Runs work with services of its own and closes their database client afterwards, whatever happens. */
async function withServices<T>(
  environment: Environment,
  work: (services: Services, pool: pg.Pool, parts: Isolate) => Promise<T>,
): Promise<T> {
  isolate ??= openIsolate(environment)
  const parts = await isolate
  const pool = new pg.Pool({ connectionString: environment.HYPERDRIVE.connectionString, max: 1 })
  const store = makeStore({
    pool,
    client: (adapter) => new PrismaClient({ adapter }) as unknown as DatabaseClient,
    clocks: parts.clocks,
    random: systemRandom,
  })
  const { config, clocks, connectors, seal } = parts
  const context: Context = {
    config,
    store,
    blobs: bucketBlobs(environment.BLOBS),
    clocks,
    random: systemRandom,
    connectors,
    seal,
    log,
  }
  try {
    return await work(makeServices(context), pool, parts)
  } finally {
    await store.close()
  }
}

async function tickOnce(environment: Environment): Promise<void> {
  await withServices(environment, async (services, pool, { refresh }) => {
    const problem = await schemaProblem(pool)
    if (problem !== undefined) return log('tick.refused', { problem })
    await refresh()
    await services.tick()
  })
}

export default {
  fetch: (request: Request, environment: Environment): Promise<Response> =>
    withServices(environment, async (services, pool, { development_key, refresh }) => {
      const app = makeApp(services, {
        development_key,
        version: VERSION,
        refresh,
        notReady: () => schemaProblem(pool),
      })
      return app.fetch(request)
    }),
  scheduled: (_event: unknown, environment: Environment): Promise<void> => tickOnce(environment),
  /** A queue message only wakes the same tick up earlier than the cron would. */
  queue: (_batch: unknown, environment: Environment): Promise<void> => tickOnce(environment),
}
