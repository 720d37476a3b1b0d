// AWS's data feeds, made by the sandbox and read by the real connector, through our books to the bank. The sandbox's own
// books come from its invoices and pay-outs and not from its feeds: they are what ours are held against.
import { afterEach, expect, test } from 'vitest'
import { buyerAccount, vendorAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, booked, buy, ours, resell } from './aws-market.ts'
import { agreementOf, facet, type Seat } from './market.ts'
import { contract, exceptions, named } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

const halves = contract(['2026-09-10', '600.00'], ['2026-12-10', '600.00'])

async function until(to: string, ...seats: Seat[]): Promise<void> {
  await market.move({ to })
  for (const of of seats) {
    await of.settle()
    await of.bank()
  }
}

const change = (account: string, settings: object) =>
  market.control(`/aws/accounts/${account}`, settings, 'PATCH')

/** Gives a part of the first invoice of an agreement back to its buyer, as a person at the seller asks it. */
async function giveBack(of: Seat, agreement_id: string, amount: string): Promise<void> {
  type Invoice = { invoice_id: string; agreement_id: string }
  const invoices = await market.control<Invoice[]>(`/aws/invoices?account_id=${of.connection.account_id}`)
  const invoice_id = invoices.find((one) => one.agreement_id === agreement_id)?.invoice_id ?? ''
  const requests = facet(market, 'requests')
  const money = { asset: 'USD/2', amount: BigInt(amount.replace('.', '')) } as const
  const request = {
    kind: 'refund',
    agreement_id,
    invoice_id,
    amount: money,
    reason: 'OTHER',
    words: 'Too much',
  } as const
  const asked = await requests.send(of.connection, request, `refund-${amount}`)
  expect(asked.status).toBe('accepted')
  await market.move({ by: 'PT5M' })
}

test.each([['aws'], ['seller']])(
  'a direct deal in instalments with tax that %s passes on, to the cent at every stage',
  async (liable) => {
    market = await awsMarket({ buyer: { tax: { rate: '0.0825', liable }, days_to_pay: 10 } })
    const { vendor } = market
    const id = await buy(market, halves)
    for (const to of ['2026-09-12', '2026-09-30', '2026-10-20', '2026-12-12', '2026-12-30', '2027-01-20']) {
      await until(`${to}T06:00:00.000Z`, vendor)
      expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
    }
    const end = await vendor.reconciled(await agreementOf(vendor, id))
    expect(end).toMatchObject({ explained: true, banked: end.disbursed })
    expect(await vendor.balance('receivable')).toEqual({})
    expect(await vendor.balance('clearing')).toEqual({})
    expect(await exceptions(vendor)).toEqual([])
  },
)

test('a resold deal: the reseller keeps its margin less its fee, the vendor the wholesale price less its own', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.1', liable: 'aws' }, days_to_pay: 10 } })
  const { vendor } = market
  const reseller = await market.reseller()
  const wholesale = contract(['2026-09-16', '1000.00'])
  const id = await resell(market, reseller, {
    wholesale,
    terms: contract(['2026-09-16', '1125.00']),
    markup: '12.5',
  })
  for (const to of ['2026-09-18', '2026-09-30', '2026-10-20']) {
    await until(`${to}T06:00:00.000Z`, vendor, reseller)
    for (const of of [vendor, reseller]) expect(await ours(of, id)).toEqual(await booked(market, of, id))
  }
  for (const of of [vendor, reseller]) {
    expect(await of.reconciled(await agreementOf(of, id))).toMatchObject({ explained: true, difference: 0n })
    expect(await exceptions(of)).toEqual([])
  }
})

test('refunds before and after the pay-out take back what was booked, and no cent is left unexplained', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.0825', liable: 'seller' }, days_to_pay: 10 } })
  const { vendor } = market
  const id = await buy(market, contract(['2026-09-10', '600.00'], ['2026-10-10', '333.33']))
  await until('2026-09-12T06:00:00.000Z', vendor)
  await giveBack(vendor, id, '100.01')
  await until('2026-09-13T06:00:00.000Z', vendor)
  expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  await until('2026-10-20T06:00:00.000Z', vendor)
  await giveBack(vendor, id, '33.33')
  for (const to of ['2026-10-22', '2026-12-20']) {
    await until(`${to}T06:00:00.000Z`, vendor)
    expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  }
  const found = await vendor.reconciled(await agreementOf(vendor, id))
  expect(found.explained).toBe(true)
  // 133.34 of the price, less 3 per cent of it that AWS gives back.
  expect(named(found).refund).toBe('129.34')
  expect(await vendor.balance('clearing')).toEqual({})
  expect(await vendor.balance('receivable')).toEqual({})
  expect(await exceptions(vendor)).toEqual([])
})

type Unpaid = { invoice_id: string; agreement_id: string; paid_at: string | null; forgiven_at: string | null }

/** AWS gives up the oldest invoice of an agreement that nobody paid. */
async function forgive(of: Seat, agreement_id: string): Promise<void> {
  const all = await market.control<Unpaid[]>(`/aws/invoices?account_id=${of.connection.account_id}`)
  const open = all.find((one) => one.agreement_id === agreement_id && one.paid_at === null)
  await market.control(`/aws/invoices/${open?.invoice_id}/forgive`, {})
}

