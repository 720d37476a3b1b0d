import { describe, expect, test } from 'vitest'
import type { FileOwner, StatementItem, StatementLine } from '../../../connectors/connector.ts'
import {
  CHARGES,
  DISBURSEMENT,
  INSIGHTS,
  parseReport,
  recogniseReport,
} from '../../../connectors/gcp/settlements/reports.ts'
import { formatDecimal, sum } from '../../../src/core/decimal.ts'
import { connectionOf, connectorWith, json, refused } from './support.ts'

type Cells = Record<string, string>
const whole: Cells = {
  sku_id: 'S1',
  account_id: 'a-1',
  entitlement_id: 'e-1',
  private_offer_id: 'o-1',
  solution_id: 'ledger',
  min_usage_start_time: '2026-10-01T07:00:00Z',
  max_usage_start_time: '2026-10-31T07:00:00Z',
  transaction_type: 'NEW',
  cust_charges: '1000.00',
  reseller_discount: '0.00',
  cud_credits_used: '0.00',
  marketplace_fee_amount: '30.00',
  withheld_amount: '0',
  released_amount: '0',
  abandoned_amount: '0',
  aggregated_payout: '970.00',
  disbursement_entity: 'Google LLC',
  report_creation_date: '2026-11-10',
}

async function* tableOf(rows: Cells[], header = Object.keys(rows[0] ?? whole)): AsyncGenerator<string[]> {
  yield header
  for (const row of rows) yield header.map((name) => row[name] ?? '')
}

async function read(
  rows: AsyncIterable<string[]>,
  format = DISBURSEMENT,
  owner?: FileOwner,
): Promise<StatementItem[]> {
  const found: StatementItem[] = []
  for await (const item of parseReport(format, rows, owner)) found.push(item)
  return found
}
async function lines(rows: Cells[], owner?: FileOwner): Promise<StatementLine[]> {
  const items = await read(tableOf(rows), DISBURSEMENT, owner)
  return items.flatMap((item) => (item.is === 'line' ? [item.line] : []))
}
const brief = (found: StatementLine[]) =>
  found.map(({ kind, stage, amount }) => [kind, stage, formatDecimal(amount)])

