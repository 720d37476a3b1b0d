// What the API answers of the cloud's descriptions: on agreements, on lines, and to nobody else.
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Description } from '../../connectors/connector.ts'
import { agreementRoutes } from '../../src/agreements/routes.ts'
import { insertDescriptions } from '../../src/descriptions/index.ts'
import type { DoorEnv } from '../../src/door/index.ts'
import { settlementRoutes } from '../../src/settlement/index.ts'
import { anotherTenant } from '../ledger/books.ts'
import { agree, exceptions, usageTerms, type World, world } from '../settlement/support.ts'
import { callerFor } from '../support/caller.ts'

let vendor: World
let door: Hono<DoorEnv>
beforeEach(async () => {
  vendor = await world()
  door = doorOf(vendor.context.organisation_id)
})
afterEach(() => vendor.context.close())

function doorOf(organisation_id: string): Hono<DoorEnv> {
  const app = new Hono<DoorEnv>()
  app.use(async (context, next) => {
    context.set('caller', callerFor(organisation_id))
    await next()
  })
  app.route('/', settlementRoutes(vendor.context))
  app.route('/', agreementRoutes(vendor.context))
  return app
}

async function items(path: string, from = door): Promise<Record<string, unknown>[]> {
  const response = await from.request(path)
  return ((await response.json()) as { items: Record<string, unknown>[] }).items
}

const shared = { valid_from: new Date('2026-01-01T00:00:00Z'), version: '2026-01-02', deleted: false }
const account = (key: string, about: string, name: string): Description => ({
  ...shared,
  kind: 'account',
  key,
  about,
  values: { name, address: null },
})
const told: Description[] = [
  account('feed-buyer', '222222222222', 'Example Corp'),
  {
    ...shared,
    kind: 'agreement',
    key: 'agmt-far',
    about: 'agmt-far',
    values: {
      offer_id: 'offer-1',
      seller: null,
      buyer: 'feed-buyer',
      state: 'active',
      cloud_state: 'ACTIVE',
      accepted_at: null,
      starts_at: null,
      ends_at: null,
    },
  },
  { ...shared, kind: 'offer', key: 'o', about: 'offer-1', values: { revision: '1', name: 'Spring' } },
  {
    ...shared,
    kind: 'offer_product',
    key: 'p',
    about: 'offer-1',
    values: { revision: '1', product_id: 'prod-1' },
  },
  { ...shared, kind: 'product', key: 'prod-1', about: 'prod-1', values: { title: 'Ledger', maker: null } },
]
const tell = () => vendor.tenant((scope) => insertDescriptions(scope, vendor.connection_id, told))

test('an agreement without a deal has the name of its buyer, in the list, by itself, and in the search', async () => {
  await agree(vendor, 'agr_1', usageTerms({ entries: '1' }))
  expect(await items('/v1/agreements')).toMatchObject([{ buyer_name: null }])
  await tell()
  expect(await items('/v1/agreements')).toMatchObject([{ buyer_name: 'Example Corp' }])
  expect(await items('/v1/agreements?q=example')).toMatchObject([{ id: 'agr_1' }])
  expect(await items('/v1/agreements?q=elsewhere')).toEqual([])
  const one = await door.request('/v1/agreements/agr_1')
  expect(await one.json()).toMatchObject({
    buyer: { account_id: '222222222222', name: 'Example Corp', country: null },
    seller: null,
    described: null,
  })
})

const line = {
  kind: 'sale',
  stage: 'invoiced',
  amount: '10.00',
  on: '2026-02-01',
} as const

test('a line of an agreement that is not known says what was sold to whom; one that is known needs no other name', async () => {
  await agree(vendor, 'agr_1', usageTerms({ entries: '1' }))
  await vendor.write('money.csv', [
    { ...line, key: 'far', agreement: 'agmt-far' },
    { ...line, key: 'near', agreement: 'agmt-agr_1' },
    { ...line, key: 'stray', agreement: 'agmt-unheard' },
  ])
  await tell()
  const lines = await items('/v1/reconciliation/lines?sort=amount')
  const of = (key: string) => lines.find((one) => one.key === key)?.described
  expect(of('far')).toMatchObject({
    offer: 'Spring',
    products: [{ product_id: 'prod-1', title: 'Ledger', maker: null }],
    buyer: { name: 'Example Corp' },
    taxes: [],
  })
  expect(of('near')).toBeNull()
  expect(of('stray')).toBeNull()
})

test('whoever waits for the agreement is told by name what the lines are of', async () => {
  await vendor.write('money.csv', [{ ...line, key: 'far', agreement: 'agmt-far' }])
  await tell()
  vendor.context.clock.set('2026-02-20T12:00:00.000Z')
  await vendor.match()
  expect(await exceptions(vendor)).toEqual([
    {
      kind: 'line_waiting',
      sentence:
        '1 lines have waited since 2026-02-10 for agreement agmt-far (Ledger, offer Spring, for Example Corp), which is not known here.',
    },
  ])
})

test('another tenant is told nothing of it', async () => {
  await tell()
  const stranger = await anotherTenant(vendor.context, 'Stranger')
  const seen = await vendor.context.store.inTenant(stranger, ({ tx }) => tx.description.count())
  expect(seen).toBe(0)
  expect(await items('/v1/agreements?q=example', doorOf(stranger))).toEqual([])
})
