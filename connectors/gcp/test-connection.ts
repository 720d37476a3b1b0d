/** Asks Google for harmless things, one per permission, and says which of them work, with Google's words where not. */
import { Fault } from '../../src/core/fault.ts'
import type { Connection, ConnectionTest } from '../connector.ts'
import type { Gcp } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { listReports } from './settlements.ts'
import { parentOf, projectOf, providerOf } from './wire/names.ts'

export async function testConnection(gcp: Gcp, connection: Connection): Promise<ConnectionTest[]> {
  const { service_name, report_bucket } = connection.settings
  // One token for all of them: if there is none, the rest would only say so again.
  const identity = await attempt('Service account', async () => {
    await gcp.authorised(connection, 'GetAccessToken', async () => undefined)
    return `${connection.settings.service_account}`
  })
  if (!identity.ok) return [identity]
  const rest = await Promise.all([
    attempt('Procurement entitlements.list', async () => {
      const parent = providerOf(connection)
      await gcp.procurement(connection, 'ListEntitlements', (client, options) =>
        client.providers.entitlements.list({ parent, pageSize: 1 }, options),
      )
      return `Orders of ${connection.account_id} can be read`
    }),
    attempt('Procurement accounts.list', async () => {
      const parent = providerOf(connection)
      await gcp.procurement(connection, 'ListAccounts', (client, options) =>
        client.providers.accounts.list({ parent, pageSize: 1 }, options),
      )
      return `Buyers of ${connection.account_id} can be read`
    }),
    attempt('commerceproducer.products.list', async () => {
      const parent = parentOf(connection)
      const answer = await gcp.producer(connection, 'ListServices', (client, options) =>
        client('listServices', { parent, pageSize: 1 }, options),
      )
      return (answer.services ?? []).length > 0 ? 'Products can be read' : 'There is no product yet'
    }),
    attempt('commerceproducer.privateOffers.list', async () => {
      const parent = parentOf(connection)
      await gcp.producer(connection, 'ListPrivateOffers', (client, options) =>
        client('listPrivateOffers', { parent, pageSize: 1 }, options),
      )
      return 'Private offers can be read'
    }),
    ...(service_name ? [attempt('servicemanagement.services.check', () => checkUsage(gcp, connection))] : []),
    ...(report_bucket
      ? [
          attempt('storage.objects.list', async () => {
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

async function attempt(permission: string, work: () => Promise<string>): Promise<ConnectionTest> {
  try {
    return { permission, ok: true, detail: await work() }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { permission, ok: false, detail: error.message }
  }
}
