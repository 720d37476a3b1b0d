import { describe, expect, test } from 'vitest'
import { parseFeed, recogniseFeed } from '../../../connectors/aws/settlements/feeds.ts'
import { StatementError, type StatementItem, type StatementLine } from '../../../connectors/connector.ts'
import { formatDecimal } from '../../../src/core/decimal.ts'

const format = 'aws.billingeventfeed_v1'
const columns = [
  'valid_from',
  'insert_date',
  'update_date',
  'delete_date',
  'billing_event_id',
  'parent_billing_event_id',
  'product_id',
  'action',
  'transaction_type',
  'disbursement_billing_event_id',
  'amount',
  'currency',
  'balance_impacting',
  'invoice_date',
  'usage_period_start_date',
  'usage_period_end_date',
  'invoice_id',
  'bank_trace_id',
  'agreement_id',
  'offer_id',
  'charge_variant',
  'charge_side',
  'action_date',
]

const base: Record<string, string> = {
  valid_from: '2026-09-01T00:00:00Z',
  update_date: '2026-09-02T00:00:00Z',
  billing_event_id: 'event-1',
  product_id: 'prod-1',
  action: 'INVOICED',
  transaction_type: 'SELLER_REV_SHARE',
  amount: '1200.50',
  currency: 'USD',
  balance_impacting: '1',
  invoice_date: '2026-09-01T10:00:00Z',
  usage_period_start_date: '2026-08-01T00:00:00Z',
  usage_period_end_date: '2026-08-31T23:59:59Z',
  invoice_id: 'inv-1',
  agreement_id: 'agmt-1',
}

async function* rowsOf(header: string[], ...rows: (Record<string, string> | string[])[]) {
  yield header
  for (const row of rows) yield Array.isArray(row) ? row : header.map((name) => row[name] ?? '')
}

async function read(rows: AsyncIterable<string[]>, as = format): Promise<StatementItem[]> {
  const items: StatementItem[] = []
  for await (const item of parseFeed(as, rows)) items.push(item)
  return items
}

async function line(more: Record<string, string> = {}): Promise<StatementLine> {
  const [item] = await read(rowsOf(columns, { ...base, ...more }))
  if (item?.is !== 'line') throw new Error('no line')
  return item.line
}

async function problemOf(rows: AsyncIterable<string[]>, as = format) {
  const error = await read(rows, as).catch((thrown: unknown) => thrown)
  if (!(error instanceof StatementError)) throw new Error(`no StatementError: ${String(error)}`)
  return error.problem
}

describe('a feed is recognised', () => {
  test.each([
    ['billingeventfeed_v1/year=2026/month=09/data.csv', format],
    ['feeds/dailyusagefeed_v1/year=2026/month=09/data.csv', 'aws.dailyusagefeed_v1'],
    ['taxitemfeed_v1/year=2026/month=09/data.csv', 'aws.taxitemfeed_v1'],
    ['notes/readme.csv', null],
    ['unheardfeed_v1/data.csv', null],
  ])('by the folder of %s', (name, found) => {
    expect(recogniseFeed(name, ['a', 'b'])).toBe(found)
  })

  test('by its columns under any name', () => {
    expect(recogniseFeed('download (3).csv', columns)).toBe(format)
    expect(recogniseFeed('x.csv', ['usage_feed_id', 'usage_quantity'])).toBe('aws.dailyusagefeed_v1')
  })

  test.each<[string, string]>([
    ['account_id aws_account_id encrypted_account_id mailing_address_id tax_legal_name', 'accountfeed'],
    ['address_id company_name email_domain country_code state_or_region city postal_code', 'addressfeed'],
    [
      'agreement_id offer_id proposer_account_id acceptor_account_id start_time end_time acceptance_time status',
      'agreementfeed',
    ],
    ['agreement_id term_id term_type term_configuration', 'agreementtermfeed'],
    ['mapping_type legacy_id new_id catalog', 'legacyidmappingfeed'],
    ['offer_id offer_revision name expiration_date seller_account_id', 'offerfeed'],
    ['offer_id offer_revision product_id', 'offerproductfeed'],
    ['offer_target_id offer_id offer_revision target_type polarity value', 'offertargetfeed'],
    ['product_id manufacturer_account_id product_code title', 'productfeed'],
    [
      'tax_item_id invoice_id tax_type_code taxed_jurisdiction tax_jurisdiction_rate tax_amount tax_currency',
      'taxitemfeed',
    ],
  ])('that was renamed, by %s', (names, feed) => {
    const header = ['valid_from', 'insert_date', 'update_date', 'delete_date', ...names.split(' ')]
    expect(recogniseFeed('download.csv', header)).toBe(`aws.${feed}_v1`)
  })
})

