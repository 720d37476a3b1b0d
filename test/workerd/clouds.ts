// A seller account on each cloud of the sandbox, and what a connection to it is made of.
import { z } from 'zod'
import type { Schemas } from '../../src/client/index.ts'

type Draft = Pick<Schemas['Connection'], 'cloud' | 'account_id' | 'name' | 'settings'> & {
  credentials: Record<string, string>
}

export async function tell(control: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${control}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The sandbox refused ${path} with ${answer.status}: ${text}`)
  return JSON.parse(text)
}

const awsAccount = z.object({
  access_key_id: z.string(),
  secret_access_key: z.string(),
  feed_bucket: z.string(),
})

export async function awsSeller(control: string, account_id: string): Promise<Draft> {
  const account = { role: 'seller', account_id, name: 'Vendor', country: 'US' }
  const { feed_bucket, ...credentials } = awsAccount.parse(await tell(control, '/aws/accounts', account))
  return { cloud: 'aws', account_id, name: 'AWS', credentials, settings: { feed_bucket } }
}

/** The same for a key that may do nothing but take on a role, whose trust policy asks for an external id. */
export async function awsSellerByRole(control: string, account_id: string): Promise<Draft> {
  const { settings, ...draft } = await awsSeller(control, account_id)
  const external_id = 'shared=1,with+all:of/it@-.'
  const answer = await fetch(`${control}/aws/accounts/${account_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ external_id }),
  })
  if (!answer.ok) throw new Error(`The sandbox refused the external id: ${await answer.text()}`)
  const role_arn = `arn:aws:iam::${account_id}:role/syndic`
  return { ...draft, name: 'AWS by a role', settings: { ...settings, role_arn, external_id } }
}

const azureAccount = z.object({
  tenant_id: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  publisher_id: z.string(),
})

export async function azureSeller(control: string, account_id: string): Promise<Draft> {
  const account = { role: 'publisher', account_id, name: 'Vendor' }
  const made = azureAccount.parse(await tell(control, '/azure/accounts', account))
  const { client_secret, ...identity } = made
  const settings = { ...identity, contact_email: 'deals@vendor.example', payout_exports: 'yes' }
  return { cloud: 'azure', account_id, name: 'Azure', credentials: { client_secret }, settings }
}

const gcpAccount = z.object({
  service_account: z.object({ client_email: z.string(), private_key: z.string() }),
  report_bucket: z.string(),
})

export async function gcpSeller(control: string, account_id: string): Promise<Draft> {
  const project = `${account_id}-project`
  const service_name = `ledger.endpoints.${project}.cloud.goog`
  const account = { role: 'provider', account_id, name: 'Vendor', project }
  const { service_account, report_bucket } = gcpAccount.parse(await tell(control, '/gcp/accounts', account))
  await tell(control, '/gcp/listings', {
    account_id,
    service_name,
    title: 'Ledger',
    signup_url: 'https://vendor.example.com/sign-up',
    metrics: [{ name: 'calls', value_type: 'INT64', unit: 'call', price: '0.0025' }],
    plans: [{ plan: 'enterprise', title: 'Enterprise', monthly_fee: '1000', months: [1, 12], usage: true }],
  })
  const settings = {
    service_account: service_account.client_email,
    project,
    service_name,
    metric_types: 'calls:int64',
    contact_name: 'Vera Vendor',
    contact_email: 'vera@vendor.example.com',
    report_bucket,
  }
  const { private_key } = service_account
  return { cloud: 'gcp', account_id, name: 'Google Cloud', credentials: { private_key }, settings }
}
