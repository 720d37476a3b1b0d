// Tagged usage from the event to the record: what is taken, how hours divide by each rule, and what is sent again.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import type { Aggregation } from '../../src/products/model.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { fakeCloud } from './fake-cloud.ts'
import { readSets } from './sets.ts'
import { connectorOf, door, event, type Sold, sell, settle } from './support.ts'

let context: TestContext
let cloud: ReturnType<typeof fakeCloud>
beforeEach(async () => {
  context = await testContext({ start: '2026-01-05T09:30:00Z' })
  cloud = fakeCloud(context.clock, seededRandom(1))
  context.connectors = { aws: connectorOf(cloud.metering) }
})
afterEach(() => context.close())

const AT = '2026-01-05T09:10:00Z'
const LATER = '2026-01-05T09:20:00Z'

async function use(sold: Sold, time: string, quantity: string, tags?: object, more: object = {}) {
  const data = { quantity, ...(tags === undefined ? {} : { tags }), ...more }
  const answer = await door(context).post(event(sold, time, quantity, { data }))
  return { status: answer.status, body: await answer.json() }
}

const counted = (aggregation: Aggregation, multiplier = '1') => ({
  dimensions: [{ key: 'scans', aggregation, multiplier }],
})

async function pass(hours: number): Promise<void> {
  context.clock.move(hours * HOUR_MS)
  await settle(context)
}

async function split(): Promise<unknown> {
  const { items } = await door(context).get('/v1/usage/records?state=accepted&sort=created_at')
  return items.map(({ quantity, allocations }) => ({ quantity, allocations }))
}
const part = (quantity: string, tags: Record<string, string> = {}) => ({ tags, quantity })

describe('tags of an event .happy', () => {
  test('are the same in whatever order, and split the record that is sent', async () => {
    const sold = await sell(context, 'acme0001')
    await use(sold, AT, '2.5', { team: 'a', zone: 'eu/1' })
    await use(sold, AT, '1.5', { zone: 'eu/1', team: 'a' })
    await use(sold, LATER, '3', { team: 'b' })
    await use(sold, LATER, '1.25')
    await pass(1)
    const hours = await door(context).get('/v1/usage/hours')
    expect(hours.items).toMatchObject([
      {
        used: '8.25',
        by_tags: [
          { tags: { team: 'a', zone: 'eu/1' }, used: '4' },
          { tags: { team: 'b' }, used: '3' },
          { tags: {}, used: '1.25' },
        ],
      },
    ])
    const allocations = [part('4', { team: 'a', zone: 'eu/1' }), part('3', { team: 'b' }), part('1')]
    expect(await split()).toEqual([{ quantity: '8', allocations }])
    const [kept] = [...cloud.kept.values()]
    expect(kept?.allocations.map(({ tags }) => tags)).toEqual(allocations.map(({ tags }) => tags))
  })

  test('an empty list is none, and usage without tags knows nothing of them', async () => {
    const sold = await sell(context, 'acme0001')
    await use(sold, AT, '2', {})
    await pass(1)
    expect(await split()).toEqual([{ quantity: '2', allocations: null }])
    expect((await door(context).get('/v1/usage/hours')).items).toMatchObject([{ by_tags: null }])
    const rows = await context.store.inTenant(context.organisation_id, async ({ tx }) => [
      await tx.usage_share.count(),
      await tx.usage_bucket.count(),
    ])
    expect(rows).toEqual([0, 0])
  })
})

