// Partners with what they are owed, and statements without their lines, as lists.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { payoutsRoutes, recordShare } from '../../src/payouts/index.ts'
import { anotherTenant, door, usd } from '../ledger/books.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
let vendor: ReturnType<typeof door>
let reseller: ReturnType<typeof door>
let reseller_organisation_id: string
beforeEach(async () => {
  context = await testContext({ start: '2026-03-10T00:00:00.000Z' })
  reseller_organisation_id = await anotherTenant(context, 'Reseller')
  vendor = door(payoutsRoutes(context), context.organisation_id)
  reseller = door(payoutsRoutes(context), reseller_organisation_id)
})
afterEach(() => context.close())

async function partner(name: string, account: string): Promise<string> {
  const wanted = { name, reseller_account_id: account, reseller_organisation_id, share_percent: '10' }
  const { status, body } = await vendor.post('/v1/partners', wanted)
  expect(status).toBe(201)
  return (body as { id: string }).id
}

const sold = (account: string, line_key: string, amount: string, day: string) =>
  context.store.inTenant(context.organisation_id, (scope) =>
    recordShare(scope, {
      agreement: { id: 'agr_r', role: 'manufacturer', seller_account_id: account },
      line_key,
      amount: usd(amount),
      occurred_at: new Date(`${day}T08:00:00Z`),
    }),
  )

type Items = { items: Record<string, unknown>[]; next: string | null }
const list = async (path: string, from = vendor) => ((await from.get(path)).body as Items).items

test('partners by name, found by their account, each with what it is owed', async () => {
  await partner('Woodgrove', '111')
  await partner('Contoso', '222')
  await partner('Adatum', '333')
  await sold('222', 'l1', '100.00', '2026-01-10')
  await sold('222', 'l2', '50.00', '2026-02-10')
  await sold('111', 'l3', '7.00', '2026-02-10')
  const [contoso] = await list('/v1/partners?q=222')
  await vendor.post('/v1/partner-statements', { partner_id: contoso?.id, month: '2026-01' })
  const owed = (payable: string, stated: string, unstated: string) => ({
    payable: { amount: payable },
    stated: { amount: stated },
    unstated: { amount: unstated },
    agrees: true,
  })
  expect(await list('/v1/partners?sort=name')).toMatchObject([
    { name: 'Adatum', owed: [] },
    { name: 'Contoso', owed: [owed('15.00', '10.00', '5.00')] },
    { name: 'Woodgrove', owed: [owed('0.70', '0.00', '0.70')] },
  ])
  expect((await list('/v1/partners?sort=-name')).map(({ name }) => name)).toEqual([
    'Woodgrove',
    'Contoso',
    'Adatum',
  ])
  const first = (await vendor.get('/v1/partners?sort=name&limit=1')).body as Items
  expect(await list(`/v1/partners?sort=name&limit=1&cursor=${first.next}`)).toMatchObject([
    { name: 'Contoso' },
  ])
  expect((await list(`/v1/partners?q=${contoso?.id}`)).map(({ name }) => name)).toEqual(['Contoso'])
  expect((await vendor.get(`/v1/partners/${contoso?.id}`)).body).toMatchObject({
    owed: [owed('15.00', '10.00', '5.00')],
  })
  expect(await list('/v1/partners', reseller)).toEqual([])
})

test('statements by month and side, without their lines, of which the late ones are counted', async () => {
  const id = await partner('Contoso', '222')
  await sold('222', 'l1', '100.00', '2026-01-10')
  await vendor.post('/v1/partner-statements', { partner_id: id, month: '2026-01' })
  await sold('222', 'late', '20.00', '2026-01-20')
  await sold('222', 'l2', '50.00', '2026-02-10')
  await vendor.post('/v1/partner-statements', { partner_id: id, month: '2026-02' })
  const given = await list('/v1/partner-statements?sort=-month')
  expect(given).toMatchObject([
    {
      side: 'given',
      lines: 2,
      late_lines: 1,
      total: { amount: '7.00' },
      content: { month: '2026-02', partner_id: id },
    },
    { side: 'given', lines: 1, late_lines: 0, total: { amount: '10.00' }, content: { month: '2026-01' } },
  ])
  expect(given[0]?.content).not.toHaveProperty('lines')
  const whole = (await vendor.get(`/v1/partner-statements/${given[0]?.id}`)).body
  expect(whole).toMatchObject({ late_lines: 1, digest: given[0]?.digest, content: { lines: [{}, {}] } })
  expect(await list('/v1/partner-statements?side=received')).toEqual([])
  expect(await list('/v1/partner-statements?side=received&month=2026-01', reseller)).toMatchObject([
    { side: 'received' },
  ])
  expect(await list('/v1/partner-statements?side=given', reseller)).toEqual([])
})

test.each([
  '/v1/partners?sort=share',
  '/v1/partner-statements?side=both',
  '/v1/partner-statements?month=2026-13',
])('%s is refused', async (path) => {
  expect((await vendor.get(path)).status).toBe(422)
})
