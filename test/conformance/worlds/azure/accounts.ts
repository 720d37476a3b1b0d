// Accounts of Microsoft's marketplace in the sandbox, as connections of ours.
import type { Connection } from '../../../../connectors/connector.ts'
import type { Ground } from '../../ground.ts'

export const VENDOR = '12345678'
export const PARTNER = '87654321'
export const STRANGER = '22222222'
export const CUSTOMER = '33333333-3333-4333-8333-333333333333:44444444-4444-4444-8444-444444444444_2019-05-31'
/** A billing account of nobody. */
export const NOBODY = '55555555-5555-4555-8555-555555555555:44444444-4444-4444-8444-444444444444_2019-05-31'

export async function openAccount(
  { control }: Ground,
  account_id: string,
  role: 'publisher' | 'partner' | 'customer',
): Promise<Connection> {
  const made = await control<Record<string, string>>('/azure/accounts', {
    account_id,
    role,
    name: `Account ${account_id.slice(0, 8)}`,
    ...(role === 'customer' ? { days_to_pay: 10, email: 'bea@buyer.example' } : {}),
  })
  const { tenant_id = '', client_id = '', client_secret = '', publisher_id } = made
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { client_secret },
    settings: {
      tenant_id,
      client_id,
      ...(publisher_id === undefined ? {} : { publisher_id }),
      contact_email: 'deals@vendor.example',
      payout_exports: 'yes',
    },
  }
}