describe('tags of an event .refusal', () => {
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, '1']))
  const refusals: [string, unknown, string, RegExp][] = [
    ['a list', ['team'], 'data.tags', /object of text/],
    ['nothing', null, 'data.tags', /object of text/],
    ['six tags', many, 'data.tags', /more than 5 tags/],
    ['an empty key', { '': 'a' }, 'data.tags', /1 to 100 characters/],
    ['a long key', { ['k'.repeat(101)]: 'a' }, 'data.tags', /1 to 100 characters/],
    ['signs in a key', { 'team;': 'a' }, 'data.tags', /not allowed/],
    ['a number', { team: 7 }, 'data.tags.team', /not text/],
    ['an empty value', { team: '' }, 'data.tags.team', /Leave a tag without a value out/],
    ['a long value', { team: 'v'.repeat(257) }, 'data.tags.team', /1 to 256 characters/],
    ['signs in a value', { team: 'ä' }, 'data.tags.team', /letters, digits, spaces/],
  ]
  test.each(refusals)('%s', async (_, tags, field, words) => {
    const sold = await sell(context, 'acme0001')
    const given = { ...event(sold, AT, '1'), data: { quantity: '1', tags } }
    const answer = await door(context).post(given)
    const body = await answer.json()
    expect([answer.status, body]).toMatchObject([422, { errors: [{ field }] }])
    expect(body.detail).toMatch(words)
  })

  test('the name that readers of JSON leave out is none', async () => {
    const sold = await sell(context, 'acme0001')
    const text = JSON.stringify({ ...event(sold, AT, '1'), data: { quantity: '1', tags: { TEAM: 'a' } } })
    const answer = await door(context).post(text.replace('TEAM', '__proto__'))
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ field: 'data.tags' }] }])
  })

  test('other tags under the same id are a conflict', async () => {
    const sold = await sell(context, 'acme0001')
    const given = { ...event(sold, AT, '1'), data: { quantity: '1', tags: { team: 'a' } } }
    expect((await door(context).post(given)).status).toBe(200)
    expect(await (await door(context).post(given)).json()).toMatchObject({ status: 'replayed' })
    const other = { ...given, data: { quantity: '1', tags: { team: 'b' } } }
    const answer = await door(context).post(other)
    expect([answer.status, await answer.json()]).toMatchObject([409, { errors: [{ field: 'data.tags' }] }])
  })
})

describe('an hour divides by the rule of its dimension', () => {
  test('a sum in proportion, exactly, whatever it is multiplied by', async () => {
    const sold = await sell(context, 'acme0001', counted('sum', '0.333333333333'))
    for (const name of ['a', 'b', 'c']) await use(sold, AT, '1', { team: name })
    await pass(1)
    const { items } = await door(context).get('/v1/usage/hours')
    expect(items).toMatchObject([
      {
        used: '0.999999999999',
        by_tags: ['a', 'b', 'c'].map((team) => ({ tags: { team }, used: '0.333333333333' })),
      },
    ])
  })

  test('a count by the number of events', async () => {
    const sold = await sell(context, 'acme0001', counted('count', '2'))
    for (const team of ['a', 'a', 'b']) await use(sold, AT, '9', { team })
    await use(sold, AT, '9')
    await pass(1)
    const allocations = [part('4', { team: 'a' }), part('2', { team: 'b' }), part('2')]
    expect(await split()).toEqual([{ quantity: '8', allocations }])
  })

  test('the highest reading belongs to the tags that reached it', async () => {
    const sold = await sell(context, 'acme0001', counted('max'))
    await use(sold, AT, '5', { team: 'a' })
    await use(sold, LATER, '7', { team: 'b' })
    await use(sold, LATER, '6')
    await pass(1)
    expect(await split()).toEqual([{ quantity: '7', allocations: [part('7', { team: 'b' })] }])
  })

  test('the last reading belongs to the tags it came with', async () => {
    const sold = await sell(context, 'acme0001', counted('last'))
    await use(sold, LATER, '3', { team: 'b' })
    await use(sold, AT, '9', { team: 'a' })
    await pass(1)
    expect(await split()).toEqual([{ quantity: '3', allocations: [part('3', { team: 'b' })] }])
  })

  test('a different value belongs to the tags it was first seen with', async () => {
    const sold = await sell(context, 'acme0001', counted('unique'))
    const seen = (time: string, unique: string, team?: string) =>
      use(sold, time, '1', team === undefined ? undefined : { team }, { attributes: { unique } })
    await seen(LATER, 'ann', 'b')
    await seen(AT, 'ann', 'a')
    await seen(AT, 'bob', 'a')
    await seen(LATER, 'cid', 'b')
    await seen(LATER, 'dan')
    await pass(1)
    const allocations = [part('2', { team: 'a' }), part('1', { team: 'b' }), part('1')]
    expect(await split()).toEqual([{ quantity: '4', allocations }])
  })

  test('a late reading that takes the hour over is made up for by what follows', async () => {
    const sold = await sell(context, 'acme0001', counted('max'))
    await use(sold, AT, '5', { team: 'a' })
    await pass(1)
    await use(sold, LATER, '6', { team: 'b' })
    await use(sold, '2026-01-05T10:20:00Z', '9', { team: 'a' })
    await pass(2)
    // The hour's six are b's; five were told as a's, so that a is told five less of its nine.
    expect(await split()).toEqual([
      { quantity: '5', allocations: [part('5', { team: 'a' })] },
      { quantity: '10', allocations: [part('4', { team: 'a' }), part('6', { team: 'b' })] },
    ])
    const sets = await context.store.inTenant(context.organisation_id, readSets)
    for (const { carry } of sets.get(sold.agreement_id) ?? []) expect(carry.coefficient).toBe(0n)
  })
})

