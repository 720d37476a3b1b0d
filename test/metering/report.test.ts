import '@hono/zod-openapi'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatDecimal } from '../../src/core/decimal.ts'
import { Fault } from '../../src/core/fault.ts'
import { seededRandom } from '../../src/core/random.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { acceptedUsage, summary } from '../../src/metering/index.ts'
import { takeUsage } from '../../src/metering/ingest.ts'
import { schedule } from '../../src/work/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { fakeCloud, type Trouble } from './fake-cloud.ts'
import { awsRules } from './rules.ts'
import { connectorOf, door, endAgreement, event, type Sold, sell, settle } from './support.ts'

let context: TestContext
let cloud: ReturnType<typeof fakeCloud>
beforeEach(async () => {
  context = await testContext({ start: '2026-01-05T09:30:00Z' })
  cloud = fakeCloud(context.clock, seededRandom(1))
  context.connectors = { aws: connectorOf(cloud.metering) }
})
afterEach(() => context.close())

const TIME = '2026-01-05T09:10:00Z'
async function use(sold: Sold, time: string, quantity: string, more: Record<string, unknown> = {}) {
  const answer = await door(context).post(event(sold, time, quantity, more))
  expect(await answer.json()).toMatchObject({ status: 'accepted' })
}
async function pass(hours: number) {
  for (let turn = 0; turn < hours * 4; turn += 1) {
    context.clock.move(HOUR_MS / 4)
    await settle(context)
  }
}
const total = async (sold: Sold) => {
  const [meter] = await inTenant((scope) => summary(scope, sold.agreement_id))
  if (meter === undefined) throw new Error('No meter')
  expect(meter.balanced).toBe(true)
  const { used, drawn, sent, carried, lost, accepted } = meter
  return [used, drawn, sent, carried, lost, accepted].map(formatDecimal).join(' ')
}
const inTenant: TestContext['store']['inTenant'] extends (id: string, work: infer W) => infer _
  ? <T>(work: (scope: Parameters<Extract<W, (scope: never) => unknown>>[0]) => Promise<T>) => Promise<T>
  : never = (work) => context.store.inTenant(context.organisation_id, work)

describe('an hour from event to acceptance', () => {
  test('.happy is shown at every step', async () => {
    const sold = await sell(context, 'acme0001', { price: '0.25' })
    await use(sold, TIME, '10.5')
    await settle(context)
    const open = await door(context).get('/v1/usage/hours')
    expect(open.items).toMatchObject([
      { state: 'open', used: '10.5', carried_out: '10.5', at_risk: { currency: 'USD', amount: '2.63' } },
    ])
    const risk = await door(context).get('/v1/usage/at-risk')
    expect(risk.items).toMatchObject([{ state: 'open', quantity: '10.5', minutes_left: 1410 }])
    await pass(1)
    const closed = await door(context).get(
      '/v1/usage/hours?from=2026-01-05T09:00:00Z&until=2026-01-05T10:00:00Z',
    )
    expect(closed.items).toMatchObject([
      { state: 'closed', sent: '10', carried_out: '0.5', accepted: '10', at_risk: { amount: '0.00' } },
    ])
    expect((await door(context).get('/v1/usage/records?state=accepted')).items).toHaveLength(1)
    expect((await door(context).get('/v1/usage/summary')).items).toMatchObject([
      { used: '10.5', sent: '10', carried: '0.5', balanced: true, cloud: null, difference: null },
    ])
    const accepted = await inTenant((scope) =>
      acceptedUsage(
        scope,
        sold.agreement_id,
        new Date('2026-01-05T09:00:00Z'),
        new Date('2026-01-05T10:00:00Z'),
      ),
    )
    expect(accepted).toMatchObject([{ dimension: 'scans' }])
    expect((await door(context, 'org_other').get('/v1/usage/hours')).items).toEqual([])
  })

  test.each([
    ['sum', '6'],
    ['max', '3'],
    ['last', '1'],
    ['count', '3'],
    ['unique', '2'],
  ] as const)('.happy %s', async (aggregation, measured) => {
    const sold = await sell(context, 'acme0001', {
      dimensions: [{ key: 'scans', aggregation, multiplier: '0.5' }],
    })
    for (const [minute, quantity] of ['2', '3', '1'].entries()) {
      const data = { quantity, attributes: { unique: quantity === '3' ? 'b' : 'a' } }
      await use(sold, `2026-01-05T09:0${minute}:00Z`, quantity, { data })
      // In pieces or at once must make no difference.
      if (minute === 0) await settle(context)
    }
    await settle(context)
    const hours = await door(context).get('/v1/usage/hours')
    expect(hours.items).toMatchObject([
      {
        used: formatDecimal({ coefficient: BigInt(measured) * 5n, scale: 1 }).replace(/\.0$/, ''),
        events: 3,
      },
    ])
  })

  test('.happy pages', async () => {
    const sold = await sell(context, 'acme0001')
    for (const hour of ['07', '08', '09']) await use(sold, `2026-01-05T${hour}:01:00Z`, '1')
    await settle(context)
    const first = await door(context).get('/v1/usage/hours?limit=2')
    const second = await door(context).get(`/v1/usage/hours?limit=2&cursor=${first.next}`)
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null])
  })

  test('.refusal a cursor that is not ours', async () => {
    for (const path of ['hours', 'records']) {
      expect((await door(context).ask(`/v1/usage/${path}?cursor=abc`)).status).toBe(422)
    }
    expect((await door(context).ask('/v1/usage/hours?agreement_id=%00')).status).toBe(422)
  })
})

