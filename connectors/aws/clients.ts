/**
 * The official AWS clients of one connection: loaded on first use, kept as long as the credentials stay the same, one
 * attempt each, and with no way out but the injected fetch.
 */
import type { MarketplaceAgreement } from '@aws-sdk/client-marketplace-agreement'
import type { MarketplaceCatalog } from '@aws-sdk/client-marketplace-catalog'
import type { MarketplaceEntitlementService } from '@aws-sdk/client-marketplace-entitlement-service'
import type { MarketplaceMetering } from '@aws-sdk/client-marketplace-metering'
import type { S3Client } from '@aws-sdk/client-s3'
import type { STS } from '@aws-sdk/client-sts'
import { canonicalJson, sha256 } from '../../src/core/canonical.ts'
import type { Connection, ConnectorParts, Evidence } from '../connector.ts'
import { createGuard, type Guard } from '../guard.ts'
import { toFault } from './faults.ts'
import { createRequestHandler } from './wire/transport.ts'

export type AwsConfig = {
  region: string
  /** A missing address is the real AWS; in sandbox mode these are the sandbox's. */
  endpoints: {
    catalog?: string
    metering?: string
    agreement?: string
    entitlement?: string
    sts?: string
    s3?: string
    sns?: string
  }
}

export type AwsClients = {
  catalog(): Promise<MarketplaceCatalog>
  agreement(): Promise<MarketplaceAgreement>
  entitlement(): Promise<MarketplaceEntitlementService>
  metering(): Promise<MarketplaceMetering>
  storage(): Promise<S3Client>
  identity(): Promise<STS>
}

/** What every facet is built from. */
export type Aws = {
  parts: ConnectorParts<AwsConfig>
  guard: Guard
  clients(connection: Connection): Promise<AwsClients>
  /** Evidence of one exchange, dated by the business clock. */
  evidence(sent: unknown, received: unknown): Evidence
}

/** AWS serves the catalog of the commercial partition from this region only. */
const CATALOG_REGION = 'us-east-1'
const CONNECTIONS_CACHED_MAX = 200

export function createAws(given: ConnectorParts<AwsConfig>): Aws {
  const send = given.fetch
  // A Worker's own fetch refuses to be called as a method of anything else.
  const parts = { ...given, fetch: ((input, init) => send(input, init)) as typeof fetch }
  const cached = new Map<string, { fingerprint: string; clients: AwsClients }>()
  const guard = createGuard({
    cloud: 'aws',
    wall: parts.clocks.wall,
    translate: toFault,
    observe: parts.observe,
    forget: ({ id }) => void cached.delete(id),
  })
  return {
    parts,
    guard,
    async clients(connection) {
      const fingerprint = await sha256(canonicalJson([connection.credentials, connection.settings]))
      const found = cached.get(connection.id)
      if (found?.fingerprint === fingerprint) return found.clients
      const clients = createClients(parts, connection)
      cached.delete(connection.id)
      cached.set(connection.id, { fingerprint, clients })
      const oldest = cached.keys().next().value
      if (cached.size > CONNECTIONS_CACHED_MAX && oldest !== undefined) cached.delete(oldest)
      return clients
    },
    evidence: (sent, received) => ({
      sent,
      received: withoutMetadata(received),
      at: parts.clocks.business.now().toISOString(),
    }),
  }
}

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date }

function createClients(
  { config, fetch: send }: ConnectorParts<AwsConfig>,
  connection: Connection,
): AwsClients {
  const own: Credentials = {
    accessKeyId: connection.credentials.access_key_id ?? '',
    secretAccessKey: connection.credentials.secret_access_key ?? '',
  }
  const json = createRequestHandler(send, 'json')
  const common = { maxAttempts: 1, retryMode: 'standard', logger: silent } as const
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint })

  const identityAs = async (credentials: Credentials | (() => Promise<Credentials>)) => {
    const { STS } = await import('./wire/sts.ts')
    const requestHandler = createRequestHandler(send, 'xml')
    return new STS({
      ...common,
      region: config.region,
      credentials,
      requestHandler,
      ...at(config.endpoints.sts),
    })
  }
  const credentials = assumedRole(connection, () => identityAs(own)) ?? own
  const shared = { ...common, region: config.region, credentials, requestHandler: json }

  return {
    catalog: once(async () => {
      const { MarketplaceCatalog } = await import('./wire/catalog.ts')
      return new MarketplaceCatalog({ ...shared, region: CATALOG_REGION, ...at(config.endpoints.catalog) })
    }),
    agreement: once(async () => {
      const { MarketplaceAgreement } = await import('./wire/agreement.ts')
      return new MarketplaceAgreement({ ...shared, ...at(config.endpoints.agreement) })
    }),
    entitlement: once(async () => {
      const { MarketplaceEntitlementService } = await import(
        '@aws-sdk/client-marketplace-entitlement-service'
      )
      return new MarketplaceEntitlementService({ ...shared, ...at(config.endpoints.entitlement) })
    }),
    metering: once(async () => {
      const { MarketplaceMetering } = await import('@aws-sdk/client-marketplace-metering')
      return new MarketplaceMetering({ ...shared, ...at(config.endpoints.metering) })
    }),
    storage: once(async () => {
      const { S3Client } = await import('./wire/s3.ts')
      return new S3Client({
        ...shared,
        requestHandler: createRequestHandler(send, 'bucket'),
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestChecksumCalculation: 'WHEN_REQUIRED',
        // A bucket may live in another region than the marketplace services.
        ...(connection.settings.feed_bucket_region ? { region: connection.settings.feed_bucket_region } : {}),
        ...(config.endpoints.s3 === undefined ? {} : { endpoint: config.endpoints.s3, forcePathStyle: true }),
      })
    }),
    identity: once(() => identityAs(credentials)),
  }
}

/** The SDK calls this again by itself when what it returned is about to expire. */
function assumedRole(
  connection: Connection,
  identity: () => Promise<STS>,
): (() => Promise<Credentials>) | undefined {
  const role = connection.settings.role_arn
  if (!role) return undefined
  const external = connection.settings.external_id
  return async () => {
    const answer = await (await identity()).assumeRole({
      RoleArn: role,
      RoleSessionName: 'syndic',
      ...(external ? { ExternalId: external } : {}),
    })
    const given = answer.Credentials
    return {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      ...(given?.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
      ...(given?.Expiration === undefined ? {} : { expiration: given.Expiration }),
    }
  }
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

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

function withoutMetadata(received: unknown): unknown {
  if (received === null || typeof received !== 'object' || !('$metadata' in received)) return received
  const { $metadata: _, ...rest } = received
  return rest
}
