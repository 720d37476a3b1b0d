/**
 * A client of the Commerce Producer API, v1beta: its 21 methods over REST. The official package needs a gRPC library
 * that does not load in a Worker; the tests hold this client against it, request by request.
 * Source: the HTTP rules of the public API definition.
 */
import { fromReply, shaped } from '../faults.ts'
import { type Replies, replyShapes } from './producer-replies.ts'
import type { Requests } from './producer-requests.ts'
import { decodeEnums, encodeEnums } from './producer-wire.ts'
import type { Send } from './transport.ts'

export type Rpc = keyof Requests

type Route = {
  verb: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** The member that names what the request is about, and stands in the path. */
  about: 'parent' | 'name' | 'privateOffer.name' | 'privateOfferDocument.name'
  /** What follows it in the path. */
  suffix?: string
  /** The member that is the body; "*" is all that are left. */
  body?: 'privateOffer' | 'privateOfferDocument' | '*'
}

export const routes: { readonly [R in Rpc]: Route } = {
  listServices: { verb: 'GET', about: 'parent', suffix: '/services' },
  getService: { verb: 'GET', about: 'name' },
  listPrivateOffers: { verb: 'GET', about: 'parent', suffix: '/privateOffers' },
  getPrivateOffer: { verb: 'GET', about: 'name' },
  resolveAmendmentTarget: {
    verb: 'GET',
    about: 'parent',
    suffix: '/privateOffers:resolveAmendmentTarget',
  },
  createPrivateOffer: { verb: 'POST', about: 'parent', suffix: '/privateOffers', body: 'privateOffer' },
  updatePrivateOffer: { verb: 'PATCH', about: 'privateOffer.name', body: 'privateOffer' },
  publishPrivateOffer: { verb: 'POST', about: 'name', suffix: ':publish', body: '*' },
  cancelPrivateOffer: { verb: 'POST', about: 'name', suffix: ':cancel', body: '*' },
  deletePrivateOffer: { verb: 'DELETE', about: 'name' },
  listPrivateOfferDocuments: { verb: 'GET', about: 'parent', suffix: '/documents' },
  getPrivateOfferDocument: { verb: 'GET', about: 'name' },
  createPrivateOfferDocument: {
    verb: 'POST',
    about: 'parent',
    suffix: '/documents',
    body: 'privateOfferDocument',
  },
  updatePrivateOfferDocument: {
    verb: 'PATCH',
    about: 'privateOfferDocument.name',
    body: 'privateOfferDocument',
  },
  deletePrivateOfferDocument: { verb: 'DELETE', about: 'name' },
  listStandardOffers: { verb: 'GET', about: 'parent', suffix: '/standardOffers' },
  getStandardOffer: { verb: 'GET', about: 'name' },
  getSku: { verb: 'GET', about: 'name' },
  listSkus: { verb: 'GET', about: 'parent', suffix: '/skus' },
  getSkuGroup: { verb: 'GET', about: 'name' },
  listSkuGroups: { verb: 'GET', about: 'parent', suffix: '/skuGroups' },
}

type ProducerOptions = { signal?: AbortSignal; headers?: Readonly<Record<string, string>> }
/** Sends one request and answers its reply; throws a Fault for what is no success. */
export type Producer = <R extends Rpc>(
  rpc: R,
  request: Requests[R],
  options?: ProducerOptions,
) => Promise<Replies[R]>

const PRODUCER_ROOT = 'https://commerceproducer.googleapis.com/'

export function createProducer(send: Send, root: string = PRODUCER_ROOT): Producer {
  return async (rpc, request, options = {}) => {
    const { path, about, query, body } = encode(routes[rpc], request)
    const reply = await send(`${root.replace(/\/$/, '')}/v1beta/${path}?${query}`, {
      method: routes[rpc].verb,
      headers: {
        ...options.headers,
        'content-type': 'application/json',
        // Google routes by this header.
        'x-goog-request-params': about,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    const call = rpc.charAt(0).toUpperCase() + rpc.slice(1)
    const received: unknown = reply.status === 204 ? {} : await reply.json()
    if (!reply.ok) throw fromReply(call, reply.status, reply.headers, received)
    return shaped(replyShapes[rpc], decodeEnums(received), call)
  }
}

type Members = Record<string, unknown>

function encode(route: Route, request: object) {
  const members = encodeEnums(request) as Members
  const [holder = '', inner] = route.about.split('.')
  const held = members[holder]
  const name = inner === undefined ? held : isMembers(held) ? held[inner] : undefined
  if (typeof name !== 'string') throw new Error(`The request has no ${route.about}`)
  const rest = Object.entries(members).filter(
    ([key, value]) => key !== holder && key !== route.body && value !== undefined,
  )
  return {
    path: `${escapePath(name)}${route.suffix ?? ''}`,
    about: `${aboutName(route.about)}=${encodeURIComponent(name)}`,
    query: queryOf(route.body === '*' ? [] : rest),
    body: bodyOf(route, members, rest),
  }
}

function bodyOf(route: Route, members: Members, rest: [string, unknown][]): Members | undefined {
  if (route.body === undefined) return undefined
  if (route.body === '*') return Object.fromEntries(rest)
  const body = members[route.body]
  if (!isMembers(body)) throw new Error(`The request has no ${route.body}`)
  if (route.verb !== 'PATCH') return body
  // The name stands in the path.
  const { name: _, ...changed } = body
  return changed
}

function isMembers(value: unknown): value is Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The routing header writes names as the API's definition does. */
function aboutName(about: Route['about']): string {
  return about.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Each segment for itself, so that no id can lead to another address. */
function escapePath(name: string): string {
  const segments = name.split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new Error(`"${name}" is not a resource name`)
  }
  return segments.map(encodeURIComponent).join('/')
}

/** Enums travel as numbers both ways: then a name that Google changes later is no change on the wire. */
function queryOf(rest: [string, unknown][]): string {
  const pairs = rest.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
  return [...pairs, `$alt=${encodeURIComponent('json;enum-encoding=int')}`].join('&')
}
