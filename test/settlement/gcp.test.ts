// Google's reports, made by the sandbox and read by the real connector, through our books to the bank.
import { afterEach, expect, test } from 'vitest'
import type { Terms } from '../../src/offers/model.ts'
import { buy, CUSTOMER, type GcpMarket, gcpMarket, resell, use } from './gcp-market.ts'
import { contract, exceptions, named } from './support.ts'

let market: GcpMarket
afterEach(() => market.close())

const terms = {
  kind: 'contract_with_consumption' as const,
  currency: 'USD',
  duration_months: 12,
  total: '1200.00',
  grants: [],
  instalments: [
    { due_on: '2026-11-02', amount: '600.00' },
    { due_on: '2026-12-15', amount: '600.00' },
  ],
  usage_prices: { calls: '0.002' },
} satisfies Terms

test('a month is reported on the tenth business day and paid on the 21st; equal payouts are told apart by their days', async () => {
  market = await gcpMarket()
  const third = { due_on: '2027-01-15', amount: '600.00' }
  const instalments = [...terms.instalments, third]
  const id = await buy(market, { ...terms, total: '1800.00', instalments })
  // The last evening of November in Los Angeles is December in UTC.
  await market.move({ to: '2026-12-01T05:10:00.000Z' })
  await use(market, id, '2001')
  await market.move({ to: '2026-12-14T19:59:00.000Z' })
  await market.vendor.settle()
  expect(await market.vendor.balance('receivable')).toEqual({})
  for (const to of ['2026-12-24', '2027-01-20', '2027-01-25', '2027-02-26']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
    if (to !== '2027-01-25') await market.vendor.bank()
  }
  // 1,800.00 and 2,001 × 0.002 = 4.00, less 3 per cent: 54.00 and 0.12.
  expect(await market.vendor.total()).toMatchObject({
    expected: 174_988n,
    banked: 174_988n,
    difference: 0n,
    causes: [],
    explained: true,
  })
  expect(await market.vendor.balance('')).toEqual({
    'asset:bank:main': '1749.88',
    'expense:listing_fee:gcp': '54.12',
    'income:contract': '-1800.00',
    'income:usage': '-4.00',
  })
  const banked = await market.vendor.tenant(({ tx }) =>
    tx.statement_line.findMany({ where: { kind: 'bank' }, orderBy: { occurred_at: 'asc' } }),
  )
  expect(banked.map((line) => [line.minor, line.disbursement_key])).toEqual([
    [58_588n, 'payout/vendor-inc/2026-12/Google LLC/USD'],
    [58_200n, 'payout/vendor-inc/2027-01/Google LLC/USD'],
    [58_200n, 'payout/vendor-inc/2027-02/Google LLC/USD'],
  ])
  expect(await exceptions(market.vendor)).toEqual([])
})

test('what a customer does not pay is withheld, and released when it pays', async () => {
  market = await gcpMarket()
  const id = await buy(market, contract(['2026-11-02', '600.00']))
  await market.control(`/gcp/accounts/${CUSTOMER}`, { pays: false }, 'PATCH')
  await market.move({ to: '2026-12-31T00:00:00.000Z' })
  await market.vendor.settle()
  const held = await market.vendor.reconciled(id)
  expect(named(held)).toEqual({ withheld: '582.00' })
  expect(held.explained).toBe(true)
  expect(await market.vendor.balance('adjustment')).toEqual({ 'adjustment:withheld': '582.00' })
  await market.control(`/gcp/accounts/${CUSTOMER}`, { pays: true }, 'PATCH')
  await market.move({ to: '2027-01-31T00:00:00.000Z' })
  await market.vendor.settle()
  await market.vendor.bank()
  expect(await market.vendor.reconciled(id)).toMatchObject({ difference: 0n, causes: [], banked: 58_200n })
  expect(await market.vendor.balance('')).toEqual({
    'asset:bank:main': '582.00',
    'expense:listing_fee:gcp': '18.00',
    'income:contract': '-600.00',
  })
  expect(await exceptions(market.vendor)).toEqual([])
})

test('what is never released is given up after 180 days, and stays withheld', async () => {
  market = await gcpMarket()
  const id = await buy(market, terms)
  await market.control(`/gcp/accounts/${CUSTOMER}`, { pays: false }, 'PATCH')
  await market.move({ to: '2027-06-20T10:00:00.000Z' })
  await use(market, id, '1000')
  await market.move({ to: '2027-07-31T00:00:00.000Z' })
  await market.vendor.settle()
  const abandoned = await market.vendor.tenant(({ tx }) =>
    tx.statement_line.findMany({ where: { stage: 'forgiven' }, select: { minor: true, state: true } }),
  )
  expect(abandoned).toEqual([{ minor: -116_400n, state: 'not_counted' }])
  // Both instalments and 2.00 of usage, less 3 per cent, which nobody ever pays.
  expect(named(await market.vendor.reconciled(id))).toEqual({ withheld: '1165.94' })
  expect(await market.vendor.balance('asset')).toEqual({})
  expect(await market.vendor.balance('receivable')).toEqual({})
  expect(await exceptions(market.vendor)).toEqual([])
})

