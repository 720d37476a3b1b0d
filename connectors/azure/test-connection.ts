/** Asks Azure for harmless things, one per permission, and says which of them work, with Azure's words where not. */
import { Fault } from '../../src/core/fault.ts'
import { dateOf } from '../../src/core/time.ts'
import type { Connection, ConnectionTest } from '../connector.ts'
import { FULFILMENT_VERSION } from './agreements/subscriptions.ts'
import { type Azure, type AzureRequest, path, type Service } from './clients.ts'
import { exportsPayouts } from './settlements/payouts.ts'
import { webhookIdentityOf } from './webhooks/identity.ts'
import { issuerOf } from './webhooks/keys.ts'
import { RESOURCES_VERSION } from './wire/schemas.ts'

export async function testConnection(azure: Azure, connection: Connection): Promise<ConnectionTest[]> {
  const ask = (permission: string, service: Service, detail: string, request: AzureRequest) =>
    attempt(permission, async () => {
      await azure.call(connection, service, request)
      return detail
    })
  const today = dateOf(azure.parts.clocks.business.now())
  return Promise.all([
    attempt('login', async () => {
      const { tenant_id: tenant } = webhookIdentityOf(connection)
      const address = `${azure.login}${path(tenant, 'v2.0')}/.well-known/openid-configuration`
      const metadata = await azure.open(connection, 'OpenIdConfiguration', address)
      const issuer =
        metadata !== null && typeof metadata === 'object' && 'issuer' in metadata ? metadata.issuer : ''
      if (issuer !== issuerOf(tenant, '2.0'))
        throw new Fault('invalid', `The login does not know the tenant ${tenant}`)
      return `The login knows the tenant ${tenant}`
    }),
    ask('saas-fulfilment', 'fulfilment', 'Subscriptions can be listed', {
      call: 'ListSubscriptions',
      path: '/saas/subscriptions',
      query: FULFILMENT_VERSION,
    }),
    ask('metering', 'metering', 'Usage can be read back', {
      call: 'GetUsageEvents',
      path: '/usageEvents',
      query: { ...FULFILMENT_VERSION, usageStartDate: `${today}T00:00:00Z` },
    }),
    ask('product-ingestion', 'ingestion', 'Offers can be listed', {
      call: 'ListProducts',
      path: '/product',
      query: { $version: RESOURCES_VERSION, $maxpagesize: '1' },
    }),
    ...(exportsPayouts(connection)
      ? [
          ask('payouts', 'payouts', 'Payout exports can be listed', {
            call: 'ListPaymentExports',
            path: '/payments',
          }),
        ]
      : []),
  ])
}

async function attempt(permission: string, work: () => Promise<string>): Promise<ConnectionTest> {
  try {
    return { permission, ok: true, detail: await work() }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { permission, ok: false, detail: error.message }
  }
}
