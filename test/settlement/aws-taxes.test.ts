// The list of taxes against the tax lines of the same invoices.
import { afterEach, expect, test } from 'vitest'
import { vendorAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, buy } from './aws-market.ts'
import type { Seat } from './market.ts'
import { contract, exceptions } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

async function until(to: string, of: Seat): Promise<void> {
  await market.move({ to: `${to}T06:00:00.000Z` })
  await of.settle()
  await of.bank()
}

const one = contract(['2026-09-05', '600.00'])

test('a tax that was told wrong opens an exception with both sums, until it is told right', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.0825', liable: 'seller' }, days_to_pay: 5 } })
  const { vendor } = market
  await buy(market, one)
  await until('2026-09-08', vendor)
  const item = await vendor.tenant(({ tx }) => tx.description.findFirstOrThrow({ where: { kind: 'tax' } }))
  const slip = { account_id: vendorAccount, feed: 'taxitemfeed', id: item.key }
  const wrong = { ...slip, slip: 'misprinted', column: 'tax_amount', value: '48.00', days: 10 }
  await market.control('/aws/feeds/slips', wrong)
  await until('2026-09-10', vendor)
  // Late lines may still explain it: five days are waited.
  expect(await exceptions(vendor)).toEqual([])
  await until('2026-09-15', vendor)
  expect(await exceptions(vendor)).toEqual([
    {
      kind: 'report_difference',
      sentence: `Invoice ${item.about}: the cloud's list of taxes comes to USD 48.00 where the tax lines come to USD 49.50.`,
    },
  ])
  await until('2026-09-20', vendor)
  expect(await exceptions(vendor)).toEqual([])
})

test('a tax that was told twice counts once when AWS deletes the other', async () => {
  market = await awsMarket({ buyer: { tax: { rate: '0.0825', liable: 'aws' }, days_to_pay: 5 } })
  const { vendor } = market
  await buy(market, one)
  await until('2026-09-08', vendor)
  const item = await vendor.tenant(({ tx }) => tx.description.findFirstOrThrow({ where: { kind: 'tax' } }))
  const slip = { account_id: vendorAccount, feed: 'taxitemfeed', id: item.key, slip: 'doubled' }
  await market.control('/aws/feeds/slips', slip)
  const live = () =>
    vendor.tenant(({ tx }) => tx.description.count({ where: { kind: 'tax', deleted: false } }))
  await until('2026-09-09', vendor)
  expect(await live()).toBe(2)
  await until('2026-09-11', vendor)
  expect(await live()).toBe(1)
  await until('2026-09-20', vendor)
  expect(await exceptions(vendor)).toEqual([])
})
