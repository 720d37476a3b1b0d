import { BatchMeterUsageCommand } from '@aws-sdk/client-marketplace-metering'
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decimal, format, sum } from '../../sandbox/money.ts'
import {
  accept,
  authorizationChanges,
  buyer,
  change,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  publish,
  readFeed,
  readObject,
  reseller,
  resellerOfferChanges,
  vendor,
} from './support.ts'

let market: Market
type Row = Record<string, string>
const bucketOf = (account: 'vendor' | 'reseller') => market.keys[account].feed_bucket ?? ''
const billing = (account: 'vendor' | 'reseller', month: string) =>
  readFeed(market[account], bucketOf(account), 'billingeventfeed', month)
const total = (rows: Row[]) => format(sum(rows.map((row) => decimal(row.amount ?? '0'))))
const of = (rows: Row[], where: Row) =>
  rows.filter((row) => Object.entries(where).every(([name, value]) => row[name] === value))

async function meter(license: string, at: string, Quantity: number) {
  const { Results } = await market.vendor.metering.send(
    new BatchMeterUsageCommand({
      UsageRecords: [
        {
          CustomerAWSAccountId: buyer,
          LicenseArn: license,
          Dimension: 'calls',
          Timestamp: new Date(at),
          Quantity,
        },
      ],
    }),
  )
  expect(Results?.[0]?.Status).toBe('Success')
}

let agreementId = ''
let resold = ''

beforeAll(async () => {
  market = await openMarket()
  await market.control(`/aws/accounts/${buyer}`, { tax: { rate: '0.0825', liable: 'aws' } }, 'PATCH')
  const { productId } = await publish(market)
  const direct = await accept(
    market,
    madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O'),
  )
  agreementId = direct.agreement_id
  const authorizationId = madeBy(await change(market, market.vendor, authorizationChanges(productId)), 'A')
  const offerId = madeBy(await change(market, market.reseller, resellerOfferChanges(authorizationId)), 'O')
  const cppo = await accept(market, offerId)
  resold = cppo.agreement_id
  await market.to('2026-11-05T10:30:00Z')
  // 12,345 × 0.00125 = 15.43125, so 15.43; 12,344 × 0.00105 = 12.9612, so 12.96; wholesale 12,344 × 0.001 = 12.34.
  await meter(direct.license_arn, '2026-11-05T09:00:00Z', 10_000)
  await meter(direct.license_arn, '2026-11-05T10:00:00Z', 2_345)
  await meter(cppo.license_arn, '2026-11-05T10:00:00Z', 12_344)
})
afterAll(() => market.server.stop())

test('a month is closed on its invoices and its feeds', async () => {
  const closed = await market.control<{ month: string; now: string }>('/months/close', {})
  expect(closed).toMatchObject({ month: '2026-11', now: '2026-12-03T23:00:00.000Z' })
  const invoices = await market.control<Row[]>(`/aws/invoices?account_id=${vendor}`)
  expect(invoices.map(({ kind, amount, tax }) => [kind, amount, tax])).toEqual([
    ['INSTALLMENT', '600.00', '49.50'],
    ['USAGE', '15.43', '1.27'],
  ])
})

describe('the billing feed of a direct deal', () => {
  test('has the claim, the fee of 3 % and a tax that moves no balance', async () => {
    const rows = of(await billing('vendor', '2026-11'), { agreement_id: agreementId, action: 'INVOICED' })
    expect(
      rows.map((row) => [row.transaction_type, row.amount, row.balance_impacting, row.invoice_variant]),
    ).toEqual([
      ['SELLER_REV_SHARE', '600.00', '1', 'PURCHASE'],
      ['AWS_TAX_SHARE', '49.50', '0', 'PURCHASE'],
      ['AWS_REV_SHARE', '-18.00', '1', 'LISTING_FEE'],
    ])
    const usage = of(await billing('vendor', '2026-12'), { agreement_id: agreementId, action: 'INVOICED' })
    expect(usage.map((row) => row.amount)).toEqual(['15.43', '1.27', '-0.46'])
  })

  test('starts with the history columns and keeps their order', async () => {
    const text = await readObject(
      market.vendor,
      bucketOf('vendor'),
      'billingeventfeed_v1/year=2026/month=11/data.csv',
    )
    const header = text.split('\r\n')[0] ?? ''
    expect(header.startsWith('valid_from,insert_date,update_date,delete_date,billing_event_id,')).toBe(true)
    expect(header.endsWith(',charge_side,action_date,recipient_account_id')).toBe(true)
  })
})