describe('requests to the cloud', () => {
  test('are as full as they may be, one product each', async () => {
    const keys = Array.from({ length: 30 }, (_, index) => ({ key: `d${index}` }))
    const first = await sell(context, 'acme0001', { dimensions: keys })
    const second = await sell(context, 'beta0001', { connection_id: first.connection_id })
    await use(second, TIME, '1')
    for (const { key } of keys) await use(first, TIME, '1', { type: key })
    await pass(1)
    expect(cloud.calls.map(({ records }) => records).toSorted()).toEqual([1, 25, 5].toSorted())
    expect(cloud.calls.every(({ products }) => products === 1)).toBe(true)
  })

  test('one bad record does not take the others down', async () => {
    const keys = Array.from({ length: 7 }, (_, index) => ({ key: `d${index}` }))
    const sold = await sell(context, 'acme0001', { dimensions: keys })
    const report = cloud.metering.report
    cloud.metering.report = async (connection, records) => {
      if (records.some(({ dimension }) => dimension === 'd3')) {
        throw new Fault('invalid', 'Unknown dimension.', { cloudCode: 'InvalidUsageDimensionException' })
      }
      return report(connection, records)
    }
    for (const { key } of keys) await use(sold, TIME, '1', { type: key })
    await pass(1)
    const records = await door(context).get('/v1/usage/records')
    expect(records.items.filter(({ state }) => state === 'accepted')).toHaveLength(6)
    expect(records.items.filter(({ state }) => state === 'refused')).toMatchObject([
      { dimension: 'd3', reason: 'InvalidUsageDimensionException: Unknown dimension.' },
    ])
    const meters = await inTenant((scope) => summary(scope))
    expect(meters.every(({ balanced }) => balanced)).toBe(true)
    const told = await inTenant(({ tx }) =>
      tx.exception_item.findMany({ where: { kind: 'metering_refused' } }),
    )
    expect(told).toMatchObject([{ state: 'open', asset: 'USD/2', amount: 50n }])
  })

  test('wait for a licence, and go out when it is there', async () => {
    const sold = await sell(context, 'acme0001', { license: null })
    await use(sold, TIME, '3')
    await pass(2)
    expect(cloud.calls).toEqual([])
    await inTenant(async (scope) => {
      const { organisation_id, tx } = scope
      const where = { organisation_id_id: { organisation_id, id: sold.agreement_id } }
      await tx.agreement.update({ where, data: { license: 'arn:late' } })
      await schedule(scope, { kind: 'metering.batch', key: sold.connection_id })
    })
    await pass(1)
    expect(formatDecimal(cloud.total('arn:late', 'scans'))).toBe('3')
  })

  test('a refusal to report at all loses nothing: it is told and tried again', async () => {
    const sold = await sell(context, 'acme0001')
    cloud.troubled(() => 'forbidden')
    await use(sold, TIME, '3')
    await pass(3)
    const told = () =>
      inTenant(({ tx }) => tx.exception_item.findMany({ where: { kind: 'metering_refused' } }))
    expect(await told()).toMatchObject([{ state: 'open', subject_id: sold.connection_id }])
    cloud.troubled(() => 'none')
    await pass(1)
    expect(await told()).toMatchObject([{ state: 'resolved' }])
    expect(await total(sold)).toBe('3 0 3 0 0 3')
  })
})