describe('the detailed disbursement report', () => {
  test('becomes claim, fee and payout', async () => {
    const found = await lines([whole])
    expect(brief(found)).toEqual([
      ['sale', 'invoiced', '1000'],
      ['sale', 'collected', '1000'],
      ['sale', 'disbursed', '-1000'],
      ['listing_fee', 'invoiced', '-30'],
      ['listing_fee', 'collected', '-30'],
      ['listing_fee', 'disbursed', '30'],
      ['disbursement', 'disbursed', '970'],
    ])
    expect(found[0]).toMatchObject({
      key: '2026-11/S1/a-1/e-1/o-1/NEW//sale',
      agreement_id: 'e-1',
      offer_id: 'o-1',
      product_id: 'ledger',
      dimension: 'S1',
      currency: 'USD',
      period_starts_on: '2026-10-01',
      period_ends_on: '2026-10-31',
      counts: true,
    })
    expect(found[1]).toMatchObject({ parent_key: found[0]?.key, disbursement_key: null })
    expect(found[2]).toMatchObject({ parent_key: found[0]?.key, disbursement_key: found.at(-1)?.key })
    expect(found.at(-1)?.occurred_at.toISOString()).toBe('2026-11-10T08:00:00.000Z')
  })

  test('takes the discount of the reseller and prepaid credit from the claim', async () => {
    const found = await lines([
      { ...whole, reseller_discount: '100', cud_credits_used: '50', aggregated_payout: '820' },
    ])
    expect(brief(found).filter(([, stage]) => stage === 'invoiced')).toEqual([
      ['sale', 'invoiced', '1000'],
      ['reseller_discount', 'invoiced', '-100'],
      ['credit_used', 'invoiced', '-50'],
      ['listing_fee', 'invoiced', '-30'],
    ])
    const taken = found.filter(({ kind }) => kind === 'reseller_discount' || kind === 'credit_used')
    for (const { stage, parent_key } of taken.filter((line) => line.stage === 'invoiced'))
      expect([stage, parent_key]).toEqual(['invoiced', found[0]?.key])
  })

  test('usage that credit paid for whole still tells its fee, of nothing', async () => {
    const found = await lines([
      { ...whole, cud_credits_used: '1000', marketplace_fee_amount: '0', aggregated_payout: '0' },
    ])
    expect(brief(found)).toEqual([
      ['sale', 'invoiced', '1000'],
      ['sale', 'collected', '1000'],
      ['sale', 'disbursed', '-1000'],
      ['credit_used', 'invoiced', '-1000'],
      ['credit_used', 'collected', '-1000'],
      ['credit_used', 'disbursed', '1000'],
      ['listing_fee', 'invoiced', '0'],
      ['disbursement', 'disbursed', '0'],
    ])
  })

  test('a SKU with a metric is a month of usage, one without is charged on a day; payouts name the provider', async () => {
    const start = {
      min_usage_start_time: '2026-10-05T07:00:00Z',
      max_usage_start_time: '2026-10-31T23:00:00Z',
    }
    const owner = { account_id: 'vendor-inc', dimensions: { S1: 'calls' } }
    const found = await lines(
      [
        { ...whole, ...start },
        { ...whole, ...start, sku_id: 'F1' },
      ],
      owner,
    )
    const sales = found.filter(({ kind, stage }) => kind === 'sale' && stage === 'invoiced')
    expect(sales.map((line) => [line.dimension, line.period_starts_on, line.period_ends_on])).toEqual([
      ['calls', '2026-10-01', '2026-10-31'],
      ['F1', null, null],
    ])
    expect(found.at(-1)?.key).toBe('payout/vendor-inc/2026-11/Google LLC/USD')
  })

  test('a deduction is one with its sign and without', async () => {
    const signed = await lines([{ ...whole, marketplace_fee_amount: '-30.00' }])
    expect(brief(signed)).toEqual(brief(await lines([whole])))
  })

  test('withheld money is out until it is released', async () => {
    const withheld = await lines([{ ...whole, withheld_amount: '970', aggregated_payout: '0' }])
    expect(
      formatDecimal(sum(withheld.filter(({ stage }) => stage === 'invoiced').map(({ amount }) => amount))),
    ).toBe('0')
    expect(withheld.at(-1)).toMatchObject({ kind: 'disbursement' })
    const released = await lines([
      { ...whole, cust_charges: '0', marketplace_fee_amount: '0', released_amount: '970' },
    ])
    expect(brief(released)).toEqual([
      ['withheld', 'invoiced', '970'],
      ['withheld', 'collected', '970'],
      ['withheld', 'disbursed', '-970'],
      ['disbursement', 'disbursed', '970'],
    ])
  })

  test('abandoned money is told, and not taken out twice', async () => {
    const row = {
      ...whole,
      cust_charges: '0',
      marketplace_fee_amount: '0',
      abandoned_amount: '970',
      aggregated_payout: '0',
    }
    const [line] = await lines([row])
    expect(line).toMatchObject({ kind: 'withheld', stage: 'forgiven', counts: false })
    expect(line && formatDecimal(line.amount)).toBe('-970')
  })

  test('what no column explains is a line of its own', async () => {
    const found = await lines([{ ...whole, aggregated_payout: '969.99' }])
    expect(brief(found)).toContainEqual(['unknown', 'invoiced', '-0.01'])
  })

  test('the rows of one payout are one sum, and rows alike are two', async () => {
    const found = await lines([whole, whole, { ...whole, disbursement_entity: 'Google Cloud Japan' }])
    const cash = found.filter(({ kind }) => kind === 'disbursement')
    expect(cash.map(({ amount }) => formatDecimal(amount))).toEqual(['1940', '970'])
    expect(new Set(found.map(({ key }) => key)).size).toBe(found.length)
  })

  test('keys stay the same when the report is made again, and its version grows', async () => {
    const [first] = await lines([whole])
    const [again] = await lines([
      { ...whole, cust_charges: '1001', aggregated_payout: '971', report_creation_date: '2026-11-12' },
    ])
    expect(again?.key).toBe(first?.key)
    expect((again?.version ?? '') > (first?.version ?? '')).toBe(true)
  })

  test('late usage and released money are new lines of a new payout', async () => {
    const october = await lines([whole])
    const later = { ...whole, report_creation_date: '2026-12-10' }
    const november = await lines([
      later,
      {
        ...later,
        released_amount: '5',
        cust_charges: '0',
        marketplace_fee_amount: '0',
        aggregated_payout: '5',
      },
    ])
    const keys = new Set(october.map(({ key }) => key))
    expect(november.filter(({ key }) => keys.has(key))).toEqual([])
  })

  test('columns are found by name, however they are written and ordered', async () => {
    const spelled = Object.keys(whole).reverse()
    const header = spelled.map((name) =>
      name
        .split('_')
        .map((word) => word.toUpperCase())
        .join(' '),
    )
    async function* rows(): AsyncGenerator<string[]> {
      yield ['\uFEFFExtra', ...header]
      yield ['', ...spelled.map((name) => whole[name] ?? '')]
    }
    const found = (await read(rows())).flatMap((item) => (item.is === 'line' ? [item.line] : []))
    expect(brief(found)).toEqual(brief(await lines([whole])))
    expect(found[0]?.raw.sku_id).toBe('S1')
  })

  test.each<[string, Cells, object]>([
    ['an amount with a comma', { cust_charges: '1,000.00' }, { row: 2, column: 'cust_charges' }],
    [
      'an amount with a sign of money',
      { marketplace_fee_amount: '$30' },
      { row: 2, column: 'marketplace_fee_amount' },
    ],
    ['a number with an exponent', { aggregated_payout: '1e3' }, { row: 2, column: 'aggregated_payout' }],
    ['no date of the report', { report_creation_date: '' }, { row: 2, column: 'report_creation_date' }],
    ['a date in words', { report_creation_date: 'Nov 10' }, { row: 2, column: 'report_creation_date' }],
    ['a currency that is none', { currency: 'dollars' }, { row: 2, column: 'currency' }],
  ])('%s is said with its place and what to do', async (_, changes, problem) => {
    const row = { ...whole, ...changes }
    await expect(read(tableOf([row]))).rejects.toMatchObject({
      name: 'StatementError',
      problem: { ...problem, fix: expect.stringMatching(/\.$/) },
    })
  })

  test('a missing column, a doubled one, a short row and an empty file are said', async () => {
    const header = Object.keys(whole)
    const cut = header.filter((name) => name !== 'entitlement_id')
    await expect(read(tableOf([whole], cut))).rejects.toMatchObject({
      problem: { row: 1, column: 'entitlement_id' },
    })
    await expect(read(tableOf([whole], [...header, 'SKU ID']))).rejects.toMatchObject({
      problem: { row: 1, column: 'sku_id' },
    })
    async function* short(): AsyncGenerator<string[]> {
      yield header
      yield ['S1']
    }
    await expect(read(short())).rejects.toMatchObject({ problem: { row: 2, column: null } })
    async function* empty(): AsyncGenerator<string[]> {}
    await expect(read(empty())).rejects.toMatchObject({ problem: { rule: 'The file is empty' } })
    await expect(read(tableOf([whole]), 'gcp.other')).rejects.toMatchObject({ problem: { row: null } })
  })
})

