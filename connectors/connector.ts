/**
 * The contract every cloud fills. A connector is a plain object made by a factory from `ConnectorParts`; its facets
 * are optional, and a facet that is there is a capability. Connectors translate and send: they keep nothing, never
 * sleep, make exactly one attempt, and return nouns. Expected refusals are values; failures of the world are thrown
 * as `Fault`.
 */
import type { Agreements } from './contract/agreements.ts'
import type { Syndication } from './contract/channel.ts'
import type { Cloud, CloudGuide, Connection, ConnectionField, Side } from './contract/common.ts'
import type { Metering } from './contract/metering.ts'
import type { Requests } from './contract/requests.ts'
import type { Listings, Offers } from './contract/selling.ts'
import type { Settlements } from './contract/settlements.ts'
import type { Webhooks } from './contract/webhooks.ts'

export * from './contract/agreements.ts'
export * from './contract/channel.ts'
export * from './contract/common.ts'
export * from './contract/descriptions.ts'
export * from './contract/metering.ts'
export * from './contract/offer-sets.ts'
export * from './contract/requests.ts'
export * from './contract/selling.ts'
export * from './contract/settlements.ts'
export * from './contract/webhooks.ts'

export type Connector = {
  cloud: Cloud
  guide: CloudGuide
  connectionFields: readonly ConnectionField[]
  /** Calls the cloud once with harmless reads and says what works of what that side needs. */
  test(connection: Connection, side?: Side): Promise<ConnectionTest[]>
  listings?: Listings
  offers?: Offers
  syndication?: Syndication
  agreements?: Agreements
  requests?: Requests
  metering?: Metering
  settlements?: Settlements
  webhooks?: Webhooks
}
/**
 * `fix`: what to do, where it does not work. `identity`: this one says whose the credentials are; where a cloud has such a
 * test, its passing alone proves that the account is the organisation's own.
 */
export type ConnectionTest = {
  permission: string
  ok: boolean
  detail: string
  fix?: string
  identity?: true
}
export type Connectors = Readonly<Partial<Record<Cloud, Connector>>>