describe('a billing event', () => {
  test('becomes a line with everything it said', async () => {
    const found = await line()
    expect(found).toMatchObject({
      key: 'event-1',
      version: '2026-09-02T00:00:00.000Z/2026-09-01T00:00:00.000Z',
      deleted: false,
      kind: 'sale',
      stage: 'invoiced',
      currency: 'USD',
      agreement_id: 'agmt-1',
      offer_id: null,
      parent_key: null,
      occurred_at: new Date('2026-09-01T10:00:00Z'),
      period_starts_on: '2026-08-01',
      period_ends_on: '2026-08-31',
      counts: true,
    })
    expect(formatDecimal(found.amount)).toBe('1200.5')
  })

  test.each<[string, string, string, string]>([
    ['SELLER_REV_SHARE', '', '', 'sale'],
    ['SELLER_REV_SHARE', 'RESALE', 'SELLING', 'sale'],
    ['SELLER_REV_SHARE', 'RESALE', 'BUYING', 'wholesale_cost'],
    ['SELLER_REV_SHARE_REFUND', '', '', 'refund'],
    ['SELLER_REV_SHARE_CREDIT', '', '', 'refund'],
    ['SELLER_REV_SHARE_REFUND', 'RESALE', 'BUYING', 'wholesale_cost'],
    ['AWS_REV_SHARE', 'LISTING_FEE', '', 'listing_fee'],
    ['AWS_REV_SHARE_REFUND', '', '', 'listing_fee'],
    ['AWS_REV_SHARE_CREDIT', '', '', 'listing_fee'],
    ['SELLER_TAX_SHARE', '', '', 'tax'],
    ['SELLER_TAX_SHARE_REFUND', '', '', 'tax'],
    ['OTHER_SELLER_TAX_SHARE', '', '', 'tax'],
    ['OTHER_SELLER_TAX_SHARE_REFUND', '', '', 'tax'],
    ['AWS_TAX_SHARE', '', '', 'tax_remitted_by_cloud'],
    ['AWS_TAX_SHARE_REFUND', '', '', 'tax_remitted_by_cloud'],
    ['BALANCE_ADJUSTMENT', '', '', 'balance_adjustment'],
    ['DISBURSEMENT', '', '', 'disbursement'],
    ['DISBURSED', '', '', 'disbursement'],
    ['DISBURSEMENT_FAILURE', '', '', 'disbursement_failure'],
    ['AWS_INFRA_SHARE', '', '', 'unknown'],
    ['SOMETHING_NEW', '', '', 'unknown'],
  ])('%s %s %s is %s', async (transaction_type, charge_variant, charge_side, kind) => {
    expect((await line({ transaction_type, charge_variant, charge_side })).kind).toBe(kind)
  })

  test.each([
    ['INVOICED', 'invoiced'],
    ['COLLECTED', 'collected'],
    ['DISBURSED', 'disbursed'],
    ['DISBURSEMENT', 'disbursed'],
    ['FORGIVEN', 'forgiven'],
    ['ELSE', 'unknown'],
  ])('%s is %s', async (action, stage) => {
    expect((await line({ action })).stage).toBe(stage)
  })

  test('keeps the sign, the parent and the pay-out, and counts although AWS writes 0', async () => {
    const paid = await line({
      billing_event_id: 'event-2',
      action: 'DISBURSED',
      amount: '-1200.50',
      balance_impacting: '0',
      parent_billing_event_id: 'event-1',
      disbursement_billing_event_id: 'event-3',
      bank_trace_id: 'TRACE',
      action_date: '2026-09-15T00:00:00Z',
    })
    expect(paid).toMatchObject({
      parent_key: 'event-1',
      disbursement_key: 'event-3',
      bank_reference: 'TRACE',
      occurred_at: new Date('2026-09-15T00:00:00Z'),
      counts: true,
    })
    expect(formatDecimal(paid.amount)).toBe('-1200.5')
  })

  test('restated has the same key and a later version; taken back it is marked', async () => {
    const before = await line()
    const after = await line({ update_date: '2026-10-02T00:00:00Z', amount: '1100' })
    expect(after.key).toBe(before.key)
    expect(after.version > before.version).toBe(true)
    expect((await line({ delete_date: '2026-10-03T00:00:00Z' })).deleted).toBe(true)
  })

  test('is found by the names of its columns, in any order, with others kept', async () => {
    const header = [...columns].reverse().map((name) => name.toUpperCase())
    const row = [...columns].reverse().map((name) => base[name] ?? '')
    const [item] = await read(rowsOf(['\uFEFFNew_Column', ...header], ['kept', ...row]))
    expect(item).toMatchObject({ is: 'line', line: { key: 'event-1', raw: { new_column: 'kept' } } })
  })

  test('with a time without a zone is in UTC, wherever this runs', async () => {
    expect((await line({ invoice_date: '2026-09-01 10:00:00' })).occurred_at).toEqual(
      new Date('2026-09-01T10:00:00Z'),
    )
  })
})

