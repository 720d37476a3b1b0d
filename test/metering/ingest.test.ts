import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestContext, testContext } from '../support/context.ts'
import { awsRules } from './rules.ts'
import { connectorOf, door, event, type Sold, sell } from './support.ts'

let context: TestContext
let sold: Sold
beforeAll(async () => {
  const connectors = {
    aws: connectorOf({ rules: awsRules, report: async () => ({ answers: [], evidence: {} }) }),
  }
  context = await testContext({ start: '2026-01-05T09:30:00Z', connectors })
  sold = await sell(context, 'acme0001', {
    ends_at: '2026-12-31T00:00:00Z',
    dimensions: [
      { key: 'scans' },
      { key: 'users', aggregation: 'unique' },
      { key: 'seats', kind: 'entitled' },
    ],
  })
})
afterAll(() => context.close())

const TIME = '2026-01-05T09:10:00Z'

describe('one event .happy', () => {
  test('is accepted, and sent again it is a replay', async () => {
    const given = event(sold, TIME, '1.25', { data: { quantity: '1.25', attributes: { region: 'eu' } } })
    const first = await door(context).post(given)
    expect([first.status, await first.json()]).toMatchObject([200, { id: given.id, status: 'accepted' }])
    const other = { ...given, data: { attributes: { region: 'eu' }, quantity: '1.2500' } }
    expect(await (await door(context).post(other)).json()).toMatchObject({ status: 'replayed' })
  })

  test('a whole JSON number is taken', async () => {
    expect(await (await door(context).post(event(sold, TIME, 7))).json()).toMatchObject({
      status: 'accepted',
    })
  })

  test('a dimension that counts different values needs no quantity', async () => {
    const given = event(sold, TIME, undefined, { type: 'users', data: { attributes: { unique: 'u1' } } })
    expect((await door(context).post(given)).status).toBe(200)
    expect(await (await door(context).post(given)).json()).toMatchObject({ status: 'replayed' })
  })
})

describe('one event .refusal', () => {
  const refusals: [string, Record<string, unknown>, string, RegExp][] = [
    ['negative', { data: { quantity: '-1' } }, 'data.quantity', /negative/],
    ['exponent', { data: { quantity: '1e3' } }, 'data.quantity', /plain decimal/],
    ['JSON fraction', { data: { quantity: 1.5 } }, 'data.quantity', /send it as text/i],
    ['too large for JSON', { data: { quantity: Number.MAX_SAFE_INTEGER + 1 } }, 'data.quantity', /as text/],
    ['too many decimals', { data: { quantity: '0.1234567890123' } }, 'data.quantity', /12 decimals/],
    ['no quantity', { data: {} }, 'data.quantity', /missing/],
    ['unknown dimension', { type: 'clicks' }, 'type', /Known dimensions: scans, users/],
    ['entitled dimension', { type: 'seats' }, 'type', /not a metered dimension/],
    ['unknown agreement', { subject: 'agr_nobody' }, 'subject', /no agreement agr_nobody/],
    ['future', { time: '2026-01-05T09:35:01Z' }, 'time', /future/],
    ['before the agreement', { time: '2025-12-31T23:59:59Z' }, 'time', /outside the agreement/],
    ['year nought', { time: '0000-01-01T00:00:00Z' }, 'time', /400 days/],
    ['no zone', { time: '2026-01-05T09:00:00' }, 'time', /zone/],
    ['zero byte', { source: 'a\u0000b' }, 'source', /plain text/],
    ['half a surrogate', { id: 'a\ud800' }, 'id', /plain text/],
    ['nothing to count', { type: 'users', data: {} }, 'data.attributes.unique', /different values/],
    ['unknown member of data', { data: { quantity: '1', amount: '2' } }, 'data', /amount/],
  ]
  test.each(refusals)('%s', async (_, change, field, words) => {
    const answer = await door(context).post({ ...event(sold, TIME, '1'), ...change })
    const body = (await answer.json()) as { detail: string; errors: { field: string }[] }
    expect(answer.status).toBe(422)
    expect(body.errors[0]?.field).toBe(field)
    expect(JSON.stringify(body)).toMatch(words)
  })

  test('another body under the same id is a conflict that names the field', async () => {
    const given = event(sold, TIME, '1')
    await door(context).post(given)
    const changes: [Record<string, unknown>, string][] = [
      [{ data: { quantity: '2' } }, 'data.quantity'],
      [{ time: '2026-01-05T09:10:01Z' }, 'time'],
      [{ type: 'users', data: { quantity: '1', attributes: { unique: 'x' } } }, 'type'],
      [{ data: { quantity: '1', attributes: { a: 1 } } }, 'data.attributes'],
    ]
    for (const [change, field] of changes) {
      const answer = await door(context).post({ ...given, ...change })
      expect(answer.status).toBe(409)
      expect(await answer.json()).toMatchObject({ errors: [{ field }] })
    }
  })

  test('a body that is no JSON, no object, or another type', async () => {
    expect((await door(context).post('{')).status).toBe(400)
    expect((await door(context).post('null')).status).toBe(422)
    expect((await door(context).post('[]')).status).toBe(422)
    expect((await door(context).post('a', 'text/plain')).status).toBe(415)
    expect((await door(context).post({ events: [] })).status).toBe(422)
    expect((await door(context).post({ events: Array.from({ length: 1001 }, () => 1) })).status).toBe(422)
    expect((await door(context).post({ events: 'x' })).status).toBe(422)
  })

  test('an event of another tenant is an unknown agreement', async () => {
    const answer = await door(context, 'org_other').post(event(sold, TIME, '1'))
    expect(answer.status).toBe(422)
  })
})

