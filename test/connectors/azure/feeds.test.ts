import { describe, expect, test } from 'vitest'
import { fromAzurePaymentStatus } from '../../../connectors/azure/settlements/earnings.ts'
import {
  EARNINGS,
  PAYMENTS,
  parseExport,
  recogniseExport,
  USAGE,
} from '../../../connectors/azure/settlements/feeds.ts'
import { StatementError, type StatementItem, type StatementLine } from '../../../connectors/connector.ts'
import { formatDecimal, negate, sum } from '../../../src/core/decimal.ts'
import { connectionOf, connectorWith, json, standingClock } from './support.ts'

const earning = {
  earningId: 'e-1',
  subscriptionId: 'sub-1',
  transactionAmount: '1000.00',
  storeFee: '30.00',
  earningAmount: '970.00',
  transactionCurrency: 'USD',
  transactionDate: '2026-10-01T00:00:00Z',
  calculationDate: '2026-10-02T03:04:05.1234567Z',
  transactionType: 'Charge',
  purchaseTypeName: 'Recurring',
  resourceId: '',
  invoiceNumber: 'G1',
  productName: 'ledger-cloud',
  taxRemitted: '',
  estimatedPaymentMonth: '2026-11',
  paymentId: '',
  paymentStatus: 'Unprocessed',
}
const payment = {
  participantID: '12345678',
  earned: '970.00',
  withheldTax: '0',
  salesTax: '0',
  serviceFeeTax: '0',
  totalPayment: '970.00',
  currencyCode: 'USD',
  paymentID: '000123456789',
  paymentStatus: 'Sent',
  paymentDate: '2026-11-15T12:00:00Z',
}
const usage = {
  usageDate: '2026-09-01T00:00:00Z',
  usageResourceId: 'sub-1',
  dimension: 'entries',
  reconStatus: 'Submitted',
  submittedQuantity: '6.5',
  processedQuantity: '0',
}

async function* rowsOf(...records: Record<string, string>[]): AsyncGenerator<string[]> {
  const [first] = records
  yield Object.keys(first ?? {})
  for (const record of records) yield Object.values(record)
}

async function read(format: string, rows: AsyncIterable<readonly string[]>): Promise<StatementItem[]> {
  const items: StatementItem[] = []
  for await (const item of parseExport(format, rows)) items.push(item)
  return items
}

async function linesOf(format: string, ...records: Record<string, string>[]): Promise<StatementLine[]> {
  const items = await read(format, rowsOf(...records))
  return items.flatMap((item) => (item.is === 'line' ? [item.line] : []))
}

const short = (line: StatementLine) => [line.key, line.kind, line.stage, formatDecimal(line.amount)]

describe('an export is known by its columns', () => {
  test.each([
    ['anything.csv', Object.keys(earning), EARNINGS],
    ['x', Object.keys(earning).toReversed(), EARNINGS],
    ['x', Object.keys(earning).map((name) => name.toUpperCase()), EARNINGS],
    ['x', ['\uFEFFearningId', ...Object.keys(earning).slice(1)], EARNINGS],
    ['x', Object.keys(payment), PAYMENTS],
    ['x', Object.keys(usage), USAGE],
    ['transactionhistory.csv', ['a', 'b'], null],
    ['x', [], null],
  ])('%s with %j', (name, header, format) => {
    expect(recogniseExport(name, header)).toBe(format)
  })
})