describe('a damaged file is told by row, column, rule and fix', () => {
  test('cut in half', async () => {
    const half = columns.slice(0, 9).map((name) => base[name] ?? '')
    expect(await problemOf(rowsOf(columns, base, half))).toMatchObject({
      row: 3,
      column: null,
      rule: 'The row has 9 of 23 columns',
      fix: expect.stringContaining('cut off'),
    })
  })

  test('empty', async () => {
    async function* nothing(): AsyncGenerator<string[]> {}
    expect(await problemOf(nothing())).toMatchObject({ row: null, rule: 'The file is empty' })
  })

  test.each(['charge_side', 'amount', 'transaction_type', 'update_date'])(
    'without the column %s',
    async (name) => {
      const header = columns.filter((column) => column !== name)
      expect(await problemOf(rowsOf(header, base))).toMatchObject({ row: 1, column: name })
    },
  )

  test('with a column twice', async () => {
    expect(await problemOf(rowsOf([...columns, 'amount'], base))).toMatchObject({ row: 1, column: 'amount' })
  })

  test.each([
    ['amount', 'one thousand'],
    ['amount', '1,200.50'],
    ['amount', ''],
    ['invoice_date', '01/09/2026'],
    ['update_date', ''],
    ['currency', ''],
    ['billing_event_id', ''],
    ['balance_impacting', 'maybe'],
  ])('with %s as "%s"', async (column, value) => {
    expect(await problemOf(rowsOf(columns, base, { ...base, [column]: value }))).toMatchObject({
      row: 3,
      column,
    })
  })

  test('of a format that is none', async () => {
    expect(await problemOf(rowsOf(columns), 'azure.earnings')).toMatchObject({ row: null })
  })
})

describe('daily usage', () => {
  const header = ['usage_date', 'agreement_id', 'dimension_key', 'usage_quantity', 'delete_date']
  const as = 'aws.dailyusagefeed_v1'

  test('is read for comparison, without what AWS took back', async () => {
    const items = await read(
      rowsOf(
        header,
        ['2026-09-01T00:00:00Z', 'agmt-1', 'entries', '40.0', ''],
        ['2026-09-02', 'agmt-1', 'entries', '3', '2026-09-05T00:00:00Z'],
      ),
      as,
    )
    expect(items).toMatchObject([
      {
        is: 'usage',
        usage: {
          agreement_id: 'agmt-1',
          dimension: 'entries',
          on: '2026-09-01',
          quantity: { coefficient: 40n, scale: 0 },
        },
      },
    ])
  })

  test('without a quantity is damaged', async () => {
    expect(await problemOf(rowsOf(header, ['2026-09-01', 'agmt-1', 'entries', '', '']), as)).toMatchObject({
      row: 2,
      column: 'usage_quantity',
    })
  })
})
