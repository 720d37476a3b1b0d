/** Microsoft's commercial marketplace, seller side. What is here and what is not is told in the README beside this file. */
import type { ConnectionField, Connector, ConnectorParts } from '../connector.ts'
import { azureAgreements } from './agreements.ts'
import { type AzureConfig, createAzure } from './clients.ts'
import { azureListings } from './listings.ts'
import { azureMetering } from './metering.ts'
import { azureOffers } from './offers.ts'
import { azureSettlements } from './settlements.ts'
import { azureSyndication } from './syndication.ts'
import { testConnection } from './test-connection.ts'
import { azureWebhooks } from './webhooks.ts'

export type { AzureConfig } from './clients.ts'

const GUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'

const connectionFields: readonly ConnectionField[] = [
  {
    name: 'tenant_id',
    secret: false,
    required: true,
    pattern: GUID,
    help: 'The directory (tenant) id of the publisher.',
  },
  {
    name: 'client_id',
    secret: false,
    required: true,
    pattern: GUID,
    help: 'The application (client) id that Partner Center and the technical configuration know.',
  },
  {
    name: 'client_secret',
    secret: true,
    required: true,
    help: 'A client secret of that application.',
  },
  {
    name: 'publisher_id',
    secret: false,
    required: false,
    help: 'The publisher id that subscriptions name, such as "contoso"; messages for another one are refused.',
  },
  {
    name: 'contact_email',
    secret: false,
    required: false,
    pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
    help: 'Who prepares private offers and is written to about them; Azure wants it for every private offer.',
  },
  {
    name: 'webhook_url',
    secret: false,
    required: false,
    pattern: '^https?://.+$',
    help: 'The address that listings give to Azure for its messages, if it is another one.',
  },
  {
    name: 'webhook_app_id',
    secret: false,
    required: false,
    pattern: GUID,
    help: 'The application that messages are signed for, if the technical configuration names another one.',
  },
  {
    name: 'webhook_tenant_id',
    secret: false,
    required: false,
    pattern: GUID,
    help: 'The tenant of that application, if it is another one.',
  },
  {
    name: 'payout_exports',
    secret: false,
    required: false,
    pattern: '^(yes|no)$',
    help: 'Write "yes" if the application may ask for payout exports; else upload the files of Partner Center.',
  },
]

export function azureConnector(parts: ConnectorParts<AzureConfig>): Connector {
  const azure = createAzure(parts)
  return {
    cloud: 'azure',
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
