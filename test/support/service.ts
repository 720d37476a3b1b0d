// The whole service in one process: the app on an embedded database, the sandbox's cloud on a loopback port, and one
// clock, the sandbox's, which only the test moves.
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { type SandboxServer, startServer } from '../../sandbox/server.ts'
import { makeSealer } from '../../src/access/index.ts'
import { makeApp } from '../../src/app.ts'
import { type Client, makeClient } from '../../src/client/index.ts'
import type { Context } from '../../src/context.ts'
import { openSandbox, type Sandbox } from '../../src/demo/sandbox.ts'
import { STARTS_AT } from '../../src/demo/scenario.ts'
import { makeHome } from '../../src/organisations/index.ts'
import { sandboxClock } from '../../src/sandbox-clock.ts'
import { makeConnectors, makeServices, type Services } from '../../src/services.ts'
import { testContext } from './context.ts'

export const KEY = 'sk_test_0123456789abcdefghijklmnop'

export type Answer = { status: number; headers: Headers; text: string; json: unknown }

export type Service = {
  services: Services
  /** Where the outside reaches the service: the clouds' webhooks and the buyer's browser. */
  url: string
  /** The other side: the clock, the buyers, what the cloud took. */
  sandbox: Sandbox
  /** The sandbox's control API for what `sandbox` has no word for. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  logged: string[]
  /** A typed client; undefined: for the organisation that the installation began with. */
  client(organisation?: string): Client
  /** One request as anybody could send it, past the typed client. */
  send(path: string, init?: RequestInit): Promise<Answer>
  /** Does all work that is due now. */
  settle(): Promise<void>
  /** Moves the clock and does what became due. */
  move(milliseconds: number): Promise<void>
  moveTo(instant: string): Promise<void>
  now(): Date
  stop(): Promise<void>
}

/** Stops what was started, the last first. */
type Stops = (() => Promise<void>)[]

export async function startService(start: string = STARTS_AT): Promise<Service> {
  const stops: Stops = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return { ...(await build(start, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function build(start: string, stops: Stops): Promise<Omit<Service, 'stop'>> {
  const cloud = await startServer({ port: 0, start, seed: 'service' })
  stops.push(cloud.stop)
  await liftThrottles(cloud)
  const clock = sandboxClock(cloud.urls.control, fetch)
  await clock.refresh()
  const test = await testContext()
  stops.push(test.close)
  // Wall time stands still with the cloud's: quotas fill and leases end when the test says so.
  const clocks = { business: clock, wall: clock }
  const store: Context['store'] = withClocks(test, clocks)
  const context: Context = {
    ...test,
    store,
    clocks,
    connectors: makeConnectors({ clocks, random: test.random, addresses: cloud.urls, fetch }),
    seal: await makeSealer('1f'.repeat(32), test.random),
  }
  await makeHome(store)
  const services = makeServices(context)
  const app = makeApp(services, { development_key: KEY, version: 'test', refresh: clock.refresh })
  const { url, close } = await listen(app.fetch)
  stops.push(close)
  context.config = { ...context.config, public_url: url }
  const settle = async () => {
    await clock.refresh()
    while ((await services.tick()).more);
  }
  const sandbox = openSandbox(cloud.urls.control)
  return {
    services,
    url,
    sandbox,
    control: (method, path, body) => control(cloud, method, path, body),
    logged: test.logged,
    client: (organisation) =>
      makeClient({
        url,
        key: KEY,
        ...(organisation === undefined ? {} : { organisation }),
        fetch: async (input, init) => app.fetch(new Request(input, init)),
      }),
    send: async (path, init) => read(await app.fetch(new Request(`${url}${path}`, init))),
    settle,
    move: async (milliseconds) => {
      await sandbox.moveTo(new Date((await sandbox.now()).getTime() + milliseconds))
      await settle()
    },
    moveTo: async (instant) => {
      await sandbox.moveTo(new Date(instant))
      await settle()
    },
    now: () => clock.now(),
  }
}