describe('an earning', () => {
  test('that is not paid is a sale and a fee', async () => {
    const lines = await linesOf(EARNINGS, earning)
    expect(lines.map(short)).toEqual([
      ['e-1/sale', 'sale', 'invoiced', '1000'],
      ['e-1/fee', 'listing_fee', 'invoiced', '-30'],
    ])
    expect(lines[0]).toMatchObject({
      agreement_id: 'sub-1',
      product_id: 'ledger-cloud',
      invoice_id: 'G1',
      currency: 'USD',
      version: '2026-10-02T03:04:05.123Z',
      counts: true,
      period_starts_on: null,
      dimension: null,
    })
    expect(lines[0]?.occurred_at.toISOString()).toBe('2026-10-01T00:00:00.000Z')
    expect(lines[0]?.raw.invoicenumber).toBe('G1')
  })

  test('that was paid is collected and paid out, each line by itself', async () => {
    const lines = await linesOf(EARNINGS, { ...earning, paymentId: '000123456789', paymentStatus: 'Sent' })
    expect(lines.map(short)).toEqual([
      ['e-1/sale', 'sale', 'invoiced', '1000'],
      ['e-1/fee', 'listing_fee', 'invoiced', '-30'],
      ['e-1/sale/000123456789/collected', 'sale', 'collected', '1000'],
      ['e-1/sale/000123456789/disbursed', 'sale', 'disbursed', '-1000'],
      ['e-1/fee/000123456789/collected', 'listing_fee', 'collected', '-30'],
      ['e-1/fee/000123456789/disbursed', 'listing_fee', 'disbursed', '30'],
    ])
    expect(lines[3]).toMatchObject({ parent_key: 'e-1/sale', disbursement_key: 'payment:000123456789' })
    expect(lines[3]?.occurred_at.toISOString()).toBe('2026-11-15T00:00:00.000Z')
  })

  test('whose payment came back takes its lines back, in a later version', async () => {
    const paid = await linesOf(EARNINGS, { ...earning, paymentId: 'p-1', paymentStatus: 'Sent' })
    const undone = await linesOf(EARNINGS, { ...earning, paymentId: 'p-1', paymentStatus: 'Reversed' })
    expect(undone.map(({ key }) => key)).toEqual(paid.map(({ key }) => key))
    for (const line of undone.filter(({ stage }) => stage !== 'invoiced')) {
      expect(line.deleted).toBe(true)
      expect(line.version > (paid.find(({ key }) => key === line.key)?.version ?? '')).toBe(true)
    }
  })

  test('that is restated restates what follows it, and what was taken back stays so', async () => {
    const row = { ...earning, paymentId: 'p-1', paymentStatus: 'Sent' }
    const later = { ...row, calculationDate: '2026-10-09T00:00:00Z', transactionAmount: '900.00' }
    const versionOf = async (key: string, change: Record<string, string>) =>
      (await linesOf(EARNINGS, change)).find((line) => line.key === key)?.version ?? ''
    for (const key of ['e-1/sale', 'e-1/sale/p-1/collected', 'e-1/sale/p-1/disbursed'])
      expect((await versionOf(key, later)) > (await versionOf(key, row))).toBe(true)
    const reversed = { ...later, paymentStatus: 'Reversed' }
    expect(
      (await versionOf('e-1/sale/p-1/disbursed', reversed)) >
        (await versionOf('e-1/sale/p-1/disbursed', later)),
    ).toBe(true)
  })

  test('that an enterprise never paid is taken back from the earning it names', async () => {
    const [sale, fee] = await linesOf(EARNINGS, {
      ...earning,
      earningId: 'e-2',
      transactionId: 'e-1',
      transactionType: 'Refund',
      reasonCode: 'NonPayment',
      transactionAmount: '-1000.00',
      storeFee: '-30.00',
      earningAmount: '-970.00',
    })
    expect([sale && short(sale), fee && short(fee)]).toEqual([
      ['e-2/sale', 'refund', 'forgiven', '-1000'],
      ['e-2/fee', 'listing_fee', 'forgiven', '30'],
    ])
    expect([sale?.parent_key, fee?.parent_key]).toEqual(['e-1/sale', 'e-1/fee'])
  })

  test('for another reason is a refund and takes no other line back', async () => {
    const [line] = await linesOf(EARNINGS, {
      ...earning,
      transactionId: 'e-0',
      reasonCode: 'CustomerRequest',
      transactionAmount: '-1000.00',
      storeFee: '-30.00',
      earningAmount: '-970.00',
    })
    expect(line).toMatchObject({ kind: 'refund', stage: 'invoiced', parent_key: null })
  })

  test('that was paid in another currency says what each line came to, to the cent', async () => {
    const lines = await linesOf(EARNINGS, {
      ...earning,
      transactionCurrency: 'EUR',
      earningAmountInLastPaymentCurrency: '1051.03',
      lastPaymentCurrency: 'USD',
      paymentId: 'p-1',
      paymentStatus: 'Sent',
    })
    const paid = lines.filter(({ stage }) => stage === 'disbursed')
    expect(paid.map((line) => line.paid && [line.paid.currency, formatDecimal(line.paid.amount)])).toEqual([
      // 1051.03 × 1000 / 970 and 1051.03 × 30 / 970: the cent left over is the sale's.
      ['USD', '-1083.54'],
      ['USD', '32.51'],
    ])
    expect(lines.filter(({ stage }) => stage !== 'disbursed').every((line) => !line.paid)).toBe(true)
  })

  test('that was paid in its own currency says so once', async () => {
    const lines = await linesOf(EARNINGS, {
      ...earning,
      earningAmountInLastPaymentCurrency: '970.00',
      lastPaymentCurrency: 'USD',
      paymentId: 'p-1',
      paymentStatus: 'Sent',
    })
    expect(lines.every(({ paid }) => !paid)).toBe(true)
  })

  test.each([
    ['TRUE', 'po-1'],
    ['FALSE', null],
    ['', null],
  ])('of a private offer (%s) is known by the plan made for it', async (isPrivateOffer, plan) => {
    const [line] = await linesOf(EARNINGS, { ...earning, isPrivateOffer, SkuId: 'po-1' })
    expect(line?.plan).toBe(plan)
  })

  const used = {
    ...earning,
    purchaseTypeName: 'Usage',
    resourceId: 'entries',
    quantity: '12.5',
    earningParticipantId: '87654321',
  }
  test.each<[who: string, change: Record<string, string>, quantities: string[]]>([
    ['a partner', { resellerId: '87654321' }, ['12.5']],
    ['the publisher of a resale', { resellerId: '11111111' }, []],
    ['the only seller', { resellerId: '' }, []],
    [
      'a partner that gives it back',
      { resellerId: '87654321', transactionAmount: '-1', storeFee: '0', earningAmount: '-1' },
      [],
    ],
  ])('of usage counts for %s', async (_, change, quantities) => {
    const items = await read(EARNINGS, rowsOf({ ...used, ...change }))
    const usage = items.flatMap((item) => (item.is === 'usage' ? [item.usage] : []))
    expect(usage.map(({ quantity }) => formatDecimal(quantity))).toEqual(quantities)
    expect(usage.every(({ on, dimension }) => on === '2026-09-30' && dimension === 'entries')).toBe(true)
  })

  test('with a status we do not know is shown as such', async () => {
    const lines = await linesOf(EARNINGS, { ...earning, paymentId: 'p-1', paymentStatus: 'Teleported' })
    expect(lines.filter(({ stage }) => stage === 'unknown')).toHaveLength(2)
  })

  test.each<[what: string, change: Record<string, string>, lines: string[][]]>([
    [
      'refunded',
      { transactionAmount: '-100', storeFee: '-3', earningAmount: '-97' },
      [
        ['refund', '-100'],
        ['listing_fee', '3'],
      ],
    ],
    [
      'refunded by its type',
      { transactionType: 'Refund', transactionAmount: '-100', storeFee: '-3', earningAmount: '-97' },
      [
        ['refund', '-100'],
        ['listing_fee', '3'],
      ],
    ],
    [
      'a partner earns whole',
      { transactionAmount: '50', storeFee: '0', earningAmount: '50' },
      [['sale', '50']],
    ],
    [
      'with a fee written below zero',
      { storeFee: '-30.00' },
      [
        ['sale', '1000'],
        ['listing_fee', '-30'],
      ],
    ],
    [
      'without the fee column filled',
      { storeFee: '' },
      [
        ['sale', '1000'],
        ['listing_fee', '-30'],
      ],
    ],
    [
      'with something taken that no column names',
      { earningAmount: '960.00' },
      [
        ['sale', '1000'],
        ['listing_fee', '-30'],
        ['unknown', '-10'],
      ],
    ],
    [
      'with tax that Microsoft remits',
      { taxRemitted: '80.00' },
      [
        ['sale', '1000'],
        ['listing_fee', '-30'],
        ['tax_remitted_by_cloud', '80'],
      ],
    ],
  ])('%s', async (_, change, wanted) => {
    const lines = await linesOf(EARNINGS, { ...earning, ...change })
    expect(lines.map(({ kind, amount }) => [kind, formatDecimal(amount)])).toEqual(wanted)
  })

  test.each([
    ['2026-10-03T00:00:00Z', '2026-09-01', '2026-09-30'],
    ['2027-01-01T00:00:00Z', '2026-12-01', '2026-12-31'],
    ['2026-10-31T00:00:00Z', '2026-10-01', '2026-10-31'],
  ])('of usage charged on %s is for the month from %s', async (transactionDate, starts, ends) => {
    const [line] = await linesOf(EARNINGS, {
      ...earning,
      purchaseTypeName: 'Usage',
      resourceId: 'entries',
      transactionDate,
    })
    expect(line).toMatchObject({ dimension: 'entries', period_starts_on: starts, period_ends_on: ends })
  })

  test('whose resource is an address names no dimension', async () => {
    const resourceId = '/subscriptions/1/resourceGroups/x'
    const [line] = await linesOf(EARNINGS, { ...earning, purchaseTypeName: 'Usage', resourceId })
    expect(line?.dimension).toBeNull()
  })
})

