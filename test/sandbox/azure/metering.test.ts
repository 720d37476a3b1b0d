import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Keys } from './accounts.ts'
import { clientOf, type Market, openMarket, publish, type Subscribed, subscribe } from './support.ts'

let market: Market
let bought: Subscribed
beforeAll(async () => {
  market = await openMarket()
  await publish(market)
  bought = await subscribe(market, { offer_id: 'ledger', plan_id: 'silver' })
  await market.to('2026-11-10T12:30:00Z')
})
afterAll(() => market.server.stop())

const event = (more: object = {}) => ({
  resourceId: bought.subscription_id,
  quantity: 20.5,
  dimension: 'calls',
  effectiveStartTime: '2026-11-10T11:03:28.14Z',
  planId: 'silver',
  ...more,
})
type Batch = { result: Record<string, unknown>[]; count: number }
const send = (body: object) => market.vendor('metering', 'POST', '/usageEvent', body)
const batch = (events: object[]) =>
  market.vendor<Batch>('metering', 'POST', '/batchUsageEvent', { request: events })

test('the first event of an hour wins; a later one is shown the first', async () => {
  const taken = await send(event())
  expect(taken.body).toMatchObject({
    status: 'Accepted',
    resourceId: bought.subscription_id,
    quantity: 20.5,
    effectiveStartTime: '2026-11-10T11:03:28.14Z',
    planId: 'silver',
  })
  const again = await send(event({ quantity: 1, effectiveStartTime: '2026-11-10T11:59:59Z' }))
  expect(again.status).toBe(409)
  expect(again.body).toMatchObject({
    additionalInfo: {
      acceptedMessage: { usageEventId: taken.body.usageEventId, status: 'Duplicate', quantity: 20.5 },
    },
    message: 'This usage event already exist.',
    code: 'Conflict',
  })
})

test('each item of a batch has its own fate', async () => {
  const keys = await market.control<Keys>('/azure/accounts', { name: 'Other', role: 'publisher' })
  const at = (hour: number) => `2026-11-10T${String(hour).padStart(2, '0')}:00:00Z`
  const sent = [
    event({ effectiveStartTime: at(10) }),
    event({ effectiveStartTime: at(10), quantity: 3 }),
    event({ effectiveStartTime: '2026-11-09T12:29:00Z' }),
    event({ effectiveStartTime: at(9), quantity: 0 }),
    event({ effectiveStartTime: at(9), quantity: -1 }),
    event({ effectiveStartTime: at(9), dimension: 'seats' }),
    event({ effectiveStartTime: at(9), planId: 'gold' }),
    event({ effectiveStartTime: at(9), resourceId: 'nothing' }),
    event({ effectiveStartTime: at(14) }),
    { ...event({ effectiveStartTime: at(9) }), dimension: undefined },
  ]
  const { body } = await batch(sent)
  expect([body.count, body.result.map((item) => item.status)]).toEqual([
    10,
    [
      'Accepted',
      'Duplicate',
      'Expired',
      'InvalidQuantity',
      'InvalidQuantity',
      'InvalidDimension',
      'BadArgument',
      'ResourceNotFound',
      'BadArgument',
      'BadArgument',
    ],
  ])
  expect(body.result[1]).not.toHaveProperty('usageEventId')
  expect(body.result[1]).toMatchObject({
    quantity: 3,
    error: { additionalInfo: { acceptedMessage: { quantity: 20.5 } } },
  })
  const other = clientOf(market.server, keys)
  const foreign = await other<Batch>('metering', 'POST', '/batchUsageEvent', { request: [event()] })
  expect(foreign.body.result[0]?.status).toBe('ResourceNotAuthorized')
  expect((await other('metering', 'POST', '/usageEvent', event())).status).toBe(403)
  expect((await batch(Array.from({ length: 26 }, () => event()))).status).toBe(400)
})

test('what lacks a field is told field by field', async () => {
  const refused = await send({ quantity: 1 })
  expect(refused.status).toBe(400)
  expect(refused.body).toMatchObject({
    message: 'One or more errors have occurred.',
    target: 'usageEventRequest',
    code: 'BadArgument',
    details: [
      { message: 'The resourceId is required.', target: 'ResourceId', code: 'BadArgument' },
      {},
      {},
      {},
    ],
  })
})

test('a planned fault fails the second half of a batch', async () => {
  await market.control('/faults', {
    cloud: 'azure',
    service: 'metering',
    operation: 'PostBatchUsageEvent',
    fault: 'partial_batch',
  })
  const items = ['06', '07'].map((hour) => event({ effectiveStartTime: `2026-11-10T${hour}:00:00Z` }))
  expect((await batch(items)).body.result.map((item) => item.status)).toEqual(['Accepted', 'Error'])
  expect((await batch(items)).body.result.map((item) => item.status)).toEqual(['Duplicate', 'Accepted'])
})

test('days are read back as sums, settled when they are invoiced', async () => {
  const read = () =>
    market.vendor<Record<string, unknown>[]>(
      'metering',
      'GET',
      '/usageEvents?usageStartDate=2026-11-01T00:00:00Z&dimension=calls',
    )
  const expected = {
    usageDate: '2026-11-10T00:00:00Z',
    usageResourceId: bought.subscription_id,
    offerId: 'ledger',
    planName: '',
    offerType: 'SaaS',
    submittedQuantity: 82,
    submittedCount: 4,
  }
  expect((await read()).body).toMatchObject([{ ...expected, reconStatus: 'Submitted', processedQuantity: 0 }])
  await market.control('/months/close', {})
  expect((await read()).body).toMatchObject([{ ...expected, reconStatus: 'Accepted', processedQuantity: 82 }])
  const invoices = await market.control<{ kind: string; lines: object[] }[]>('/azure/invoices')
  expect(invoices.find((item) => item.kind === 'USAGE')?.lines).toMatchObject([
    { quantity: '82', unit_price: '0.05', amount: '4.10' },
  ])
  expect((await market.vendor('metering', 'GET', '/usageEvents')).status).toBe(400)
})

describe('after the end', () => {
  test('hours before it are still taken while they are young', async () => {
    const other = await subscribe(market, { offer_id: 'ledger', plan_id: 'silver' })
    await market.by('PT3H')
    const now = Date.parse((await market.control<{ now: string }>('/clock')).now)
    await market.as('cancel', { subscription_id: other.subscription_id })
    const at = (hours: number) => ({
      resourceId: other.subscription_id,
      effectiveStartTime: new Date(now + hours * 3_600_000).toISOString(),
    })
    await market.by('PT2H')
    expect((await send(event(at(-1)))).status).toBe(200)
    expect((await send(event(at(1)))).body).toMatchObject({ details: [{ code: 'ResourceNotActive' }] })
    await market.by('P1D')
    expect((await send(event(at(-2)))).body).toMatchObject({ details: [{ code: 'Expired' }] })
  })

  test('a subscription nobody activated takes nothing', async () => {
    const left = await market.as<Subscribed>('subscribe', { offer_id: 'ledger', plan_id: 'silver' })
    const { now } = await market.control<{ now: string }>('/clock')
    const refused = await send(event({ resourceId: left.subscription_id, effectiveStartTime: now }))
    expect(refused.body).toMatchObject({ details: [{ code: 'ResourceNotActive' }] })
  })
})
