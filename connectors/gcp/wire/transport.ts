/**
 * How the Google clients reach the network: a `fetch` that goes out through the one it is given, follows no redirect,
 * and hands on a reply only after it was read whole and found to be what it claims. It runs on Node and in a Worker.
 */
import { Fault } from '../../../src/core/fault.ts'
import { lost, readWhole } from '../../reply.ts'

export type Send = (address: string, init: RequestInit) => Promise<Response>

const EXCERPT_CHARACTERS = 500

/** A `fetch` for JSON services: a reply that is not a JSON object is a fault, whatever its status says. */
export function createSend(send: typeof fetch): Send {
  return async (address, init) => {
    const signal = init.signal ?? undefined
    const reply = await exchange(send, address, init)
    const body = await readWhole('Google', reply, signal)
    const text = new TextDecoder().decode(body)
    assertJson(reply, text)
    const headers = new Headers(reply.headers)
    // The body is already unpacked, so what described its packing no longer fits.
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name)
    headers.set('content-type', 'application/json; charset=utf-8')
    return new Response(reply.status === 204 ? null : text === '' ? '{}' : text, {
      status: reply.status,
      headers,
    })
  }
}

/** One request without a look at the reply, for files that stay streams. */
export async function exchange(send: typeof fetch, address: string, init: RequestInit): Promise<Response> {
  const { method = 'GET', body, signal } = init
  const headers = new Headers(init.headers)
  // fetch sets these itself and refuses or ignores ours.
  for (const name of ['host', 'content-length', 'accept-encoding']) headers.delete(name)
  try {
    return await send(address, {
      method,
      headers,
      // A redirect would carry the access token to another host.
      redirect: 'manual',
      ...(body === undefined || body === null || method === 'GET' ? {} : { body }),
      ...(signal === undefined || signal === null ? {} : { signal }),
    })
  } catch (error) {
    throw lost('Google', error, signal ?? undefined)
  }
}

/** A load balancer's HTML page or half a document is not an answer of the service. */
function assertJson(reply: Response, text: string): void {
  if (reply.status === 204) return
  try {
    const parsed: unknown = JSON.parse(text)
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return
  } catch {
    // Falls through to the fault below.
  }
  throw unreadable(reply, text)
}

function unreadable(reply: Response, text: string): Fault {
  const { status } = reply
  const retryAfterMs = retryAfter(reply.headers.get('retry-after'))
  const evidence = {
    status,
    content_type: reply.headers.get('content-type'),
    body: text.slice(0, EXCERPT_CHARACTERS),
  }
  const more = { evidence, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  if (status === 429)
    return new Fault('throttled', 'Too many requests (the reply is not from the service)', more)
  if (status >= 500)
    return new Fault('unavailable', `Status ${status} with a reply that is not from the service`, more)
  return new Fault('unreadable_reply', `Status ${status} with a reply that cannot be read`, more)
}

/** Retry-After in milliseconds; only the form in seconds is read. */
export function retryAfter(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined || !/^\d{1,6}$/.test(value.trim())) return undefined
  return Number(value.trim()) * 1000
}
