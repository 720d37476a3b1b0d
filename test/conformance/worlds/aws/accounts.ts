// Accounts of AWS Marketplace in the sandbox, as connections of ours.
import type { Connection } from '../../../../connectors/connector.ts'
import type { Ground } from '../../ground.ts'

export const VENDOR = '100000000001'
export const RESELLER = '200000000002'
export const BUYER = '300000000003'
export const STRANGER = '400000000004'

export async function openAccount(
  { control }: Ground,
  account_id: string,
  role: 'seller' | 'buyer',
): Promise<Connection> {
  const keys = await control<Record<string, string>>('/aws/accounts', {
    account_id,
    role,
    name: `Account ${account_id}`,
  })
  const { access_key_id = '', secret_access_key = '', feed_bucket } = keys
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { access_key_id, secret_access_key },
    settings: feed_bucket === undefined ? {} : { feed_bucket },
  }
}