test('an invoice that the buyer never pays is forgiven: sale, fee and tax are taken back, and the rest is paid', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.0825', liable: 'seller' }, days_to_pay: 10 } })
  const { vendor } = market
  const id = await buy(market, contract(['2026-09-10', '600.00'], ['2026-10-10', '400.00']))
  await change(buyerAccount, { pays: false })
  await until('2026-09-25T06:00:00.000Z', vendor)
  const agreement = await agreementOf(vendor, id)
  // Expected and invoiced, with 3 per cent of fee and 8.25 per cent of tax, which is owed to the authority.
  expect(await ours(vendor, id)).toMatchObject({ seller_net_revenue: '631.50', collected: '0.00' })
  expect(await vendor.balance('receivable')).toEqual({ [`receivable:invoiced:${agreement}`]: '631.50' })
  expect(await vendor.balance('liability:tax')).toEqual({ 'liability:tax': '-49.50' })

  await forgive(vendor, id)
  await until('2026-09-27T06:00:00.000Z', vendor)
  expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  expect(await ours(vendor, id)).toMatchObject({ seller_net_revenue: '0.00', collected: '0.00' })
  expect(await vendor.balance('receivable')).toEqual({})
  expect(await vendor.balance('clearing')).toEqual({})
  expect(await vendor.balance('liability:tax')).toEqual({})
  // The income and the fee stay where they were expected; what was lost of them has an account of its own.
  expect(await vendor.balance('income')).toEqual({ 'income:contract': '-600.00' })
  expect(await vendor.balance('expense')).toEqual({ 'expense:listing_fee:aws': '18.00' })
  expect(await vendor.balance('adjustment')).toEqual({ 'adjustment:withheld': '582.00' })
  expect(named(await vendor.reconciled(agreement))).toEqual({ withheld: '582.00' })

  // Whoever pays again does not pay what was forgiven.
  await change(buyerAccount, { pays: true })
  await until('2026-11-20T06:00:00.000Z', vendor)
  expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  const end = await vendor.reconciled(agreement)
  expect(end).toMatchObject({ explained: true, banked: end.disbursed, expected: 97_000n })
  expect(named(end)).toMatchObject({ withheld: '582.00' })
  expect(await vendor.balance('asset')).toEqual({ 'asset:bank:main': '421.00' })
  expect(await vendor.balance('receivable')).toEqual({})
  expect(await exceptions(vendor)).toEqual([])
})

test('a resold deal that is forgiven is taken back on both sides, and the reseller is due nothing', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.1', liable: 'aws' }, days_to_pay: 10 } })
  const { vendor } = market
  const reseller = await market.reseller()
  const deal = {
    wholesale: contract(['2026-09-16', '1000.00']),
    terms: contract(['2026-09-16', '1125.00']),
    markup: '12.5',
  }
  const id = await resell(market, reseller, deal)
  await change(buyerAccount, { pays: false })
  await until('2026-09-28T06:00:00.000Z', vendor, reseller)
  await forgive(reseller, id)
  await until('2026-11-20T06:00:00.000Z', vendor, reseller)
  for (const of of [vendor, reseller]) {
    expect(await ours(of, id)).toEqual(await booked(market, of, id))
    expect(await ours(of, id)).toMatchObject({
      seller_net_revenue: '0.00',
      collected: '0.00',
      disbursed: '0.00',
    })
    expect(await of.balance('receivable')).toEqual({})
    expect(await of.balance('clearing')).toEqual({})
    expect(await of.balance('asset')).toEqual({})
    expect(await exceptions(of)).toEqual([])
  }
  // 1000 of wholesale less 3.5 per cent; the margin of 125 less 3.5 per cent of it.
  expect(await vendor.balance('adjustment')).toEqual({ 'adjustment:withheld': '965.00' })
  expect(await reseller.balance('adjustment')).toEqual({ 'adjustment:withheld': '120.62' })
})

test('what was given back of an invoice before it was forgiven is not given back twice', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 30 } })
  const { vendor } = market
  const id = await buy(market, contract(['2026-09-10', '600.00']))
  await until('2026-09-12T06:00:00.000Z', vendor)
  await giveBack(vendor, id, '100.00')
  await forgive(vendor, id)
  await until('2026-11-20T06:00:00.000Z', vendor)
  expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  expect(await vendor.balance('receivable')).toEqual({})
  expect(named(await vendor.reconciled(await agreementOf(vendor, id)))).toMatchObject({ refund: '97.00' })
  expect(await exceptions(vendor)).toEqual([])
})

test('a pay-out that comes back from the bank is taken back, and paid again once', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 3 } })
  const { vendor } = market
  const id = await buy(market, contract(['2026-09-05', '600.00'], ['2026-10-05', '600.00']))
  await change(vendorAccount, { bank_refuses: true })
  await until('2026-09-16T06:00:00.000Z', vendor)
  expect(await ours(vendor, id)).toMatchObject({ collected: '582.00', disbursed: '582.00' })
  await until('2026-09-20T06:00:00.000Z', vendor)
  expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  expect(await ours(vendor, id)).toMatchObject({ collected: '582.00', disbursed: '0.00' })
  expect(await vendor.balance('asset')).toEqual({})
  await change(vendorAccount, { bank_refuses: false })
  for (const to of ['2026-10-18', '2026-11-20']) {
    await until(`${to}T06:00:00.000Z`, vendor)
    expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  }
  expect(await vendor.reconciled(await agreementOf(vendor, id))).toMatchObject({
    banked: 116_400n,
    difference: 0n,
    explained: true,
  })
  expect(await vendor.balance('asset')).toEqual({ 'asset:bank:main': '1164.00' })
  expect(await vendor.balance('clearing')).toEqual({})
  expect(await exceptions(vendor)).toEqual([])
})
