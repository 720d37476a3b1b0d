// Accounts of Google Cloud Marketplace in the sandbox, as connections of ours.
import type { Connection } from '../../../../connectors/connector.ts'
import type { Ground } from '../../ground.ts'

export const VENDOR = 'vendor-inc'
export const RESELLER = 'reseller-llc'
export const STRANGER = 'stranger-inc'
export const CUSTOMER = '012345-567890-ABCDEF'
/** A customer of the reseller. */
export const RESOLD = '0AAAAA-0BBBBB-0CCCCC'
export const HOOK = 'https://vendor.example/webhooks'

type Key = { client_email: string; private_key: string }

export const serviceOf = (provider: string) => `ledger.endpoints.${provider}-project.cloud.goog`
export const domainOf = (provider: string) => `${provider}.example`
export const pusherOf = (provider: string) => `push@${provider}-project.iam.gserviceaccount.com`

export async function openProvider({ control }: Ground, account_id: string): Promise<Connection> {
  const project = `${account_id}-project`
  const account = { role: 'provider', account_id, name: account_id, project }
  const { service_account } = await control<{ service_account: Key }>('/gcp/accounts', account)
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { private_key: service_account.private_key },
    settings: {
      service_account: service_account.client_email,
      project,
      service_name: serviceOf(account_id),
      sign_up_audience: domainOf(account_id),
      push_service_account: pusherOf(account_id),
      push_audience: HOOK,
      contact_name: 'Vera Vendor',
      contact_email: 'vera@vendor.example',
      report_bucket: `${account_id}-marketplace-reports`,
    },
  }
}

export async function openBuyers({ control }: Ground): Promise<void> {
  await control('/gcp/accounts', { role: 'reseller', account_id: RESELLER, name: 'Reseller LLC' })
  const buyer = { role: 'customer', account_id: CUSTOMER, name: 'Buyer Corp', email: 'bea@buyer.example' }
  await control('/gcp/accounts', buyer)
  const resold = { role: 'customer', account_id: RESOLD, name: 'Resold GmbH', reseller: RESELLER }
  await control('/gcp/accounts', resold)
}
