import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { lowercase } from '../random.ts'
import type { Account, Customer, Provider } from './model.ts'
import { releaseWithheld } from './settlement.ts'
import { reportBucket } from './storage.ts'
import { digits, type World } from './world.ts'

const billingAccount = z
  .string()
  .regex(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, 'A billing account looks like 012345-567890-ABCDEF.')
const partnerId = z.string().regex(/^[a-z][a-z0-9-]{2,40}$/, 'Small letters, digits and dashes.')

const providerSchema = z.strictObject({
  role: z.literal('provider'),
  account_id: partnerId,
  name: z.string().min(1),
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/)
    .optional(),
  payout_day: z.int().min(17).max(28).default(21),
  bank_delay_days: z.int().min(0).max(30).default(2),
})
const resellerSchema = z.strictObject({
  role: z.literal('reseller'),
  account_id: partnerId,
  name: z.string().min(1),
  contact: z.string().default('Partner sales'),
  email: z.string().default('sales@reseller.example'),
  billing_account: billingAccount.optional(),
})
const customerSchema = z.strictObject({
  role: z.literal('customer'),
  account_id: billingAccount.optional(),
  name: z.string().min(1),
  email: z.string().default('buyer@customer.example'),
  country: z.string().length(2).default('US'),
  reseller: partnerId.optional(),
  free_trial: z.boolean().default(false),
})
const accountSchema = z.discriminatedUnion('role', [providerSchema, resellerSchema, customerSchema])

const patchSchema = z
  .strictObject({
    name: z.string().min(1),
    payout_day: z.int().min(17).max(28),
    bank_delay_days: z.int().min(0).max(30),
    pays: z.boolean(),
    billing_enabled: z.boolean(),
    free_trial: z.boolean(),
  })
  .partial()

type Wanted = z.infer<typeof accountSchema>

export function findProvider(world: World, id: string): Provider {
  const found = world.accounts.get(id)
  if (found?.role === 'provider') return found
  throw new Refusal(404, 'account_id', 'names a provider', `Register ${id} with POST /control/gcp/accounts.`)
}

export function findCustomer(world: World, id: string): Customer {
  const found = world.accounts.get(id)
  if (found?.role === 'customer') return found
  throw new Refusal(404, 'account_id', 'names a billing account', `Register ${id} as a customer first.`)
}

/** What registering answers; a provider gets its service account's key file. */
function shown(account: Account): object {
  if (account.role !== 'provider') return account
  const { private_key, private_key_id, public_key: _public, client_email, ...rest } = account
  return {
    ...rest,
    client_email,
    report_bucket: reportBucket(account),
    service_account: {
      type: 'service_account',
      project_id: account.project,
      private_key_id,
      private_key,
      client_email,
      client_id: account.project_number,
      token_uri: 'https://oauth2.googleapis.com/token',
    },
  }
}

function withoutSecrets(account: Account): object {
  if (account.role !== 'provider') return account
  const { private_key: _private, public_key: _public, ...rest } = account
  return rest
}

/** Routes under `/accounts`. */
export function addAccounts(app: Hono, world: World): void {
  app.post('/accounts', async (c) => {
    const body = accountSchema.parse(await c.req.json())
    const known = body.account_id === undefined ? undefined : world.accounts.get(body.account_id)
    if (known) {
      if (known.role === body.role && known.name === body.name) return c.json(shown(known), 200)
      const fix = 'It exists with other settings: use PATCH to change it.'
      throw new Refusal(409, 'account_id', 'is registered once', fix)
    }
    const account = newAccount(world, body)
    world.accounts.put(account.account_id, account)
    world.store.commit()
    return c.json(shown(account), 201)
  })
  app.get('/accounts', (c) => c.json(world.accounts.all().map(withoutSecrets)))
  app.patch('/accounts/:account', async (c) => {
    const account = world.accounts.get(c.req.param('account'))
    if (!account) throw new Refusal(404, 'account_id', 'names a known account', 'Register it first.')
    const body = patchSchema.parse(await c.req.json())
    const foreign = Object.keys(body).find((key) => !(key in account))
    if (foreign !== undefined) {
      throw new Refusal(422, foreign, `belongs to a ${account.role}`, `A ${account.role} has no ${foreign}.`)
    }
    const changed = world.accounts.put(account.account_id, { ...account, ...body } as Account)
    if (account.role === 'customer' && changed.role === 'customer') customerChanged(world, account, changed)
    world.store.commit()
    return c.json(withoutSecrets(world.accounts.get(account.account_id) ?? changed))
  })
}

function customerChanged(world: World, before: Customer, after: Customer): void {
  if (!before.pays && after.pays) releaseWithheld(world, after.account_id)
  if (!before.billing_enabled && after.billing_enabled) {
    world.accounts.put(after.account_id, { ...after, billing_restored_at: world.clock.now() })
  }
}

function billingAccountId(world: World): string {
  const part = () => world.random.text(6, '0123456789ABCDEF')
  return `${part()}-${part()}-${part()}`
}

function newAccount(world: World, body: Wanted): Account {
  const created_at = world.clock.now()
  if (body.role === 'provider') return newProvider(world, body)
  if (body.role === 'reseller') {
    return { ...body, billing_account: body.billing_account ?? billingAccountId(world), created_at }
  }
  if (body.reseller !== undefined && world.accounts.get(body.reseller)?.role !== 'reseller') {
    throw new Refusal(404, 'reseller', 'names a reseller', `Register ${body.reseller} first.`)
  }
  return {
    ...body,
    account_id: body.account_id ?? billingAccountId(world),
    pays: true,
    billing_enabled: true,
    billing_restored_at: 0,
    project: `customer-${world.random.text(8, lowercase)}`,
    project_number: world.random.text(12, '123456789'),
    organization_id: world.random.text(12, digits),
    insights_account_id: world.random.text(16, '0123456789ABCDEF'),
    created_at,
  }
}

function newProvider(world: World, body: z.infer<typeof providerSchema>): Provider {
  const project = body.project ?? `${body.account_id}-project`
  const { publicKey, privateKey } = world.rsa()
  return {
    ...body,
    project,
    project_number: world.random.text(12, '123456789'),
    client_email: `marketplace@${project}.iam.gserviceaccount.com`,
    private_key_id: world.random.text(40, '0123456789abcdef'),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    created_at: world.clock.now(),
  }
}
