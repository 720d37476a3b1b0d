/** Google Cloud Marketplace, seller side. What is here and what is not is told in the README beside this file. */
import type { ConnectionField, Connector, ConnectorParts } from '../connector.ts'
import { gcpAgreements } from './agreements.ts'
import { createGcp, type GcpConfig } from './clients.ts'
import { gcpListings } from './listings.ts'
import { gcpMetering } from './metering.ts'
import { gcpOffers } from './offers.ts'
import { gcpSettlements } from './settlements.ts'
import { gcpSyndication } from './syndication.ts'
import { testConnection } from './test-connection.ts'
import { gcpWebhooks } from './webhooks.ts'

export type { GcpConfig } from './clients.ts'

const EMAIL = '^[^@\\s]+@[^@\\s]+$'

const connectionFields: readonly ConnectionField[] = [
  {
    name: 'service_account',
    secret: false,
    required: true,
    pattern: EMAIL,
    help: 'The e-mail address of the service account that is linked in Producer Portal ("client_email" in its key file).',
  },
  {
    name: 'private_key',
    secret: true,
    required: true,
    help: 'The "private_key" of its key file, from BEGIN to END.',
  },
  {
    name: 'project',
    secret: false,
    required: true,
    pattern: '^[a-z][a-z0-9.:-]{4,62}$',
    help: 'The project that the products are published from.',
  },
  {
    name: 'location',
    secret: false,
    required: false,
    pattern: '^[a-z0-9-]+$',
    help: 'The location of products and offers, if it is not "global".',
  },
  {
    name: 'service_name',
    secret: false,
    required: false,
    pattern: '^[a-z0-9.-]+$',
    help: 'The managed service that usage is reported to, such as example.endpoints.acme-public.cloud.goog.',
  },
  {
    name: 'metric_types',
    secret: false,
    required: false,
    pattern:
      '^\\s*[^:,\\s]+:(int64|double|INT64|DOUBLE)(\\s*,\\s*[^:,\\s]+:(int64|double|INT64|DOUBLE))*\\s*$',
    help: 'Types of usage metrics as in the service configuration, such as requests:int64, stored_gib:double. int64 if nothing is said.',
  },
  {
    name: 'sign_up_audience',
    secret: false,
    required: false,
    help: 'The domain that Producer Portal shows for the sign-up token ("aud").',
  },
  {
    name: 'push_service_account',
    secret: false,
    required: false,
    pattern: EMAIL,
    help: 'The service account that signs the pushes of the Pub/Sub subscription.',
  },
  {
    name: 'push_audience',
    secret: false,
    required: false,
    help: 'The audience of the push subscription; Pub/Sub takes the address it pushes to if nothing else was set.',
  },
  {
    name: 'contact_name',
    secret: false,
    required: false,
    help: "The seller's contact on private offers.",
  },
  { name: 'contact_email', secret: false, required: false, pattern: EMAIL, help: 'Their e-mail address.' },
  {
    name: 'report_bucket',
    secret: false,
    required: false,
    pattern: '^[a-z0-9._-]{3,222}$',
    help: 'The Cloud Storage bucket that finance reports are delivered to.',
  },
  { name: 'report_prefix', secret: false, required: false, help: 'The folder of the reports in the bucket.' },
]

export function gcpConnector(parts: ConnectorParts<GcpConfig>): Connector {
  const gcp = createGcp(parts)
  return {
    cloud: 'gcp',
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