test("a reseller's discount comes off first, and Google's fee is of what remains", async () => {
  market = await gcpMarket()
  const id = await resell(market, {
    wholesale: contract(['2026-11-02', '525.00']),
    price: '600',
    discount: '12.5',
  })
  await market.move({ to: '2026-12-24T06:00:00.000Z' })
  await market.vendor.settle()
  await market.vendor.bank()
  expect(await market.vendor.reconciled(id)).toMatchObject({ difference: 0n, causes: [], banked: 50_925n })
  expect(await market.vendor.balance('')).toEqual({
    'asset:bank:main': '509.25',
    'expense:listing_fee:gcp': '15.75',
    'income:resale': '-525.00',
  })
  const lines = await market.vendor.tenant(({ tx }) =>
    tx.statement_line.findMany({ where: { stage: 'invoiced' }, orderBy: { id: 'asc' } }),
  )
  expect(lines.filter(({ counts }) => counts).map(({ kind, minor }) => [kind, minor])).toEqual([
    ['sale', 60_000n],
    ['reseller_discount', -7_500n],
    ['listing_fee', -1_575n],
  ])
})

test('a plan that nobody wrote down here: its discount has a name, and the fee follows it', async () => {
  market = await gcpMarket()
  const id = await resell(market, { price: '600', discount: '12.5' })
  await market.move({ to: '2026-12-24T06:00:00.000Z' })
  await market.vendor.settle()
  await market.vendor.bank()
  const found = await market.vendor.reconciled(id)
  // 600.00 less 3 per cent was expected; 75.00 and its 2.25 of the fee are the reseller's.
  expect(named(found)).toEqual({ reseller_discount: '72.75' })
  expect(found).toMatchObject({ expected: 58_200n, banked: 50_925n, explained: true })
  expect(await market.vendor.balance('clearing')).toEqual({})
})

test('a reseller that sells at another price than was opened needs a person, and only for the difference', async () => {
  market = await gcpMarket()
  const id = await resell(market, {
    wholesale: contract(['2026-11-02', '525.00']),
    price: '500',
    discount: '12.5',
  })
  await market.move({ to: '2026-12-20T06:00:00.000Z' })
  await market.vendor.settle()
  // 437.50 came where 525.00 was opened.
  expect(named(await market.vendor.reconciled(id))).toMatchObject({
    unknown: '84.88',
  })
  const told = await exceptions(market.vendor)
  expect(told.map(({ sentence }) => sentence).join()).toContain(
    'USD 525.00 is expected on 2026-11-02, USD 437.50 was invoiced.',
  )
})

test('usage within a commitment is drawn from its credit, and its fee is of what is left', async () => {
  market = await gcpMarket()
  const paid: Terms = { ...terms, total: '100.00', instalments: [{ due_on: '2026-11-02', amount: '100.00' }] }
  const id = await buy(
    market,
    { ...paid, usage_prices: { calls: '0.0025' } },
    { plan: 'metered', prepaid: true },
  )
  await market.move({ to: '2026-11-05T10:10:00.000Z' })
  await use(market, id, '30000')
  await market.move({ to: '2026-12-05T10:10:00.000Z' })
  await use(market, id, '18000')
  for (const to of ['2026-12-24', '2027-01-25']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
  }
  await market.vendor.bank()
  const found = await market.vendor.reconciled(id)
  // 75.00 of usage in November are the credit's whole; of 45.00 in December it pays 25.00. The fees are 3.00 and 0.60.
  expect(found).toMatchObject({ expected: 21_340n, banked: 11_640n, explained: true })
  expect(named(found)).toEqual({ credit: '97.00' })
  expect(await market.vendor.balance('clearing')).toEqual({})
  expect(await market.vendor.balance('receivable')).toEqual({})
  expect(await market.vendor.balance('adjustment')).toEqual({ 'adjustment:credit': '97.00' })
  expect(await exceptions(market.vendor)).toEqual([])
})

test('a deal of another type than we know of is charged at the renewal rate, and says so', async () => {
  market = await gcpMarket()
  const id = await buy(market, contract(['2026-11-02', '600.00']), { deal_type: 'MIGRATION' })
  await market.move({ to: '2026-12-20T06:00:00.000Z' })
  await market.vendor.settle()
  expect(named(await market.vendor.reconciled(id))).toMatchObject({ renewal_rate: '-9.00' })
})
