// A bookkeeper's examples: what happened, and where every cent then stands.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accounts, expectedFee, recipes } from '../../src/ledger/index.ts'
import { closePeriod } from '../../src/ledger/periods.ts'
import { checkBooks } from '../../src/ledger/recompute.ts'
import { readEntries } from '../../src/ledger/store.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { book, standing, usd } from './books.ts'

let context: TestContext
beforeEach(async () => {
  context = await testContext({ start: '2026-03-20T10:00:00.000Z' })
})
afterEach(() => context.close())

const on = (day: string) => new Date(`${day}T12:00:00.000Z`)
const of = (key: string, day: string, amount: string) => ({
  key,
  agreement_id: 'agr_acme',
  amount: usd(amount),
  occurred_at: on(day),
  evidence: { key },
})

test('a contract of 12,000 in two instalments: accepted, due, invoiced, collected, disbursed and at the bank', async () => {
  await book(context, recipes.offerAccepted(of('', '2026-01-10', '12000.00')))
  expect(await standing(context)).toEqual({ 'bookings:total': -1200000n, 'bookings:open:agr_acme': 1200000n })

  const fee = expectedFee({
    cloud: 'aws',
    side: 'seller',
    total_contract_value: usd('12000'),
    amount: usd('6000'),
    on: '2026-02-01',
  })
  await book(
    context,
    recipes.saleExpected({
      ...of('i1', '2026-02-01', '6000.00'),
      income: 'contract',
      releases: usd('6000.00'),
    }),
    recipes.feeExpected({ ...of('i1', '2026-02-01', '0'), amount: fee.amount, cloud: 'aws' }),
  )
  expect(await standing(context)).toEqual({
    'bookings:total': -600000n,
    'bookings:open:agr_acme': 600000n,
    'income:contract': -600000n,
    'expense:listing_fee:aws': 18000n,
    'clearing:agr_acme': 582000n,
  })

  await book(
    context,
    recipes.saleInvoiced(of('l1', '2026-02-02', '6000.00')),
    recipes.feeInvoiced(of('l2', '2026-02-02', '-180.00')),
  )
  expect(await standing(context, 'clearing:')).toEqual({})
  expect(await standing(context, 'receivable:')).toEqual({ 'receivable:invoiced:agr_acme': 582000n })

  await book(
    context,
    recipes.collected(of('l1', '2026-03-01', '6000.00')),
    recipes.collected(of('l2', '2026-03-01', '-180.00')),
    recipes.disbursed({ ...of('l1', '2026-03-03', '6000.00'), disbursement_key: 'd-7' }),
    recipes.disbursed({ ...of('l2', '2026-03-03', '-180.00'), disbursement_key: 'd-7' }),
  )
  expect(await standing(context, 'asset:')).toEqual({ 'asset:transit:d-7': 582000n })

  await book(
    context,
    recipes.banked({ ...of('b1', '2026-03-04', '5820.00'), bank: 'main', disbursement_key: 'd-7' }),
  )
  expect(await standing(context)).toEqual({
    'bookings:total': -600000n,
    'bookings:open:agr_acme': 600000n,
    'income:contract': -600000n,
    'expense:listing_fee:aws': 18000n,
    'asset:bank:main': 582000n,
  })
})

test('the cloud took 3 % where 2 % was expected: the difference has a name and the clearing account ends at zero', async () => {
  await book(
    context,
    recipes.saleExpected({
      ...of('i', '2026-02-01', '1000.00'),
      income: 'contract',
    }),
    recipes.feeExpected({ ...of('i', '2026-02-01', '20.00'), cloud: 'aws' }),
    recipes.saleInvoiced(of('l1', '2026-02-02', '1000.00')),
    recipes.feeInvoiced(of('l2', '2026-02-02', '-30.00')),
  )
  expect(await standing(context, 'clearing:')).toEqual({ 'clearing:agr_acme': 1000n })
  await book(context, recipes.difference({ ...of('l2', '2026-02-02', '-10.00'), cause: 'fee_tier' }))
  expect(await standing(context, 'clearing:')).toEqual({})
  expect(await standing(context, 'adjustment:')).toEqual({ 'adjustment:fee_tier': 1000n })
})

test('a resale as the reseller sees it: sale, wholesale cost, fee on the margin, tax passed on', async () => {
  await book(
    context,
    recipes.saleExpected({
      ...of('i', '2026-02-01', '1100.00'),
      income: 'contract',
    }),
    recipes.wholesaleExpected(of('i', '2026-02-01', '1000.00')),
    recipes.feeExpected({ ...of('i', '2026-02-01', '3.50'), cloud: 'aws' }),
    recipes.saleInvoiced(of('l1', '2026-02-02', '1100.00')),
    recipes.wholesaleInvoiced(of('l2', '2026-02-02', '-1000.00')),
    recipes.feeInvoiced(of('l3', '2026-02-02', '-3.50')),
    recipes.taxInvoiced(of('l4', '2026-02-02', '209.00')),
  )
  expect(await standing(context)).toEqual({
    'income:contract': -110000n,
    'expense:wholesale': 100000n,
    'expense:listing_fee:aws': 350n,
    'liability:tax': -20900n,
    'receivable:invoiced:agr_acme': 30550n,
  })
})

