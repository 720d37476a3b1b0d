// The whole service in one process: the app on a database of its own, the sandbox's cloud on a loopback port, and one
// clock, the sandbox's, which only the test moves.
import { serve } from '@hono/node-server'
import { startServer } from '../../sandbox/server.ts'
import { makeSealer } from '../../src/access/index.ts'
import { makeApp } from '../../src/app.ts'
import { type Client, makeClient } from '../../src/client/index.ts'
import type { Context } from '../../src/context.ts'
import { STARTS_AT } from '../../src/demo/scenario.ts'
import { makeHome } from '../../src/organisations/index.ts'
import { openControl } from '../../src/sandbox/model.ts'
import { sandboxClock } from '../../src/sandbox-clock.ts'
import { makeConnectors, makeServices, type Services } from '../../src/services.ts'
import { type AwsSandbox, openAwsSandbox } from './aws-sandbox.ts'
import { type TestContext, testContext } from './context.ts'

export const KEY = 'sk_test_0123456789abcdefghijklmnop'
/** What secrets are sealed under. */
export const SECRET_KEY = '1f'.repeat(32)

export type Answer = { status: number; headers: Headers; text: string; json: unknown }

/** A message of a cloud, as it was sent to one of our webhook addresses. */
export type Letter = { path: string; headers: Record<string, string>; body: string }

/** What is on its way from the clouds: every letter is noted; one that is kept back arrives when the test hands it over. */
export type Post = { letters: Letter[]; keepBack: boolean }

/** Addresses that cannot be reached from the service just now. */
export type Network = { down: RegExp | undefined }

export type Service = {
  services: Services
  /** Where the outside reaches the service: the clouds' webhooks and the buyer's browser. */
  url: string
  /** The other side: the clock, the buyers, what the cloud took. */
  sandbox: AwsSandbox
  /** The sandbox's control API for what `sandbox` has no word for. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  post: Post
  network: Network
  /** Brings a letter, to its own address or to another one. */
  hand(letter: Letter, path?: string): Promise<Answer>
  logged: string[]
  /** A typed client; undefined: for the organisation that the installation began with. */
  client(organisation?: string): Client
  /** One request as anybody could send it, past the typed client. */
  send(path: string, init?: RequestInit): Promise<Answer>
  /** Does all work that is due now. */
  settle(): Promise<void>
  /** Moves the clock and does what became due. */
  move(milliseconds: number): Promise<void>
  moveTo(instant: string | Date): Promise<void>
  now(): Date
  stop(): Promise<void>
}

/** Stops what was started, the last first. */
type Stops = (() => Promise<void>)[]

/** Opens what the service stands on: by default a copy of the migrated database. */
type Ground = (start: string) => Promise<TestContext>

export async function startService(
  start: string = STARTS_AT,
  ground: Ground = (at) => testContext({ start: at }),
): Promise<Service> {
  const stops: Stops = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return { ...(await build(start, ground, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function build(start: string, ground: Ground, stops: Stops): Promise<Omit<Service, 'stop'>> {
  const post: Post = { letters: [], keepBack: false }
  const carry = (request: Request) => carryLetter(post, request)
  // One wall for both sides: the clouds date their tokens by it.
  let wall = () => Date.parse(start)
  const cloud = await startServer({ port: 0, start, seed: 'service', fetch: carry, wall: () => wall() })
  stops.push(cloud.stop)
  await liftThrottles(cloud.urls.control)
  const test = await ground(start)
  wall = () => test.wall.now().getTime()
  stops.push(test.close)
  const source = sandboxClock(cloud.urls.control, fetch)
  // Wall time follows the cloud's too: quotas fill and leases end when the test says so, never by waiting.
  const refresh = async () => {
    await source.refresh()
    test.clock.set(source.now())
    test.wall.set(source.now())
  }
  const network: Network = { down: undefined }
  const out = reaching(network)
  const parts = { clocks: test.clocks, random: test.random, addresses: cloud.urls, fetch: out }
  const connectors = makeConnectors(parts)
  const context: Context = {
    ...test,
    connectors,
    seal: await makeSealer(SECRET_KEY, test.random),
    sandbox: { control: openControl(cloud.urls.control), refresh },
  }
  await refresh()
  await makeHome(context.store)
  const services = makeServices(context)
  const app = makeApp(services, { development_key: KEY, version: 'test', refresh })
  const { url, close } = await listen(app.fetch)
  stops.push(close)
  context.config = { ...context.config, public_url: url }
  const settle = async () => {
    await refresh()
    while ((await services.tick()).more);
  }
  const sandbox = openAwsSandbox(cloud.urls.control)
  const send = async (path: string, init?: RequestInit) =>
    readAnswer(await app.fetch(new Request(`${url}${path}`, init)))
  const moveTo = async (instant: string | Date) => {
    await sandbox.moveTo(new Date(instant))
    await settle()
  }
  return {
    services,
    url,
    sandbox,
    control: (method, path, body) => ask(cloud.urls.control, method, path, body),
    post,
    network,
    hand: ({ path, headers, body }, other = path) => send(other, { method: 'POST', headers, body }),
    logged: test.logged,
    client: (organisation) =>
      makeClient({
        url,
        key: KEY,
        ...(organisation === undefined ? {} : { organisation }),
        fetch: async (input, init) => app.fetch(new Request(input, init)),
      }),
    send,
    settle,
    move: (milliseconds) => moveTo(new Date(test.clock.now().getTime() + milliseconds)),
    moveTo,
    now: () => test.clock.now(),
  }
}

function reaching(network: Network): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    if (network.down?.test(request.url)) throw new TypeError('fetch failed')
    return fetch(request)
  }
}

async function carryLetter(post: Post, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname
  if (!path.startsWith('/v1/webhooks/')) return fetch(request)
  const body = await request.text()
  const headers = Object.fromEntries(request.headers)
  // The cloud's question whether we are there has to be answered at once.
  if (!body.includes('"SubscriptionConfirmation"')) {
    post.letters.push({ path, headers, body })
    if (post.keepBack) return new Response()
  }
  return fetch(request.url, { method: 'POST', headers, body, signal: request.signal })
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const json: unknown = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, json }
}

async function ask(control: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
  const answer = await fetch(`${control}${path}`, init)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The sandbox refused ${path} with ${answer.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** The sandbox throttles by real time, which no test waits for. */
async function liftThrottles(control: string): Promise<void> {
  const rules = (await ask(control, 'GET', '/throttles')) as { service: string; operation: string }[]
  for (const { service, operation } of rules) {
    await ask(control, 'POST', '/throttles', { service, operation, rate_per_second: null })
  }
}

function listen(
  handle: Parameters<typeof serve>[0]['fetch'],
): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: handle, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed())
          if ('closeAllConnections' in server) server.closeAllConnections()
        })
      resolve({ url: `http://127.0.0.1:${port}`, close })
    })
    server.once('error', reject)
  })
}
