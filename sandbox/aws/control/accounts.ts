import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../../problem.ts'
import { alphanumeric, uppercase } from '../../random.ts'
import { standings } from '../catalog/seller-standing.ts'
import type { Account } from '../model.ts'
import { restateAccount } from '../money/feeds.ts'
import { payOverdue, resumeDisbursements } from '../money/settlement.ts'
import { opaque, type World } from '../world.ts'

export const accountId = z.string().regex(/^\d{12}$/, 'An account id has 12 digits.')
const tax = z.strictObject({
  rate: z.string().regex(/^0(\.\d{1,6})?$/, 'A tax rate is a fraction such as "0.0825".'),
  liable: z.enum(['aws', 'seller']),
})
const settings = {
  country: z.string().length(2).default('US'),
  state: z.string().default(''),
  tax: tax.optional(),
  days_to_pay: z.int().min(0).max(365).default(20),
  disbursement_day: z.int().min(1).max(28).default(15),
  bank_delay_days: z.int().min(0).max(30).default(2),
}
const accountSchema = z.strictObject({
  account_id: accountId.optional(),
  name: z.string().min(1),
  role: z.enum(['seller', 'buyer']),
  ...settings,
})
// A change has no defaults: what it leaves out stays as it is.
const patchSchema = z
  .strictObject({
    name: z.string().min(1),
    country: settings.country.unwrap(),
    state: settings.state.unwrap(),
    tax: tax.nullable(),
    days_to_pay: settings.days_to_pay.unwrap(),
    disbursement_day: settings.disbursement_day.unwrap(),
    bank_delay_days: settings.bank_delay_days.unwrap(),
    pays: z.boolean(),
    bank_refuses: z.boolean(),
    feed_delay_days: z.int().min(0).max(60),
    disbursement_word: z.enum(['DISBURSED', 'DISBURSEMENT']),
    exports_reports: z.boolean(),
    misses: z.array(z.enum(standings)),
    external_id: z.string().min(2).max(1224),
  })
  .partial()

function shown(account: Account) {
  return {
    account_id: account.account_id,
    access_key_id: account.access_key_id,
    secret_access_key: account.secret_access_key,
    ...(account.feed_bucket ? { feed_bucket: account.feed_bucket } : {}),
  }
}

export function findAccount(world: World, id: string): Account {
  const found = world.accounts.get(id)
  if (!found)
    throw new Refusal(
      404,
      'account_id',
      'names a known account',
      `Register ${id} with POST /control/aws/accounts.`,
    )
  return found
}

/** Routes under `/accounts`. */
export function addAccounts(app: Hono, world: World): void {
  app.post('/accounts', async (c) => {
    const body = accountSchema.parse(await c.req.json())
    const known = body.account_id === undefined ? undefined : world.accounts.get(body.account_id)
    if (known) {
      // Compared with what was registered, not with what later changes made of it.
      if (known.registered_as === JSON.stringify(body)) return c.json(shown(known), 200)
      throw new Refusal(
        409,
        'account_id',
        'is registered once',
        'It exists with other settings: use PATCH to change it.',
      )
    }
    const account = newAccount(world, body)
    world.accounts.put(account.account_id, account)
    world.store.commit()
    return c.json(shown(account), 201)
  })
  app.get('/accounts', (c) =>
    c.json(
      world.accounts
        .all()
        .map(({ secret_access_key: _secret, registered_as: _registered, ...account }) => account),
    ),
  )
  app.patch('/accounts/:account', async (c) => {
    const account = findAccount(world, c.req.param('account'))
    const body = patchSchema.parse(await c.req.json())
    const changes = { ...body, ...('tax' in body ? { tax: body.tax ?? undefined } : {}) }
    const kept = Object.fromEntries(
      Object.entries(changes).filter(([key, value]) => value !== undefined || key === 'tax'),
    )
    const changed = world.accounts.put(account.account_id, { ...account, ...kept } as Account)
    if (!account.pays && changed.pays) payOverdue(world, changed.account_id)
    if (account.bank_refuses && !changed.bank_refuses) resumeDisbursements(world, changed.account_id)
    restateAccount(world, changed)
    world.store.commit()
    const { secret_access_key: _secret, registered_as: _registered, ...rest } = changed
    return c.json(rest)
  })
}

function newAccount(world: World, body: z.infer<typeof accountSchema>): Account {
  const { account_id: wanted, ...rest } = body
  const account_id = wanted ?? world.random.text(12, '123456789')
  return {
    ...rest,
    account_id,
    registered_as: JSON.stringify(body),
    pays: true,
    bank_refuses: false,
    feed_delay_days: 0,
    disbursement_word: 'DISBURSED',
    exports_reports: false,
    access_key_id: `AKIA${world.random.text(16, uppercase)}`,
    secret_access_key: world.random.text(40, alphanumeric),
    feed_bucket: rest.role === 'seller' ? `seller-feeds-${account_id}` : undefined,
    created_at: world.clock.now(),
    feed_account_id: opaque(world, 24).toLowerCase(),
    encrypted_account_id: opaque(world, 11),
    address_id: opaque(world, 20).toLowerCase(),
  }
}
