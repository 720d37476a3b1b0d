/** Microsoft's commercial marketplace, seller side. What is here and what is not is told in the README beside this file. */
import type { Connector, ConnectorParts } from '../connector.ts'
import { azureAgreements } from './agreements.ts'
import { type AzureConfig, createAzure } from './clients.ts'
import { connectionFields, guide } from './fields.ts'
import { azureListings } from './listings.ts'
import { azureMetering } from './metering.ts'
import { azureOffers } from './offers.ts'
import { azureSettlements } from './settlements.ts'
import { azureSyndication } from './syndication.ts'
import { testConnection } from './test-connection.ts'
import { azureWebhooks } from './webhooks.ts'

export type { AzureConfig } from './clients.ts'

export function azureConnector(parts: ConnectorParts<AzureConfig>): Connector {
  const azure = createAzure(parts)
  return {
    cloud: 'azure',
    guide,
    connectionFields,
    test: (connection) => testConnection(azure, connection),
    listings: azureListings(azure),
    offers: azureOffers(azure),
    syndication: azureSyndication(azure),
    agreements: azureAgreements(azure),
    metering: azureMetering(azure),
    settlements: azureSettlements(azure),
    webhooks: azureWebhooks(azure),
  }
}
