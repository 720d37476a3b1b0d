// Settlement as bookkeeping: what was expected, what came, and what each difference is called.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { reconcile } from '../../src/settlement/reconcile.ts'
import {
  accepted,
  agree,
  contract,
  dollars,
  exceptions,
  named,
  type Row,
  usageTerms,
  type World,
  world,
} from './support.ts'

let vendor: World
beforeEach(async () => {
  vendor = await world()
})
afterEach(() => vendor.context.close())

const on = '2026-02-01'
const bankHeader = 'booked_on,value_on,amount,currency,reference,counterparty,description'
const row = (key: string, kind: string, amount: string, more: Row = {}): Row => ({
  key,
  kind,
  stage: 'invoiced',
  amount,
  agreement: 'agmt-agr_a1',
  invoice: 'inv1',
  on,
  ...more,
})
/** The buyer paid and the cloud paid out: what follows each invoiced row. */
function paid(rows: readonly Row[], disbursement = 'd1', trace = 'TRACE0001'): Row[] {
  const negated = (amount = '0') => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`)
  const cents = rows.reduce((sum, { amount = '0' }) => sum + BigInt(amount.replace('.', '')), 0n)
  return [
    ...rows.map((one) => ({
      ...one,
      key: `${one.key}c`,
      stage: 'collected',
      parent: one.key ?? '',
      on: '2026-02-05',
      counts: 'no',
    })),
    ...rows.map((one) => ({
      ...one,
      key: `${one.key}d`,
      stage: 'disbursed',
      parent: one.key ?? '',
      amount: negated(one.amount),
      disbursement,
      trace,
      on: '2026-02-07',
    })),
    {
      key: disbursement,
      kind: 'disbursement',
      stage: 'disbursed',
      amount: dollars(cents),
      trace,
      on: '2026-02-07',
    },
  ]
}
const banked = (amount: string, reference: string) =>
  `${bankHeader}\n2026-02-09,2026-02-09,${amount},USD,${reference},AMAZON,payment\n`

test('a direct deal from the instalment to the bank leaves nothing open', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00'], ['2026-06-01', '1000.00']))
  const invoiced = [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-30.00')]
  await vendor.write('feb.csv', invoiced)
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '970.00' })
  expect(await vendor.balance('clearing')).toEqual({})
  expect(await vendor.balance('receivable')).toEqual({ 'receivable:invoiced:agr_a1': '970.00' })
  await vendor.write('paid.csv', paid(invoiced))
  await vendor.bank(banked('970.00', 'AWS TRACE0001 payment'))
  const done = await vendor.reconciled('agr_a1')
  expect(done).toMatchObject({
    expected: 97_000n,
    banked: 97_000n,
    difference: 0n,
    causes: [],
    explained: true,
  })
  expect(await vendor.balance('')).toEqual({
    'asset:bank:main': '970.00',
    'bookings:open:agr_a1': '-1000.00',
    'bookings:total': '1000.00',
    'expense:listing_fee:aws': '30.00',
    'income:contract': '-1000.00',
  })
  expect(await exceptions(vendor)).toEqual([])
})

test('the same work twice books nothing twice', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await vendor.write('feb.csv', [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-35.00')])
  const before = await vendor.tenant(({ tx }) => tx.entry.count())
  await vendor.match()
  await vendor.match()
  expect(await vendor.tenant(({ tx }) => tx.entry.count())).toBe(before)
})

test('usage is priced once per month and dimension, with its arithmetic', async () => {
  await agree(vendor, 'agr_a1', usageTerms({ calls: '0.00125', gigabytes: '0.1' }))
  await accepted(vendor, 'agr_a1', 'calls', '1234')
  await accepted(vendor, 'agr_a1', 'gigabytes', '1000')
  const month: Row = { from: '2026-01-01', until: '2026-01-31', on: '2026-02-03' }
  await vendor.write('feb.csv', [
    row('s2', 'sale', '100.00', month),
    row('s1', 'sale', '1.54', month),
    row('f2', 'listing_fee', '-0.05', month),
    row('f1', 'listing_fee', '-3.00', month),
  ])
  const calls = await vendor.tenant(({ tx }) =>
    tx.expectation.findFirstOrThrow({ where: { kind: 'usage', dimension: 'calls' } }),
  )
  expect(calls).toMatchObject({
    amount: 154n,
    arithmetic: {
      quantity: '1234',
      price: '0.00125',
      unrounded: '1.5425',
      rounded: '1.54',
      rounding_difference: '-0.0025',
    },
  })
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '98.49' })
  expect(await vendor.balance('clearing')).toEqual({})
})

test('usage the cloud did not bill is missing usage, by its own count, and the fee follows it', async () => {
  await agree(vendor, 'agr_a1', usageTerms({ calls: '0.50' }))
  await accepted(vendor, 'agr_a1', 'calls', '1000')
  const month: Row = { from: '2026-01-01', until: '2026-01-31', on: '2026-02-03' }
  await vendor.write('feb.csv', [
    { kind: 'usage_reading', agreement: 'agmt-agr_a1', dimension: 'calls', amount: '900', on: '2026-01-15' },
    row('s1', 'sale', '450.00', month),
    row('f1', 'listing_fee', '-13.50', month),
  ])
  const item = await vendor.reconciled('agr_a1')
  expect(named(item)).toEqual({ missing_usage: '48.50', timing: '436.50' })
  expect(item.causes.find(({ cause }) => cause === 'missing_usage')?.sentences[0]).toMatch(
    /accepted 1000 .* billed 900/,
  )
  expect(await vendor.balance('adjustment')).toEqual({ 'adjustment:missing_usage': '48.50' })
  expect(item.explained).toBe(true)
})

test('a reseller, who does not meter, expects the usage that the cloud counted', async () => {
  await agree(vendor, 'agr_a1', usageTerms({ calls: '0.50' }), {
    wholesale: usageTerms({ calls: '0.40' }),
    product: null,
  })
  const month: Row = { from: '2026-01-01', until: '2026-01-31', on: '2026-02-03' }
  await vendor.write('feb.csv', [
    { kind: 'usage_reading', agreement: 'agmt-agr_a1', dimension: 'calls', amount: '900', on: '2026-01-15' },
    row('s1', 'sale', '450.00', month),
    row('w1', 'wholesale_cost', '-360.00', month),
    row('f1', 'listing_fee', '-3.15', month),
  ])
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '86.85' })
  expect(await vendor.balance('clearing')).toEqual({})
})

test('a reseller deal from the vendor’s side: resale income less the fee at the uplifted rate', async () => {
  await agree(vendor, 'agr_a1', contract([on, '800.00']), {
    role: 'manufacturer',
    authorization: 'resaleauthz-1',
  })
  const invoiced = [row('s1', 'sale', '800.00'), row('f1', 'listing_fee', '-28.00')]
  await vendor.write('feb.csv', [...invoiced, ...paid(invoiced)])
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '772.00' })
  expect(await vendor.balance('income')).toEqual({ 'income:resale': '-800.00' })
  expect(await vendor.balance('asset:transit')).toEqual({ 'asset:transit:d1': '772.00' })
})

test('a reseller deal from the reseller’s side: sale, wholesale cost and the fee on its margin', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']), { wholesale: contract([on, '800.00']) })
  await vendor.write('feb.csv', [
    row('s1', 'sale', '1000.00'),
    row('w1', 'wholesale_cost', '-800.00'),
    row('f1', 'listing_fee', '-7.00'),
  ])
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '193.00' })
  expect(await vendor.balance('expense')).toEqual({
    'expense:listing_fee:aws': '7.00',
    'expense:wholesale': '800.00',
  })
  expect(await vendor.balance('clearing')).toEqual({})
})

test.each([
  ['-35.00', 'channel_uplift', '5.00'],
  ['-15.00', 'renewal_rate', '-15.00'],
  ['-20.00', 'fee_tier', '-10.00'],
  ['-30.01', 'rounding', '0.01'],
])('a fee of %s where 30.00 was expected is called %s', async (fee, cause, amount) => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await vendor.write('feb.csv', [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', fee)])
  const item = await vendor.reconciled('agr_a1')
  expect(named(item)).toMatchObject({ [cause]: amount })
  expect(item.explained).toBe(true)
  expect(await vendor.balance('adjustment')).toEqual({ [`adjustment:${cause}`]: amount })
  expect(await vendor.balance('clearing')).toEqual({})
})

test('a fee no rate gives is unknown, tells a person, and is resolved when the cloud corrects it', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await vendor.write('feb.csv', [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-77.77')])
  expect((await vendor.reconciled('agr_a1')).explained).toBe(false)
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'line_unexplained' }])
  await vendor.write('fixed.csv', [row('f1', 'listing_fee', '-30.00', { version: '2' })])
  expect(await vendor.reconciled('agr_a1')).toMatchObject({ explained: true })
  expect(await exceptions(vendor)).toEqual([])
  expect(await vendor.balance('adjustment')).toEqual({})
  expect(await vendor.balance('receivable')).toEqual({ 'receivable:invoiced:agr_a1': '970.00' })
  const corrections = await vendor.tenant(({ tx }) => tx.entry.findMany({ where: { kind: 'correction' } }))
  expect(corrections.map(({ reverses }) => reverses).sort()).toEqual([
    'difference:conn_vendor01/f1/1/unknown',
    'fee_invoiced:conn_vendor01/f1/1',
  ])
})

test('tax passes through; tax the cloud remits is kept and not booked; a refund and a withholding have names', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  const invoiced = [
    row('s1', 'sale', '1000.00'),
    row('f1', 'listing_fee', '-30.00'),
    row('t1', 'tax', '70.00'),
    row('r1', 'refund', '-100.00'),
    row('r2', 'listing_fee', '3.00'),
    row('b1', 'balance_adjustment', '-12.00'),
  ]
  const remitted = row('t2', 'tax_remitted_by_cloud', '55.00', { counts: 'no' })
  await vendor.write('feb.csv', [
    ...invoiced,
    remitted,
    { ...remitted, key: 't2c', stage: 'collected', parent: 't2' },
  ])
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({
    tax: '-70.00',
    refund: '97.00',
    withheld: '12.00',
    timing: '931.00',
  })
  expect(await vendor.balance('liability')).toEqual({ 'liability:tax': '-70.00' })
  expect(await vendor.balance('clearing')).toEqual({})
  const kept = await vendor.tenant(({ tx }) =>
    tx.statement_line.findMany({ where: { state: 'not_counted' } }),
  )
  expect(kept.map(({ key }) => key).sort()).toEqual(['t2', 't2c'])
})

test('one lump sum over several agreements is taken apart by the cloud’s own key', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await agree(vendor, 'agr_b2', contract([on, '500.00']))
  const invoiced = [
    row('s1', 'sale', '1000.00'),
    row('f1', 'listing_fee', '-30.00'),
    row('s2', 'sale', '500.00', { agreement: 'agmt-agr_b2' }),
    row('f2', 'listing_fee', '-15.00', { agreement: 'agmt-agr_b2' }),
  ]
  await vendor.write('feb.csv', [...invoiced, ...paid(invoiced)])
  await vendor.bank(banked('1455.00', 'ref TRACE0001'))
  expect((await vendor.reconciled('agr_a1')).banked).toBe(97_000n)
  expect((await vendor.reconciled('agr_b2')).banked).toBe(48_500n)
  expect(await vendor.total()).toMatchObject({ difference: 0n, explained: true })
  expect(await vendor.balance('asset')).toEqual({ 'asset:bank:main': '1455.00' })
})

test('lines wait for an agreement that comes late, and are booked when it is there', async () => {
  const invoiced = [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-30.00')]
  await vendor.write('feb.csv', [...invoiced, ...paid(invoiced)])
  await vendor.bank(banked('970.00', 'TRACE0001'))
  expect(await vendor.total()).toMatchObject({ explained: false, banked: 97_000n })
  vendor.context.clock.move(4 * 86_400_000)
  await vendor.match()
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'line_waiting' }])
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await vendor.match()
  expect(await exceptions(vendor)).toEqual([])
  expect(await vendor.total()).toMatchObject({ difference: 0n, explained: true })
  expect(await vendor.balance('asset')).toEqual({ 'asset:bank:main': '970.00' })
  expect(await vendor.balance('receivable')).toEqual({})
})

test('a row that is there twice is a duplicate, not the next instalment', async () => {
  await agree(vendor, 'agr_a1', contract([on, '100.00'], ['2026-03-01', '100.00']))
  vendor.context.clock.set('2026-03-02T12:00:00Z')
  await vendor.write('feb.csv', [
    row('s1', 'sale', '100.00'),
    row('s1x', 'sale', '100.00'),
    row('f1', 'listing_fee', '-3.00'),
    row('f1x', 'listing_fee', '-3.00'),
  ])
  expect(named(await vendor.reconciled('agr_a1'))).toMatchObject({ duplicate: '-97.00' })
  await vendor.write('mar.csv', [row('s2', 'sale', '100.00', { on: '2026-03-01' })])
  expect(named(await vendor.reconciled('agr_a1'))).toMatchObject({ duplicate: '-97.00' })
})

test('an instalment invoiced early is timing until it is due', async () => {
  await agree(vendor, 'agr_a1', contract(['2026-02-20', '100.00']))
  await vendor.write('feb.csv', [row('s1', 'sale', '100.00', { on: '2026-02-10' })])
  expect((await vendor.reconciled('agr_a1')).explained).toBe(true)
  expect(await vendor.balance('adjustment')).toEqual({ 'adjustment:timing': '-100.00' })
  vendor.context.clock.set('2026-02-21T12:00:00Z')
  await vendor.match()
  expect(await vendor.balance('adjustment')).toEqual({})
})

test('a first instalment may be charged at the purchase, long before its day; a later one may not', async () => {
  await agree(vendor, 'agr_a1', contract(['2026-04-20', '100.00'], ['2026-06-01', '300.00']))
  await vendor.write('feb.csv', [
    row('s1', 'sale', '100.00', { on: '2026-02-05' }),
    row('f1', 'listing_fee', '-3.00', { on: '2026-02-05' }),
  ])
  expect(await vendor.balance('adjustment')).toEqual({ 'adjustment:timing': '-97.00' })
  vendor.context.clock.set('2026-04-21T12:00:00Z')
  await vendor.match()
  expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '97.00' })
  expect(await vendor.balance('adjustment')).toEqual({})
  await vendor.write('apr.csv', [row('s2', 'sale', '300.00', { on: '2026-04-05' })])
  expect(named(await vendor.reconciled('agr_a1'))).toMatchObject({ unknown: '-300.00' })
})

test('nothing is expected of what was never activated', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  const state = (data: { state: string; starts_at?: null; ended_at?: Date }) =>
    vendor.tenant(({ tx }) => tx.agreement.updateMany({ data }))
  await state({ state: 'pending', starts_at: null })
  await vendor.match()
  await state({ state: 'cancelled', ended_at: new Date('2026-02-05T00:00:00Z') })
  await vendor.match()
  expect(await vendor.tenant(({ tx }) => tx.expectation.count())).toBe(0)
  await state({ state: 'active' })
  await vendor.match()
  expect(await vendor.tenant(({ tx }) => tx.expectation.count())).toBe(2)
})

test('a wrong bank amount is told, and the rest of the money resolves it', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  const invoiced = [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-30.00')]
  await vendor.write('feb.csv', [...invoiced, ...paid(invoiced)])
  await vendor.bank(banked('960.00', 'TRACE0001'))
  expect(await exceptions(vendor)).toMatchObject([
    { kind: 'bank_amount', sentence: expect.stringMatching(/960\.00 .* 970\.00/) },
  ])
  expect(named(await vendor.total())).toEqual({ unknown: '10.00' })
  expect(await vendor.balance('asset')).toEqual({ 'asset:bank:main': '960.00', 'asset:transit:d1': '10.00' })
  await vendor.bank(banked('10.00', 'rest of TRACE0001'), 'later.csv')
  expect(await exceptions(vendor)).toEqual([])
  expect(await vendor.total()).toMatchObject({ difference: 0n, explained: true })
})

test('money that no pay-out has, and a pay-out whose lines are missing, need a person', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await vendor.bank(banked('970.00', 'TRACE0001'))
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'bank_unmatched' }])
  const invoiced = [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-30.00')]
  const following = paid(invoiced)
  await vendor.write('feb.csv', [...invoiced, ...following.filter(({ key }) => key !== 'f1d')])
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'disbursement_sum' }])
  await vendor.write('rest.csv', following)
  expect(await exceptions(vendor)).toEqual([])
  expect(await vendor.total()).toMatchObject({ difference: 0n, explained: true })
})

test('what is expected and never invoiced is timing first, and a question later', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  await vendor.match()
  expect(await vendor.reconciled('agr_a1')).toMatchObject({ difference: 97_000n, explained: true })
  vendor.context.clock.set('2026-05-01T00:00:00Z')
  expect(await vendor.reconciled('agr_a1')).toMatchObject({ difference: 97_000n, explained: false })
})

test('invoiced sales draw the buyer’s commitment and a reseller’s pay-out owes the partner its share; a restatement takes both back', async () => {
  await agree(vendor, 'agr_a1', contract([on, '800.00']), {
    role: 'manufacturer',
    authorization: 'resaleauthz-1',
  })
  const { organisation_id } = vendor.context
  const created_at = new Date('2026-01-01T00:00:00Z')
  await vendor.tenant(({ tx }) =>
    tx.partner_agreement.create({
      data: {
        organisation_id,
        id: 'part_p1',
        name: 'Reseller',
        reseller_account_id: '333333333333',
        share_percent: '10',
        created_at,
      },
    }),
  )
  await vendor.tenant(({ tx }) =>
    tx.commitment.create({
      data: {
        organisation_id,
        id: 'com_c1',
        name: 'EDP',
        kind: 'cloud',
        cloud: 'aws',
        buyer_account_id: '222222222222',
        asset: 'USD/2',
        amount: 10_000_000n,
        starts_on: '2026-01-01',
        ends_on: '2026-12-31',
        eligible_percent: '100',
        cap_percent: '100',
        source: 'The buyer',
        created_at,
      },
    }),
  )
  const invoiced = [row('s1', 'sale', '800.00'), row('f1', 'listing_fee', '-28.00')]
  await vendor.write('feb.csv', [...invoiced, ...paid(invoiced)])
  await vendor.match()
  expect(await vendor.balance('liability:partner')).toEqual({ 'liability:partner:part_p1': '-80.00' })
  expect(await vendor.balance('commitment:drawn')).toEqual({ 'commitment:drawn:com_c1': '800.00' })
  const restated = row('s1', 'sale', '700.00', { version: '2' })
  const payout = {
    ...restated,
    key: 's1d',
    stage: 'disbursed',
    parent: 's1',
    amount: '-700.00',
    disbursement: 'd1',
  }
  await vendor.write('restated.csv', [restated, payout])
  expect(await vendor.balance('liability:partner')).toEqual({ 'liability:partner:part_p1': '-70.00' })
  expect(await vendor.balance('commitment:drawn')).toEqual({ 'commitment:drawn:com_c1': '700.00' })
  // What the buyer never paid was not spent.
  const second = row('s2', 'sale', '90.00')
  const forgiven = { ...row('s2f', 'sale', '-90.00'), stage: 'forgiven', parent: 's2' }
  await vendor.write('second.csv', [second])
  expect(await vendor.balance('commitment:drawn')).toEqual({ 'commitment:drawn:com_c1': '790.00' })
  await vendor.write('forgiven.csv', [forgiven])
  expect(await vendor.balance('commitment:drawn')).toEqual({ 'commitment:drawn:com_c1': '700.00' })
})

test('a pay-out that arrives in another currency goes through the exchange account, with its rate', async () => {
  await agree(vendor, 'agr_a1', contract([on, '1000.00']))
  const invoiced = [row('s1', 'sale', '1000.00'), row('f1', 'listing_fee', '-30.00')]
  await vendor.write('feb.csv', [...invoiced, ...paid(invoiced)])
  await vendor.bank(banked('900.00', 'TRACE0001').replace('USD', 'EUR'))
  const all = await vendor.tenant(reconcile)
  expect(all.map((item) => [item.agreement_id, item.asset, named(item), item.explained])).toEqual([
    ['agr_a1', 'USD/2', {}, true],
    [null, 'EUR/2', { exchange: '-900.00' }, true],
    [null, 'USD/2', { exchange: '970.00' }, true],
  ])
  expect(await vendor.balance('asset:transit')).toEqual({})
})