describe('a cloud that is down', () => {
  test('for less than the window costs nothing', async () => {
    const sold = await sell(context, 'acme0001')
    cloud.troubled(() => 'lost_after')
    await use(sold, TIME, '3')
    await pass(20)
    cloud.troubled(() => 'none')
    await pass(2)
    expect(await total(sold)).toBe('3 0 3 0 0 3')
    expect(formatDecimal(cloud.total('arn:license:acme0001', 'scans'))).toBe('3')
  }, 120_000)

  test('after which nobody may report: what may have arrived is told as such, and not added to', async () => {
    const sold = await sell(context, 'acme0001')
    const troubles: Trouble[] = ['lost_after']
    cloud.troubled(() => troubles.shift() ?? 'forbidden')
    await use(sold, TIME, '3')
    await pass(2)
    await use(sold, TIME, '4')
    await pass(28)
    const records = await inTenant(({ tx }) => tx.usage_record.findMany({ where: { state: 'expired' } }))
    const first = records.find(({ hour }) => hour.toISOString() === '2026-01-05T09:00:00.000Z')
    expect(first).toMatchObject({ reason: expect.stringContaining('An earlier attempt may have arrived') })
    expect(String(first?.quantity)).toBe('3')
    expect(formatDecimal(cloud.total('arn:license:acme0001', 'scans'))).toBe('3')
  }, 120_000)

  test('for longer is alarmed an hour before, and what expires is told', async () => {
    const sold = await sell(context, 'acme0001')
    cloud.troubled(() => 'lost_before')
    await use(sold, TIME, '3')
    await pass(23)
    const told = () => inTenant(({ tx }) => tx.exception_item.findMany({ orderBy: { kind: 'asc' } }))
    expect(await told()).toMatchObject([{ kind: 'metering_at_risk', state: 'open' }])
    await pass(4)
    cloud.troubled(() => 'none')
    await pass(1)
    expect(await told()).toMatchObject([
      { kind: 'metering_at_risk', state: 'resolved' },
      { kind: 'metering_expired', state: 'open', amount: 150n },
    ])
    expect(await total(sold)).toBe('3 0 0 0 3 0')
  }, 120_000)
})

describe('the end of an agreement', () => {
  test('sends what is whole within its hour, and names the fraction that is lost', async () => {
    const sold = await sell(context, 'acme0001')
    await use(sold, TIME, '3.7')
    await settle(context)
    context.clock.set('2026-01-05T09:35:00Z')
    await endAgreement(context, sold, '2026-01-05T09:33:00Z')
    cloud.ended.set('arn:license:acme0001', new Date('2026-01-05T09:33:00Z'))
    await inTenant((scope) => schedule(scope, { kind: 'metering.close', key: sold.agreement_id }))
    await settle(context)
    await pass(2)
    expect(await total(sold)).toBe('3.7 0 3 0 0.7 3')
    const timeline = await inTenant(({ tx }) => tx.timeline_event.findMany())
    expect(timeline).toMatchObject([
      {
        subject_id: sold.agreement_id,
        kind: 'usage_lost',
        sentence: expect.stringMatching(/fraction at end/),
      },
    ])
  })
})

test('included quantities are drawn first where the seller draws them', async () => {
  context.connectors = {
    aws: connectorOf({ ...cloud.metering, rules: { ...awsRules, draws_included: 'seller' } }),
  }
  const sold = await sell(context, 'acme0001', {
    terms: {
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: '10',
      grants: [{ dimension: 'scans', quantity: 5 }],
      instalments: [{ due_on: '2026-02-01', amount: '10' }],
      usage_prices: { scans: '0.5' },
    },
  })
  await use(sold, TIME, '7.5')
  await pass(1)
  expect(await total(sold)).toBe('7.5 5 2 0.5 0 2')
})

test('a request that dies leaves no claim behind: the client may send it again', async () => {
  const sold = await sell(context, 'acme0001')
  const given = event(sold, TIME, '1')
  const dying = inTenant(async (scope) => {
    await takeUsage(context, scope, [given])
    throw new Error('killed')
  })
  await expect(dying).rejects.toThrow('killed')
  expect(await (await door(context).post(given)).json()).toMatchObject({ status: 'accepted' })
  context.clock.move(MINUTE_MS)
  await settle(context)
  expect((await door(context).get('/v1/usage/hours')).items).toMatchObject([{ used: '1' }])
})

test('usage of a suspended agreement is held, and goes out when it is active again', async () => {
  const sold = await sell(context, 'acme0001')
  const stand = (state: string) =>
    inTenant(async (scope) => {
      const where = { organisation_id_id: { organisation_id: scope.organisation_id, id: sold.agreement_id } }
      await scope.tx.agreement.update({ where, data: { state } })
      await schedule(scope, { kind: 'metering.batch', key: sold.connection_id })
    })
  await stand('suspended')
  await use(sold, TIME, '3')
  await pass(1)
  expect(cloud.calls).toEqual([])
  expect(await total(sold)).toBe('3 0 3 0 0 0')
  await stand('active')
  await settle(context)
  expect(formatDecimal(cloud.total('arn:license:acme0001', 'scans'))).toBe('3')
})
