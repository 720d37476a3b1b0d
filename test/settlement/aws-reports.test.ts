// The two reports that people export: held against the billing feed, and never booked beside it.
import { afterEach, expect, test } from 'vitest'
import { resellerAccount, vendorAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, booked, buy, ours, resell } from './aws-market.ts'
import { agreementOf, type Seat } from './market.ts'
import { contract, exceptions } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

async function until(to: string, ...seats: Seat[]): Promise<void> {
  await market.move({ to: `${to}T06:00:00.000Z` })
  for (const of of seats) {
    await of.settle()
    await of.bank()
  }
}

const exported = (account: string, name: string) =>
  market.control<string>(`/aws/reports/${account}/${name}.csv`)

test('reports that lie in the bucket beside the feeds say the same, and no cent is booked twice', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.0825', liable: 'seller' }, days_to_pay: 10 } })
  const { vendor } = market
  const reseller = await market.reseller()
  for (const account of [vendorAccount, resellerAccount])
    await market.control(`/aws/accounts/${account}`, { exports_reports: true }, 'PATCH')
  const direct = await buy(market, contract(['2026-09-10', '600.00'], ['2026-10-10', '333.33']))
  const resold = await resell(market, reseller, {
    wholesale: contract(['2026-09-16', '1000.00']),
    terms: contract(['2026-09-16', '1125.00']),
    markup: '12.5',
  })
  for (const to of ['2026-09-18', '2026-09-30', '2026-10-20', '2026-11-20', '2026-12-01'])
    await until(to, vendor, reseller)
  for (const [of, id] of [
    [vendor, direct],
    [vendor, resold],
    [reseller, resold],
  ] as const) {
    expect(await ours(of, id)).toEqual(await booked(market, of, id))
    const { asset, agreement_id } = await of.reconciled(await agreementOf(of, id))
    const totals = await of.tenant(({ tx }) =>
      tx.statement_total.groupBy({
        by: ['format', 'asset'],
        where: { cloud_agreement_id: id, connection_id: of.connection.id },
        _sum: { invoiced: true },
        orderBy: { format: 'asc' },
      }),
    )
    expect({ agreement_id, formats: totals.map((one) => [one.format, one.asset]) }).toEqual({
      agreement_id,
      formats: [
        ['aws.billed_revenue', asset],
        ['aws.collections_and_disbursements', asset],
      ],
    })
  }
  for (const of of [vendor, reseller]) expect(await exceptions(of)).toEqual([])
})

test('an invoice that was forgiven is worth nothing in the reports as well, and nobody is told of a difference', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 90 } })
  const { vendor } = market
  await market.control(`/aws/accounts/${vendorAccount}`, { exports_reports: true }, 'PATCH')
  const id = await buy(market, contract(['2026-09-10', '600.00']))
  await until('2026-09-20', vendor)
  type Owed = { invoice_id: string }
  const [invoice] = await market.control<Owed[]>(`/aws/invoices?account_id=${vendorAccount}`)
  await market.control(`/aws/invoices/${invoice?.invoice_id}/forgive`, {})
  for (const to of ['2026-09-22', '2026-10-20']) await until(to, vendor)
  expect(await ours(vendor, id)).toEqual(await booked(market, vendor, id))
  expect(await ours(vendor, id)).toMatchObject({ seller_net_revenue: '0.00' })
  expect(await exceptions(vendor)).toEqual([])
})

test('a report brought by hand that says otherwise is told with both numbers, and a right one settles it', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  const id = await buy(market, contract(['2026-09-05', '600.00']))
  await until('2026-09-20', vendor)
  const report = await exported(vendorAccount, 'billed_revenue')
  expect(report).toContain('582.00')
  await vendor.upload('billed.csv', report.replaceAll('582.00', '580.00'))
  expect(await exceptions(vendor)).toEqual([])
  await until('2026-09-27', vendor)
  expect(await exceptions(vendor)).toEqual([
    {
      kind: 'report_difference',
      sentence: `Agreement ${id}: the report aws.billed_revenue says USD 580.00 where the lines come to USD 582.00, in 1 of 1 sales.`,
    },
  ])
  await vendor.upload('billed again.csv', await exported(vendorAccount, 'billed_revenue'))
  await until('2026-10-10', vendor)
  expect(await exceptions(vendor)).toEqual([])
  expect(await ours(vendor, id)).toMatchObject({ seller_net_revenue: '582.00', disbursed: '582.00' })
})

test('reports alone book nothing, and say that the billing feed is missing', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  await buy(market, contract(['2026-09-05', '600.00']))
  await market.move({ to: '2026-09-20T06:00:00.000Z' })
  await vendor.upload('c.csv', await exported(vendorAccount, 'collections_and_disbursements'))
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'report_difference' }])
  expect(await vendor.balance('asset')).toEqual({})
  await until('2026-09-27', vendor)
  expect(await exceptions(vendor)).toEqual([])
})

test('a file of one account is refused by the connection of another', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  const reseller = await market.reseller()
  await resell(market, reseller, {
    wholesale: contract(['2026-09-16', '1000.00']),
    terms: contract(['2026-09-16', '1125.00']),
    markup: '12.5',
  })
  await market.move({ to: '2026-09-28T06:00:00.000Z' })
  const fetched = await market.connector.settlements?.pull(reseller.connection, null)
  const name = fetched?.items.find((file) => file.name.includes('billingevent'))?.name ?? ''
  const theirs = await new Response(
    (await market.connector.settlements?.fetchFile(reseller.connection, name)) ?? null,
  ).text()
  await vendor.settle()
  const before = await vendor.tenant(({ tx }) => tx.statement_line.count())
  await vendor.upload('billingeventfeed_v1.csv', theirs)
  expect(await vendor.tenant(({ tx }) => tx.statement_line.count())).toBe(before)
  const refused = await vendor.tenant(({ tx }) => tx.statement.findMany({ where: { state: 'refused' } }))
  expect(refused).toMatchObject([{ name: 'billingeventfeed_v1.csv' }])
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'statement_refused' }])
})
