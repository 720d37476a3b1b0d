// Rows that a cloud writes again, and money that arrives in another currency than it was sold in: files written by hand.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Terms } from '../../src/offers/model.ts'
import { reconcile } from '../../src/settlement/reconcile.ts'
import type { Seat } from './market.ts'
import { contract, exceptions, named } from './support.ts'
import { agreed, type Cells, csv, writtenSeat } from './written.ts'

let vendor: Seat
afterEach(() => vendor.market.close())

const bank = (on: string, amount: string, currency: string, text: string) =>
  csv({
    booked_on: on,
    value_on: on,
    amount,
    currency,
    reference: text,
    counterparty: text.split(' ')[0] ?? '',
    description: 'x',
  })

/** What is booked per account and currency, in minor units; without zeros, and without the orders nobody booked here. */
async function standing(): Promise<Record<string, string>> {
  const sums = new Map<string, bigint>()
  const postings = await vendor.tenant(({ tx, organisation_id }) =>
    tx.posting.findMany({ where: { organisation_id } }),
  )
  for (const { from_account, to_account, asset, amount } of postings) {
    for (const [account, by] of [
      [from_account, -amount],
      [to_account, amount],
    ] as const) {
      const key = `${account} ${asset.slice(0, 3)}`
      sums.set(key, (sums.get(key) ?? 0n) + by)
    }
  }
  const open = [...sums].filter(([key, sum]) => sum !== 0n && !key.startsWith('bookings:'))
  return Object.fromEntries(open.map(([key, sum]) => [key, String(sum)]))
}

const versions = (key: string) =>
  vendor.tenant(({ tx, organisation_id }) =>
    tx.statement_line.findMany({
      where: { organisation_id, key },
      orderBy: { version: 'asc' },
      select: { current: true, minor: true, state: true },
    }),
  )

describe('Azure', () => {
  const earning = {
    earningId: 'e-1',
    subscriptionId: 'cloud-agr_a1',
    transactionAmount: '1000.00',
    storeFee: '30.00',
    earningAmount: '970.00',
    earningAmountInLastPaymentCurrency: '',
    lastPaymentCurrency: '',
    transactionCurrency: 'USD',
    transactionDate: '2026-10-01T00:00:00Z',
    calculationDate: '2026-10-02T00:00:00Z',
    transactionType: 'Charge',
    purchaseTypeName: 'Recurring',
    estimatedPaymentMonth: '2026-11',
    paymentId: '',
    paymentStatus: 'Unprocessed',
  }
  const payment = {
    paymentID: '000123456789',
    earned: '970.00',
    withheldTax: '0',
    salesTax: '0',
    serviceFeeTax: '0',
    totalPayment: '970.00',
    currencyCode: 'USD',
    paymentStatus: 'Sent',
    paymentDate: '2026-11-15T12:00:00Z',
  }
  const sent: Cells = { ...earning, paymentId: payment.paymentID, paymentStatus: 'Sent' }
  beforeEach(async () => {
    vendor = await writtenSeat('azure', '2026-12-01T00:00:00.000Z')
  })

  test('a restated earning supersedes its older self, what follows it too, and the books are put right', async () => {
    await agreed(vendor, 'agr_a1', contract(['2026-10-01', '900.00']))
    await vendor.upload('first.csv', csv(sent))
    await vendor.upload('payments.csv', csv(payment))
    expect(named(await vendor.reconciled('agr_a1'))).toMatchObject({ unknown: '-97.00' })
    const restated = {
      ...sent,
      calculationDate: '2026-11-20T00:00:00Z',
      transactionAmount: '900.00',
      storeFee: '27.00',
      earningAmount: '873.00',
    }
    await vendor.upload('second.csv', csv(restated))
    expect(await versions('e-1/sale')).toEqual([
      { current: false, minor: 100_000n, state: 'exception' },
      { current: true, minor: 90_000n, state: 'explained' },
    ])
    expect(await versions('e-1/sale/000123456789/disbursed')).toEqual([
      { current: false, minor: -100_000n, state: 'explained' },
      { current: true, minor: -90_000n, state: 'explained' },
    ])
    // The payment was not restated: its lines no longer come to it, and a person is told.
    expect(await exceptions(vendor)).toMatchObject([{ kind: 'disbursement_sum' }])
    expect(await vendor.reconciled('agr_a1')).toMatchObject({ invoiced: 87_300n, disbursed: 87_300n })
    expect(await standing()).toMatchObject({
      'asset:transit:payment~3a000123456789 USD': '87300',
      'income:contract USD': '-90000',
    })
    expect((await standing())['adjustment:unknown USD']).toBeUndefined()
  })

  test('sold in euros, paid out in dollars: each line goes through the exchange account at its rate', async () => {
    const euros: Terms = { ...contract(['2026-10-01', '1000.00']), currency: 'EUR' }
    await agreed(vendor, 'agr_a1', euros)
    const exchanged = {
      transactionCurrency: 'EUR',
      earningAmountInLastPaymentCurrency: '1051.03',
      lastPaymentCurrency: 'USD',
    }
    await vendor.upload('earnings.csv', csv({ ...sent, ...exchanged }))
    await vendor.upload('payments.csv', csv({ ...payment, earned: '1051.03', totalPayment: '1051.03' }))
    await vendor.bring(bank('2026-11-17', '1051.03', 'USD', 'MSFT MKTPL 000123456789'))
    expect(await standing()).toEqual({
      'asset:bank:main USD': '105103',
      'exchange:EUR-USD EUR': '97000',
      'exchange:EUR-USD USD': '-105103',
      'expense:listing_fee:azure EUR': '3000',
      'income:contract EUR': '-100000',
    })
    const all = await vendor.tenant(reconcile)
    expect(
      all.map((one) => [one.agreement_id, one.asset, one.difference, named(one), one.explained]),
    ).toEqual([
      ['agr_a1', 'EUR/2', 97_000n, { exchange: '970.00' }, true],
      ['agr_a1', 'USD/2', -105_103n, { exchange: '-1051.03' }, true],
    ])
    const entry = await vendor.tenant(({ tx }) =>
      tx.entry.findFirstOrThrow({ where: { kind: 'exchanged', reference: { contains: '/sale/' } } }),
    )
    expect(entry.evidence).toMatchObject({
      sold: '1000.00',
      bought: '1083.54',
      rate: '1.08354000 USD per EUR',
    })
    expect(await exceptions(vendor)).toEqual([])
  })

  test('a payment that came back takes its lines back, and the claim is open again', async () => {
    await agreed(vendor, 'agr_a1', contract(['2026-10-01', '1000.00']))
    await vendor.upload('earnings.csv', csv(sent))
    await vendor.upload('payments.csv', csv(payment))
    expect(await standing()).toMatchObject({ 'asset:transit:payment~3a000123456789 USD': '97000' })
    await vendor.upload('again.csv', csv({ ...sent, paymentStatus: 'Reversed' }))
    await vendor.upload('payments-again.csv', csv({ ...payment, paymentStatus: 'Reversed' }))
    expect(await standing()).toEqual({
      'expense:listing_fee:azure USD': '3000',
      'income:contract USD': '-100000',
      'receivable:invoiced:agr_a1 USD': '97000',
    })
    expect(named(await vendor.reconciled('agr_a1'))).toEqual({ timing: '970.00' })
  })
})

