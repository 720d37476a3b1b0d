import {
  BatchCreateBillingAdjustmentRequestCommand,
  ListAgreementInvoiceLineItemsCommand,
} from '@aws-sdk/client-marketplace-agreement'
import { BatchMeterUsageCommand } from '@aws-sdk/client-marketplace-metering'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../../sandbox/journal.ts'
import { decimal, format, sum } from '../../../sandbox/money.ts'
import { createRandom } from '../../../sandbox/random.ts'
import {
  accept,
  authorizationChanges,
  buyer,
  type Clients,
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
} from '../support.ts'

type Row = Record<string, string>
type Seat = 'vendor' | 'reseller'
type Totals = { seller_net_revenue: string; collected: string; disbursed: string }

const ids = { vendor, reseller }
const bucketOf = (market: Market, seat: Seat) => market.keys[seat].feed_bucket ?? ''

async function keysOf(clients: Clients, bucket: string, prefix: string): Promise<string[]> {
  const list = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
  return (list.Contents ?? []).map((item) => item.Key ?? '')
}

/** All rows of a feed in all its months, as they stand in the files. */
async function allRows(market: Market, seat: Seat, feed: string): Promise<Row[]> {
  const keys = await keysOf(market[seat], bucketOf(market, seat), `${feed}_v1/`)
  const months = keys.map((key) => /year=(\d{4})\/month=(\d\d)/.exec(key)?.slice(1).join('-') ?? '')
  const files = await Promise.all(
    months.map((month) => readFeed(market[seat], bucketOf(market, seat), feed, month)),
  )
  return files.flat()
}

/** The rows that stand: of each event and validity the last update, unless that deletes it. */
function standing(rows: Row[]): Row[] {
  const last = new Map<string, Row>()
  for (const row of rows) {
    const key = `${row.billing_event_id} ${row.valid_from}`
    const before = last.get(key)
    if (!before || (before.update_date ?? '') <= (row.update_date ?? '')) last.set(key, row)
  }
  return [...last.values()].filter((row) => row.delete_date === '')
}

const total = (rows: Row[], column = 'amount') => format(sum(rows.map((row) => decimal(row[column] || '0'))))

/** What the feeds alone say of each agreement. */
function fromFeeds(rows: Row[]): Map<string, Totals> {
  const byId = new Map(rows.map((row) => [row.billing_event_id, row]))
  const counts = (row: Row) => byId.get(row.parent_billing_event_id ?? '')?.balance_impacting === '1'
  const agreements = new Set(rows.flatMap((row) => row.agreement_id || []))
  return new Map(
    [...agreements].map((id) => {
      const own = rows.filter((row) => row.agreement_id === id)
      const disbursed = own.filter((row) => row.action === 'DISBURSED' || row.action === 'DISBURSEMENT')
      return [
        id,
        {
          seller_net_revenue: total(
            own.filter((row) => row.action === 'INVOICED' && row.balance_impacting === '1'),
          ),
          collected: total(own.filter((row) => row.action === 'COLLECTED' && counts(row))),
          disbursed: format(-decimal(total(disbursed))),
        },
      ]
    }),
  )
}