test('a disbursement that failed goes back, and a refund takes the sale back', async () => {
  await book(
    context,
    recipes.saleExpected({ ...of('i', '2026-02-01', '500.00'), income: 'usage' }),
    recipes.saleInvoiced(of('l1', '2026-02-02', '500.00')),
    recipes.collected(of('l1', '2026-02-10', '500.00')),
    recipes.disbursed({ ...of('l1', '2026-02-11', '500.00'), disbursement_key: 'd-1' }),
    recipes.disbursed({ ...of('l1 failed', '2026-02-12', '-500.00'), disbursement_key: 'd-1' }),
  )
  expect(await standing(context, 'asset:')).toEqual({})
  await book(
    context,
    recipes.refundInvoiced(of('l2', '2026-02-20', '-500.00')),
    recipes.difference({ ...of('l2', '2026-02-20', '-500.00'), cause: 'refund' }),
    recipes.collected(of('l2', '2026-02-20', '-500.00')),
  )
  expect(await standing(context)).toEqual({ 'income:usage': -50000n, 'adjustment:refund': 50000n })
})

test('a payment with tax: what is passed on is a debt, what is taken is a cost, and transit ends at zero', async () => {
  const payout = { disbursement_key: 'payment:1' }
  const line = (key: string, amount: string) => ({
    key,
    occurred_at: on('2026-02-15'),
    evidence: { key },
    amount: usd(amount),
    ...payout,
  })
  await book(
    context,
    recipes.disbursed({ ...of('l1', '2026-02-15', '1000.00'), ...payout }),
    recipes.disbursed({ ...of('l2', '2026-02-15', '-30.00'), ...payout }),
    recipes.payoutTaxed(line('sales tax', '82.50')),
    recipes.payoutAdjusted({ ...line('withheld tax', '-97.00'), cause: 'tax' }),
    recipes.banked({ ...line('b1', '955.50'), bank: 'main' }),
  )
  expect(await standing(context)).toEqual({
    'receivable:collected:agr_acme': -97000n,
    'liability:tax': -8250n,
    'adjustment:tax': 9700n,
    'asset:bank:main': 95550n,
  })
})

test('a resale of which one instalment is forgiven: nothing of it stays owed, and its partner is due of the paid one only', async () => {
  const instalment = (key: string) => [
    recipes.saleExpected({ ...of(key, '2026-02-01', '1100.00'), income: 'contract' }),
    recipes.wholesaleExpected(of(key, '2026-02-01', '1000.00')),
    recipes.feeExpected({ ...of(key, '2026-02-01', '3.50'), cloud: 'aws' }),
    recipes.saleInvoiced(of(`${key} sale`, '2026-02-02', '1100.00')),
    recipes.wholesaleInvoiced(of(`${key} cost`, '2026-02-02', '-1000.00')),
    recipes.feeInvoiced(of(`${key} fee`, '2026-02-02', '-3.50')),
    recipes.taxInvoiced(of(`${key} tax`, '2026-02-02', '209.00')),
  ]
  await book(context, ...instalment('i1'), ...instalment('i2'))
  expect(await standing(context, 'receivable:')).toEqual({ 'receivable:invoiced:agr_acme': 61100n })
  const forgiven = (key: string, amount: string) =>
    recipes.forgiven({ ...of(`${key} forgiven`, '2026-04-01', amount), cause: 'withheld' })
  await book(
    context,
    forgiven('i1 sale', '1100.00'),
    forgiven('i1 cost', '-1000.00'),
    forgiven('i1 fee', '-3.50'),
    recipes.taxInvoiced(of('i1 tax forgiven', '2026-04-01', '-209.00')),
    recipes.collected(of('i2', '2026-04-02', '305.50')),
    recipes.disbursed({ ...of('i2', '2026-04-03', '305.50'), disbursement_key: 'd-1' }),
    recipes.partnerShare({ ...of('i2 sale', '2026-04-03', '55.00'), partner_id: 'par_north' }),
  )
  expect(await standing(context)).toEqual({
    'income:contract': -220000n,
    'expense:wholesale': 200000n,
    'expense:listing_fee:aws': 700n,
    'adjustment:withheld': 9650n,
    'liability:tax': -20900n,
    'asset:transit:d-1': 30550n,
    'expense:partner_share': 5500n,
    'liability:partner:par_north': -5500n,
  })
})

