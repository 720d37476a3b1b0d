// The service on Node: HTTP, the ticker, the embedded database, and the sandbox when nothing else is configured.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { checkKey, isFresh, makeSignInLink } from './access/index.ts'
import { makeApp } from './app.ts'
import type { Config } from './config.ts'
import type { Context, Log } from './context.ts'
import { openDatabase } from './database.ts'
import { serveDocumentation } from './documentation.ts'
import { readKeys } from './local-keys.ts'
import { httpMail, type Mail } from './mail/index.ts'
import { smtpMail } from './mail/smtp.ts'
import { makeHome } from './organisations/index.ts'
import { type RunningSandbox, startSandbox } from './sandbox-process.ts'
import { hold, makeServices, type Services } from './services.ts'
import { directoryBlobs } from './store/blobs-directory.ts'
import { PrismaClient } from './store/generated/node/client.ts'
import { makeStore } from './store/index.ts'
import { lockDirectory } from './store/lock.ts'
import { migrate, readMigrations } from './store/migrate.ts'
import { makeTicker, type Ticker } from './ticker.ts'
import { VERSION } from './version.ts'
import { dropLeases } from './work/index.ts'

export type RunningServer = {
  url: string
  /** The link that makes the first person; undefined when there is one. */
  sign_in_url: string | undefined
  key: string
  services: Services
  /** The sandbox's control address; undefined in live mode. */
  control: string | undefined
  /** Brings business time up to date and does due work until none is left. */
  settle(): Promise<number>
  /** Begins to settle by itself, for a server that was started without. */
  startTicking(): void
  stop(): Promise<void>
}

export type ServerOptions = {
  log: Log
  /** false: nothing is done by itself; the caller settles. */
  ticking: boolean
  /** Where a fresh sandbox's clock starts, standing still; undefined: at wall time, running. */
  sandbox_start?: string
}

/** Starts the service on loopback. Every part that was started is stopped again if a later one fails. */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return { ...(await start(config, options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  config: Config,
  options: ServerOptions,
  stops: (() => Promise<void>)[],
): Promise<Omit<RunningServer, 'stop'>> {
  await mkdir(config.data, { recursive: true })
  stops.push(await lockDirectory(config.data))
  const keys = await readKeys(config)
  const sandbox = config.mode === 'sandbox' ? await openSandbox(config, options) : undefined
  if (sandbox) stops.push(sandbox.stop)
  const { runtime, operations, refresh } = await hold({
    config,
    blobs: directoryBlobs(join(config.data, 'blobs')),
    log: options.log,
    secret_key: keys.secret_key,
    addresses: sandbox?.addresses,
    fetch,
    mail: openMail(config),
  })
  const { clocks, random } = runtime
  const database = await openDatabase(config, options.log)
  const store = makeStore({
    pool: database.pool,
    client: (adapter) => new PrismaClient({ adapter }),
    clocks,
    random,
    close: database.close,
  })
  stops.push(store.close)
  await migrate(database.pool, await readMigrations())
  if (config.database_url === undefined) await dropLeases(store)
  let ticker: Ticker | undefined
  const context: Context = { ...runtime, store, wake: () => ticker?.wake() }
  await refresh()
  await makeHome(store)
  await checkKey(context)
  const services = makeServices(context, operations)
  const app = makeApp(services, {
    development_key: keys.development_key,
    version: VERSION,
    refresh,
    address: (door) => getConnInfo(door).remote.address,
  })
  serveDocumentation(app)
  const { url, close } = await listen(app.fetch, config.port)
  const control = sandbox?.addresses.control
  context.config = { ...config, public_url: config.public_url ?? (control === undefined ? undefined : url) }
  stops.push(close)
  const settle = makeSettle(services, refresh)
  const startTicking = () => {
    ticker = makeTicker(settle, config.tick_ms, options.log)
    stops.push(ticker.stop)
  }
  if (options.ticking) startTicking()
  const sign_in_url = await firstLink(context, url)
  return { url, sign_in_url, key: keys.development_key, services, control, settle, startTicking }
}

/** The link for whoever comes first, a new one at each start until somebody came. */
async function firstLink({ store, random, config }: Context, url: string): Promise<string | undefined> {
  return store.inInstallation(async (scope) => {
    if (!(await isFresh(scope))) return undefined
    return `${config.public_url ?? url}${await makeSignInLink({ random }, scope, null)}`
  })
}

/** How letters leave; undefined where nothing is set up. */
function openMail({ mail }: Config): Mail | undefined {
  if (mail === undefined) return undefined
  return mail.kind === 'smtp' ? smtpMail(mail) : httpMail(mail, fetch)
}

async function openSandbox(config: Config, options: ServerOptions): Promise<RunningSandbox> {
  if (config.sandbox !== undefined) return { addresses: config.sandbox, stop: async () => {} }
  return startSandbox({ data: join(config.data, 'sandbox'), start: options.sandbox_start })
}

export class PortInUse extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use. Stop what uses it, or set PORT to another one.`)
    this.name = 'PortInUse'
  }
}

/** Loopback only: what makes it safe to be reached stands before it. Port 0 asks for any free one. */
function listen(
  handle: Parameters<typeof serve>[0]['fetch'],
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: handle, port, hostname: '127.0.0.1' }, (info) => {
      resolve({
        url: `http://127.0.0.1:${info.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      })
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE'
      reject(busy ? new PortInUse(port) : error)
    })
  })
}

function makeSettle(services: Services, refresh: () => Promise<void>): () => Promise<number> {
  return async () => {
    await refresh()
    let pieces = 0
    for (;;) {
      const done = await services.tick()
      pieces += done.pieces
      if (!done.more) return pieces
    }
  }
}