function readCsv(text: string): Row[] {
  const [header = '', ...rows] = text.trim().split('\r\n')
  const columns = header.split(',')
  return rows.map((row) => {
    const cells = [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
    return Object.fromEntries(
      columns.map((column, index) => [column, cells[index]?.[1] ?? cells[index]?.[2] ?? '']),
    )
  })
}

async function reportOf(market: Market, seat: Seat, name: string): Promise<Row[]> {
  const keys = await keysOf(market[seat], bucketOf(market, seat), `reports/${name}/`)
  const files = await Promise.all(keys.map((key) => readObject(market[seat], bucketOf(market, seat), key)))
  return files.flatMap(readCsv)
}

function fromReports(billed: Row[], collections: Row[]): Map<string, Totals> {
  const agreements = new Set(billed.map((row) => row.agreement_id ?? ''))
  return new Map(
    [...agreements].map((id) => {
      const own = (rows: Row[]) => rows.filter((row) => row.agreement_id === id)
      return [
        id,
        {
          seller_net_revenue: total(own(billed), 'seller_net_revenue'),
          collected: total(own(billed), 'collected_net_revenue'),
          disbursed: total(own(collections), 'disbursed_net_revenue'),
        },
      ]
    }),
  )
}

async function checkBooks(market: Market, seat: Seat): Promise<Map<string, Totals>> {
  const books = await market.control<(Totals & { agreement_id: string })[]>(
    `/aws/books?account_id=${ids[seat]}`,
  )
  const expected = new Map(
    books.map(({ agreement_id, seller_net_revenue, collected, disbursed }) => [
      agreement_id,
      { seller_net_revenue, collected, disbursed },
    ]),
  )
  const rows = standing(await allRows(market, seat, 'billingeventfeed'))
  expect(fromFeeds(rows)).toEqual(expected)
  const billed = await reportOf(market, seat, 'billed_revenue')
  const collections = await reportOf(market, seat, 'collections_and_disbursements')
  expect(fromReports(billed, collections)).toEqual(expected)
  checkPayouts(rows)
  checkColumns(billed)
  return expected
}

/** Each pay-out and each failure is the negative sum of the rows that point to it. */
function checkPayouts(rows: Row[]): void {
  const lumps = rows.filter((row) => (row.transaction_type ?? '').startsWith('DISBURSEMENT'))
  for (const lump of lumps) {
    const parts = rows.filter((row) => row.disbursement_billing_event_id === lump.billing_event_id)
    expect(parts.length).toBeGreaterThan(0)
    expect(format(-decimal(total(parts)))).toBe(lump.amount)
  }
}

/** The net revenue of a report's line is the sum of its parts, as AWS's own queries put it together. */
function checkColumns(billed: Row[]): void {
  const parts = [
    'gross_revenue',
    'gross_refund',
    'listing_fee',
    'listing_fee_refund',
    'seller_tax_share',
    'seller_tax_share_refund',
    'wholesale_cost',
    'wholesale_cost_refund',
  ]
  for (const row of billed) {
    const net = sum(parts.map((part) => decimal(row[part] ?? '')))
    expect(format(net)).toBe(row.seller_net_revenue)
    const open = decimal(row.seller_net_revenue ?? '') - decimal(row.collected_net_revenue ?? '')
    expect(format(open)).toBe(row.uncollected_net_revenue)
  }
}

async function refund(
  clients: Clients,
  agreementId: string,
  amountOf: (maximum: bigint) => bigint,
  token: string,
) {
  const { agreementInvoiceLineItemGroupSummaries: groups = [] } = await clients.agreement.send(
    new ListAgreementInvoiceLineItemsCommand({ agreementId, groupBy: 'INVOICE_ID', invoiceType: 'INVOICE' }),
  )
  for (const [index, group] of groups.entries()) {
    const amount = amountOf(decimal(group.pricingCurrencyAmount?.maxAdjustmentAmount ?? '0'))
    if (amount <= 0n) continue
    const made = await clients.agreement.send(
      new BatchCreateBillingAdjustmentRequestCommand({
        billingAdjustmentRequestEntries: [
          {
            agreementId,
            originalInvoiceId: group.invoiceId ?? '',
            adjustmentAmount: format(amount),
            currencyCode: 'USD',
            adjustmentReasonCode: 'BUYER_DISSATISFACTION',
            clientToken: `${token}-${index}`,
          },
        ],
      }),
    )
    expect(made.errors).toEqual([])
  }
}

async function meter(market: Market, license: string, Quantity: number) {
  const { now } = await market.control<{ now: string }>('/clock')
  const { Results } = await market.vendor.metering.send(
    new BatchMeterUsageCommand({
      UsageRecords: [
        {
          CustomerAWSAccountId: buyer,
          LicenseArn: license,
          Dimension: 'calls',
          Timestamp: new Date(now),
          Quantity,
        },
      ],
    }),
  )
  expect(Results?.[0]?.Status).toBe('Success')
}

/** A vendor's direct deal and its reseller's deal with one buyer. */
async function twoDeals(options: { tax?: object; offer?: Record<string, unknown> } = {}) {
  const market = await openMarket()
  for (const account of [vendor, reseller]) {
    await market.control(`/aws/accounts/${account}`, { exports_reports: true }, 'PATCH')
  }
  if (options.tax) await market.control(`/aws/accounts/${buyer}`, { tax: options.tax }, 'PATCH')
  const { productId } = await publish(market)
  const offer = madeBy(
    await change(market, market.vendor, privateOfferChanges(productId, options.offer)),
    'O',
  )
  const direct = await accept(market, offer)
  const authorization = madeBy(await change(market, market.vendor, authorizationChanges(productId)), 'A')
  const resold = await accept(
    market,
    madeBy(await change(market, market.reseller, resellerOfferChanges(authorization)), 'O'),
  )
  return { market, direct, resold }
}

/** What happened in any of the years, so that a quiet year proves nothing by itself. */
const seen = new Set<string>()
const seeds = ['ash', 'beech', 'cedar', 'elm', 'fir', 'hazel']

describe('the feeds alone give what the sandbox knows, per agreement and to the cent', () => {
  test.each(seeds)('over a year of everything that can happen: %s', async (seed) => {
    const random = createRandom(openStore().collection('random'), seed)
    const pick = (count: number) => Number(random.text(6, '0123456789')) % count
    const liable = pick(2) === 0 ? 'aws' : 'seller'
    const { market, direct, resold } = await twoDeals({ tax: { rate: '0.0825', liable } })
    try {
      const set = (account: string, settings: object) =>
        market.control(`/aws/accounts/${account}`, settings, 'PATCH')
      for (let step = 0; step < 24; step += 1) {
        const seat: Seat = pick(2) === 0 ? 'vendor' : 'reseller'
        const deal = seat === 'vendor' ? direct : resold
        const happenings = [
          () => meter(market, deal.license_arn, 1 + pick(40_000)),
          () => meter(market, deal.license_arn, 1 + pick(400)),
          () => set(buyer, { pays: pick(3) > 0 }),
          () => set(ids[seat], { bank_refuses: pick(2) === 0 }),
          () => set(ids[seat], { feed_delay_days: pick(9) }),
          () => set(ids[seat], { disbursement_word: pick(2) === 0 ? 'DISBURSED' : 'DISBURSEMENT' }),
          () => {
            const share = BigInt(1 + pick(4))
            const amountOf = (maximum: bigint) => (((maximum / 10n ** 10n) * share) / 4n) * 10n ** 10n
            return refund(market[seat], deal.agreement_id, amountOf, `${seed}-${step}`)
          },
          async () => {
            const rows = standing(await allRows(market, seat, 'billingeventfeed'))
            const row = rows[pick(Math.max(rows.length, 1))]
            if (!row || rows.length === 0) return
            const slip = pick(2) === 0 ? 'misprinted' : 'doubled'
            await market.control('/aws/feeds/slips', { billing_event_id: row.billing_event_id, slip })
          },
        ]
        await happenings[pick(happenings.length)]?.()
        await market.by(`P${1 + pick(14)}D`)
      }
      // Everybody pays and takes, the late rows arrive, the slips are corrected.
      await set(buyer, { pays: true })
      for (const account of [vendor, reseller]) {
        await set(account, { bank_refuses: false, feed_delay_days: 0 })
      }
      await market.by('P14M')
      const vendors = await checkBooks(market, 'vendor')
      await checkBooks(market, 'reseller')
      expect([...vendors.keys()].sort()).toEqual([direct.agreement_id, resold.agreement_id].sort())
      for (const books of vendors.values()) expect(books.collected).toBe(books.seller_net_revenue)
      const all = [
        ...(await allRows(market, 'vendor', 'billingeventfeed')),
        ...(await allRows(market, 'reseller', 'billingeventfeed')),
      ]
      for (const row of all) {
        seen.add(row.transaction_type ?? '').add(row.action ?? '')
        if (row.delete_date !== '') seen.add('deleted')
        if (row.insert_date !== row.valid_from) seen.add('late')
      }
    } finally {
      await market.server.stop()
    }
  })

  test('and in these years everything did happen', () => {
    const kinds = `SELLER_REV_SHARE_REFUND AWS_REV_SHARE_REFUND DISBURSEMENT_FAILURE AWS_TAX_SHARE_REFUND
      SELLER_TAX_SHARE_REFUND DISBURSED DISBURSEMENT COLLECTED deleted late`
    for (const kind of kinds.split(/\s+/)) expect(seen).toContain(kind)
  })
})

describe('a refund', () => {
  test("takes back the reseller's price, its wholesale cost, the fees and the tax, part by part", async () => {
    const { market, resold } = await twoDeals({ tax: { rate: '0.10', liable: 'aws' } })
    try {
      // The first instalment of 210.00 has a wholesale cost of 200.00 and is paid on 30 December.
      await market.to('2026-12-12T00:00:00Z')
      await refund(market.reseller, resold.agreement_id, () => decimal('52.50'), 'quarter')
      await market.to('2026-12-13T00:00:00Z')
      const refunds = (rows: Row[]) =>
        rows
          .filter((row) => (row.transaction_type ?? '').endsWith('_REFUND') && row.action === 'INVOICED')
          .map((row) => [row.transaction_type, row.amount, row.charge_side, row.balance_impacting])
      const resellers = standing(await allRows(market, 'reseller', 'billingeventfeed'))
      expect(refunds(resellers)).toEqual([
        ['SELLER_REV_SHARE_REFUND', '-52.50', '', '1'],
        ['AWS_TAX_SHARE_REFUND', '-5.25', '', '0'],
        ['SELLER_REV_SHARE_REFUND', '50.00', 'BUYING', '1'],
        ['AWS_REV_SHARE_REFUND', '0.09', '', '1'],
      ])
      const vendors = standing(await allRows(market, 'vendor', 'billingeventfeed'))
      expect(refunds(vendors)).toEqual([
        ['SELLER_REV_SHARE_REFUND', '-50.00', 'SELLING', '1'],
        ['AWS_REV_SHARE_REFUND', '1.75', '', '1'],
      ])
      const back = resellers.find((row) => row.transaction_type === 'SELLER_REV_SHARE_REFUND')
      const sale = resellers.find((row) => row.billing_event_id === back?.parent_billing_event_id)
      expect(sale).toMatchObject({ transaction_type: 'SELLER_REV_SHARE', amount: '210.00' })
      expect(back?.invoice_id).not.toBe(sale?.invoice_id)
      expect(back?.buyer_invoice_id).toBe(sale?.buyer_invoice_id)
      const taxes = await allRows(market, 'reseller', 'taxitemfeed')
      expect(taxes.map((row) => row.tax_amount)).toEqual(['21.00', '-5.25'])
      // Given back before it was paid: the credit is collected with the payment, not before.
      const of = (rows: Row[]) => rows.filter((row) => row.agreement_id === resold.agreement_id)
      const collected = (rows: Row[]) => total(of(rows).filter((row) => row.action === 'COLLECTED'))
      expect(collected(vendors)).toBe('0.00')
      await market.to('2027-01-02T00:00:00Z')
      expect(collected(standing(await allRows(market, 'vendor', 'billingeventfeed')))).not.toBe('0.00')
      // Quarters of the fee of 0.35 would be 0.09 each: the last ones give less, so that it is 0.35 in the end.
      for (const token of ['second', 'third', 'rest']) {
        await refund(market.reseller, resold.agreement_id, () => decimal('52.50'), token)
      }
      await market.to('2027-02-19T23:30:00Z')
      // Given back whole, nothing is left of the invoice for either seat: no cent lost to rounding.
      for (const seat of ['vendor', 'reseller'] as const) {
        expect((await checkBooks(market, seat)).get(resold.agreement_id)).toEqual({
          seller_net_revenue: '0.00',
          collected: '0.00',
          disbursed: '0.00',
        })
      }
    } finally {
      await market.server.stop()
    }
  })
})

test('a pay-out that the bank sends back is undone, said, and paid once more', async () => {
  const { market } = await twoDeals()
  try {
    await market.control(`/aws/accounts/${vendor}`, { bank_refuses: true }, 'PATCH')
    await market.to('2026-12-18T00:00:00Z')
    const rows = standing(await allRows(market, 'vendor', 'billingeventfeed'))
    const lumps = rows.filter((row) => row.agreement_id === '')
    expect(lumps.map((row) => [row.transaction_type, row.amount, row.action_date])).toEqual([
      ['DISBURSEMENT', '582.00', '2026-12-15T12:00:00Z'],
      ['DISBURSEMENT_FAILURE', '-582.00', '2026-12-17T12:00:00Z'],
    ])
    expect(lumps[1]?.parent_billing_event_id).toBe(lumps[0]?.billing_event_id)
    checkPayouts(rows)
    expect(await market.control(`/bank/${vendor}.csv?to=2027-01-01T00:00:00Z`)).toMatch(
      /^booked_on,[a-z_,]+\n$/,
    )
    const events = await market.control<{ detail_type: string }[]>(`/aws/events?account_id=${vendor}`)
    expect(events.filter((event) => event.detail_type === 'Disbursement Paused').length).toBe(1)
    await market.to('2027-01-20T00:00:00Z')
    expect((await market.control<Row[]>(`/aws/payouts?account_id=${vendor}`)).length).toBe(1)
    await market.control(
      `/aws/accounts/${vendor}`,
      { bank_refuses: false, disbursement_word: 'DISBURSEMENT' },
      'PATCH',
    )
    await market.to('2027-02-18T00:00:00Z')
    await checkBooks(market, 'vendor')
    const after = standing(await allRows(market, 'vendor', 'billingeventfeed'))
    const paid = after.filter((row) => row.agreement_id === '' && row.transaction_type === 'DISBURSEMENT')
    // 582.00 once more, and the vendor's 193.00 of the reseller's first instalment.
    expect(paid.map((row) => [row.amount, row.action])).toContainEqual(['775.00', 'DISBURSEMENT'])
  } finally {
    await market.server.stop()
  }
})

describe('what the feeds say about time', () => {
  test('a slip is wrong for a day, and its correction has a later update of the same validity', async () => {
    const { market } = await twoDeals()
    try {
      await market.to('2026-11-21T00:00:00Z')
      const before = await allRows(market, 'vendor', 'billingeventfeed')
      const [sale, fee] = before
      await market.control('/aws/feeds/slips', {
        billing_event_id: sale?.billing_event_id,
        slip: 'misprinted',
        amount: '6.00',
      })
      await market.control('/aws/feeds/slips', { billing_event_id: fee?.billing_event_id, slip: 'doubled' })
      await market.to('2026-11-21T23:30:00Z')
      const wrong = standing(await allRows(market, 'vendor', 'billingeventfeed'))
      expect(wrong.map((row) => row.amount)).toEqual(['6.00', '-18.00', '-18.00'])
      await market.to('2026-11-22T23:30:00Z')
      const rows = await allRows(market, 'vendor', 'billingeventfeed')
      expect(rows.length).toBe(6)
      expect(standing(rows).map((row) => row.amount)).toEqual(['600.00', '-18.00'])
      const versions = rows.filter((row) => row.billing_event_id === sale?.billing_event_id)
      expect(new Set(versions.map((row) => row.valid_from)).size).toBe(1)
      expect(versions.map((row) => row.update_date)).toEqual([
        '2026-11-20T00:00:00Z',
        '2026-11-21T00:00:00Z',
        '2026-11-22T00:00:00Z',
      ])
      const deleted = rows.filter((row) => row.delete_date !== '')
      expect(deleted.map((row) => row.delete_date)).toEqual(['2026-11-22T00:00:00Z'])
    } finally {
      await market.server.stop()
    }
  })

  test('a late row keeps its validity and comes in the file of the month it arrives in', async () => {
    const { market } = await twoDeals()
    try {
      await market.control(`/aws/accounts/${vendor}`, { feed_delay_days: 15 }, 'PATCH')
      await market.to('2026-12-04T00:00:00Z')
      expect(await allRows(market, 'vendor', 'billingeventfeed')).toEqual([])
      await market.to('2026-12-06T00:00:00Z')
      const rows = await readFeed(market.vendor, bucketOf(market, 'vendor'), 'billingeventfeed', '2026-12')
      expect(rows.map((row) => [row.valid_from, row.insert_date])).toEqual([
        ['2026-11-20T00:00:00Z', '2026-12-05T00:00:00Z'],
        ['2026-11-20T00:00:00Z', '2026-12-05T00:00:00Z'],
      ])
    } finally {
      await market.server.stop()
    }
  })

  test('an account that moves is valid anew, and its old address stays in the file', async () => {
    const { market } = await twoDeals()
    try {
      await market.by('P1D')
      await market.control(`/aws/accounts/${buyer}`, { state: 'WA' }, 'PATCH')
      await market.by('P1D')
      const rows = await allRows(market, 'vendor', 'addressfeed')
      const own = rows.filter((row) => row.company_name === 'Buyer Corp')
      expect(own.map((row) => row.state_or_region).sort()).toEqual(['', 'WA'])
      expect(new Set(own.map((row) => row.valid_from)).size).toBe(2)
    } finally {
      await market.server.stop()
    }
  })
})
