/** Requests over the injected fetch: whole JSON replies, told as faults where nothing readable came back. */
import { Fault } from '../../../src/core/fault.ts'
import { lost, readWhole } from '../../reply.ts'
import { httpFault, retryAfter } from '../faults.ts'

const EXCERPT_CHARACTERS = 500

export type HttpReply = {
  status: number
  headers: Headers
  /** Undefined for an empty body. */
  body: unknown
}

/** One exchange. A status that is no success is thrown as a Fault with the cloud's own code. */
export async function exchangeJson(
  send: typeof fetch,
  call: string,
  address: string,
  init: RequestInit,
): Promise<HttpReply> {
  const reply = await exchange(send, call, address, init)
  const text = new TextDecoder().decode(await readWhole(call, reply, init.signal ?? undefined))
  const body = parsed(text)
  if (!reply.ok) {
    // A redirect is no answer: the token in the request is good for one address only.
    if (reply.status < 400 || (text !== '' && body === undefined))
      throw unreadable(call, reply.status, reply.headers, text)
    throw httpFault(call, reply.status, reply.headers, body)
  }
  if (text !== '' && body === undefined) throw unreadable(call, reply.status, reply.headers, text)
  return { status: reply.status, headers: reply.headers, body }
}

export async function exchange(
  send: typeof fetch,
  call: string,
  address: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await send(address, { ...init, redirect: 'manual' })
  } catch (error) {
    throw lost(call, error, init.signal ?? undefined)
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    // An object or, from the usage events, a list; a bare word is a page or a proxy speaking.
    return value !== null && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/** A load balancer's HTML page or half a document is not an answer of the service, whatever its status says. */
function unreadable(call: string, status: number, headers: Headers, text: string): Fault {
  const evidence = {
    call,
    status,
    content_type: headers.get('content-type'),
    body: text.slice(0, EXCERPT_CHARACTERS),
  }
  const more = { evidence, retryAfterMs: retryAfter(headers.get('retry-after')) }
  if (status === 429)
    return new Fault('throttled', `${call}: too many requests (the reply is not from the service)`, more)
  if (status >= 500)
    return new Fault(
      'unavailable',
      `${call}: status ${status} with a reply that is not from the service`,
      more,
    )
  return new Fault('unreadable_reply', `${call}: status ${status} with a reply that cannot be read`, more)
}
