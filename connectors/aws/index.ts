/** AWS Marketplace, seller side. What is here and what is not is told in the README beside this file. */
import type { ConnectionField, Connector, ConnectorParts } from '../connector.ts'
import { awsAgreements } from './agreements.ts'
import { type AwsConfig, createAws } from './clients.ts'
import { awsListings } from './listings.ts'
import { awsMetering } from './metering.ts'
import { awsOffers } from './offers.ts'
import { awsSettlements } from './settlements.ts'
import { awsSyndication } from './syndication.ts'
import { testConnection } from './test-connection.ts'
import { awsWebhooks } from './webhooks.ts'

export type { AwsConfig } from './clients.ts'

const connectionFields: readonly ConnectionField[] = [
  {
    name: 'access_key_id',
    secret: true,
    required: true,
    pattern: '^[A-Z0-9]{16,128}$',
    help: 'The access key of an IAM user of the seller account.',
  },
  {
    name: 'secret_access_key',
    secret: true,
    required: true,
    help: 'The secret that belongs to the access key.',
  },
  {
    name: 'role_arn',
    secret: false,
    required: false,
    pattern: '^arn:aws[a-z-]*:iam::\\d{12}:role/.+$',
    help: 'A role to take on for every call, if the key may do nothing else.',
  },
  { name: 'external_id', secret: false, required: false, help: 'The external id that the role asks for.' },
  {
    name: 'feed_bucket',
    secret: false,
    required: false,
    pattern: '^[a-z0-9.-]{3,63}$',
    help: 'The S3 bucket that the seller data feeds are delivered to.',
  },
  {
    name: 'feed_bucket_region',
    secret: false,
    required: false,
    pattern: '^[a-z0-9-]+$',
    help: 'The region of the bucket, if it is another one.',
  },
  { name: 'feed_prefix', secret: false, required: false, help: 'The folder of the feeds inside the bucket.' },
  {
    name: 'topic_arn',
    secret: false,
    required: false,
    help: 'The SNS topics whose messages are taken, if they are not all those of the seller account.',
  },
]

export function awsConnector(parts: ConnectorParts<AwsConfig>): Connector {
  const aws = createAws(parts)
  return {
    cloud: 'aws',
    connectionFields,
    test: (connection) => testConnection(aws, connection),
    listings: awsListings(aws),
    offers: awsOffers(aws),
    syndication: awsSyndication(aws),
    agreements: awsAgreements(aws),
    metering: awsMetering(aws),
    settlements: awsSettlements(aws),
    webhooks: awsWebhooks(aws),
  }
}
