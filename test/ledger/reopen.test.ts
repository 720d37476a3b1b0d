// A closed month that is opened again: what is booked into it after that, and what stays where it was.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recipes } from '../../src/ledger/index.ts'
import { closedPeriods, closePeriod, reopenPeriod } from '../../src/ledger/periods.ts'
import { checkBooks } from '../../src/ledger/recompute.ts'
import { readEntries } from '../../src/ledger/store.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { anotherTenant, book, usd } from './books.ts'

let context: TestContext
beforeEach(async () => {
  context = await testContext({ start: '2026-03-20T10:00:00.000Z' })
})
afterEach(() => context.close())

const close = (month: string) =>
  context.store.inTenant(context.organisation_id, (scope) => closePeriod(scope, month))
const reopen = (month: string, organisation_id = context.organisation_id) =>
  context.store.inTenant(organisation_id, (scope) => reopenPeriod(scope, month))
const sale = (key: string, day: string) =>
  recipes.saleInvoiced({
    key,
    agreement_id: 'agr_acme',
    amount: usd('10.00'),
    occurred_at: new Date(`${day}T12:00:00.000Z`),
    evidence: {},
  })

test('what happened in it is booked into it again; what was booked after it stays there', async () => {
  await close('2026-01')
  await close('2026-02')
  await book(context, sale('while closed', '2026-02-10'))
  expect(await reopen('2026-02')).toMatchObject({ month: '2026-02' })
  await book(context, sale('reopened', '2026-02-11'), sale('before it', '2026-01-31'))
  await close('2026-02')
  await book(context, sale('closed again', '2026-02-12'))
  const { entries, found } = await context.store.inTenant(context.organisation_id, async (scope) => ({
    entries: await readEntries(scope, { limit: 10 }),
    found: await checkBooks(scope),
  }))
  expect(Object.fromEntries(entries.map((entry) => [entry.reference, entry.book_date]))).toEqual({
    'sale_invoiced:while closed': '2026-03-01',
    'sale_invoiced:reopened': '2026-02-11',
    'sale_invoiced:before it': '2026-02-01',
    'sale_invoiced:closed again': '2026-03-01',
  })
  expect(found.ok).toBe(true)
})

test('only the month that was closed last is opened, only once, and only in its own books', async () => {
  await close('2026-01')
  await close('2026-02')
  const other = await anotherTenant(context, 'Other')
  await expect(reopen('2026-02', other)).rejects.toThrow('2026-02 is not closed')
  await expect(reopen('2026-01')).rejects.toThrow('2026-02 is closed after it')
  await reopen('2026-02')
  await expect(reopen('2026-02')).rejects.toThrow('2026-02 is not closed')
  const left = await context.store.inTenant(context.organisation_id, closedPeriods)
  expect(left.map(({ month }) => month)).toEqual(['2026-01'])
})
