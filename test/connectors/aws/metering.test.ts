import { describe, expect, test } from 'vitest'
import { fromAwsResults, meteringRules, toAwsBatch } from '../../../connectors/aws/metering.ts'
import type { MeterRecord } from '../../../connectors/connector.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { buyerAccount, connectionOf, connectorWith, json } from './support.ts'

const license = 'arn:aws:license-manager::294406891311:license:l-1'
const record = (id: string, more: Partial<MeterRecord> = {}): MeterRecord => ({
  id,
  product_id: 'prod-1',
  product_code: 'code',
  license,
  agreement_id: 'agmt-1',
  plan: null,
  buyer_account_id: buyerAccount,
  dimension: 'entries',
  hour: new Date('2026-09-01T08:00:00Z'),
  quantity: decimal('40'),
  ...more,
})

test('the rules are those of AWS', () => {
  expect(meteringRules).toMatchObject({
    batch_max: 25,
    window_ms: 86_400_000,
    month_cutoff_ms: 21_600_000,
    draws_included: 'cloud',
  })
})

describe('a batch', () => {
  test('by licence names the licence of each record and no product', () => {
    expect(toAwsBatch([record('a')]).request).toEqual({
      UsageRecords: [
        {
          Timestamp: new Date('2026-09-01T08:00:00Z'),
          CustomerAWSAccountId: buyerAccount,
          Dimension: 'entries',
          Quantity: 40,
          LicenseArn: license,
        },
      ],
    })
  })

  test('by product code names the product once', () => {
    const { request } = toAwsBatch([record('a', { license: null })])
    expect(request?.ProductCode).toBe('code')
    expect(request?.UsageRecords?.[0]).not.toHaveProperty('LicenseArn')
  })

  test('never holds both: the others are left for the next', () => {
    const { sent, left } = toAwsBatch([record('a'), record('b', { license: null }), record('c')])
    expect(sent.map((item) => item.id)).toEqual(['a', 'c'])
    expect(left).toEqual([{ id: 'b', status: 'unprocessed' }])
  })

  test.each([
    ['QuantityNotWhole', { quantity: decimal('1.5') }],
    ['QuantityNotWhole', { quantity: decimal('-1') }],
    ['QuantityTooLarge', { quantity: decimal('2147483648') }],
    ['NoLicense', { license: null, product_code: null }],
  ])('leaves out a record with %s', (code, more) => {
    const { refused, sent } = toAwsBatch([record('bad', more), record('good')])
    expect(refused).toMatchObject([{ id: 'bad', status: 'refused', code }])
    expect(sent.map((item) => item.id)).toEqual(['good'])
  })

  test('takes zero and the largest quantity', () => {
    expect(
      toAwsBatch([record('a', { quantity: decimal('0') }), record('b', { quantity: decimal('2147483647') })])
        .refused,
    ).toEqual([])
  })
})

describe('the answer', () => {
  const echo = (item: MeterRecord) => toAwsBatch([item]).request?.UsageRecords?.[0]

  test('is matched whatever its order', () => {
    const nine = record('nine', { hour: new Date('2026-09-01T09:00:00Z') })
    const other = record('other', { dimension: 'seats' })
    const eight = record('eight')
    const results = [
      { UsageRecord: echo(other), Status: 'CustomerNotSubscribed' },
      { UsageRecord: echo(nine), Status: 'Success', MeteringRecordId: 'r-9' },
      { UsageRecord: echo(eight), Status: 'DuplicateRecord', MeteringRecordId: 'r-8' },
    ]
    expect(fromAwsResults([eight, nine, other], { Results: results })).toMatchObject([
      { id: 'eight', status: 'refused', code: 'DuplicateRecord' },
      { id: 'nine', status: 'accepted', cloud_record_id: 'r-9' },
      { id: 'other', status: 'refused', code: 'CustomerNotSubscribed' },
    ])
  })

  test('tells what AWS left from what it is silent about', () => {
    const [a, b] = [record('a'), record('b', { dimension: 'other' })]
    const left = toAwsBatch([a]).request?.UsageRecords ?? []
    expect(fromAwsResults([a, b], { Results: [], UnprocessedRecords: left })).toEqual([
      { id: 'a', status: 'unprocessed' },
    ])
  })

  test('with a status of tomorrow is never taken for accepted', () => {
    expect(
      fromAwsResults([record('a')], { Results: [{ UsageRecord: echo(record('a')), Status: 'Deferred' }] }),
    ).toMatchObject([{ status: 'refused', code: 'Deferred' }])
  })

  test('comes through the wire with times in seconds', async () => {
    const { connector, requests } = connectorWith(async (request) => {
      const sent = (await request.json()) as { UsageRecords: unknown[] }
      return json({
        Results: sent.UsageRecords.map((UsageRecord) => ({
          UsageRecord,
          Status: 'Success',
          MeteringRecordId: 'r',
        })),
        UnprocessedRecords: [],
      })
    })
    const report = await connector.metering?.report(connectionOf(), [
      record('a'),
      record('bad', { quantity: decimal('0.5') }),
    ])
    expect(report?.answers).toMatchObject([
      { id: 'bad', status: 'refused' },
      { id: 'a', status: 'accepted' },
    ])
    expect(await requests[0]?.json()).toMatchObject({ UsageRecords: [{ Timestamp: 1_788_249_600 }] })
    expect(requests[0]?.headers.get('x-amz-target')).toBe('AWSMPMeteringService.BatchMeterUsage')
  })

  test('to nothing that can be sent asks nobody', async () => {
    const { connector, requests } = connectorWith(() => json({}))
    await connector.metering?.report(connectionOf(), [record('bad', { quantity: decimal('0.5') })])
    expect(requests).toEqual([])
  })
})

describe('a dimension that the product does not have', () => {
  const refusing = () =>
    connectorWith(() =>
      json({ __type: 'InvalidUsageDimensionException', message: 'The usage dimension does not match.' }, 400),
    ).connector.metering

  test('of which all records are is refused by name, with nothing taken', async () => {
    const records = [record('a'), record('b', { hour: new Date('2026-09-01T09:00:00Z') })]
    const report = await refusing()?.report(connectionOf(), records)
    const refused = { status: 'refused', code: 'InvalidUsageDimensionException', about: 'dimension' }
    expect(report?.answers).toMatchObject([
      { id: 'a', ...refused },
      { id: 'b', ...refused },
    ])
    expect(report?.evidence).toMatchObject({ received: { code: 'InvalidUsageDimensionException' } })
  })

  test('is not guessed where records are of several: the batch is thrown back', async () => {
    const records = [record('a'), record('b', { dimension: 'calls' })]
    await expect(refusing()?.report(connectionOf(), records)).rejects.toMatchObject({
      code: 'invalid',
      cloudCode: 'InvalidUsageDimensionException',
    })
  })
})