describe('the other reports', () => {
  test('are told apart by their columns', () => {
    expect(recogniseReport('a.csv', Object.keys(whole))).toBe(DISBURSEMENT)
    const charges = ['SKU', 'Usage', 'Units', 'Charges', 'Due Partner', 'Currency']
    expect(recogniseReport('20261001 Charges and Usage.csv', charges)).toBe(`${CHARGES}@2026-10`)
    expect(recogniseReport('mp/2026-10-01 charges.csv', charges)).toBe(`${CHARGES}@2026-10`)
    expect(recogniseReport('a.csv', charges)).toBe(CHARGES)
    expect(recogniseReport('a.csv', ['date', 'sku_id', 'usage', 'due_vendor'])).toBe(INSIGHTS)
    expect(recogniseReport('a.csv', ['Entity', 'Currency', 'Amount', 'Total', 'Payment Type'])).toBe(
      'gcp.disbursements_summary',
    )
    expect(recogniseReport('2026-10-01 Detailed Disbursements Report.csv', ['a', 'b'])).toBeNull()
  })

  test('charges are shown and never counted', async () => {
    const row = { sku: 'S1', usage: '10', units: 'call', charges: '100', due_partner: '97', currency: 'USD' }
    const found = await read(tableOf([row]), `${CHARGES}@2026-10`)
    await expect(read(tableOf([row]), CHARGES)).rejects.toMatchObject({
      problem: { fix: expect.stringContaining('name') },
    })
    expect(found).toMatchObject([
      { line: { kind: 'sale', counts: false } },
      { line: { kind: 'listing_fee', counts: false } },
    ])
  })

  test('insights are usage by order and day; rows without an order or usage are left out', async () => {
    const row = { date: '2026-11-01', sku_id: 'S1', usage: '12.5', entitlement_id: 'e-1' }
    const found = await read(tableOf([row, { ...row, usage: '0' }, { ...row, entitlement_id: '' }]), INSIGHTS)
    expect(found).toMatchObject([
      { is: 'usage', usage: { agreement_id: 'e-1', dimension: 'S1', on: '2026-11-01' } },
    ])
  })

  test('incremental insights add a part of the day they tell of, under the name of the metric', async () => {
    const row = { date: '2026-11-01', sku_id: 'S1', usage: '5', entitlement_id: 'e-1' }
    const late = { ...row, usage: '2', report_date: '2026-11-03' }
    const owner = { account_id: 'vendor-inc', dimensions: { S1: 'calls' } }
    const found = await read(tableOf([{ ...row, report_date: '2026-11-01' }, late]), INSIGHTS, owner)
    expect(found).toMatchObject([
      { usage: { dimension: 'calls', on: '2026-11-01', part: '2026-11-01' } },
      { usage: { dimension: 'calls', on: '2026-11-01', part: '2026-11-03' } },
    ])
  })

  test('the summary holds nothing for the books', async () => {
    expect(await read(tableOf([whole]), 'gcp.disbursements_summary')).toEqual([])
  })
})