test('an earning paid in advance is taken back: forgiven, netted, and every receivable at zero', async () => {
  await book(
    context,
    recipes.saleExpected({ ...of('i', '2026-02-01', '300.00'), income: 'contract' }),
    recipes.feeExpected({ ...of('i', '2026-02-01', '9.00'), cloud: 'azure' }),
    recipes.saleInvoiced(of('e1', '2026-02-01', '300.00')),
    recipes.feeInvoiced(of('e1', '2026-02-01', '-9.00')),
    recipes.collected(of('e1', '2026-03-15', '291.00')),
    recipes.disbursed({ ...of('e1', '2026-03-15', '291.00'), disbursement_key: 'p-1' }),
    recipes.banked({ ...of('b1', '2026-03-17', '291.00'), bank: 'main', disbursement_key: 'p-1' }),
    recipes.forgiven({ ...of('e2', '2026-03-18', '300.00'), cause: 'withheld' }),
    recipes.forgiven({ ...of('e2 fee', '2026-03-18', '-9.00'), cause: 'withheld' }),
    recipes.collected(of('e2', '2026-03-19', '-291.00')),
    recipes.disbursed({ ...of('e2', '2026-03-19', '-291.00'), disbursement_key: 'p-2' }),
  )
  expect(await standing(context)).toEqual({
    'income:contract': -30000n,
    'expense:listing_fee:azure': 900n,
    'adjustment:withheld': 29100n,
    'asset:bank:main': 29100n,
    // The payment of other earnings is less by it.
    'asset:transit:p-2': -29100n,
  })
})

test('an exchange of a claim: the euros leave, the dollars come, and each side meets its exchange account', async () => {
  const eur = (amount: bigint) => ({ asset: 'EUR/2', amount }) as const
  const claim = { ...of('e1', '2026-02-01', '0'), amount: eur(97000n) }
  await book(
    context,
    recipes.saleInvoiced(claim),
    recipes.collected({ ...claim, occurred_at: on('2026-02-10') }),
    recipes.exchanged({
      key: 'e1',
      occurred_at: on('2026-02-15'),
      evidence: { rate: '1.08 USD per EUR' },
      from: accounts.collected('agr_acme'),
      to: accounts.transit('p-1'),
      sold: eur(97000n),
      bought: usd('1047.60'),
    }),
  )
  expect(await standing(context, 'receivable:')).toEqual({})
  expect(await standing(context, 'asset:')).toEqual({ 'asset:transit:p-1': 104760n })
})

test('euros become dollars at a rate that is kept as evidence', async () => {
  const eur = { asset: 'EUR/2', amount: 10000n } as const
  const from = accounts.bank('euro')
  await book(
    context,
    recipes.exchanged({
      key: 'x1',
      occurred_at: on('2026-02-01'),
      evidence: { rate: '1.0815' },
      from,
      to: accounts.bank('main'),
      sold: eur,
      bought: usd('108.15'),
    }),
  )
  expect(await standing(context, 'asset:')).toEqual({ 'asset:bank:euro': -10000n, 'asset:bank:main': 10815n })
})

test('what is learned after a month was closed is booked on the first open day, and a correction names what it undoes', async () => {
  const wrong = recipes.saleInvoiced(of('l1', '2026-01-31', '99.00'))
  if (wrong === null) throw new Error('nothing to book')
  await book(context, wrong)
  await context.store.inTenant(context.organisation_id, async (scope) => {
    await closePeriod(scope, '2026-01')
    await closePeriod(scope, '2026-02')
  })
  const undone = recipes.correction(wrong, {
    occurred_at: on('2026-01-31'),
    evidence: { mail: 'AWS, case 9' },
  })
  const right = recipes.saleInvoiced(of('l1 v2', '2026-02-03', '90.00'))
  await book(context, undone, right)
  const entries = await context.store.inTenant(context.organisation_id, (scope) =>
    readEntries(scope, { limit: 10 }),
  )
  const dates = Object.fromEntries(entries.map((entry) => [entry.reference, entry.book_date]))
  expect(dates).toEqual({
    'sale_invoiced:l1': '2026-01-31',
    'correction:sale_invoiced:l1': '2026-03-01',
    'sale_invoiced:l1 v2': '2026-03-01',
  })
  expect(entries.find((entry) => entry.kind === 'correction')?.reverses).toBe('sale_invoiced:l1')
  expect(await standing(context, 'receivable:')).toEqual({ 'receivable:invoiced:agr_acme': 9000n })
})

test('a month that has not ended cannot be closed; closing twice changes nothing', async () => {
  const close = (month: string) =>
    context.store.inTenant(context.organisation_id, (scope) => closePeriod(scope, month))
  await expect(close('2026-03')).rejects.toThrow('2026-03 has not ended')
  const first = await close('2026-02')
  context.clock.move(60_000)
  expect(await close('2026-02')).toEqual(first)
})

test('an agreement that is not settled is listed, and that is no mistake', async () => {
  await book(context, recipes.saleInvoiced(of('l1', '2026-02-02', '12.00')))
  const found = await context.store.inTenant(context.organisation_id, checkBooks)
  expect(found.ok).toBe(true)
  expect(found.open_clearing.map((row) => [row.account, row.balance])).toEqual([
    ['clearing:agr_acme', -1200n],
  ])
})
