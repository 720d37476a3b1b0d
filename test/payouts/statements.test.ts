import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Agreement } from '../../src/agreements/model.ts'
import { payoutsRoutes, recordShare } from '../../src/payouts/index.ts'
import { anotherTenant, door, standing, subjectsOf, usd } from '../ledger/books.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
let vendor: ReturnType<typeof door>
let reseller: ReturnType<typeof door>
let stranger: ReturnType<typeof door>
let partner_id: string

beforeEach(async () => {
  context = await testContext({ start: '2026-02-03T00:00:00.000Z' })
  const reseller_organisation_id = await anotherTenant(context, 'Reseller')
  vendor = door(payoutsRoutes(context), context.organisation_id)
  reseller = door(payoutsRoutes(context), reseller_organisation_id)
  stranger = door(payoutsRoutes(context), await anotherTenant(context, 'Stranger'))
  const made = await vendor.post('/v1/partners', {
    name: 'Northwind Resale',
    reseller_account_id: '222222222222',
    reseller_organisation_id,
    share_percent: '2.5',
  })
  expect(made.status).toBe(201)
  partner_id = (made.body as { id: string }).id
})
afterEach(() => context.close())

type Resold = Pick<Agreement, 'id' | 'role' | 'seller_account_id'>
const resold: Resold = { id: 'agr_r', role: 'manufacturer', seller_account_id: '222222222222' }
function disbursed(line_key: string, amount: string, day: string, agreement = resold) {
  const occurred_at = new Date(`${day}T08:00:00.000Z`)
  return context.store.inTenant(context.organisation_id, (scope) =>
    recordShare(scope, { agreement, line_key, amount: usd(amount), occurred_at }),
  )
}

type Shown = {
  id: string
  side: string
  total: { currency: string; amount: string }
  late_lines: number
  digest: string
  content: { lines: Record<string, unknown>[]; total: string; month: string }
}
async function close(month: string): Promise<{ status: number; items: Shown[] }> {
  const { status, body } = await vendor.post('/v1/partner-statements', { partner_id, month })
  return { status, items: (body as { items: Shown[] }).items }
}
const owed = async () => (await vendor.get(`/v1/partners/${partner_id}`)).body as { owed: unknown[] }

test('a share is an expense and owed to the partner from the disbursement on', async () => {
  await disbursed('l1', '1000.00', '2026-01-10')
  expect(await standing(context)).toEqual({
    'expense:partner_share': 2500n,
    [`liability:partner:${partner_id}`]: -2500n,
  })
})

test('half a cent goes to the even cent, and the statement shows what it was before', async () => {
  await disbursed('odd', '0.20', '2026-01-10')
  await disbursed('even', '0.60', '2026-01-11')
  const { items } = await close('2026-01')
  expect(items[0]?.content.lines.map(({ basis, unrounded, rounded }) => [basis, unrounded, rounded])).toEqual(
    [
      ['0.20', '0.005', '0.00'],
      ['0.60', '0.015', '0.02'],
    ],
  )
  expect(items[0]?.total).toEqual({ currency: 'USD', amount: '0.02' })
})

test('the same line again changes nothing; with another amount it is refused', async () => {
  const first = await disbursed('l1', '1000.00', '2026-01-10')
  expect(await disbursed('l1', '1000.00', '2026-01-10')).toEqual(first)
  await expect(disbursed('l1', '999.00', '2026-01-10')).rejects.toThrow('was taken of USD 1,000.00')
  expect(await standing(context, 'liability:')).toEqual({ [`liability:partner:${partner_id}`]: -2500n })
})

test("our own sale, and a stranger's, bring no share", async () => {
  expect(await disbursed('own', '10.00', '2026-01-10', { ...resold, role: 'seller' })).toBeUndefined()
  const other = { ...resold, seller_account_id: '333333333333' }
  expect(await disbursed('other', '10.00', '2026-01-10', other)).toBeUndefined()
  expect(await standing(context)).toEqual({})
})

test('a month is stated once; a share that comes later is in the next statement and marked late', async () => {
  await disbursed('l1', '1000.00', '2026-01-10')
  const first = await close('2026-01')
  expect(first.status).toBe(201)
  await disbursed('l2', '400.00', '2026-01-30')
  await disbursed('l3', '-200.00', '2026-02-01')
  const again = await close('2026-01')
  expect(again).toEqual({ status: 200, items: first.items })
  expect(await subjectsOf(context)).toContain(`${partner_id} 2026-01`)
  context.clock.set('2026-03-02T00:00:00.000Z')
  const { items } = await close('2026-02')
  expect(items[0]?.content.lines.map(({ line_key, late, rounded }) => [line_key, late, rounded])).toEqual([
    ['l2', true, '10.00'],
    ['l3', false, '-5.00'],
  ])
  expect(items[0]).toMatchObject({ total: { amount: '5.00' }, late_lines: 1 })
})