test('pieces in which the events come make no difference', async () => {
  const whole = await sell(context, 'acme0001')
  const pieces = await sell(context, 'acme0002')
  const given = [
    ['0.7', 'a'],
    ['0.8', 'b'],
    ['0.9', 'a'],
    ['1.1', 'c'],
  ] as const
  for (const [quantity, team] of given) await use(whole, AT, quantity, { team })
  for (const [quantity, team] of given) {
    await use(pieces, AT, quantity, { team })
    await settle(context)
  }
  await pass(1)
  const of = async ({ agreement_id }: Sold) =>
    (await door(context).get(`/v1/usage/records?agreement_id=${agreement_id}`)).items.map(
      ({ quantity, allocations }) => ({ quantity, allocations }),
    )
  expect(await of(pieces)).toEqual(await of(whole))
  expect(await of(whole)).toHaveLength(1)
})

test('a record is sent again with the very split it was written down with', async () => {
  const sold = await sell(context, 'acme0001')
  let lost = 2
  cloud.troubled(() => (lost-- > 0 ? 'lost_after' : 'none'))
  await use(sold, AT, '3.5', { team: 'a' })
  await use(sold, AT, '2.75', { team: 'b' })
  await pass(1)
  // What comes meanwhile must not change what is on its way.
  await use(sold, LATER, '8', { team: 'b' })
  await pass(2)
  await pass(1)
  expect(cloud.doubled).toEqual([])
  expect(cloud.calls.length).toBeGreaterThan(2)
  expect(await split()).toEqual([
    { quantity: '6', allocations: [part('3', { team: 'a' }), part('3', { team: 'b' })] },
    { quantity: '8', allocations: [part('8', { team: 'b' })] },
  ])
})

test('a refused record loses what its sets were told, and nothing else', async () => {
  const sold = await sell(context, 'acme0001')
  context.connectors = {
    aws: connectorOf({
      ...cloud.metering,
      report: async (_, records) => ({
        answers: records.map(({ id }) => ({ id, status: 'refused', code: 'No', message: 'Not today.' })),
        evidence: {},
      }),
    }),
  }
  await use(sold, AT, '3.25', { team: 'a' })
  await use(sold, AT, '2.5')
  await pass(1)
  const sets = await context.store.inTenant(context.organisation_id, readSets)
  const shown = (sets.get(sold.agreement_id) ?? []).map(({ tags, told, carry }) => ({
    tags,
    told,
    carry,
  }))
  expect(shown).toMatchObject([
    { tags: '{"team":"a"}', told: { coefficient: 3n }, carry: { coefficient: 25n, scale: 2 } },
    { tags: '', told: { coefficient: 2n }, carry: { coefficient: 5n, scale: 1 } },
  ])
})
