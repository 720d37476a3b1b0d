// The ledger as lists: entries in an order and by what they touch, accounts, and the rows of the chart on any day.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { ledgerRoutes, recipes } from '../../src/ledger/index.ts'
import { chart } from '../../src/ledger/model.ts'
import { rollUp } from '../../src/ledger/roll-up.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { anotherTenant, book, door, usd } from './books.ts'

let context: TestContext
let ledger: ReturnType<typeof door>
let stranger: ReturnType<typeof door>

const of = (key: string, amount: string, day: string) => ({
  key,
  agreement_id: `agr_${key.slice(0, 1)}`,
  amount: usd(amount),
  occurred_at: new Date(`${day}T08:00:00Z`),
  evidence: {},
})

beforeAll(async () => {
  context = await testContext({ start: '2026-03-10T00:00:00.000Z' })
  ledger = door(ledgerRoutes(context), context.organisation_id)
  stranger = door(ledgerRoutes(context), await anotherTenant(context, 'Stranger'))
  // Written in another order than they are booked on; the last is not rolled up.
  await book(context, recipes.saleInvoiced(of('b1', '20.00', '2026-02-10')))
  await book(context, recipes.saleExpected({ ...of('a1', '10.00', '2026-01-05'), income: 'contract' }))
  await book(context, recipes.saleInvoiced(of('a2', '10.00', '2026-01-20')))
  await context.store.inTenant(context.organisation_id, (scope) => rollUp(scope))
  await book(context, recipes.saleExpected({ ...of('b2', '5.00', '2026-03-01'), income: 'contract' }))
})
afterAll(() => context.close())

type Entry = { id: string; reference: string; book_date: string }
type Page = { items: Entry[]; next: string | null }
async function references(query: string): Promise<string[]> {
  const { status, body } = await ledger.get(`/v1/ledger/entries?${query}`)
  expect([query, status]).toEqual([query, 200])
  return (body as Page).items.map(({ reference }) => reference)
}

const BY_DAY = ['sale_expected:a1', 'sale_invoiced:a2', 'sale_invoiced:b1', 'sale_expected:b2']
const BY_WRITING = ['sale_invoiced:b1', 'sale_expected:a1', 'sale_invoiced:a2', 'sale_expected:b2']

test('entries by the day they are booked on and by when they were written, both ways, page by page', async () => {
  expect(await references('')).toEqual(BY_WRITING)
  for (const [sort, order] of [
    ['recorded_at', BY_WRITING],
    ['-recorded_at', BY_WRITING.toReversed()],
    ['book_date', BY_DAY],
    ['-book_date', BY_DAY.toReversed()],
  ] as const) {
    const found: string[] = []
    let cursor = ''
    do {
      const { body } = await ledger.get(`/v1/ledger/entries?sort=${sort}&limit=1${cursor}`)
      const { items, next } = body as Page
      found.push(...items.map(({ reference }) => reference))
      cursor = next === null ? '' : `&cursor=${next}`
    } while (cursor !== '')
    expect([sort, found]).toEqual([sort, order])
  }
})

test('entries by account, agreement, kind and days, together and each alone', async () => {
  expect(await references('account=income:contract&sort=-book_date')).toEqual([
    'sale_expected:b2',
    'sale_expected:a1',
  ])
  expect(await references('agreement_id=agr_a&sort=book_date')).toEqual([
    'sale_expected:a1',
    'sale_invoiced:a2',
  ])
  expect(await references('agreement_id=agr_a&account=clearing:agr_b')).toEqual([])
  expect(await references('agreement_id=agr_a&account=clearing:agr_a&kind=sale_invoiced')).toEqual([
    'sale_invoiced:a2',
  ])
  expect(await references('kind=sale_expected&sort=-book_date')).toEqual([
    'sale_expected:b2',
    'sale_expected:a1',
  ])
  for (const sort of ['book_date', '-book_date', 'recorded_at', '-recorded_at']) {
    const days = `from=2026-01-06&until=2026-02-10&sort=${sort}`
    expect([sort, (await references(days)).toSorted()]).toEqual([
      sort,
      ['sale_invoiced:a2', 'sale_invoiced:b1'],
    ])
    const of_account = await references(`account=clearing:agr_b&${days}`)
    expect([sort, of_account]).toEqual([sort, ['sale_invoiced:b1']])
  }
})

test('an entry is found by its id, its reference and its key; a part of it with an account or days only', async () => {
  const [first] = ((await ledger.get('/v1/ledger/entries')).body as Page).items
  expect(await references(`q=${first?.id}`)).toEqual(['sale_invoiced:b1'])
  expect(await references('q=sale_invoiced:b1')).toEqual(['sale_invoiced:b1'])
  expect(await references('q=b1')).toEqual(['sale_invoiced:b1'])
  expect(await references('q=invoiced')).toEqual([])
  expect(await references('q=invoiced&from=2026-01-01&sort=book_date')).toEqual([
    'sale_invoiced:a2',
    'sale_invoiced:b1',
  ])
  expect(await references('q=invoiced&agreement_id=agr_a')).toEqual(['sale_invoiced:a2'])
  // A sign of patterns is a sign like any other.
  expect(await references('q=sale%25&from=2026-01-01')).toEqual([])
})

type Account = { account: string; balance: string }
async function accounts(query: string): Promise<string[]> {
  const { body } = await ledger.get(`/v1/ledger/accounts?${query}`)
  return (body as { items: Account[] }).items.map(({ account, balance }) => `${account} ${balance}`)
}