describe('a payment', () => {
  test('is what reached the bank', async () => {
    const [line, ...rest] = await linesOf(PAYMENTS, payment)
    expect(rest).toEqual([])
    expect(line).toMatchObject({
      key: 'payment:000123456789',
      kind: 'disbursement',
      stage: 'disbursed',
      bank_reference: '000123456789',
      agreement_id: null,
    })
    expect(formatDecimal(line?.amount ?? { coefficient: 0n, scale: 0 })).toBe('970')
  })

  test.each([
    [
      'taxes as they are',
      { withheldTax: '97', salesTax: '80', serviceFeeTax: '5.40', totalPayment: '947.60' },
    ],
    [
      'taxes below zero',
      { withheldTax: '-97', salesTax: '80', serviceFeeTax: '-5.40', totalPayment: '947.60' },
    ],
    ['something no column names', { totalPayment: '900.00' }],
  ])('with %s is still the sum of its parts', async (_, change) => {
    const lines = await linesOf(PAYMENTS, { ...payment, ...change })
    const paid = await linesOf(EARNINGS, { ...earning, paymentId: payment.paymentID, paymentStatus: 'Sent' })
    const parts = [...lines, ...paid].filter(
      ({ disbursement_key }) => disbursement_key === 'payment:000123456789',
    )
    expect(formatDecimal(sum(parts.map(({ amount }) => negate(amount))))).toBe(
      formatDecimal(lines[0]?.amount ?? { coefficient: 0n, scale: 0 }),
    )
  })

  test.each([
    ['In progress', 0, false],
    ['Failed', 1, true],
    ['sent', 1, false],
  ])('%s', async (paymentStatus, count, deleted) => {
    const lines = await linesOf(PAYMENTS, { ...payment, paymentStatus })
    expect(lines).toHaveLength(count)
    if (count > 0) expect(lines[0]?.deleted).toBe(deleted)
  })

  test.each([
    ['Sent', 'paid'],
    ['Upcoming', 'open'],
    [null, 'open'],
    ['Incorrect payment', 'undone'],
    ['Gone', 'unknown'],
  ])('the status %s is %s', (status, state) => {
    expect(fromAzurePaymentStatus(status)).toBe(state)
  })
})

