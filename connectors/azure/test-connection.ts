/** Asks Azure for harmless things, one per permission, and says which of them work, with Azure's words where not. */
import { Fault } from '../../src/core/fault.ts'
import { dateOf } from '../../src/core/time.ts'
import type { Connection, ConnectionTest } from '../connector.ts'
import { tryPermission } from '../permission.ts'
import { FULFILMENT_VERSION } from './agreements/subscriptions.ts'
import { type Azure, type AzureRequest, path, type Service } from './clients.ts'
import { exportsPayouts } from './settlements/payouts.ts'
import { webhookIdentityOf } from './webhooks/identity.ts'
import { issuerOf } from './webhooks/keys.ts'
import { RESOURCES_VERSION } from './wire/schemas.ts'

/** What to do where a permission is missing. */
const fixes = {
  login: 'Check the directory (tenant) id, and the tenant of the messages if there is another one',
  'saas-fulfilment':
    'Name this application in the technical configuration of your offers, and check that its secret has not expired',
  metering:
    'Name this application in the technical configuration of your offers, and check that its secret has not expired',
  'product-ingestion': 'Add the application to Partner Center, under User management, with the Manager role',
  payouts:
    'Give the application a role that may see payouts in Partner Center, or set payout exports to "no"',
} as const

export async function testConnection(azure: Azure, connection: Connection): Promise<ConnectionTest[]> {
  const ask = (permission: keyof typeof fixes, service: Service, detail: string, request: AzureRequest) =>
    tryPermission(permission, fixes[permission], async () => {
      await azure.call(connection, service, request)
      return detail
    })
  const today = dateOf(azure.parts.clocks.business.now())
  return Promise.all([
    tryPermission('login', fixes.login, async () => {
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
