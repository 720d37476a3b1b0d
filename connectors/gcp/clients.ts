/**
 * The Google clients of one connection: loaded on first use, kept as long as the credentials stay the same, one attempt
 * each, and with no way out but the injected fetch. The access token is fetched apart and handed to each request.
 */
import type { cloudcommerceprocurement_v1 } from '@googleapis/cloudcommerceprocurement'
import type { servicecontrol_v1 } from '@googleapis/servicecontrol'
import { canonicalJson, sha256 } from '../../src/core/canonical.ts'
import type { Clock } from '../../src/core/time.ts'
import type { Connection, ConnectorParts, Evidence } from '../connector.ts'
import { createGuard, type Guard } from '../guard.ts'
import { isFaultOf, toFault } from './faults.ts'
import { createProducer, type Producer } from './wire/producer.ts'
import { createTokens, type Tokens } from './wire/token.ts'
import { createSend, type Send } from './wire/transport.ts'

export type GcpConfig = {
  /** A missing address is the real Google; in sandbox mode these are the sandbox's. */
  endpoints: {
    procurement?: string
    producer?: string
    serviceControl?: string
    /** The whole address of the token endpoint. */
    token?: string
    /** In place of https://www.googleapis.com, where Google publishes the keys of its tokens. */
    keys?: string
    /** Cloud Storage, for reports that are delivered to a bucket. */
    storage?: string
  }
}

type Procurement = cloudcommerceprocurement_v1.Cloudcommerceprocurement
type ServiceControl = servicecontrol_v1.Servicecontrol

/** What goes with each request of an official client. */
type CallOptions = { signal: AbortSignal; headers: { authorization: string } }

/** What every facet is built from. */
export type Gcp = {
  parts: ConnectorParts<GcpConfig>
  guard: Guard
  send: Send
  procurement<T>(
    connection: Connection,
    call: string,
    work: (client: Procurement, options: CallOptions) => Promise<{ data: T }>,
  ): Promise<T>
  serviceControl<T>(
    connection: Connection,
    call: string,
    work: (client: ServiceControl, options: CallOptions) => Promise<{ data: T }>,
  ): Promise<T>
  producer<T>(
    connection: Connection,
    call: string,
    work: (client: Producer, options: CallOptions) => Promise<T>,
  ): Promise<T>
  /** A request of ours with the connection's token. */
  authorised<T>(connection: Connection, call: string, work: (options: CallOptions) => Promise<T>): Promise<T>
  /** Evidence of one exchange, dated by the business clock. */
  evidence(sent: unknown, received: unknown): Evidence
}

type Clients = {
  tokens: Tokens
  procurement: () => Promise<Procurement>
  serviceControl: () => Promise<ServiceControl>
}

const CONNECTIONS_CACHED_MAX = 200

export function createGcp(given: ConnectorParts<GcpConfig>): Gcp {
  const out = given.fetch
  // A Worker's own fetch refuses to be called as a method of anything else.
  const parts = { ...given, fetch: ((input, init) => out(input, init)) as typeof fetch }
  const send = createSend(parts.fetch)
  const { wall, business } = parts.clocks
  const { clients, forget } = createCache(parts, send)
  const guard = createGuard({ cloud: 'gcp', wall, translate: toFault, observe: parts.observe, forget })
  const producer = createProducer(send, parts.config.endpoints.producer)

  const authorised: Gcp['authorised'] = async (connection, call, work) => {
    const { tokens } = await clients(connection)
    const token = tokens.kept() ?? (await guard(connection, 'GetAccessToken', tokens.fetch))
    const headers = { authorization: `Bearer ${token}` }
    try {
      return await guard(connection, call, (signal) => work({ signal, headers }))
    } catch (error) {
      if (isFaultOf(error, 'unauthorised')) tokens.forget()
      throw error
    }
  }
  return {
    parts,
    guard,
    send,
    authorised,
    procurement: (connection, call, work) =>
      authorised(connection, call, async (options) => {
        const client = await (await clients(connection)).procurement()
        return (await work(client, options)).data
      }),
    serviceControl: (connection, call, work) =>
      authorised(connection, call, async (options) => {
        const client = await (await clients(connection)).serviceControl()
        return (await work(client, options)).data
      }),
    producer: (connection, call, work) => authorised(connection, call, (options) => work(producer, options)),
    evidence: (sent, received) => ({ sent, received, at: business.now().toISOString() }),
  }
}

function createCache({ config, clocks }: ConnectorParts<GcpConfig>, send: Send) {
  const cached = new Map<string, { fingerprint: string; clients: Clients }>()
  const clients = async (connection: Connection): Promise<Clients> => {
    const fingerprint = await sha256(canonicalJson([connection.credentials, connection.settings]))
    const found = cached.get(connection.id)
    if (found?.fingerprint === fingerprint) return found.clients
    const clients = createClients(config, send, connection, clocks.wall)
    cached.delete(connection.id)
    cached.set(connection.id, { fingerprint, clients })
    const oldest = cached.keys().next().value
    if (cached.size > CONNECTIONS_CACHED_MAX && oldest !== undefined) cached.delete(oldest)
    return clients
  }
  return { clients, forget: ({ id }: Connection) => void cached.delete(id) }
}

function createClients({ endpoints }: GcpConfig, send: Send, connection: Connection, wall: Clock): Clients {
  const common = {
    retry: false,
    fetchImplementation: (address: string | URL | Request, init?: RequestInit) =>
      send(String(address), init ?? {}),
  }
  const at = (rootUrl: string | undefined) => (rootUrl === undefined ? {} : { rootUrl })
  return {
    tokens: createTokens(send, endpoints.token, connection, wall),
    procurement: once(async () => {
      const { cloudcommerceprocurement } = await import('@googleapis/cloudcommerceprocurement')
      return cloudcommerceprocurement({ version: 'v1', ...common, ...at(endpoints.procurement) })
    }),
    serviceControl: once(async () => {
      const { servicecontrol } = await import('@googleapis/servicecontrol')
      return servicecontrol({ version: 'v1', ...common, ...at(endpoints.serviceControl) })
    }),
  }
}

/** Makes a client at its first use; a failed load is tried again at the next. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
