import { describe, expect, test } from 'vitest'
import { meteringRules } from '../../../connectors/azure/metering.ts'
import type { MeterRecord } from '../../../connectors/connector.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { connectionOf, connectorWith, json } from './support.ts'

function record(id: string, more: Partial<MeterRecord> = {}): MeterRecord {
  return {
    id,
    product_id: 'ledger-cloud',
    product_code: null,
    license: null,
    agreement_id: 'sub-1',
    plan: 'silver',
    buyer_account_id: 'tenant',
    dimension: 'entries',
    hour: new Date('2026-09-01T07:00:00Z'),
    quantity: decimal('20.5'),
    ...more,
  }
}

type Event = {
  resourceId: string
  dimension: string
  effectiveStartTime: string
  quantity: number
  planId: string
}

async function report(
  records: MeterRecord[],
  answer: (events: Event[]) => unknown = (events) => events.map((event) => accepted(event)),
) {
  const sent: Event[][] = []
  const { connector } = connectorWith(async (request) => {
    const { request: events } = JSON.parse(await request.text()) as { request: Event[] }
    sent.push(events)
    return json({ result: answer(events), count: events.length })
  })
  const found = await connector.metering?.report(connectionOf(), records)
  return { answers: found?.answers ?? [], sent }
}

const accepted = (event: Event) => ({ ...event, usageEventId: 'event-1', status: 'Accepted' })
/** As the service answered it when it was recorded: no id of its own, the stored event inside the error. */
const duplicate = (event: Event, quantity: unknown) => ({
  ...event,
  status: 'Duplicate',
  error: {
    additionalInfo: { acceptedMessage: { ...event, usageEventId: 'event-0', status: 'Duplicate', quantity } },
    message: 'This usage event already exist.',
    code: 'Conflict',
  },
})

describe('what is sent', () => {
  test('names the subscription, its plan and the hour', async () => {
    const { sent, answers } = await report([record('a')])
    expect(sent).toEqual([
      [
        {
          resourceId: 'sub-1',
          planId: 'silver',
          dimension: 'entries',
          effectiveStartTime: '2026-09-01T07:00:00.000Z',
          quantity: 20.5,
        },
      ],
    ])
    expect(answers).toEqual([{ id: 'a', status: 'accepted', cloud_record_id: 'event-1', duplicate: false }])
  })

  test.each([
    ['zero', { quantity: decimal('0') }, 'QuantityNotPositive'],
    ['less than zero', { quantity: decimal('-1') }, 'QuantityNotPositive'],
    ['a quantity no number holds', { quantity: decimal('0.12345678901234567') }, 'QuantityTooExact'],
    ['an unknown plan', { plan: null }, 'NoPlan'],
  ])('%s is kept out, and the rest is sent', async (_, change, code) => {
    const { sent, answers } = await report([record('bad', change), record('good')])
    expect(sent[0]).toHaveLength(1)
    expect(answers).toMatchObject([
      { id: 'bad', status: 'refused', code },
      { id: 'good', status: 'accepted' },
    ])
  })

  test('nothing is sent when nothing is left', async () => {
    const { sent, answers } = await report([record('bad', { quantity: decimal('0') })])
    expect(sent).toEqual([])
    expect(answers).toHaveLength(1)
  })
})

describe('what comes back', () => {
  test.each([
    ['the same quantity', 20.5, { status: 'accepted', duplicate: true, cloud_record_id: 'event-0' }],
    ['the same quantity as text', '20.50', { status: 'accepted', duplicate: true }],
    ['another quantity', 20, { status: 'refused', code: 'Duplicate' }],
    ['no quantity', undefined, { status: 'refused', code: 'Duplicate' }],
  ])('a duplicate with %s', async (_, quantity, answer) => {
    const { answers } = await report([record('a')], (events) =>
      events.map((event) => duplicate(event, quantity)),
    )
    expect(answers).toMatchObject([answer])
  })

  test('a refused duplicate says what Azure holds', async () => {
    const { answers } = await report([record('a')], (events) => events.map((event) => duplicate(event, 7.25)))
    expect(JSON.stringify(answers)).toContain('already has 7.25')
  })

  test.each([
    'Expired',
    'ResourceNotFound',
    'ResourceNotAuthorized',
    'ResourceNotActive',
    'InvalidDimension',
    'InvalidQuantity',
    'BadArgument',
    'StatusOfTomorrow',
  ])('%s is refused with words', async (status) => {
    const { answers } = await report([record('a')], (events) =>
      events.map((event) => ({ ...event, status, error: { code: status, message: 'Own words' } })),
    )
    expect(answers).toMatchObject([
      { status: 'refused', code: status, message: expect.stringContaining('Own words') },
    ])
  })

  test('only a refused dimension is about the dimension, and waits for the plan to be mended', async () => {
    const about = async (status: string) => {
      const { answers } = await report([record('a')], (events) =>
        events.map((event) => ({ ...event, status })),
      )
      return answers.map((answer) => ('about' in answer ? answer.about : undefined))
    }
    expect(await about('InvalidDimension')).toEqual(['dimension'])
    expect(await about('InvalidQuantity')).toEqual([undefined])
  })

  test('an error of the service may be sent again; silence is no answer', async () => {
    const failed = await report([record('a')], (events) =>
      events.map((event) => ({ ...event, status: 'Error' })),
    )
    expect(failed.answers).toEqual([{ id: 'a', status: 'unprocessed' }])
    expect((await report([record('a')], () => [])).answers).toEqual([])
  })

  test('in another order, with long instants, is matched by what it names', async () => {
    const records = [record('a'), record('b', { dimension: 'calls' }), record('c', { agreement_id: 'SUB-2' })]
    const { answers } = await report(records, (events) =>
      events
        .map((event, index) => ({
          ...accepted(event),
          resourceId: event.resourceId.toLowerCase(),
          usageEventId: `event-${index}`,
          effectiveStartTime: '2026-09-01T07:00:00.0000000Z',
        }))
        .toReversed(),
    )
    expect(answers.map((answer) => answer.status === 'accepted' && answer.cloud_record_id)).toEqual([
      'event-0',
      'event-1',
      'event-2',
    ])
  })

  test('without names belongs to the event in its place', async () => {
    const { answers } = await report([record('a'), record('b', { dimension: 'x' })], (events) => [
      accepted(events[0] ?? ({} as Event)),
      { status: 'BadArgument', error: { code: 'BadArgument', message: 'dimension' } },
    ])
    expect(answers).toMatchObject([{ status: 'accepted' }, { status: 'refused', code: 'BadArgument' }])
  })
})

test('the rules are those of Azure', () => {
  expect(meteringRules).toMatchObject({
    grain: 'one_per_hour',
    batch_max: 25,
    window_ms: 24 * 3_600_000,
    quantity: 'fractional',
    zero_allowed: false,
    draws_included: 'seller',
    named_by: 'agreement',
    unknown_outcome: 'send_identical',
  })
})
