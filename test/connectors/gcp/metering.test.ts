import { describe, expect, test } from 'vitest'
import type { MeterRecord } from '../../../connectors/connector.ts'
import { checkVerdict, fromReportError } from '../../../connectors/gcp/metering/check-errors.ts'
import { toGcpOperations } from '../../../connectors/gcp/metering.ts'
import { advance, OVERLAP_MS, readCursor, writeCursor } from '../../../connectors/gcp/wire/cursor.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { connectionOf, connectorWith, json, refused, service } from './support.ts'

const record: MeterRecord = {
  id: 'usage_1',
  product_id: service,
  product_code: null,
  license: 'project_number:1',
  agreement_id: 'e-1',
  plan: null,
  buyer_account_id: 'a-1',
  dimension: 'calls',
  hour: new Date('2026-11-10T09:00:00Z'),
  quantity: decimal('1000'),
}
const types = new Map([['gigabytes', 'double' as const]])

async function operationOf(changes: Partial<MeterRecord> = {}) {
  const { sent } = await toGcpOperations([{ ...record, ...changes }], service, types)
  return sent[0]?.operation
}

describe('a record as an operation', () => {
  test('covers its hour and carries the type of its metric', async () => {
    expect(await operationOf()).toMatchObject({
      consumerId: 'project_number:1',
      startTime: '2026-11-10T09:00:00.000Z',
      endTime: '2026-11-10T10:00:00.000Z',
      metricValueSets: [{ metricName: `${service}/calls`, metricValues: [{ int64Value: '1000' }] }],
    })
    const double = await operationOf({ dimension: 'gigabytes', quantity: decimal('1.25') })
    expect(double?.metricValueSets?.[0]?.metricValues).toEqual([{ doubleValue: 1.25 }])
  })

  test('is the same to the byte whenever it is made, and another for another record', async () => {
    expect(JSON.stringify(await operationOf())).toBe(JSON.stringify(await operationOf()))
    const ids = await Promise.all(
      [
        {},
        { id: 'usage_2' },
        { dimension: 'gigabytes' },
        { agreement_id: 'e-2' },
        { hour: new Date('2026-11-10T10:00:00Z') },
      ].map(async (changes) => (await operationOf(changes))?.operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('ends with the agreement where that ended inside the hour', async () => {
    const until = new Date('2026-11-10T09:30:00Z')
    expect((await operationOf({ until }))?.endTime).toBe('2026-11-10T09:30:00.000Z')
    expect((await operationOf({ until: new Date('2026-11-11T00:00:00Z') }))?.endTime).toBe(
      '2026-11-10T10:00:00.000Z',
    )
  })

  test.each([
    ['NoReportingId', { license: null }],
    ['NoReportingId', { license: '' }],
    ['QuantityNotWhole', { quantity: decimal('1.5') }],
    ['QuantityNegative', { quantity: decimal('-1') }],
    ['QuantityNegative', { quantity: decimal('-1'), dimension: 'gigabytes' }],
    ['QuantityTooLarge', { quantity: decimal('9223372036854775808') }],
  ])('%s is kept out', async (code, changes) => {
    const { sent, refused: kept } = await toGcpOperations([record, { ...record, ...changes }], service, types)
    expect(sent).toHaveLength(1)
    expect(kept).toMatchObject([{ status: 'refused', code }])
  })
})

describe('what a check says', () => {
  test.each([
    ['NOT_FOUND', 'refused'],
    ['PERMISSION_DENIED', 'refused'],
    ['PROJECT_DELETED', 'refused'],
    ['CONSUMER_INVALID', 'refused'],
    ['SOMETHING_NEW', 'refused'],
    ['BILLING_DISABLED', 'unprocessed'],
    ['RESOURCE_EXHAUSTED', 'unprocessed'],
    ['SERVICE_NOT_ACTIVATED', 'good'],
    ['BILLING_STATUS_UNAVAILABLE', 'good'],
    ['QUOTA_CHECK_UNAVAILABLE', 'good'],
  ])('%s: %s', (code, status) => {
    expect(checkVerdict([{ code }])).toMatchObject({ status })
  })
  test('nothing is good, and a refusal outweighs a wait', () => {
    expect(checkVerdict([])).toEqual({ status: 'good' })
    expect(checkVerdict([{ code: 'BILLING_DISABLED' }, { code: 'NOT_FOUND' }])).toMatchObject({
      status: 'refused',
    })
  })
})

describe('what a report says of one operation', () => {
  test.each([
    [3, 'refused'],
    [5, 'refused'],
    [7, 'refused'],
    [9, 'refused'],
    [99, 'refused'],
    [4, 'unprocessed'],
    [8, 'unprocessed'],
    [13, 'unprocessed'],
    [14, 'unprocessed'],
    [6, 'known'],
  ])('code %i: %s', (code, status) => {
    expect(fromReportError({ code })).toMatchObject({ status })
  })
})

describe('a report', () => {
  test('checks each buyer once and sends the rest together', async () => {
    const { connector, asked, requests } = connectorWith(({ url }) => json(url.endsWith(':check') ? {} : {}))
    const records = [
      record,
      { ...record, id: 'usage_2' },
      { ...record, id: 'usage_3', license: 'project_number:2' },
    ]
    const report = await connector.metering?.report(connectionOf(), records)
    expect(report?.answers.map(({ id, status }) => [id, status])).toEqual([
      ['usage_1', 'accepted'],
      ['usage_2', 'accepted'],
      ['usage_3', 'accepted'],
    ])
    expect(asked().filter((line) => line.endsWith(':check'))).toHaveLength(2)
    expect(asked().filter((line) => line.endsWith(':report'))).toHaveLength(1)
    const sent = (await requests.at(-1)?.json()) as { operations: { userLabels?: unknown }[] }
    expect(sent.operations).toHaveLength(3)
  })

  test('a buyer that is refused does not hold up the others', async () => {
    const { connector } = connectorWith(async (request) => {
      const text = await request.text()
      if (request.url.endsWith(':report')) return json({})
      return json(text.includes('project_number:2') ? { checkErrors: [{ code: 'PROJECT_DELETED' }] } : {})
    })
    const report = await connector.metering?.report(connectionOf(), [
      record,
      { ...record, id: 'usage_2', license: 'project_number:2' },
    ])
    expect(report?.answers).toMatchObject([
      { id: 'usage_2', status: 'refused', code: 'PROJECT_DELETED' },
      { id: 'usage_1', status: 'accepted' },
    ])
  })

  test('nothing is reported when everything is refused, and a refusal of the whole is a fault', async () => {
    const { connector, requests } = connectorWith(() => refused(400, 'INVALID_ARGUMENT'))
    const report = await connector.metering?.report(connectionOf(), [{ ...record, license: null }])
    expect(report?.answers).toHaveLength(1)
    expect(requests).toEqual([])
    await expect(connector.metering?.report(connectionOf(), [record])).rejects.toMatchObject({
      code: 'invalid',
    })
  })
})

describe('a walk over a list without an order', () => {
  const at = (time: string) => new Date(`2026-11-10T${time}:00Z`)
  const entry = (key: string, time: string) => ({ key, changed_at: at(time), item: key })
  const keys = (found: { fresh: { key: string }[] }) => found.fresh.map(({ key }) => key)

  test('hands on what changed, oldest first, and misses nothing that changed on the way', () => {
    const first = advance(readCursor(null), [entry('b', '09:00'), entry('a', '08:00')], 'page 2', at('10:00'))
    expect(keys(first)).toEqual(['a', 'b'])
    const second = advance(readCursor(writeCursor(first.next)), [entry('c', '10:30')], null, at('10:31'))
    expect(keys(second)).toEqual(['c'])
    // "a" changed again while the second page was read: the next walk still looks from before the first page.
    const third = advance(
      second.next,
      [entry('a2', '10:01'), entry('b', '09:00'), entry('c', '10:30')],
      null,
      at('11:00'),
    )
    expect(keys(third)).toEqual(['a2'])
    expect(Date.parse(third.next.since ?? '')).toBe(at('11:00').getTime() - OVERLAP_MS)
  })

  test('starts over with a cursor that it cannot read', () => {
    for (const text of ['', 'hello', btoa('{}')])
      expect(readCursor(text)).toMatchObject({ since: null, token: null })
  })
})
