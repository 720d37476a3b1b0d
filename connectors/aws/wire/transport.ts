/**
 * How the AWS clients reach the network: a request handler in the SDK's own shape that goes out through the `fetch` it
 * is given, so that it runs on Node and in a Worker and can be replaced in a test. Replies are read whole and checked
 * to be what they claim before the SDK sees them; only a file from a bucket stays a stream.
 */
import { Fault } from '../../../src/core/fault.ts'
import { lost, readWhole } from '../../reply.ts'

/** What the SDK hands to a handler: its HttpRequest, as far as we read it. */
type OutgoingRequest = {
  protocol: string
  hostname: string
  port?: number
  path: string
  query?: Record<string, string | string[] | null>
  method: string
  headers: Record<string, string>
  body?: string | Uint8Array | ReadableStream<Uint8Array>
}
type IncomingResponse = { statusCode: number; reason: string; headers: Record<string, string>; body: unknown }
type HandleOptions = { abortSignal?: AbortSignal }

export type RequestHandler = {
  metadata: { handlerProtocol: string }
  handle(request: OutgoingRequest, options?: HandleOptions): Promise<{ response: IncomingResponse }>
  destroy(): void
  updateHttpClientConfig(): void
  httpHandlerConfigs(): Record<string, never>
}

const EXCERPT_CHARACTERS = 500

export function createRequestHandler(send: typeof fetch, replies: 'json' | 'xml' | 'bucket'): RequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, options) {
      const signal = options?.abortSignal
      const reply = await exchange(send, request, signal)
      const headers = Object.fromEntries(reply.headers.entries())
      const answer = { statusCode: reply.status, reason: reply.statusText, headers }
      if (replies === 'bucket' && reply.ok && reply.body !== null && isFile(request)) {
        return { response: { ...answer, body: reply.body } }
      }
      const body = await readWhole('AWS', reply, signal)
      if (replies === 'json') assertJson(answer.statusCode, headers, body)
      else assertNotPage(answer.statusCode, headers, body)
      return { response: { ...answer, body } }
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

async function exchange(
  send: typeof fetch,
  request: OutgoingRequest,
  signal?: AbortSignal,
): Promise<Response> {
  const bodiless = request.method === 'GET' || request.method === 'HEAD'
  const init: RequestInit = {
    method: request.method,
    headers: new Headers(sendable(request.headers)),
    // A signed request is good for one address only; a redirect would carry the signature elsewhere.
    redirect: 'manual',
    ...(bodiless || request.body === undefined
      ? {}
      : { body: request.body as NonNullable<RequestInit['body']> }),
    ...(signal === undefined ? {} : { signal }),
  }
  try {
    return await send(addressOf(request), init)
  } catch (error) {
    throw lost('AWS', error, signal)
  }
}

/** fetch sets these two itself and refuses or ignores ours. */
function sendable(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['host', 'content-length'].includes(name.toLowerCase())),
  )
}

function addressOf(request: OutgoingRequest): string {
  const pairs = Object.keys(request.query ?? {})
    .sort()
    .flatMap((name) => {
      const value = request.query?.[name]
      if (value === null || value === undefined) return [escapeUri(name)]
      return (Array.isArray(value) ? value : [value]).map((item) => `${escapeUri(name)}=${escapeUri(item)}`)
    })
  const port = request.port === undefined ? '' : `:${request.port}`
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`
  return `${request.protocol}//${request.hostname}${port}${request.path}${query}`
}

/** Percent-encoding exactly as the signature was calculated. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function isFile(request: OutgoingRequest): boolean {
  return request.method === 'GET' && request.query?.['list-type'] === undefined
}

/** A load balancer's HTML page or half a document is not an answer of the service, whatever its status says. */
function assertJson(status: number, headers: Record<string, string>, body: Uint8Array): void {
  // A refusal may have no body when the error's name is in a header.
  if (body.byteLength === 0 && status >= 300) return
  const text = new TextDecoder().decode(body)
  try {
    const parsed: unknown = JSON.parse(text)
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return
  } catch {
    // Falls through to the fault below.
  }
  throw unreadable(status, headers, text)
}

function assertNotPage(status: number, headers: Record<string, string>, body: Uint8Array): void {
  const text = new TextDecoder().decode(body.subarray(0, EXCERPT_CHARACTERS)).trimStart()
  if (/^<(!doctype html|html)/i.test(text)) throw unreadable(status, headers, text)
}

function unreadable(status: number, headers: Record<string, string>, text: string): Fault {
  const retryAfterMs = retryAfter(headers['retry-after'])
  const evidence = {
    status,
    content_type: headers['content-type'] ?? null,
    body: text.slice(0, EXCERPT_CHARACTERS),
  }
  const more = { evidence, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  if (status === 429)
    return new Fault('throttled', 'Too many requests (the reply is not from the service)', more)
  if (status >= 500)
    return new Fault('unavailable', `Status ${status} with a reply that is not from the service`, more)
  return new Fault('unreadable_reply', `Status ${status} with a reply that cannot be read`, more)
}

/** Retry-After in milliseconds; only the form in seconds is used by AWS. */
export function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d{1,6}$/.test(value.trim())) return undefined
  return Number(value.trim()) * 1000
}