describe('Google', () => {
  const row = {
    sku_id: 'S1',
    account_id: 'a-1',
    entitlement_id: 'cloud-agr_a1',
    private_offer_id: 'offer-agr_a1',
    transaction_type: 'NEW',
    min_usage_start_time: '2026-10-01T08:00:00Z',
    max_usage_start_time: '2026-10-01T08:00:00Z',
    cust_charges: '1000.00',
    reseller_discount: '0.00',
    cud_credits_used: '0.00',
    marketplace_fee_amount: '30.00',
    withheld_amount: '0',
    released_amount: '0',
    abandoned_amount: '0',
    aggregated_payout: '970.00',
    disbursement_entity: 'Google LLC',
    report_creation_date: '2026-11-13',
  }
  beforeEach(async () => {
    vendor = await writtenSeat('gcp', '2026-12-01T00:00:00.000Z')
    await agreed(vendor, 'agr_a1', contract(['2026-10-01', '900.00']))
  })

  test('a report that is made again supersedes its rows and its payout, and the books are put right', async () => {
    await vendor.upload('2026-10-01 Detailed Disbursements Report.csv', csv(row))
    expect((await exceptions(vendor)).map(({ kind }) => kind)).toContain('line_unexplained')
    const again = {
      ...row,
      cust_charges: '900.00',
      marketplace_fee_amount: '27.00',
      aggregated_payout: '873.00',
      report_creation_date: '2026-11-16',
    }
    await vendor.upload('2026-10-01 Detailed Disbursements Report.csv', csv(again))
    const key = '2026-11/S1/a-1/cloud-agr_a1/offer-agr_a1/NEW//sale'
    expect(await versions(key)).toEqual([
      { current: false, minor: 100_000n, state: 'exception' },
      { current: true, minor: 90_000n, state: 'explained' },
    ])
    await vendor.bring(bank('2026-11-23', '873.00', 'USD', 'GOOGLE MKTPLACE 1234567890'))
    expect(await standing()).toEqual({
      'asset:bank:main USD': '87300',
      'expense:listing_fee:gcp USD': '2700',
      'income:contract USD': '-90000',
    })
    expect(await vendor.total()).toMatchObject({ difference: 0n, explained: true })
    expect(await exceptions(vendor)).toEqual([])
  })

  test('a payout without a reference that arrives in another currency is known by its payer, where it is the only one', async () => {
    const october = {
      ...row,
      cust_charges: '900.00',
      marketplace_fee_amount: '27.00',
      aggregated_payout: '873.00',
    }
    await vendor.upload('october.csv', csv(october))
    await vendor.bring(bank('2026-11-23', '800.00', 'EUR', 'GOOGLE IRELAND'))
    expect(await standing()).toMatchObject({
      'asset:bank:main EUR': '80000',
      'exchange:USD-EUR USD': '87300',
      'exchange:USD-EUR EUR': '-80000',
    })
    expect(named(await vendor.total())).toMatchObject({ exchange: '873.00' })
    expect(await exceptions(vendor)).toEqual([])
  })

  test('money of somebody else, of another amount or too early is not taken for a payout', async () => {
    const october = {
      ...row,
      cust_charges: '900.00',
      marketplace_fee_amount: '27.00',
      aggregated_payout: '873.00',
    }
    await vendor.upload('october.csv', csv(october))
    for (const [on, amount, text] of [
      ['2026-11-23', '873.00', 'ACME GMBH'],
      ['2026-11-23', '872.99', 'GOOGLE LLC'],
      ['2026-11-02', '873.00', 'GOOGLE LLC'],
      ['2027-02-01', '873.00', 'GOOGLE LLC'],
    ] as const)
      await vendor.bring(bank(on, amount, 'USD', text))
    expect((await exceptions(vendor)).map(({ kind }) => kind)).toEqual(Array(4).fill('bank_unmatched'))
    expect(await standing()).toMatchObject({
      'asset:transit:payout/vendor/2026-11/Google~20LLC/USD USD': '87300',
    })
  })
})