describe('a batch', () => {
  test('.happy every event has its own answer', async () => {
    const one = event(sold, TIME, '1')
    const events = [one, one, { ...one, data: { quantity: '2' } }, event(sold, TIME, 'x'), 17]
    const answer = await door(context).post({ events })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      accepted: 1,
      replayed: 1,
      conflicts: 1,
      refused: 2,
      events: [
        { id: one.id, source: one.source, status: 'accepted' },
        { status: 'replayed' },
        { status: 'conflict', problem: { status: 409, errors: [{ field: 'data.quantity' }] } },
        { status: 'refused', problem: { status: 422 } },
        { id: null, source: null, status: 'refused' },
      ],
    })
    expect(await (await door(context).post({ events })).json()).toMatchObject({ accepted: 0, replayed: 2 })
  })

  test('.happy NDJSON, one event per line', async () => {
    const lines = [event(sold, TIME, '1'), event(sold, TIME, '2')].map((one) => JSON.stringify(one))
    const answer = await door(context).post(`${lines.join('\n')}\n`, 'application/x-ndjson; charset=utf-8')
    expect(await answer.json()).toMatchObject({ accepted: 2 })
  })

  test('.refusal a line that is no JSON is named', async () => {
    const answer = await door(context).post(
      `${JSON.stringify(event(sold, TIME, '1'))}\n{`,
      'application/x-ndjson',
    )
    expect([answer.status, await answer.json()]).toMatchObject([400, { detail: 'Line 2 is not JSON.' }])
  })

  test('.happy a replay stays one after the agreement ended before it', async () => {
    const other = await sell(context, 'gone0001')
    const given = event(other, TIME, '1')
    await door(context).post(given)
    await context.store.inTenant(context.organisation_id, ({ tx, organisation_id }) =>
      tx.agreement.update({
        where: { organisation_id_id: { organisation_id, id: other.agreement_id } },
        data: { ended_at: new Date('2026-01-02T00:00:00Z') },
      }),
    )
    expect(await (await door(context).post(given)).json()).toMatchObject({ status: 'replayed' })
    expect((await door(context).post(event(other, TIME, '1'))).status).toBe(422)
  })
})
