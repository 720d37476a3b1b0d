// Every way in which one exchange with a cloud goes wrong, made on the way between the connector and the cloud: before the
// cloud heard of it, or after it acted.
import { REQUEST_DEADLINE_MS } from '../../../connectors/guard.ts'
import type { FaultCode } from '../../../src/core/fault.ts'

/** `told`: what the caller may be told; null: it may also never notice. */
export type Mishap = {
  name: string
  told: readonly (FaultCode | null)[]
  /** The cloud did it and said so, and only what it said is broken. */
  done?: true
  meet(exchange: Exchange): Promise<Response>
}
/** One request that is about to leave: `reach` hands it to the cloud, which acts. */
export type Exchange = { request: Request; reach(): Promise<Response>; deadline(): void }

const WAIT_SECONDS = 7
export const RETRY_AFTER_MS = WAIT_SECONDS * 1000

/** The cloud's own words, in the form that the service of this address uses. */
function refusal(request: Request, status: number, code: string, headers: Record<string, string> = {}) {
  const words = 'The security token included in the request is expired'
  if (/\/(s3|sts|sns)(\/|\?|$)/.test(new URL(request.url).pathname)) {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${words}</Message></Error>`
    return new Response(body, { status, headers: { 'content-type': 'application/xml', ...headers } })
  }
  const body = JSON.stringify({ __type: code, message: words })
  const type = { 'content-type': 'application/json', 'x-amzn-errortype': code }
  return new Response(body, { status, headers: { ...type, ...headers } })
}

const page = (status: number, length = 0) =>
  new Response(`<html><body>Bad Gateway${' '.repeat(length)}</body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  })

/** Never answered: the caller gives up at its deadline, which comes at once. */
function unanswered({ request, deadline }: Exchange): Promise<Response> {
  return new Promise((_, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason))
    deadline()
  })
}

/** The first half of what the cloud said, and then what `end` makes of it. */
async function halved(
  reply: Response,
  end: (controller: ReadableStreamDefaultController<Uint8Array>, rest: Uint8Array) => void,
): Promise<Response> {
  const whole = new Uint8Array(await reply.arrayBuffer())
  const middle = Math.floor(whole.byteLength / 2)
  let begun = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (begun) return end(controller, whole.subarray(middle))
      begun = true
      controller.enqueue(whole.subarray(0, middle))
    },
  })
  return new Response(body, { status: reply.status, headers: reply.headers })
}

const TEN_MEGABYTES = 10 * 1024 * 1024

export const callMishaps: readonly Mishap[] = [
  {
    name: '429 with Retry-After',
    told: ['throttled'],
    meet: async ({ request }) =>
      refusal(request, 429, 'ThrottlingException', { 'retry-after': String(WAIT_SECONDS) }),
  },
  {
    name: '429',
    told: ['throttled'],
    meet: async ({ request }) => refusal(request, 429, 'ThrottlingException'),
  },
  {
    name: '400 throttling',
    told: ['throttled'],
    meet: async ({ request }) => refusal(request, 400, 'ThrottlingException'),
  },
  {
    name: '500',
    told: ['unavailable'],
    meet: async ({ request }) => refusal(request, 500, 'InternalFailure'),
  },
  { name: '502 with a page', told: ['unavailable'], meet: async () => page(502) },
  {
    name: '503',
    told: ['unavailable'],
    meet: async ({ request }) => refusal(request, 503, 'ServiceUnavailable'),
  },
  { name: 'timeout before', told: ['timeout'], meet: unanswered },
  {
    name: 'timeout after it acted',
    told: ['timeout'],
    async meet(exchange) {
      await (await exchange.reach()).arrayBuffer()
      return unanswered(exchange)
    },
  },
  {
    name: 'reset inside the body',
    told: ['connection_lost'],
    meet: async ({ reach }) =>
      halved(await reach(), (controller) => controller.error(new TypeError('terminated'))),
  },
  {
    name: 'truncated',
    told: ['unreadable_reply', 'connection_lost'],
    done: true,
    meet: async ({ reach }) => halved(await reach(), (controller) => controller.close()),
  },
  {
    name: 'wrong content type',
    told: ['unreadable_reply', null],
    async meet({ reach }) {
      const reply = await reach()
      return new Response(await reply.arrayBuffer(), { headers: { 'content-type': 'text/html' } })
    },
  },
  {
    name: 'expired token',
    told: ['unauthorised'],
    meet: async ({ request }) => refusal(request, 403, 'ExpiredTokenException'),
  },
  {
    name: 'redirect',
    told: ['unreadable_reply', 'unavailable'],
    meet: async () =>
      new Response('{}', { status: 302, headers: { location: 'https://elsewhere.example/' } }),
  },
  {
    name: 'ten megabytes',
    told: ['unreadable_reply'],
    done: true,
    async meet({ reach }) {
      await (await reach()).arrayBuffer()
      return page(200, TEN_MEGABYTES)
    },
  },
  {
    name: 'slow body',
    told: ['timeout', null],
    meet: async ({ reach, deadline }) =>
      halved(await reach(), (controller, rest) => {
        deadline()
        // A file goes on to the end, for the deadline was for its head; a reply was given up by now.
        setTimeout(() => {
          try {
            controller.enqueue(rest)
            controller.close()
          } catch {
            // Nobody listens any more.
          }
        }, 1)
      }),
  },
]

/** While it runs, deadlines of requests come when they are told to, and not by the clock. */
export async function withDeadlines<T>(work: (deadline: () => void) => Promise<T>): Promise<T> {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  const waiting = new Map<unknown, () => void>()
  const patched = (handler: (...given: unknown[]) => void, delay?: number, ...given: unknown[]) => {
    if (delay !== REQUEST_DEADLINE_MS) return set(handler, delay, ...given)
    // Nothing waits for this one by the clock; it is only something to be known by.
    const timer = set(() => undefined, 0)
    waiting.set(timer, () => handler(...given))
    return timer
  }
  // Only what a guard does with a timer is replaced; its other names are the real one's.
  globalThis.setTimeout = Object.assign(patched, set) as typeof setTimeout
  globalThis.clearTimeout = (timer) => {
    waiting.delete(timer)
    clear(timer)
  }
  try {
    return await work(() => {
      for (const late of waiting.values()) late()
      waiting.clear()
    })
  } finally {
    globalThis.setTimeout = set
    globalThis.clearTimeout = clear
  }
}
