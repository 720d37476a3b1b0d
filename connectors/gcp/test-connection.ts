/** Asks Google for harmless things, one per permission, and says which of them work, with Google's words where not. */
import type { Connection, ConnectionTest } from '../connector.ts'
import { tryPermission } from '../permission.ts'
import type { Gcp } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { listReports } from './settlements.ts'
import { parentOf, projectOf, providerOf } from './wire/names.ts'

/** What to do where a permission is missing. */
const fixes = {
  'Service account':
    'Check the e-mail address of the service account, and give a key of it that is still valid',
  'Procurement entitlements.list':
    'Link the service account under Billing integration in Producer Portal, and check the provider id',
  'Procurement accounts.list':
    'Link the service account under Billing integration in Producer Portal, and check the provider id',
  'commerceproducer.products.list':
    'Give the service account the role Commerce Producer Admin in the project',
  'commerceproducer.privateOffers.list':
    'Give the service account the role Commerce Producer Admin in the project',
  'servicemanagement.services.check':
    'Give the service account the role Service Controller on the managed service, and check its name',
  'storage.objects.list':
    'Let the service account list and read objects of the bucket, and check its name in the settings',
} as const

export async function testConnection(gcp: Gcp, connection: Connection): Promise<ConnectionTest[]> {
  const { service_name, report_bucket } = connection.settings
  // One token for all of them: if there is none, the rest would only say so again.
  const identity = await tryPermission('Service account', fixes['Service account'], async () => {
    await gcp.authorised(connection, 'GetAccessToken', async () => undefined)
    return `${connection.settings.service_account}`
  })
  if (!identity.ok) return [identity]
  const rest = await Promise.all([
    tryPermission('Procurement entitlements.list', fixes['Procurement entitlements.list'], async () => {
      const parent = providerOf(connection)
      await gcp.procurement(connection, 'ListEntitlements', (client, options) =>
        client.providers.entitlements.list({ parent, pageSize: 1 }, options),
      )
      return `Orders of ${connection.account_id} can be read`
    }),
    tryPermission('Procurement accounts.list', fixes['Procurement accounts.list'], async () => {
      const parent = providerOf(connection)
      await gcp.procurement(connection, 'ListAccounts', (client, options) =>
        client.providers.accounts.list({ parent, pageSize: 1 }, options),
      )
      return `Buyers of ${connection.account_id} can be read`
    }),
    tryPermission('commerceproducer.products.list', fixes['commerceproducer.products.list'], async () => {
      const parent = parentOf(connection)
      const answer = await gcp.producer(connection, 'ListServices', (client, options) =>
        client('listServices', { parent, pageSize: 1 }, options),
      )
      return (answer.services ?? []).length > 0 ? 'Products can be read' : 'There is no product yet'
    }),
    tryPermission(
      'commerceproducer.privateOffers.list',
      fixes['commerceproducer.privateOffers.list'],
      async () => {
        const parent = parentOf(connection)
        await gcp.producer(connection, 'ListPrivateOffers', (client, options) =>
          client('listPrivateOffers', { parent, pageSize: 1 }, options),
        )
        return 'Private offers can be read'
      },
    ),
    ...(service_name
      ? [
          tryPermission('servicemanagement.services.check', fixes['servicemanagement.services.check'], () =>
            checkUsage(gcp, connection),
          ),
        ]
      : []),
    ...(report_bucket
      ? [
          tryPermission('storage.objects.list', fixes['storage.objects.list'], async () => {
            await listReports(gcp, connection, null)
            return `The bucket ${report_bucket} can be listed`
          }),
        ]
      : []),
  ])
  return [identity, ...rest]
}

/** A check reports nothing. The project itself is no buyer, and that Google says so shows that it may be asked. */
async function checkUsage(gcp: Gcp, connection: Connection): Promise<string> {
  const serviceName = connection.settings.service_name ?? ''
  const now = gcp.parts.clocks.business.now().toISOString()
  const operation = {
    operationId: 'connection-test',
    operationName: 'syndic connection test',
    consumerId: `project:${projectOf(connection)}`,
    startTime: now,
    endTime: now,
  }
  try {
    await gcp.serviceControl(connection, 'Check', (client, options) =>
      client.services.check({ serviceName, requestBody: { operation } }, options),
    )
  } catch (error) {
    if (!isFaultOf(error, 'invalid')) throw error
  }
  return `Usage of ${serviceName} may be reported`
}
