// Cloudflare's entry: the same app and the same tick as on Node. What an isolate holds is made once; each request and
// each tick has a connection to the database of its own, closed when it ended.
import pg from 'pg'
import { checkKey, SealBroken } from './access/index.ts'
import { makeApp } from './app.ts'
import { readConfig } from './config.ts'
import type { Context, Log } from './context.ts'
import { problemBody, problemCodes, Refusal } from './core/problem.ts'
import { type Limiter, makeLimiter } from './door/index.ts'
import { httpMail } from './mail/index.ts'
import { type Held, hold, makeServices, type Services } from './services.ts'
import { type Engines, keepEngines } from './store/engines.ts'
import { PrismaClient } from './store/generated/workers/client.ts'
import { bucketBlobs, type DatabaseClient, storeOn } from './store/index.ts'
import { schemaProblem } from './store/schema-version.ts'
import { VERSION } from './version.ts'
import type { Budget } from './work/index.ts'

type Bucket = Parameters<typeof bucketBlobs>[0]

/** What wrangler.toml binds. Settings and secrets carry the same names as on Node. */
type Environment = { HYPERDRIVE: { connectionString: string }; BLOBS: Bucket } & Record<string, unknown>

/** Work that goes on after the answer; Cloudflare gives it 30 seconds. */
type Execution = { waitUntil(work: Promise<unknown>): void }

type Isolate = Held & {
  development_key: string
  engines: Engines
  /** Each isolate counts for itself. */
  limiter: Limiter
  /** The database was found to be in order: a schema that is new enough stays so, and a key that fits goes on fitting. */
  ready: boolean
}

/** Cloudflare starts the next cron after a minute; two at once share the work. */
const CRON_BUDGET: Budget = { milliseconds: 50_000, pieces: 10_000 }
/** With one last call to a cloud, which may take 20 seconds, it is done before Cloudflare ends it. */
const WAKE_BUDGET: Budget = { milliseconds: 10_000, pieces: 1000 }

const log: Log = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

let isolate: Isolate | undefined

/** What this isolate holds. Requests never wait for one promise: one whose request was cancelled never settles. */
async function isolateOf(environment: Environment): Promise<Isolate> {
  if (isolate !== undefined) return isolate
  const made = await openIsolate(environment)
  isolate ??= made
  return isolate
}

async function openIsolate(environment: Environment): Promise<Isolate> {
  const texts = Object.entries(environment).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const config = readConfig(Object.fromEntries(texts))
  const { secret_key, development_key } = config
  if (secret_key === undefined || development_key === undefined) {
    throw new Error(
      'A Worker needs SYNDIC_SECRET_KEY and SYNDIC_KEY as secrets: it has no directory to keep its own in.',
    )
  }
  if (config.mail?.kind === 'smtp') {
    throw new Error('A Worker sends no SMTP: set SYNDIC_MAIL_API_URL and SYNDIC_MAIL_API_KEY in its place.')
  }
  const blobs = bucketBlobs(environment.BLOBS)
  // The runtime's fetch refuses to be called as a method of anything else.
  const send: typeof fetch = (input, init) => fetch(input, init)
  const mail = config.mail && httpMail(config.mail, send)
  const held = await hold({ config, blobs, log, mail, secret_key, addresses: config.sandbox, fetch: send })
  // The two generated clients are one schema and differ in the engine they load; TypeScript compares them by name.
  const engines = keepEngines((adapter) => new PrismaClient({ adapter }) as unknown as DatabaseClient)
  return { ...held, development_key, engines, limiter: makeLimiter(config.quotas), ready: false }
}

type Opened = {
  services: Services
  /** Why nothing can be served yet; undefined when all is well. */
  notReady(): Promise<Refusal | undefined>
  close(): Promise<void>
}

/** What one request or tick holds. Whoever opens it closes it, whatever happens. */
async function open(isolate: Isolate, environment: Environment, wake: () => void): Promise<Opened> {
  const { runtime, operations, engines } = isolate
  const pool = new pg.Pool({ connectionString: environment.HYPERDRIVE.connectionString, max: 1 })
  // A connection that breaks while nobody uses it is replaced; unheard, its error would end the request.
  pool.on('error', (error) => log('database.connection_lost', { reason: error.message }))
  const { client, giveBack } = await engines.lend(pool)
  const close = async () => {
    // Whoever holds a connection still would go on with the next request's: such a client is not lent again.
    if (pool.idleCount === pool.totalCount) giveBack()
    await pool.end().catch((error) => log('database.not_closed', { reason: reasonOf(error) }))
  }
  const store = storeOn(client, { clocks: runtime.clocks, random: runtime.random, close })
  const context: Context = { ...runtime, store, wake }
  return {
    services: makeServices(context, operations),
    async notReady() {
      if (isolate.ready) return undefined
      const found = await lookForProblem(pool, context)
      isolate.ready = found === undefined
      return found
    },
    close,
  }
}

async function lookForProblem(pool: pg.Pool, context: Context): Promise<Refusal | undefined> {
  const problem = await schemaProblem(pool)
  if (problem !== undefined) return new Refusal('schema-behind', problem)
  try {
    await checkKey(context)
  } catch (error) {
    if (error instanceof SealBroken) return new Refusal('misconfigured', error.message)
    throw error
  }
}

async function serve(request: Request, environment: Environment, execution: Execution): Promise<Response> {
  let held: Isolate
  try {
    held = await isolateOf(environment)
  } catch (error) {
    log('worker.misconfigured', { reason: reasonOf(error) })
    const body = problemBody('misconfigured', "The Worker's settings cannot be used: its log says why.")
    const headers = { 'content-type': 'application/problem+json' }
    return new Response(JSON.stringify(body), { status: problemCodes.misconfigured[0], headers })
  }
  const wake = () => execution.waitUntil(work(environment, WAKE_BUDGET))
  const { services, notReady, close } = await open(held, environment, wake)
  const { development_key, limiter, refresh } = held
  try {
    const address = () => request.headers.get('cf-connecting-ip') ?? undefined
    const options = { development_key, version: VERSION, refresh, notReady, limiter, address }
    const app = makeApp(services, options)
    return closing(await app.fetch(request), close, execution)
  } catch (error) {
    await close()
    throw error
  }
}

/** Closes after the answer was read or given up: a file is read from the database while it is sent. */
function closing(answer: Response, close: () => Promise<void>, execution: Execution): Response {
  if (answer.body === null) {
    execution.waitUntil(close())
    return answer
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const sent = answer.body
    .pipeTo(writable)
    .catch((error) => log('answer.broken', { reason: reasonOf(error) }))
    .finally(close)
  execution.waitUntil(sent)
  return new Response(readable, answer)
}

/** Does due work. Several at once, here and in other isolates, share it. */
async function work(environment: Environment, budget: Budget): Promise<void> {
  // Nobody needs to wake it: it goes on until nothing is due.
  const held = await isolateOf(environment)
  const { services, notReady, close } = await open(held, environment, () => {})
  try {
    const problem = await notReady()
    if (problem !== undefined) return log('tick.refused', { problem: problem.message })
    await held.refresh()
    await services.tick(budget)
  } catch (error) {
    log('tick.failed', { reason: reasonOf(error) })
    throw error
  } finally {
    await close()
  }
}

export default {
  fetch: serve,
  scheduled: (_event: unknown, environment: Environment): Promise<void> => work(environment, CRON_BUDGET),
  /** A queue message only wakes the same tick up earlier than the cron would. */
  queue: (_batch: unknown, environment: Environment): Promise<void> => work(environment, CRON_BUDGET),
}
