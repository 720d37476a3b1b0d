/** Google Cloud Marketplace, seller side. What is here and what is not is told in the README beside this file. */
import type { Connector, ConnectorParts } from '../connector.ts'
import { gcpAgreements } from './agreements.ts'
import { createGcp, type GcpConfig } from './clients.ts'
import { connectionFields, guide } from './fields.ts'
import { gcpListings } from './listings.ts'
import { gcpMetering } from './metering.ts'
import { gcpOffers } from './offers.ts'
import { gcpSettlements } from './settlements.ts'
import { gcpSyndication } from './syndication.ts'
import { testConnection } from './test-connection.ts'
import { gcpWebhooks } from './webhooks.ts'

export type { GcpConfig } from './clients.ts'

export function gcpConnector(parts: ConnectorParts<GcpConfig>): Connector {
  const gcp = createGcp(parts)
  return {
    cloud: 'gcp',
    guide,
    connectionFields,
    test: (connection) => testConnection(gcp, connection),
    listings: gcpListings(gcp),
    offers: gcpOffers(gcp),
    syndication: gcpSyndication(gcp),
    agreements: gcpAgreements(gcp),
    metering: gcpMetering(gcp),
    settlements: gcpSettlements(gcp),
    webhooks: gcpWebhooks(gcp),
  }
}
