import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  approve,
  buy,
  customer,
  type Market,
  openMarket,
  operation,
  report,
  service,
  usage,
} from './support.ts'

let market: Market
let consumer = ''
let entitlement = ''
beforeEach(async () => {
  market = await openMarket()
  const accepted = await buy(market, 'metered')
  entitlement = accepted.entitlement_id
  consumer = (await approve(market, accepted)).usageReportingId ?? ''
  await market.to('2026-11-02T10:30:00Z')
})
afterEach(async () => {
  await market.server.stop()
})

const hour = '2026-11-02T10:00:00Z'

async function check(more: Record<string, unknown> = {}, consumerId = consumer) {
  const requestBody = { operation: { ...operation(consumerId, 'c', hour), ...more } }
  const { data } = await market.metering.services.check({ serviceName: service, requestBody })
  return data.checkErrors?.map(({ code }) => code) ?? []
}

test('usage is typed by its metric and taken per operation', async () => {
  const values = (metric: string, value: object) => ({
    metricValueSets: [{ metricName: `${service}/${metric}`, metricValues: [value] }],
  })
  expect(
    await report(
      market,
      operation(consumer, 'good', hour),
      operation(consumer, 'double', hour, values('gigabytes', { doubleValue: 0.1 })),
      operation(consumer, 'mismatch', hour, values('gigabytes', { int64Value: '1' })),
      operation(consumer, 'unknown', hour, values('seconds', { int64Value: '1' })),
      operation('project_number:1', 'nobody', hour),
    ),
  ).toEqual(['mismatch: 3', 'unknown: 3', 'nobody: 5'])
  expect((await usage(market)).map(({ metric, value }) => `${metric} ${value}`)).toEqual([
    'calls 1000',
    'gigabytes 0.1',
  ])
})

test('a duplicate inside one operation, or a missing time, fails the whole request', async () => {
  const value = { int64Value: '1', labels: { region: 'a' } }
  const twice = (labels: object) => ({
    metricValueSets: [{ metricName: `${service}/calls`, metricValues: [value, { ...value, labels }] }],
  })
  const good = operation(consumer, 'good', hour)
  const sent = report(market, good, operation(consumer, 'twice', hour, twice({ region: 'a' })))
  await expect(sent).rejects.toMatchObject({ status: 400 })
  await expect(report(market, good, operation(consumer, 'x', hour, { endTime: '' }))).rejects.toMatchObject({
    status: 400,
  })
  expect(await usage(market)).toEqual([])
  expect(await report(market, operation(consumer, 'labels', hour, twice({ region: 'b' })))).toEqual([])
})

test('an identical operation counts once, unless the sandbox is told otherwise', async () => {
  const same = operation(consumer, 'same', hour)
  expect([await report(market, same), await report(market, same)]).toEqual([[], []])
  expect((await usage(market)).length).toBe(1)
  const other = operation(consumer, 'same', hour, { metricValueSets: [] })
  expect(await report(market, other)).toEqual(['same: 6'])
  await market.control('/gcp/metering', { dedupe: false })
  await report(market, same)
  expect((await usage(market)).length).toBe(2)
})

test('usage is taken within the hour, or later into a later invoice where that is switched on', async () => {
  await market.to('2026-12-01T08:30:00Z')
  const before = '2026-12-01T07:30:00Z'
  expect(await report(market, operation(consumer, 'intime', before))).toEqual([])
  await market.to('2026-12-01T09:30:00Z')
  expect(await report(market, operation(consumer, 'late', before))).toEqual(['late: 3'])
  await market.control('/gcp/metering', { window_minutes: null })
  expect(await report(market, operation(consumer, 'late', before))).toEqual([])
  expect((await usage(market)).map(({ operation_id, month }) => `${operation_id} ${month}`)).toEqual([
    'intime 2026-11',
    'late 2026-12',
  ])
  const future = operation(consumer, 'future', '2026-12-01T10:00:00Z')
  const ancient = operation(consumer, 'ancient', '2026-11-01T09:00:00Z')
  expect(await report(market, future, ancient)).toEqual(['future: 3', 'ancient: 3'])
})

test('after a cancellation only usage from before it is taken, for an hour', async () => {
  await market.control(`/gcp/buyers/${customer}/cancel`, { entitlement_id: entitlement })
  expect(await check()).toEqual(['SERVICE_NOT_ACTIVATED'])
  await market.to('2026-11-02T10:50:00Z')
  const after = operation(consumer, 'after', '2026-11-02T10:45:00Z')
  expect(await report(market, operation(consumer, 'before', hour), after)).toEqual(['after: 9'])
  await market.to('2026-11-02T11:31:00Z')
  expect(await report(market, operation(consumer, 'toolate', '2026-11-02T10:30:00Z'))).toEqual(['toolate: 9'])
})

test('without billing a check says so, and the usage is caught up with afterwards', async () => {
  await market.control(`/gcp/accounts/${customer}`, { billing_enabled: false }, 'PATCH')
  expect(await check()).toEqual(['BILLING_DISABLED'])
  expect(await report(market, operation(consumer, 'kept', hour))).toEqual(['kept: 9'])
  await market.by('P3D')
  await market.control(`/gcp/accounts/${customer}`, { billing_enabled: true }, 'PATCH')
  expect(await report(market, operation(consumer, 'kept', hour))).toEqual([])
  expect(await check()).toEqual([])
})

test('a check takes no user labels and knows its consumers', async () => {
  await expect(check({ userLabels: { a: 'b' } })).rejects.toMatchObject({ status: 400 })
  expect(await check({}, 'project_number:42')).toEqual(['NOT_FOUND'])
  expect(await check({}, 'somebody')).toEqual(['CONSUMER_INVALID'])
  expect(await report(market, operation(consumer, 'labels', hour, { userLabels: { a: 'b' } }))).toEqual([])
})

test('half of a report can fail', async () => {
  await market.control('/faults', { cloud: 'gcp', service: 'servicecontrol', fault: 'partial_batch' })
  const operations = ['a', 'b', 'c'].map((id) => operation(consumer, id, hour))
  expect(await report(market, ...operations)).toEqual(['b: 14', 'c: 14'])
  expect(await report(market, ...operations)).toEqual([])
  expect((await usage(market)).length).toBe(3)
})
