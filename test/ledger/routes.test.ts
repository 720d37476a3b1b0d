import { afterAll, beforeAll, expect, test } from 'vitest'
import { ledgerRoutes, recipes } from '../../src/ledger/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { anotherTenant, book, door, subjectsOf, usd } from './books.ts'

let context: TestContext
let ledger: ReturnType<typeof door>
let stranger: ReturnType<typeof door>

beforeAll(async () => {
  context = await testContext({ start: '2026-03-10T00:00:00.000Z' })
  ledger = door(ledgerRoutes(context), context.organisation_id)
  stranger = door(ledgerRoutes(context), await anotherTenant(context, 'Stranger'))
  const of = (key: string, amount: string) => ({
    key,
    agreement_id: `agr_${key}`,
    amount: usd(amount),
    occurred_at: new Date('2026-02-20T00:00:00.000Z'),
    evidence: { line: key },
  })
  await book(
    context,
    ...['a', 'b', 'c'].map((key) => recipes.saleInvoiced(of(key, '10.00'))),
    recipes.commitmentPromised({ ...of('a', '7.00'), commitment_id: 'com_1' }),
  )
})
afterAll(() => context.close())

test('accounts by prefix, page by page, each once', async () => {
  const names: string[] = []
  let cursor = ''
  do {
    const { body } = await ledger.get(`/v1/ledger/accounts?limit=2&prefix=receivable:${cursor}`)
    const page = body as {
      items: { account: string; balance: string; currency: string }[]
      next: string | null
    }
    names.push(...page.items.map((item) => `${item.account} ${item.currency} ${item.balance}`))
    cursor = page.next === null ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  expect(names).toEqual([
    'receivable:invoiced:agr_a USD 10.00',
    'receivable:invoiced:agr_b USD 10.00',
    'receivable:invoiced:agr_c USD 10.00',
  ])
})

test('entries by account and by reference, and one by its id with its evidence', async () => {
  const { body } = await ledger.get('/v1/ledger/entries?account=clearing:agr_b')
  const [found] = (body as { items: { id: string; reference: string }[] }).items
  expect(found?.reference).toBe('sale_invoiced:b')
  expect(await ledger.get('/v1/ledger/entries?reference=sale_invoiced:b')).toEqual({ status: 200, body })
  const one = await ledger.get(`/v1/ledger/entries/${found?.id}`)
  expect(one.body).toMatchObject({
    kind: 'sale_invoiced',
    book_date: '2026-02-20',
    evidence: { line: 'b' },
    postings: [
      {
        from: 'clearing:agr_b',
        to: 'receivable:invoiced:agr_b',
        money: { currency: 'USD', amount: '10.00' },
      },
    ],
  })
  expect((await stranger.get(`/v1/ledger/entries/${found?.id}`)).status).toBe(404)
})

test('entries page by page, each once and oldest first', async () => {
  const first = (await ledger.get('/v1/ledger/entries?limit=3')).body as { items: unknown[]; next: string }
  const second = (await ledger.get(`/v1/ledger/entries?limit=3&cursor=${first.next}`)).body as typeof first
  expect([first.items.length, second.items.length, second.next]).toEqual([3, 1, null])
})

test('the trial balance keeps the two books apart, and looks back', async () => {
  const { body } = await ledger.get('/v1/ledger/trial-balance')
  expect(body).toMatchObject({
    until: null,
    totals: [
      { book: 'money', currency: 'USD', debits: '30.00', credits: '30.00' },
      { book: 'commitment', currency: 'USD', debits: '7.00', credits: '7.00' },
    ],
  })
  expect((await ledger.get('/v1/ledger/trial-balance?until=2026-02-19')).body).toMatchObject({ accounts: [] })
})

test('the check says what it asserted', async () => {
  const { body } = await ledger.get('/v1/ledger/check')
  expect(body).toMatchObject({ ok: true })
  expect((body as { open_clearing: unknown[] }).open_clearing.length).toBe(3)
})

test('an export is a file', async () => {
  expect(await ledger.text('/v1/ledger/export?format=csv')).toContain('agr_c,USD,10.00,')
  expect(await ledger.text('/v1/ledger/export?format=hledger')).toContain('commodity USD')
  expect(await ledger.text('/v1/ledger/export?format=beancount')).toContain('open Assets:Clearing:Agr-a')
})

test('a month is closed once, and a running one not at all', async () => {
  const first = await ledger.post('/v1/ledger/periods/2026-01/close')
  expect(first).toMatchObject({ status: 200, body: { month: '2026-01' } })
  expect(await ledger.post('/v1/ledger/periods/2026-01/close')).toEqual(first)
  expect((await ledger.get('/v1/ledger/periods')).body).toEqual({ items: [first.body] })
  expect((await ledger.post('/v1/ledger/periods/2026-03/close')).status).toBe(409)
  expect(await subjectsOf(context)).toContain('2026-01')
})

test.each([
  ['/v1/ledger/export?format=xls', 422],
  ['/v1/ledger/accounts?limit=0', 422],
  ['/v1/ledger/trial-balance?until=2026-02-30', 422],
  ['/v1/ledger/entries?cursor=%%%', 422],
  ['/v1/ledger/entries?cursor=YWJj', 422],
  ['/v1/ledger/entries/entry_none', 404],
])('%s is refused with %i', async (path, status) => {
  expect((await ledger.get(path)).status).toBe(status)
})

test('another tenant sees none of it', async () => {
  for (const path of ['accounts', 'entries', 'periods']) {
    expect((await stranger.get(`/v1/ledger/${path}`)).body).toMatchObject({ items: [] })
  }
  expect((await stranger.get('/v1/ledger/trial-balance')).body).toMatchObject({ accounts: [], totals: [] })
  expect(await stranger.text('/v1/ledger/export?format=csv')).not.toContain('agr_')
})