describe('the bucket of the reports', () => {
  const connection = connectionOf()
  const withBucket = {
    ...connection,
    settings: { ...connection.settings, report_bucket: 'reports', report_prefix: 'mp/' },
  }

  test('there is nothing to pull without one', async () => {
    const { connector, requests } = connectorWith(() => json({}))
    expect(await connector.settlements?.pull(connection, null)).toEqual({
      items: [],
      next: null,
      more: false,
    })
    expect(requests).toEqual([])
  })

  test('is listed page by page, and each version is handed on once', async () => {
    const updated = '2026-11-10T10:00:00.000Z'
    const pages: Record<string, object> = {
      first: {
        items: [
          { name: 'mp/a.csv', generation: '1', size: '10', updated },
          { name: 'mp/', updated },
        ],
        nextPageToken: 'more',
      },
      more: { items: [{ name: 'mp/b.csv', generation: '2', size: '20', updated }] },
    }
    const { connector, requests } = connectorWith(({ url }) =>
      json(pages[new URL(url).searchParams.get('pageToken') ?? 'first']),
    )
    const { settlements } = connector
    if (!settlements) throw new Error('There are no settlements')
    const first = await settlements.pull(withBucket, null)
    expect(first).toMatchObject({ items: [{ name: 'mp/a.csv', version: '1', bytes: 10 }], more: true })
    const second = await settlements.pull(withBucket, first.next)
    expect(second).toMatchObject({ items: [{ name: 'mp/b.csv' }], more: false })
    const url = new URL(requests[0]?.url ?? '')
    expect(url.pathname).toBe('/storage/v1/b/reports/o')
    expect(url.searchParams.get('prefix')).toBe('mp/')
  })

  test('a file is a stream, and one that is not there a fault', async () => {
    const { connector } = connectorWith(({ url }) =>
      url.includes('mp%2Fa.csv?alt=media') ? new Response('a,b\n') : refused(404, 'NOT_FOUND'),
    )
    const stream = await connector.settlements?.fetchFile(withBucket, 'mp/a.csv')
    expect(await new Response(stream).text()).toBe('a,b\n')
    await expect(connector.settlements?.fetchFile(withBucket, 'mp/x.csv')).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
