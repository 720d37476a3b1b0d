/** AWS Marketplace, seller side. What is here and what is not is told in the README beside this file. */
import type { Connector, ConnectorParts } from '../connector.ts'
import { awsRequests } from './agreements/requests.ts'
import { awsAgreements } from './agreements.ts'
import { type AwsConfig, createAws } from './clients.ts'
import { connectionFields, guide } from './fields.ts'
import { awsListings } from './listings.ts'
import { awsMetering } from './metering.ts'
import { awsOffers } from './offers.ts'
import { awsSettlements } from './settlements.ts'
import { awsSyndication } from './syndication.ts'
import { testConnection } from './test-connection.ts'
import { awsWebhooks } from './webhooks.ts'

export type { AwsConfig } from './clients.ts'

export function awsConnector(parts: ConnectorParts<AwsConfig>): Connector {
  const aws = createAws(parts)
  return {
    cloud: 'aws',
    guide,
    connectionFields,
    test: (connection, side) => testConnection(aws, connection, side),
    listings: awsListings(aws),
    offers: awsOffers(aws),
    syndication: awsSyndication(aws),
    agreements: awsAgreements(aws),
    requests: awsRequests(aws),
    metering: awsMetering(aws),
    settlements: awsSettlements(aws),
    webhooks: awsWebhooks(aws),
  }
}