test('what the books owe is the statements and what is not stated', async () => {
  await disbursed('l1', '1000.00', '2026-01-10')
  await close('2026-01')
  await disbursed('l2', '400.00', '2026-02-02')
  const usdText = (amount: string) => ({ currency: 'USD', amount })
  expect((await owed()).owed).toEqual([
    { payable: usdText('35.00'), stated: usdText('25.00'), unstated: usdText('10.00'), agrees: true },
  ])
  const where = { organisation_id: context.organisation_id, line_key: 'l2' }
  await context.store.inTenant(context.organisation_id, ({ tx }) =>
    tx.partner_share.updateMany({ where, data: { rounded: 999n } }),
  )
  expect((await owed()).owed).toMatchObject([{ agrees: false }])
})

test('the partner recomputes the statement alone: every line, the total and the digest', async () => {
  for (const [index, amount] of ['1234.57', '0.30', '-17.77'].entries()) {
    await disbursed(`l${index}`, amount, '2026-01-10')
  }
  const id = (await close('2026-01')).items[0]?.id
  const { body } = await reseller.get(`/v1/partner-statements/${id}`)
  const statement = body as Shown
  expect(statement.side).toBe('received')
  // Written anew here, from the words of digest_of, without any of the program's own functions.
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .sort()
              .map(([key, item]) => [key, sorted(item)]),
          )
        : value
  const text = JSON.stringify(sorted(statement.content))
  expect(createHash('sha256').update(text).digest('hex')).toBe(statement.digest)
  const cents = (amount: unknown) => BigInt(String(amount).replace('.', ''))
  const total = statement.content.lines.reduce((sum, line) => sum + cents(line.rounded), 0n)
  expect(total).toBe(cents(statement.content.total))
})

test('a reseller sees its own statements, a stranger none', async () => {
  await disbursed('l1', '1000.00', '2026-01-10')
  const id = (await close('2026-01')).items[0]?.id
  const list = async (from: typeof vendor) =>
    ((await from.get('/v1/partner-statements')).body as { items: Shown[] }).items.map((item) => item.side)
  expect(await list(vendor)).toEqual(['given'])
  expect(await list(reseller)).toEqual(['received'])
  expect(await list(stranger)).toEqual([])
  expect((await stranger.get(`/v1/partner-statements/${id}`)).status).toBe(404)
  expect((await stranger.get(`/v1/partners/${partner_id}`)).status).toBe(404)
  expect((await reseller.post('/v1/partner-statements', { partner_id, month: '2026-01' })).status).toBe(404)
})

test.each([
  [{ month: '2026-02' }, 409, '2026-02 has not ended'],
  [{ month: '2026-01' }, 409, 'no share up to the end of 2026-01'],
  [{ month: '2026-13' }, 422, 'month'],
  [{ month: '2026-01', partner_id: 'part_none' }, 404, 'no partner part_none'],
])('a statement of %o is refused', async (wanted, status, words) => {
  const answer = await vendor.post('/v1/partner-statements', { partner_id, ...wanted })
  expect(answer.status).toBe(status)
  expect(JSON.stringify(answer.body)).toContain(words)
})

test('a partner is named by an account or an organisation, once, with a percentage up to a hundred', async () => {
  const create = async (wanted: Record<string, string>) =>
    (await vendor.post('/v1/partners', { name: 'P', share_percent: '5', ...wanted })).status
  expect(await create({})).toBe(422)
  expect(await create({ reseller_account_id: '222222222222' })).toBe(409)
  expect(await create({ reseller_account_id: '4', share_percent: '100.01' })).toBe(422)
  expect(await create({ reseller_account_id: '4', share_percent: '-1' })).toBe(422)
  expect(await create({ reseller_organisation_id: 'org_else' })).toBe(201)
  expect(await create({ reseller_organisation_id: 'org_else' })).toBe(409)
  expect(await create({ reseller_organisation_id: 'org_else', reseller_account_id: '5' })).toBe(409)
})

test('a reseller with accounts on two clouds is a partner for each of them, with a share of its own', async () => {
  const { reseller_organisation_id } = (await vendor.get(`/v1/partners/${partner_id}`)).body as {
    reseller_organisation_id: string
  }
  const create = (wanted: Record<string, string>) =>
    vendor.post('/v1/partners', { name: 'P', share_percent: '10', reseller_organisation_id, ...wanted })
  expect((await create({})).status).toBe(409)
  const other = await create({ reseller_account_id: '87654321' })
  expect(other.status).toBe(201)
  await disbursed('here', '100.00', '2026-01-10')
  await disbursed('there', '100.00', '2026-01-10', { ...resold, seller_account_id: '87654321' })
  expect(await standing(context, 'liability:')).toEqual({
    [`liability:partner:${partner_id}`]: -250n,
    [`liability:partner:${(other.body as { id: string }).id}`]: -1000n,
  })
})
