import '@hono/zod-openapi'
import { expect, test } from 'vitest'
import {
  add,
  compare,
  decimal,
  formatDecimal,
  parseDecimal,
  subtract,
  sum,
  zero,
} from '../../src/core/decimal.ts'
import { type Random, seededRandom } from '../../src/core/random.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../src/core/time.ts'
import { summary } from '../../src/metering/index.ts'
import { tagsText } from '../../src/metering/tags.ts'
import { schedule } from '../../src/work/index.ts'
import { testContext } from '../support/context.ts'
import { fakeCloud, type Trouble } from './fake-cloud.ts'
import { readSets, type SetSums } from './sets.ts'
import { connectorOf, door, endAgreement, event, handlers, type Sold, sell, settle } from './support.ts'

/** Usage in thousandths, kept by somebody who knows nothing of hours that close, batches or answers. */
function bookkeeper() {
  const used = new Map<string, Map<string, bigint>>()
  const tagged = new Map<string, Map<string, bigint>>()
  return {
    tagged,
    noteTags(license: string, tags: string, thousandths: bigint) {
      const sets = tagged.get(license) ?? new Map<string, bigint>()
      tagged.set(license, sets)
      sets.set(tags, (sets.get(tags) ?? 0n) + thousandths)
    },
    note(license: string, hour: string, thousandths: bigint) {
      const hours = used.get(license) ?? new Map<string, bigint>()
      used.set(license, hours)
      hours.set(hour, (hours.get(hour) ?? 0n) + thousandths)
    },
    total: (license: string) =>
      [...(used.get(license)?.values() ?? [])].reduce((left, right) => left + right, 0n),
    /** What a cloud must be told of each hour when nothing comes late: whole units, the rest into the next used hour. */
    expected(license: string): (readonly [string, string])[] {
      let carry = 0n
      return [...(used.get(license) ?? [])].toSorted().flatMap(([hour, amount]) => {
        carry += amount
        const whole = carry / 1000n
        carry -= whole * 1000n
        return whole === 0n ? [] : [[hour, String(whole)] as const]
      })
    },
  }
}

function dice(random: Random) {
  const below = (most: number) => {
    const [left = 0, right = 0] = random.bytes(2)
    return (left * 256 + right) % most
  }
  return { below, chance: (of: number) => below(of) === 0 }
}

const troubles: Trouble[] = [
  'lost_before',
  'lost_after',
  'throttled',
  'unavailable',
  'partly',
  'forgets',
  'forbidden',
]

/** Some usage has no tags, and the same tags may be written in another order. */
const teams = [
  undefined,
  { team: 'a' },
  { team: 'b' },
  { team: 'b', zone: 'eu' },
  { zone: 'eu', team: 'b' },
] as const

const licenseOf = (sold: Sold) => `arn:license:${sold.agreement_id.slice('agr_'.length)}`

/** `pauses`: now and then nothing runs for more than a day, so that whole hours are missed for good. */
async function simulate(seed: number, steps: number, pauses: boolean) {
  const random = seededRandom(seed)
  const { below, chance } = dice(random)
  const tagging = dice(seededRandom(seed + 1_000_000))
  const context = await testContext({ start: '2026-01-30T18:00:00Z', seed })
  const cloud = fakeCloud(context.clock, random)
  context.connectors = { aws: connectorOf(cloud.metering) }
  cloud.troubled(() => (chance(3) ? (troubles[below(troubles.length)] ?? 'none') : 'none'))
  const first = await sell(context, 'calm0001')
  const late = await sell(context, 'late0001', { connection_id: first.connection_id })
  const ending = await sell(context, 'ends0001', { connection_id: first.connection_id })
  const books = bookkeeper()
  const work = handlers(context)
  let ended_at: Date | undefined

  async function post(sold: Sold, time: Date) {
    const thousandths = BigInt(below(4000))
    const quantity = `${thousandths / 1000n}.${String(thousandths % 1000n).padStart(3, '0')}`
    const tags = teams[tagging.below(teams.length)]
    const data = tags === undefined ? { quantity } : { quantity, tags }
    const given = event(sold, time, quantity, { data })
    books.noteTags(licenseOf(sold), tagsText(tags ?? {}), thousandths)
    const answers = chance(4) ? { events: [given, given] } : given
    const answer = await door(context).post(answers)
    expect(answer.status).toBe(200)
    if (chance(3)) expect((await door(context).post(given)).status).toBe(200)
    books.note(licenseOf(sold), time.toISOString().slice(0, 13), thousandths)
  }

  async function balanced() {
    const meters = await context.store.inTenant(context.organisation_id, (scope) => summary(scope))
    for (const meter of meters) expect(meter).toMatchObject({ balanced: true })
    return meters
  }

  for (let turn = 0; turn < steps; turn += 1) {
    const now = context.clock.now()
    await post(first, plus(now, -below(2) * MINUTE_MS))
    await post(late, plus(now, -below(20 * 60) * MINUTE_MS))
    if (ended_at === undefined) await post(ending, now)
    else if (chance(4) && now < plus(ended_at, HOUR_MS)) await post(ending, plus(ended_at, -MINUTE_MS))
    if (turn === Math.floor(steps / 2)) {
      ended_at = plus(now, 1)
      cloud.ended.set(licenseOf(ending), ended_at)
      await endAgreement(context, ending, ended_at)
      await context.store.inTenant(context.organisation_id, (scope) =>
        schedule(scope, { kind: 'metering.close', key: ending.agreement_id }),
      )
    }
    if (pauses && chance(6)) context.clock.move(26 * HOUR_MS)
    await settle(context, work)
    await balanced()
    context.clock.move((1 + below(25)) * MINUTE_MS)
  }
  cloud.troubled(() => 'none')
  for (let turn = 0; turn < 36; turn += 1) {
    context.clock.move(HOUR_MS / 2)
    await settle(context, work)
  }
  const meters = await balanced()
  const records = await context.store.inTenant(context.organisation_id, ({ tx, organisation_id }) =>
    tx.usage_record.findMany({ where: { organisation_id } }),
  )
  const sets = await context.store.inTenant(context.organisation_id, readSets)
  const told = await context.store.inTenant(context.organisation_id, ({ tx, organisation_id }) =>
    tx.exception_item.findMany({ where: { organisation_id, kind: 'metering_expired' } }),
  )
  await context.close()
  const exceptions = new Set(told.map(({ subject_id }) => subject_id))
  return { cloud, books, meters, records, exceptions, pauses, sets, sold: { first, late, ending } }
}