describe('usage that was read back', () => {
  test.each([
    [{}, '6.5'],
    [{ reconStatus: 'Accepted', processedQuantity: '6.5' }, '6.5'],
    [{ reconStatus: 'Rejected' }, '0'],
  ])('%j counts %s', async (change, quantity) => {
    const [item] = await read(USAGE, rowsOf({ ...usage, ...change }))
    expect(item?.is === 'usage' && [item.usage.on, formatDecimal(item.usage.quantity)]).toEqual([
      '2026-09-01',
      quantity,
    ])
  })
})

describe('a file that breaks its format says where and what to do', () => {
  const broken = (format: string, change: Record<string, string>) =>
    read(
      format,
      rowsOf({ ...(format === EARNINGS ? earning : format === PAYMENTS ? payment : usage), ...change }),
    )
  test.each<[what: string, work: () => Promise<unknown>, row: number | null, column: string | null]>([
    ['no number', () => broken(EARNINGS, { transactionAmount: '1,000.00' }), 2, 'transactionamount'],
    ['an exponent', () => broken(EARNINGS, { earningAmount: '1e3' }), 2, 'earningamount'],
    ['no currency', () => broken(EARNINGS, { transactionCurrency: 'dollars' }), 2, 'transactioncurrency'],
    ['no id', () => broken(EARNINGS, { earningId: ' ' }), 2, 'earningid'],
    ['no date', () => broken(EARNINGS, { transactionDate: '', calculationDate: '' }), 2, 'transactiondate'],
    ['a date of a country', () => broken(EARNINGS, { transactionDate: '10/01/2026' }), 2, 'transactiondate'],
    ['a payment without a day', () => broken(PAYMENTS, { paymentDate: '' }), 2, 'paymentdate'],
    ['usage below zero', () => broken(USAGE, { submittedQuantity: '-1' }), 2, 'submittedquantity'],
    ['usage without a day', () => broken(USAGE, { usageDate: 'today' }), 2, 'usagedate'],
    ['a missing column', () => read(PAYMENTS, toRows([['paymentID', 'earned']])), 1, 'paymentstatus'],
    ['a column twice', () => read(USAGE, toRows([[...Object.keys(usage), 'dimension']])), 1, 'dimension'],
    ['a short row', () => read(USAGE, toRows([Object.keys(usage), ['2026-09-01']])), 2, null],
    ['an empty file', () => read(USAGE, toRows([])), null, null],
    ['a strange format', () => read('azure.other', toRows([])), null, null],
  ])('%s', async (_, work, row, column) => {
    const error = await work().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof StatementError)) throw new Error(`Not told: ${String(error)}`)
    expect(error.problem).toMatchObject({ row, column, fix: expect.stringMatching(/\.$/) })
  })
})

