import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import type { Account } from './model.ts'
import { customerId } from './offer-rules.ts'
import { payOverdue } from './settlement.ts'
import type { World } from './world.ts'

const rate = z.string().regex(/^0(\.\d{1,6})?$/, 'A rate is a fraction such as "0.0825".')
const date = z.iso.date()
const settings = {
  country: z.string().length(2).default('US'),
  token_seconds: z.int().min(1).max(86_400).default(3_599),
  agreement_type: z.enum(['MCA', 'EA']).default('MCA'),
  tax: z.strictObject({ rate, liable: z.enum(['microsoft', 'publisher']) }).optional(),
  withholding_tax_rate: rate.default('0'),
  service_fee_tax_rate: rate.default('0'),
  days_to_pay: z.int().min(0).max(365).default(30),
  write_off_days: z.int().min(1).max(730).default(120),
  payout_day: z.int().min(1).max(28).default(15),
  bank_delay_days: z.int().min(0).max(30).default(2),
  webhook_token_version: z.enum(['v1', 'v2']).default('v1'),
  commitment: z
    .strictObject({ amount: z.string().regex(/^\d+(\.\d{1,2})?$/), start: date, end: date })
    .optional(),
}
const guid = z.guid()
const accountSchema = z.strictObject({
  account_id: z.string().min(1).optional(),
  name: z.string().min(1),
  role: z.enum(['publisher', 'partner', 'customer']),
  publisher_id: z.string().min(1).optional(),
  tenant_id: guid.optional(),
  client_id: guid.optional(),
  client_secret: z.string().min(1).optional(),
  email: z.email().optional(),
  ...settings,
})
type NewAccount = z.infer<typeof accountSchema>

// A change has no defaults: what it leaves out stays as it is.
const patchSchema = z
  .strictObject({
    name: z.string().min(1),
    client_secret: z.string().min(1),
    country: settings.country.unwrap(),
    token_seconds: settings.token_seconds.unwrap(),
    agreement_type: settings.agreement_type.unwrap(),
    tax: settings.tax.unwrap().nullable(),
    withholding_tax_rate: rate,
    service_fee_tax_rate: rate,
    days_to_pay: settings.days_to_pay.unwrap(),
    write_off_days: settings.write_off_days.unwrap(),
    payout_day: settings.payout_day.unwrap(),
    bank_delay_days: settings.bank_delay_days.unwrap(),
    webhook_token_version: settings.webhook_token_version.unwrap(),
    commitment: settings.commitment.unwrap().nullable(),
    pays: z.boolean(),
  })
  .partial()

function shown(account: Account) {
  const { account_id, role, tenant_id, client_id, client_secret, publisher_id } = account
  return {
    account_id,
    role,
    tenant_id,
    client_id,
    client_secret,
    ...(role === 'customer' ? { azure_subscription_id: account.azure_subscription_id } : { publisher_id }),
  }
}

function withoutSecrets({ client_secret: _secret, registered_as: _registered, ...rest }: Account) {
  return rest
}

export function findAccount(world: World, id: string): Account {
  const found = world.accounts.get(id)
  if (found) return found
  const fix = `Register ${id} with POST /control/azure/accounts.`
  throw new Refusal(404, 'account_id', 'names a known account', fix)
}

/** Routes under `/accounts`. */
export function addAccounts(app: Hono, world: World): void {
  app.post('/accounts', async (c) => {
    const body = accountSchema.parse(await c.req.json())
    const known = body.account_id === undefined ? undefined : world.accounts.get(body.account_id)
    if (known) {
      // Compared with what was registered, not with what later changes made of it.
      if (known.registered_as === JSON.stringify(body)) return c.json(shown(known), 200)
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
    const account = findAccount(world, c.req.param('account'))
    const changes = patchSchema.parse(await c.req.json())
    const kept = Object.entries(changes).map(([key, value]) => [key, value ?? undefined])
    const changed = world.accounts.put(account.account_id, {
      ...account,
      ...Object.fromEntries(kept),
    } as Account)
    if (!account.pays && changed.pays) payOverdue(world, changed.account_id)
    world.store.commit()
    return c.json(withoutSecrets(changed))
  })
}

function newAccount(world: World, body: NewAccount): Account {
  const { random } = world
  const made =
    body.role === 'customer' ? `${random.uuid()}:${random.uuid()}_2019-05-31` : random.text(8, '123456789')
  const account_id = body.account_id ?? made
  const right = body.role === 'customer' ? customerId.test(account_id) : /^\d{5,12}$/.test(account_id)
  if (!right) {
    const fix =
      'A customer is a billing account such as {guid}:{guid}_2019-05-31, a seller has 5 to 12 digits.'
    throw new Refusal(422, 'account_id', 'has the form of its role', fix)
  }
  const slug = body.name.toLowerCase().replace(/[^a-z0-9]+/g, '')
  const publisher_id = body.publisher_id ?? (slug || `publisher${account_id}`)
  const { account_id: _wanted, ...rest } = body
  return {
    ...rest,
    account_id,
    publisher_id,
    tenant_id: body.tenant_id ?? random.uuid(),
    client_id: body.client_id ?? random.uuid(),
    client_secret:
      body.client_secret ??
      random.text(40, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~_.-'),
    email: body.email ?? `buyer@${slug || 'customer'}.example`,
    object_id: random.uuid(),
    puid: `1003${random.text(12, '0123456789ABCDEF')}`,
    azure_subscription_id: random.uuid(),
    pays: true,
    registered_as: JSON.stringify(body),
  }
}