describe("a reseller's deal", () => {
  test('pays the reseller its price and takes the wholesale cost and 3.5 % of the margin', async () => {
    const rows = of(await billing('reseller', '2026-12'), { agreement_id: resold, action: 'INVOICED' })
    const sides = rows.map((row) => [row.transaction_type, row.amount, row.charge_variant, row.charge_side])
    expect(sides).toEqual([
      ['SELLER_REV_SHARE', '12.96', '', ''],
      ['AWS_TAX_SHARE', '1.07', '', ''],
      ['SELLER_REV_SHARE', '-12.34', 'RESALE', 'BUYING'],
      ['AWS_REV_SHARE', '-0.02', 'LISTING_FEE', ''],
    ])
  })

  test('pays the vendor the wholesale price less 3.5 % of it', async () => {
    const rows = of(await billing('vendor', '2026-12'), { agreement_id: resold, action: 'INVOICED' })
    const sides = rows.map((row) => [row.transaction_type, row.amount, row.invoice_variant, row.charge_side])
    expect(sides).toEqual([
      ['SELLER_REV_SHARE', '12.34', 'RESALE', 'SELLING'],
      ['AWS_REV_SHARE', '-0.43', 'LISTING_FEE', ''],
    ])
  })
})

test('a disbursement is the sum of its rows and a line of the bank', async () => {
  expect(await market.control(`/bank/${vendor}.csv`)).toMatch(/^booked_on,[a-z_,]+\n$/)
  // The instalment of 20 November is paid on 10 December and goes out with the run of the 15th.
  await market.to('2026-12-17T23:30:00Z')
  const [payout, ...rest] = await market.control<Row[]>(`/aws/payouts?account_id=${vendor}`)
  expect(rest).toEqual([])
  expect(payout).toMatchObject({
    amount: '582.00',
    currency: 'USD',
    paid: true,
    arrives_at: '2026-12-17T12:00:00.000Z',
  })
  const rows = await billing('vendor', '2026-12')
  const [lump] = of(rows, { transaction_type: 'DISBURSEMENT' })
  const parts = of(rows, { action: 'DISBURSED' }).filter((row) => row !== lump)
  expect(lump?.amount).toBe('582.00')
  expect(total(parts)).toBe('-582.00')
  for (const part of parts) {
    expect(part.disbursement_billing_event_id).toBe(lump?.billing_event_id)
    expect(part.bank_trace_id).toBe(payout?.bank_trace_id)
  }
  const collected = of(rows, { action: 'COLLECTED' })
  expect(collected.map((row) => row.action_date)).toEqual(Array(3).fill('2026-12-10T00:00:00Z'))
  const statement = await market.control<string>(`/bank/${vendor}.csv`)
  expect(statement.split('\n')[1]).toBe(
    `2026-12-17,2026-12-17,582.00,USD,AWS MKTPLACE ${payout?.bank_trace_id},"Amazon Web Services, Inc.",` +
      `Marketplace disbursement ${payout?.reference}`,
  )
})

test('a buyer who does not pay is paid out only after paying', async () => {
  await market.control(`/aws/accounts/${buyer}`, { pays: false }, 'PATCH')
  await market.to('2027-01-20T00:00:00Z')
  expect((await market.control<Row[]>(`/aws/payouts?account_id=${reseller}`)).length).toBe(0)
  await market.control(`/aws/accounts/${buyer}`, { pays: true }, 'PATCH')
  await market.to('2027-02-15T13:00:00Z')
  const [payout] = await market.control<Row[]>(`/aws/payouts?account_id=${reseller}`)
  // Instalment 210.00 − 200.00 − 0.35, usage 12.96 − 12.34 − 0.02.
  expect(payout?.amount).toBe('10.25')
})

test('the bucket is listed, read in part, and closed to others', async () => {
  const list = await market.vendor.s3.send(
    new ListObjectsV2Command({ Bucket: bucketOf('vendor'), Prefix: 'agreementfeed_v1/' }),
  )
  const Key = list.Contents?.[0]?.Key ?? ''
  expect(Key).toBe('agreementfeed_v1/year=2026/month=11/data.csv')
  const head = await market.vendor.s3.send(new HeadObjectCommand({ Bucket: bucketOf('vendor'), Key }))
  expect(head.ContentLength).toBe(list.Contents?.[0]?.Size)
  const part = await market.vendor.s3.send(
    new GetObjectCommand({ Bucket: bucketOf('vendor'), Key, Range: 'bytes=0-9' }),
  )
  expect(await part.Body?.transformToString()).toBe('valid_from')
  const foreign = market.reseller.s3.send(new GetObjectCommand({ Bucket: bucketOf('vendor'), Key }))
  await expect(foreign).rejects.toMatchObject({ name: 'AccessDenied' })
  const nothing = market.vendor.s3.send(new GetObjectCommand({ Bucket: bucketOf('vendor'), Key: 'nothing' }))
  await expect(nothing).rejects.toMatchObject({ name: 'NoSuchKey' })
})
