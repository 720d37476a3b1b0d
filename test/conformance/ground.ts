// What every world stands on: a sandbox of its own behind real HTTP, a clock that moves with it, and a way out to it
// that can be cut or made late.
import type { InboundRequest, ObservedCall } from '../../connectors/connector.ts'
import { newRsaKeys, type RsaKeys } from '../../sandbox/rsa.ts'
import { type SandboxServer, startServer } from '../../sandbox/server.ts'
import type { Clock } from '../../src/core/time.ts'

/** The first instant of every sandbox; the days of all drafts are counted from here. */
export const START = '2026-09-01T08:00:00Z'

/** Sends to the sandbox's control API: what the outside world does, and what the cloud itself saw. */
export type Control = <T = Record<string, unknown>>(
  path: string,
  body?: unknown,
  method?: string,
) => Promise<T>

/** The way from a connector to its cloud. */
export type Network = {
  fetch: typeof fetch
  /** From now on nothing gets through, until it is mended. */
  cut(): void
  mend(): void
  /** A request that fits, after some that go by, is lost to us and reaches the cloud only when `arrive` is called. */
  hold(fits: (request: Request) => boolean, after: number): { arrive(): Promise<void> }
  /** Lets every request through this hand until it is taken away: `reach` sends it on. */
  spoil(hand: Hand | undefined): void
  /** Answers in place of whoever has this address. */
  answer(address: string, reply: () => Response): void
}

export type Hand = (request: Request, reach: () => Promise<Response>) => Promise<Response>

export type Ground = {
  server: SandboxServer
  control: Control
  network: Network
  clocks: { business: Clock; wall: Clock }
  /** Every request that the connector told of. */
  calls: ObservedCall[]
  /** Every message that the cloud delivered to somebody. */
  inbox: InboundRequest[]
  now(): Date
  /** Moves the cloud's clock and ours by an ISO duration, or to an instant. */
  move(target: { by: string } | { to: string }): Promise<void>
  /** Sets the wall clock, by which tokens live, ahead of the true one. */
  age(milliseconds: number): void
  close(): Promise<void>
}

export async function openGround(record?: string, start = START): Promise<Ground> {
  const inbox: InboundRequest[] = []
  const server = await startServer({
    port: 0,
    start,
    seed: 'conformance',
    rsa: sharedKeys(),
    record,
    fetch: async (request) => {
      inbox.push({ headers: Object.fromEntries(request.headers), body: await request.text() })
      return new Response('ok')
    },
  })
  const control = controlOf(server)
  let present = new Date(start)
  let ahead_ms = 0
  return {
    server,
    control,
    network: createNetwork(),
    clocks: { business: { now: () => present }, wall: { now: () => new Date(Date.now() + ahead_ms) } },
    calls: [],
    inbox,
    now: () => present,
    async move(target) {
      present = new Date((await control<{ now: string }>('/clock', target)).now)
    },
    age(milliseconds) {
      ahead_ms += milliseconds
    },
    close: () => server.stop(),
  }
}

function controlOf(server: SandboxServer): Control {
  return async <T>(path: string, body?: unknown, method?: string) => {
    const reply = await fetch(`${server.urls.control}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`)
    // The caller knows what this route of the sandbox answers; a wrong guess fails its scenario.
    return (/^[[{]/.test(text) ? JSON.parse(text) : text) as T
  }
}

type Held = { fits: (request: Request) => boolean; after: number; request?: Request }

function createNetwork(): Network {
  let open = true
  const answers = new Map<string, () => Response>()
  const held: Held[] = []
  let hand: Hand | undefined
  return {
    async fetch(input, init) {
      const request = new Request(input, init)
      if (!open) throw new TypeError('fetch failed')
      const own = answers.get(request.url)
      const reach = async () => (own === undefined ? fetch(request) : own())
      if (hand !== undefined) return hand(request, reach)
      if (own !== undefined) return own()
      const hold = held.find((item) => item.request === undefined && item.fits(request))
      if (hold === undefined || hold.after-- > 0) return fetch(request)
      // Read whole now: its sender gives up at once, and an aborted request could not be sent later.
      const body = await request.arrayBuffer()
      const { method, headers } = request
      hold.request = new Request(request.url, { method, headers, ...(body.byteLength > 0 ? { body } : {}) })
      throw new TypeError('fetch failed')
    },
    cut() {
      open = false
    },
    mend() {
      open = true
    },
    hold(fits, after) {
      const item: Held = { fits, after }
      held.push(item)
      return {
        async arrive() {
          if (item.request === undefined) throw new Error('No request was held back')
          await (await fetch(item.request)).arrayBuffer()
        },
      }
    },
    spoil(next) {
      hand = next
    },
    answer(address, reply) {
      answers.set(address, reply)
    },
  }
}

const KEYS = 8
const keys: RsaKeys[] = []

/** Keys for the sandboxes of this process, made once: each sandbox has a handful, all different. */
function sharedKeys(): () => RsaKeys {
  let next = 0
  return () => {
    const place = next++ % KEYS
    keys[place] ??= newRsaKeys()
    return keys[place]
  }
}