test('accounts: those not at zero, by a part of their name, as they stood on a day', async () => {
  expect(await accounts('prefix=clearing:')).toEqual(['clearing:agr_a 0.00', 'clearing:agr_b -15.00'])
  expect(await accounts('prefix=clearing:&open=true')).toEqual(['clearing:agr_b -15.00'])
  expect(await accounts('q=agr_a&open=true')).toEqual(['receivable:invoiced:agr_a 10.00'])
  expect(await accounts('prefix=clearing:&until=2026-01-10')).toEqual([
    'clearing:agr_a 10.00',
    'clearing:agr_b 0.00',
  ])
  // income:contract is a row of the chart and an account; its last entry still waits for the roll-up.
  expect(await accounts('prefix=income:')).toEqual(['income:contract -15.00'])
  expect(await accounts('prefix=income:&until=2026-02-28')).toEqual(['income:contract -10.00'])
})

type Group = { name: string; balance: string; accounts: number | null; open: number | null }
async function groups(query = ''): Promise<Group[]> {
  const { body } = await ledger.get(`/v1/ledger/groups${query}`)
  return (body as { groups: Group[] }).groups.map(({ name, balance, accounts: all, open }) => ({
    name,
    balance,
    accounts: all,
    open,
  }))
}

test('rows of the chart: now with their accounts, and at the end of a day', async () => {
  expect(await groups()).toEqual([
    { name: 'income:contract', balance: '-15.00', accounts: 1, open: 1 },
    { name: 'clearing', balance: '-15.00', accounts: 2, open: 1 },
    { name: 'receivable:invoiced', balance: '30.00', accounts: 2, open: 2 },
  ])
  expect(await groups('?until=2026-01-20')).toEqual([
    { name: 'income:contract', balance: '-10.00', accounts: null, open: null },
    { name: 'clearing', balance: '0.00', accounts: null, open: null },
    { name: 'receivable:invoiced', balance: '10.00', accounts: null, open: null },
  ])
  const { body } = await ledger.get('/v1/ledger/groups?until=2026-01-20')
  expect(body).toMatchObject({ totals: [{ book: 'money', debits: '20.00', credits: '20.00' }] })
})

test('the database knows which row of the chart an account belongs to', async () => {
  const names = chart.map(({ name, below }) => ({ name, account: below ? `${name}:x` : name }))
  const rows = await context.store.inTenant(
    context.organisation_id,
    ({ tx }) =>
      tx.$queryRaw`SELECT account_group(account) AS name FROM unnest(${names.map(({ account }) => account)}::text[]) AS account`,
  )
  const found = z.array(z.object({ name: z.string() })).parse(rows)
  expect(found.map(({ name }) => name)).toEqual(names.map(({ name }) => name))
})

test('an entry names what corrects it, and what it corrects', async () => {
  const other = await testContext({ start: '2026-03-10T00:00:00.000Z' })
  const own = door(ledgerRoutes(other), other.organisation_id)
  const wrong = recipes.saleInvoiced(of('a1', '10.00', '2026-01-05'))
  if (wrong === null) throw new Error('Nothing to book')
  await book(
    other,
    wrong,
    recipes.correction(wrong, { occurred_at: new Date('2026-02-01T00:00:00Z'), evidence: {} }),
  )
  const [first, second] = ((await own.get('/v1/ledger/entries?sort=book_date')).body as Page).items
  expect((await own.get(`/v1/ledger/entries/${first?.id}`)).body).toMatchObject({
    reversed_by: second?.id,
    reverses_id: null,
  })
  expect((await own.get(`/v1/ledger/entries/${second?.id}`)).body).toMatchObject({
    reverses_id: first?.id,
    reversed_by: null,
  })
  await other.close()
})

test('days that do not come to the balances are found and named', async () => {
  const other = await testContext({ start: '2026-03-10T00:00:00.000Z' })
  const own = door(ledgerRoutes(other), other.organisation_id)
  await book(other, recipes.saleInvoiced(of('a1', '10.00', '2026-01-05')))
  await other.store.inTenant(other.organisation_id, (scope) => rollUp(scope))
  const assertion = async () =>
    (
      (await own.get('/v1/ledger/check')).body as {
        assertions: { name: string; ok: boolean; detail: string }[]
      }
    ).assertions.find(({ name }) => name === 'days_come_to_balances')
  expect(await assertion()).toMatchObject({ ok: true })
  await other.store.inTenant(other.organisation_id, ({ tx }) =>
    tx.group_day.updateMany({ where: { name: 'clearing' }, data: { credits: { increment: 1 } } }),
  )
  expect(await assertion()).toMatchObject({
    ok: false,
    detail: 'The days of clearing do not come to its balances.',
  })
  await other.close()
})

test.each([
  ['/v1/ledger/entries?sort=amount', 422],
  ['/v1/ledger/entries?from=2026-02-30', 422],
  ['/v1/ledger/accounts?open=yes', 422],
  ['/v1/ledger/groups?until=today', 422],
])('%s is refused with %i', async (path, status) => {
  expect((await ledger.get(path)).status).toBe(status)
})

test('a cursor of another order is refused', async () => {
  const { next } = (await ledger.get('/v1/ledger/entries?sort=book_date&limit=1')).body as Page
  expect((await ledger.get(`/v1/ledger/entries?sort=-book_date&limit=1&cursor=${next}`)).status).toBe(422)
})

test('another tenant sees none of it', async () => {
  expect((await stranger.get('/v1/ledger/groups')).body).toEqual({ until: null, groups: [], totals: [] })
  for (const query of ['account=income:contract', 'agreement_id=agr_a', 'q=b1']) {
    expect((await stranger.get(`/v1/ledger/entries?${query}`)).body).toEqual({ items: [], next: null })
  }
})
