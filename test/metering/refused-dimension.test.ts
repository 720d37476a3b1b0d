// AWS refuses a dimension, and took nothing: the usage waits for its listing and is sent when that is mended. Whatever
// the network does meanwhile, and however often the dimension goes and comes, nothing is lost or doubled.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatDecimal } from '../../src/core/decimal.ts'
import { seededRandom } from '../../src/core/random.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../src/core/time.ts'
import { askForReading, releaseUsage } from '../../src/listings/held.ts'
import { summary } from '../../src/metering/index.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { fakeCloud, type Trouble } from './fake-cloud.ts'
import { fakeListings, list } from './listed.ts'
import { connectorOf, door, event, handlers, sell, settle } from './support.ts'

let context: TestContext
let cloud: ReturnType<typeof fakeCloud>
let honest: boolean
beforeEach(async () => {
  context = await testContext({ start: '2026-01-05T09:30:00Z' })
  honest = true
  begin(seededRandom(1))
})
afterEach(() => context.close())

function begin(random: ReturnType<typeof seededRandom>) {
  cloud = fakeCloud(context.clock, random)
  context.connectors = {
    aws: connectorOf(
      cloud.metering,
      fakeListings(cloud.without, () => honest),
    ),
  }
}
const inTenant = <T>(work: (scope: Scope) => Promise<T>) =>
  context.store.inTenant(context.organisation_id, work)
const records = () => inTenant(({ tx }) => tx.usage_record.findMany({ orderBy: { hour: 'asc' } }))
const listing = (id: string) => inTenant(({ tx }) => tx.listing.findFirstOrThrow({ where: { id } }))
const told = (kind: string) => inTenant(({ tx }) => tx.exception_item.findMany({ where: { kind } }))
async function pass(hours: number) {
  for (let turn = 0; turn < hours * 4; turn += 1) {
    context.clock.move(HOUR_MS / 4)
    await settle(context)
  }
}
async function use(sold: Awaited<ReturnType<typeof sell>>, quantity: string) {
  const answer = await door(context).post(event(sold, context.clock.now(), quantity))
  expect(await answer.json()).toMatchObject({ status: 'accepted' })
}

test('the first refusal has the listing read at once; what is used later is not even tried', async () => {
  const sold = await sell(context, 'acme0001')
  const id = await list(context, sold)
  cloud.without.add('scans')
  await use(sold, '3')
  await pass(2)
  expect(await listing(id)).toMatchObject({
    held: ['scans'],
    differences: [{ stops: { dimension: 'scans', reason: 'missing' } }],
  })
  await use(sold, '4')
  await pass(3)
  expect(cloud.calls.filter(({ outcome }) => outcome === 'dimension')).toHaveLength(1)
  expect(await records()).toMatchObject([
    { state: 'pending', attempts: 1 },
    { state: 'pending', attempts: 0 },
  ])
  cloud.without.clear()
  await inTenant((scope) => askForReading(scope, id))
  await settle(context)
  expect((await records()).map(({ state }) => state)).toEqual(['accepted', 'accepted'])
  expect(await told('metering_refused')).toEqual([])
})

test('a refusal that the listing does not explain waits for a second reading or a person, and does not go round', async () => {
  const sold = await sell(context, 'acme0001')
  const id = await list(context, sold)
  honest = false
  cloud.without.add('scans')
  await use(sold, '3')
  await pass(4)
  const tries = () => cloud.calls.filter(({ outcome }) => outcome === 'dimension').length
  expect(tries()).toBe(1)
  expect(await listing(id)).toMatchObject({
    held: ['scans'],
    differences: [{ theirs: 'metered, refused', stops: { reason: 'refused' } }],
  })
  await inTenant((scope) => askForReading(scope, id))
  await settle(context)
  expect(tries()).toBe(2)
  await inTenant((scope) => releaseUsage(scope, id))
  await settle(context)
  expect(tries()).toBe(3)
  expect(await records()).toMatchObject([{ state: 'pending', attempts: 3 }])
  cloud.without.clear()
  await inTenant((scope) => releaseUsage(scope, id))
  await settle(context)
  expect(await records()).toMatchObject([{ state: 'accepted' }])
  expect(await listing(id)).toMatchObject({ held: [], released: [], differences: [] })
})