type Run = Awaited<ReturnType<typeof simulate>>

function judge({ cloud, books, meters, records, exceptions, pauses, sets, sold }: Run) {
  expect(cloud.doubled).toEqual([])
  for (const call of cloud.calls) expect([call.products, call.records <= 25]).toEqual([1, true])
  for (const record of records) expect(['accepted', 'superseded', 'expired']).toContain(record.state)
  for (const one of Object.values(sold)) {
    const meter = meters.find(({ agreement_id }) => agreement_id === one.agreement_id)
    if (meter === undefined) throw new Error('A meter is missing')
    const used = { coefficient: books.total(licenseOf(one)), scale: 3 }
    expect(compare(meter.used, used)).toBe(0)
    judgeTags(sets.get(one.agreement_id) ?? [], books.tagged.get(licenseOf(one)) ?? new Map())
    // What the cloud keeps but we could never learn of is lost with the doubt named, and never reported again.
    const doubtful = records.filter(
      ({ state, agreement_id, reason }) =>
        state === 'expired' && agreement_id === one.agreement_id && reason?.includes('may have arrived'),
    )
    const kept = cloud.total(licenseOf(one), 'scans')
    const unlearnt = sum(
      doubtful
        .filter(({ hour }) => cloud.kept.has(`${licenseOf(one)} scans ${hour.toISOString()}`))
        .map(({ quantity }) => parseDecimal(quantity.toFixed()) ?? used),
    )
    expect(formatDecimal(subtract(kept, unlearnt))).toBe(formatDecimal(meter.accepted))
    if (one === sold.ending) {
      expect(formatDecimal(meter.carried)).toBe('0')
    } else {
      // While the agreement lives, only what expired is lost, each with an exception; less than one unit is carried.
      const expired = records.filter(
        (record) => record.state === 'expired' && record.agreement_id === one.agreement_id,
      )
      if (!pauses) expect(expired).toEqual([])
      for (const { id } of expired) expect(exceptions.has(id)).toBe(true)
      const lost = sum(expired.map(({ quantity }) => parseDecimal(quantity.toFixed()) ?? used))
      expect(formatDecimal(meter.lost)).toBe(formatDecimal(lost))
      expect(compare(meter.carried, decimal(1))).toBe(-1)
    }
  }
  if (pauses) return
  const hours = cloud
    .hours(licenseOf(sold.first), 'scans')
    .map(([hour, value]) => [hour, formatDecimal(value)])
  expect(hours).toEqual(books.expected(licenseOf(sold.first)).map((pair) => [...pair]))
}

/** Each set of tags by itself: what came in is what went somewhere, and nothing is told before it was used. */
function judgeTags(sets: readonly SetSums[], used: ReadonlyMap<string, bigint>) {
  const posted = [...used].map(([tags, coefficient]) => [
    tags,
    formatDecimal(add({ coefficient, scale: 3 }, zero)),
  ])
  expect(sets.map(({ tags, used }) => [tags, formatDecimal(used)]).toSorted()).toEqual(posted.toSorted())
  for (const { used, drawn, told, carry, lost, untold } of sets) {
    expect(formatDecimal(sum([drawn, told, carry, lost, untold]))).toBe(formatDecimal(used))
    expect(compare(carry, decimal(-1))).toBe(1)
  }
}

const seeds = Array.from({ length: Number(process.env.METERING_SEEDS ?? 3) }, (_, index) => index + 1)

test.each(seeds)('nothing is lost or doubled, whatever the network does (seed %i)', async (seed) => {
  judge(await simulate(seed, 30, false))
})

test.each(seeds)('hours that were missed for good are made up for (seed %i)', async (seed) => {
  judge(await simulate(seed + 1000, 30, true))
})
