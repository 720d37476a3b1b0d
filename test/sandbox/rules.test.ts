import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listingFeeRate } from '../../sandbox/aws/money/fees.ts'
import { markUp } from '../../sandbox/aws/selling/markup.ts'
import { cents, decimal, format, proportion } from '../../sandbox/money.ts'
import { addDuration } from '../../sandbox/time.ts'
import { envelopes, eventsIn, type Receiver, startReceiver } from './receiver.ts'
import {
  accept,
  change,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  publish,
  vendor,
} from './support.ts'

describe('money', () => {
  test('is exact and rounds half up, away from zero', () => {
    expect(format(decimal('0.1') + decimal('0.2'))).toBe('0.30')
    expect(format(cents(decimal('1.005')))).toBe('1.01')
    expect(format(cents(decimal('-1.005')))).toBe('-1.01')
    expect(format(decimal('0.00000125'))).toBe('0.00000125')
    expect(format(proportion(decimal('100'), decimal('1'), decimal('3')))).toBe('33.333333333333')
  })

  test('is marked up to the places its field has', () => {
    expect(markUp('0.00000125', '5.0', 8)).toBe('0.00000131')
    expect(markUp('199.99', '7.5', 2)).toBe('214.99')
    expect(markUp('0', '5', 3)).toBe('0.00')
  })

  test('pays a fee by the size of the deal, its kind and its channel', () => {
    const rate = (value: string, more = {}) =>
      format(
        listingFeeRate({
          on: '2026-11-01',
          value: decimal(value),
          private_offer: true,
          renewal: false,
          resold: false,
          ...more,
        }),
        3,
      )
    expect([rate('999999.99'), rate('1000000'), rate('9999999.99'), rate('10000000')]).toEqual([
      '0.030',
      '0.020',
      '0.020',
      '0.015',
    ])
    expect(rate('1', { renewal: true })).toBe('0.015')
    expect(rate('1000000', { resold: true })).toBe('0.025')
    expect(rate('50000000', { private_offer: false })).toBe('0.030')
  })
})

test('a month later is the same day, or the last one', () => {
  const plus = (from: string, duration: string) =>
    new Date(addDuration(Date.parse(from), duration) ?? 0).toISOString()
  expect(plus('2027-01-31T10:00:00Z', 'P1M')).toBe('2027-02-28T10:00:00.000Z')
  expect(plus('2026-11-01T00:00:00Z', 'P1DT2H')).toBe('2026-11-02T02:00:00.000Z')
  expect(addDuration(0, 'tomorrow')).toBeUndefined()
  expect(addDuration(0, 'P')).toBeUndefined()
})

describe('event faults', () => {
  let market: Market
  let receiver: Receiver
  let productId = ''
  beforeAll(async () => {
    market = await openMarket()
    receiver = await startReceiver()
    await market.control('/aws/event-destinations', { account_id: vendor, url: `${receiver.url}/events` })
    await fetch(envelopes(receiver)[0]?.SubscribeURL ?? '')
    productId = (await publish(market)).productId
  })
  afterAll(async () => {
    await market.server.stop()
    await receiver.stop()
  })
  const types = () => eventsIn(receiver).map((event) => event['detail-type'])
  const plan = (fault: string) =>
    market.control('/faults', { service: 'sns', operation: 'Notification', fault })

  test('deliver an event twice', async () => {
    await plan('duplicate_event')
    const before = types().length
    await change(market, market.vendor, [
      ['UpdateInformation', `prod:${productId}`, { ProductTitle: 'Twice' }],
    ])
    expect(types().slice(before)).toEqual(['Change Set Succeeded', 'Change Set Succeeded'])
  })

  test('deliver an event after the one that followed it', async () => {
    const offerId = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
    await plan('reorder_events')
    await accept(market, offerId)
    await market.by('PT5M')
    expect(types().slice(-2)).toEqual(['License Updated - Proposer', 'Purchase Agreement Created - Proposer'])
  })

  test('do not lose an event whose receiver stays away', async () => {
    await receiver.stop()
    await change(market, market.vendor, [
      ['UpdateInformation', `prod:${productId}`, { ProductTitle: 'Lost' }],
    ])
    await market.by('P2D')
    const events = await market.control<{ state: string; attempts: object[] }[]>(
      `/aws/events?account_id=${vendor}`,
    )
    expect(events.at(-1)?.state).toBe('failed')
    expect(events.at(-1)?.attempts.length).toBe(7)
  })
})