test('a record that an earlier attempt brought there waits too: it does not grow, and counts once when it is sent again', async () => {
  const sold = await sell(context, 'acme0001')
  const id = await list(context, sold)
  let answers = 0
  cloud.troubled(() => {
    answers += 1
    if (answers === 2) cloud.without.add('scans')
    return answers === 1 ? 'lost_after' : 'none'
  })
  const late = context.clock.now()
  await use(sold, '3')
  await pass(2)
  expect(cloud.calls.map(({ outcome }) => outcome)).toEqual(['lost_after', 'dimension'])
  expect(await records()).toMatchObject([{ state: 'pending', named_by: 'license' }])
  await door(context).post(event(sold, late, '2'))
  await pass(1)
  cloud.without.clear()
  await inTenant((scope) => askForReading(scope, id))
  await settle(context)
  expect(cloud.doubled).toEqual([])
  expect((await records()).map(({ state, quantity }) => [state, quantity.toFixed()])).toEqual([
    ['accepted', '3'],
    ['accepted', '2'],
  ])
  expect(formatDecimal(cloud.total('arn:license:acme0001', 'scans'))).toBe('5')
})

test('what is not listed from here has nothing to wait for: it is told as refused', async () => {
  const sold = await sell(context, 'acme0001')
  cloud.without.add('scans')
  await use(sold, '3')
  await pass(2)
  expect(await records()).toMatchObject([{ state: 'refused' }])
  expect(await told('metering_refused')).toMatchObject([{ state: 'open', amount: 150n }])
})

const troubles: Trouble[] = ['lost_before', 'lost_after', 'throttled', 'unavailable', 'partly', 'forgets']
const seeds = Array.from({ length: Number(process.env.METERING_SEEDS ?? 3) }, (_, index) => index + 1)

test.each(seeds)('the dimension goes and comes: nothing is lost or doubled (seed %i)', async (seed) => {
  const random = seededRandom(seed)
  begin(random)
  const below = (most: number) => (random.bytes(1)[0] ?? 0) % most
  cloud.troubled(() => (below(4) === 0 ? (troubles[below(troubles.length)] ?? 'none') : 'none'))
  const first = await sell(context, 'drift001', { dimensions: [{ key: 'scans' }, { key: 'alerts' }] })
  const second = await sell(context, 'drift002', { connection_id: first.connection_id })
  const ids = [await list(context, first), await list(context, second)]
  const work = handlers(context)
  const used = new Map<string, bigint>()
  const post = async (sold: typeof first, type: string) => {
    const quantity = BigInt(below(5))
    const time = plus(context.clock.now(), -below(90) * MINUTE_MS)
    const answer = await door(context).post(event(sold, time, String(quantity), { type }))
    expect(await answer.json()).toMatchObject({ status: 'accepted' })
    const key = `${sold.agreement_id} ${type}`
    used.set(key, (used.get(key) ?? 0n) + quantity)
  }
  for (let turn = 0; turn < 40; turn += 1) {
    await post(first, 'scans')
    await post(first, 'alerts')
    await post(second, 'scans')
    // It stays away for six hours at most, so that no deadline passes.
    if (turn % 10 === 2) cloud.without.add('scans')
    if (turn % 10 === 6) {
      cloud.without.delete('scans')
      for (const id of ids) await inTenant((scope) => askForReading(scope, id))
    }
    honest = below(3) > 0
    await settle(context, work)
    context.clock.move((10 + below(50)) * MINUTE_MS)
  }
  cloud.troubled(() => 'none')
  honest = true
  for (let turn = 0; turn < 16; turn += 1) {
    if (turn % 4 === 0) for (const id of ids) await inTenant((scope) => askForReading(scope, id))
    context.clock.move(HOUR_MS / 2)
    await settle(context, work)
  }
  expect(cloud.doubled).toEqual([])
  expect(cloud.calls.some(({ outcome }) => outcome === 'dimension')).toBe(true)
  const meters = await inTenant((scope) => summary(scope))
  expect(meters).toHaveLength(3)
  for (const meter of meters) {
    expect(meter).toMatchObject({ balanced: true })
    const total = used.get(`${meter.agreement_id} ${meter.dimension}`)
    expect(formatDecimal(meter.accepted)).toBe(String(total))
    const license = `arn:license:${meter.agreement_id.slice('agr_'.length)}`
    expect(formatDecimal(cloud.total(license, meter.dimension))).toBe(String(total))
  }
  for (const record of await records()) {
    expect(['accepted', 'superseded']).toContain(record.state)
  }
})
