// The three parties of every test.

export type Keys = {
  account_id: string
  tenant_id: string
  client_id: string
  client_secret: string
}

export const vendor = '10000001'
export const partner = '20000002'
export const customer = '30000000-0000-4000-8000-000000000003:30000000-0000-4000-8000-000000000004_2019-05-31'
