/**
 * The APIs of one connection. Microsoft publishes no JavaScript client for them, so they are called by fetch: one
 * attempt each, with a token of the API's own audience.
 */
import { Fault } from '../../src/core/fault.ts'
import type { Connection, ConnectorParts, Evidence } from '../connector.ts'
import { createGuard, type Guard } from '../guard.ts'
import { toFault } from './faults.ts'
import { isAllowedLink } from './wire/links.ts'
import { createTokens, LOGIN } from './wire/tokens.ts'
import { exchangeJson, type HttpReply } from './wire/transport.ts'

export type AzureConfig = {
  /** A missing address is the real Azure; in sandbox mode these are the sandbox's. */
  endpoints: {
    login?: string
    fulfilment?: string
    metering?: string
    ingestion?: string
    payouts?: string
    management?: string
  }
}

export type Service = 'fulfilment' | 'metering' | 'ingestion' | 'payouts'

/** Microsoft's id of the marketplace: what tokens for its APIs are for, and who calls webhooks. */
export const MARKETPLACE_APP = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'

const services: Readonly<Record<Service, { base: string; scope: string }>> = {
  fulfilment: { base: 'https://marketplaceapi.microsoft.com/api', scope: `${MARKETPLACE_APP}/.default` },
  metering: { base: 'https://marketplaceapi.microsoft.com/api', scope: `${MARKETPLACE_APP}/.default` },
  ingestion: {
    base: 'https://graph.microsoft.com/rp/product-ingestion',
    scope: 'https://graph.microsoft.com/.default',
  },
  payouts: {
    base: 'https://api.partner.microsoft.com/v1.0/payouts',
    scope: '4990cffe-04e8-4e8b-808a-1175604b879f/.default',
  },
}

export type AzureRequest = {
  /** The name of the call in the log and in faults. */
  call: string
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path behind the service's base, from `path()`; or a whole link that the service gave. */
  path?: string
  link?: string
  query?: Readonly<Record<string, string | undefined>>
  headers?: Readonly<Record<string, string>>
  body?: unknown
}

/** What every facet is built from. */
export type Azure = {
  parts: ConnectorParts<AzureConfig>
  guard: Guard
  /** The login's address, where keys and issuers are read. */
  login: string
  call(connection: Connection, service: Service, request: AzureRequest): Promise<HttpReply>
  /** Reads JSON that needs no token. */
  open(connection: Connection, call: string, address: string): Promise<unknown>
  /** Evidence of one exchange, dated by the business clock. */
  evidence(sent: unknown, received: unknown): Evidence
}

export function createAzure(given: ConnectorParts<AzureConfig>): Azure {
  const send = given.fetch
  // A Worker's own fetch refuses to be called as a method of anything else.
  const parts = { ...given, fetch: ((input, init) => send(input, init)) as typeof fetch }
  const { endpoints } = parts.config
  const tokens = createTokens(parts.fetch, endpoints.login)
  const guard = createGuard({
    cloud: 'azure',
    wall: parts.clocks.wall,
    translate: toFault,
    observe: parts.observe,
    forget: tokens.forget,
  })
  return {
    parts,
    guard,
    login: (endpoints.login ?? LOGIN).replace(/\/$/, ''),
    call: (connection, service, request) =>
      guard(connection, request.call, async (signal) => {
        const address = addressOf(service, endpoints[service], request)
        const token = await tokens.tokenFor(connection, services[service].scope, signal)
        try {
          return await exchangeJson(parts.fetch, request.call, address, {
            method: request.method ?? 'GET',
            headers: headersOf(request, token),
            ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
            signal,
          })
        } catch (error) {
          if (error instanceof Fault && error.code === 'unauthorised') tokens.forget(connection)
          throw error
        }
      }),
    open: (connection, call, address) =>
      guard(connection, call, async (signal) => {
        const headers = { accept: 'application/json' }
        const reply = await exchangeJson(parts.fetch, call, address, { headers, signal })
        return reply.body
      }),
    evidence: (sent, received) => ({ sent, received, at: parts.clocks.business.now().toISOString() }),
  }
}

function headersOf(request: AzureRequest, token: string): Record<string, string> {
  return {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...request.headers,
  }
}

function addressOf(service: Service, endpoint: string | undefined, request: AzureRequest): string {
  if (request.link !== undefined) {
    // The token goes along with the request, so a link may lead to the service's own hosts only.
    if (!isAllowedLink(service, request.link, endpoint))
      throw new Fault('forbidden', `${request.call}: the service named a link to another host`)
    return request.link
  }
  const base = (endpoint ?? services[service].base).replace(/\/$/, '')
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return `${base}${request.path ?? ''}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`
}

/** A path of fixed words and ids. An id cannot leave its place in the path. */
export function path(...segments: string[]): string {
  const parts = segments.flatMap((segment) => segment.split('/'))
  const odd = parts.find((part) => part === '' || part === '.' || part === '..')
  if (odd !== undefined) throw new Fault('invalid', `"${segments.join('/')}" names no resource`)
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}