async function* toRows(rows: string[][]): AsyncGenerator<string[]> {
  yield* rows
}

describe('the exports of a connection that may have them', () => {
  const may = connectionOf({ settings: { ...connectionOf().settings, payout_exports: 'yes' } })
  const business = standingClock('2026-11-16T06:00:00Z')
  function service(state: () => { status: string; blobLocation?: string }) {
    const asked: string[] = []
    const harness = connectorWith(
      (request) => {
        const url = new URL(request.url)
        if (url.host.endsWith('.blob.core.windows.net'))
          return new Response('a,b\n1,2\n', { headers: { 'content-length': '8' } })
        if (request.method === 'POST') asked.push(`${url.pathname}${decodeURIComponent(url.search)}`)
        const kind = url.pathname.includes('payments') ? 'p' : 't'
        return json({
          value: [
            { requestId: `${kind}-1`, requestDateTime: '2026-11-16T06:00:00Z', blobLocation: '', ...state() },
          ],
        })
      },
      { business },
    )
    const { settlements } = harness.connector
    if (settlements === undefined) throw new Error('There are no settlements')
    return { settlements, asked, requests: harness.requests }
  }

  test('are asked for, waited for, handed on once, and asked for again a day later', async () => {
    let state: { status: string; blobLocation?: string } = { status: 'Queued' }
    business.set('2026-11-16T06:00:00Z')
    const { settlements, asked } = service(() => state)
    const first = await settlements.pull(may, null)
    expect(first.items.map(({ name }) => name)).toEqual(['usageevents/2026-10-12_2026-11-16.csv'])
    expect(asked).toHaveLength(2)
    expect(asked[0]).toContain('$filter=earningForDate ge 2025-11-16 and earningForDate le 2026-11-16')
    const second = await settlements.pull(may, first.next)
    expect(second.items).toEqual([])
    state = { status: 'Completed', blobLocation: 'https://store.blob.core.windows.net/a?sig=b' }
    const third = await settlements.pull(may, second.next)
    expect(third.items.map(({ name }) => name)).toEqual(['transactionhistory/t-1.csv', 'payments/p-1.csv'])
    expect((await settlements.pull(may, third.next)).items).toEqual([])
    expect(asked).toHaveLength(2)
    business.set('2026-11-17T06:00:00Z')
    await settlements.pull(may, third.next)
    expect(asked).toHaveLength(4)
  })

  test('that failed are asked for again later, and not handed on', async () => {
    business.set('2026-11-16T06:00:00Z')
    const { settlements } = service(() => ({ status: 'Failed' }))
    const first = await settlements.pull(may, null)
    expect((await settlements.pull(may, first.next)).items).toEqual([])
  })

  test('are fetched without our token', async () => {
    const { settlements, requests } = service(() => ({
      status: 'Completed',
      blobLocation: 'https://store.blob.core.windows.net/a?sig=b',
    }))
    const stream = await settlements.fetchFile(may, 'payments/p-1.csv')
    expect(await new Response(stream).text()).toBe('a,b\n1,2\n')
    expect(requests.at(-1)?.headers.get('authorization')).toBeNull()
  })

  test('are not fetched from a strange host', async () => {
    const { settlements, requests } = service(() => ({
      status: 'Completed',
      blobLocation: 'https://evil.example/a',
    }))
    await expect(settlements.fetchFile(may, 'payments/p-1.csv')).rejects.toMatchObject({ code: 'forbidden' })
    expect(requests.map(({ url }) => new URL(url).host)).toEqual(['api.partner.microsoft.com'])
  })

  test.each(['../secrets', 'payments/../x.csv', 'other/1.csv', 'usageevents/2026-13-01_2026-01-01.csv'])(
    '"%s" is no file',
    async (name) => {
      const { settlements } = service(() => ({ status: 'Completed' }))
      await expect(settlements.fetchFile(may, name)).rejects.toMatchObject({ code: 'not_found' })
    },
  )

  test('are not asked for by a connection that may not', async () => {
    const { settlements, asked } = service(() => ({ status: 'Queued' }))
    await settlements.pull(connectionOf(), null)
    expect(asked).toEqual([])
  })
})
