import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Allocation, MeteringRules } from '../../connectors/connector.ts'
import {
  add,
  compare,
  type Decimal,
  decimal,
  formatDecimal,
  subtract,
  sum,
  zero,
} from '../../src/core/decimal.ts'
import { HOUR_MS, hourOf, MINUTE_MS, plus } from '../../src/core/time.ts'
import type { Span } from '../../src/metering/model.ts'
import { plan } from '../../src/metering/plan.ts'
import {
  assertPlan,
  type PlanInput,
  type PlannedHour,
  type PlannedRecord,
} from '../../src/metering/plan-model.ts'
import { bytesOf } from '../../src/metering/split.ts'
import { tagsText, UNTAGGED } from '../../src/metering/tags.ts'
import { awsRules } from './rules.ts'

type Sums = Map<string, Decimal>
const plusAt = (sums: Sums, tags: string, by: Decimal) => sums.set(tags, add(sums.get(tags) ?? zero, by))
type Kept = Omit<PlannedHour, 'shares'> & { shares: Sums }

/** A meter as the tables keep it, with its sets of tags. `knows`: whether it is told of tags at all. */
function meter(rules: MeteringRules, span: Span, start: string, included: number, knows: boolean) {
  let now = new Date(start)
  let carry = zero
  let carry_hour: Date | null = null
  let drawn = zero
  let numbered = 0
  const hours = new Map<number, Kept>()
  const records: (PlannedRecord & { allocations: readonly Allocation[] | null })[] = []
  const used: Sums = new Map()
  const carries: Sums = new Map()
  const self = {
    records,
    carries,
    now: () => now,
    move: (milliseconds: number) => {
      now = plus(now, milliseconds)
    },
    use(time: Date, tags: string, quantity: Decimal) {
      const hour = hourOf(time)
      const made: Kept = { hour, state: 'open', used: zero, late_pending: zero, shares: new Map() }
      const known = hours.get(hour.getTime()) ?? made
      hours.set(hour.getTime(), known)
      known.used = add(known.used, quantity)
      plusAt(used, tags, quantity)
      if (tags !== UNTAGGED) plusAt(known.shares, tags, quantity)
      if (known.state === 'open') return
      known.late_pending = add(known.late_pending, quantity)
      carry = add(carry, quantity)
      if (tags !== UNTAGGED) plusAt(carries, tags, quantity)
    },
    send(random: number) {
      for (const record of records) if (record.state === 'pending' && random % 3 > 0) record.state = 'sending'
      for (const record of records)
        if (record.state === 'sending' && random % 3 > 1)
          record.state = random % 5 > 3 ? 'refused' : 'accepted'
    },
    close() {
      const input: PlanInput = {
        now,
        rules,
        span,
        carry,
        carry_hour,
        included_left: subtract(decimal(included), drawn),
        hours: [...hours.values()].filter(
          (one) => one.state === 'open' || one.late_pending.coefficient !== 0n,
        ),
        records: records.map((record) => ({ ...record })),
        ...(knows ? { carries: new Map(carries) } : {}),
      }
      const made = plan(input)
      assertPlan(input, made)
      for (const move of made.movements) {
        const nothing: Kept = {
          hour: move.hour,
          state: 'closed',
          used: zero,
          late_pending: zero,
          shares: new Map(),
        }
        const known = hours.get(move.hour.getTime()) ?? nothing
        known.state = 'closed'
        hours.set(move.hour.getTime(), known)
        drawn = add(drawn, move.drawn)
      }
      for (const one of hours.values()) one.late_pending = zero
      for (const move of made.buckets) {
        plusAt(carries, move.tags, move.carry)
      }
      for (const draft of made.records) {
        const replaced = records.find(({ id }) => id === draft.supersedes)
        if (replaced !== undefined) replaced.state = 'superseded'
        numbered += 1
        const { hour, quantity, allocations } = draft
        records.push({ id: `rec${numbered}`, hour, quantity, allocations, state: 'pending', attempts: 0 })
      }
      carry = made.carry
      carry_hour = made.carry_hour
      return made
    },
    /** Used, told and carried of each set; the untagged one too. */
    totals() {
      const told: Sums = new Map()
      for (const record of records.filter(({ state }) => state !== 'superseded')) {
        const parts = record.allocations ?? [{ tags: {}, quantity: record.quantity }]
        expect(formatDecimal(sum(parts.map(({ quantity }) => quantity)))).toBe(formatDecimal(record.quantity))
        for (const { tags, quantity } of parts) plusAt(told, tagsText(tags), quantity)
      }
      return { used, told, carry, drawn }
    },
    wire: () =>
      records.map(({ hour, quantity, state }) => `${hour.toISOString()} ${formatDecimal(quantity)} ${state}`),
  }
  return self
}

const unbound: Span = { starts_at: null, ends_at: null }
const team = (name: string) => tagsText({ team: name })
const shown = (one: ReturnType<typeof meter>) =>
  one.records.map(({ allocations }) =>
    (allocations ?? [])
      .map(({ tags, quantity }) => `${tags.team ?? '-'} ${formatDecimal(quantity)}`)
      .join(', '),
  )
const at = (text: string) => new Date(`2026-01-${text}:00Z`)

describe('the split of a record', () => {
  test('gives the units to the sets that were owed most, and the next one makes up for it', () => {
    const one = meter(awsRules, unbound, '2026-01-10T12:00:00Z', 0, true)
    one.use(at('10T09:05'), team('a'), decimal('1.4'))
    one.use(at('10T09:06'), team('b'), decimal('0.9'))
    one.use(at('10T09:07'), UNTAGGED, decimal('0.6'))
    one.use(at('10T10:05'), team('a'), decimal('0.5'))
    one.use(at('10T10:06'), UNTAGGED, decimal('0.7'))
    one.close()
    // 2.9: a holds 1.4, b 0.9 and the rest 0.6. Then a holds 0.4 + 0.5, b -0.1, and the rest 0.6 + 0.7.
    expect(shown(one)).toEqual(['a 1, b 1', 'a 1, - 1'])
    expect([...one.carries].map(([tags, held]) => `${tags} ${formatDecimal(held)}`)).toEqual([
      '{"team":"a"} -0.1',
      '{"team":"b"} -0.1',
    ])
  })

  test('a record without tags has none', () => {
    const one = meter(awsRules, unbound, '2026-01-10T12:00:00Z', 0, true)
    one.use(at('10T09:05'), team('a'), decimal('0.1'))
    one.use(at('10T09:05'), UNTAGGED, decimal('2'))
    one.close()
    expect(one.records.map(({ allocations }) => allocations)).toEqual([null])
  })

  test('late usage joins the parts of a record that was not sent yet', () => {
    const one = meter(awsRules, unbound, '2026-01-10T12:00:00Z', 0, true)
    one.use(at('10T09:05'), team('a'), decimal('2'))
    one.close()
    one.use(at('10T09:06'), team('b'), decimal('3'))
    one.use(at('10T09:06'), UNTAGGED, decimal('1'))
    one.close()
    expect(shown(one)).toEqual(['a 2', 'a 2, b 3, - 1'])
    expect(one.wire()[0]).toMatch('superseded')
  })

  test('included quantities are drawn from all sets in proportion', () => {
    const rules: MeteringRules = { ...awsRules, draws_included: 'seller', quantity: 'fractional' }
    const one = meter(rules, unbound, '2026-01-10T12:00:00Z', 4, true)
    one.use(at('10T09:05'), team('a'), decimal('6'))
    one.use(at('10T09:05'), team('b'), decimal('2'))
    one.close()
    expect(shown(one)).toEqual(['a 3, b 1'])
  })

  test('where there are more sets than places, the smallest are told without their tags', () => {
    const rules = { ...awsRules, allocations: { max: 3, bytes: 50, tag_bytes: 22 } }
    const one = meter(rules, unbound, '2026-01-10T12:00:00Z', 0, true)
    for (const [name, quantity] of ['a 5', 'b 7', 'c 6', 'd 1'].map((text) => text.split(' ')))
      one.use(at('10T09:05'), team(name ?? ''), decimal(quantity ?? ''))
    const { buckets } = one.close()
    expect(shown(one)).toEqual(['b 7, c 6, - 6'])
    expect(buckets.map(({ tags, untold }) => `${tags} ${formatDecimal(untold)}`).toSorted()).toEqual([
      '{"team":"a"} 5',
      '{"team":"b"} 0',
      '{"team":"c"} 0',
      '{"team":"d"} 1',
    ])
  })

  test('a record never fills more than a request', () => {
    const one = meter(awsRules, unbound, '2026-01-10T12:00:00Z', 0, true)
    for (let index = 0; index < 2600; index += 1) {
      const tags = Object.fromEntries(
        ['v', 'w', 'x', 'y', 'z'].map((key) => [key.repeat(100), `${index}`.padEnd(256, '-')]),
      )
      one.use(at('10T09:05'), tagsText(tags), decimal(1))
    }
    one.close()
    const [record] = one.records
    const parts = record?.allocations ?? []
    const bytes = parts.reduce(
      (total, part) => total + bytesOf(part, { max: 2500, bytes: 50, tag_bytes: 22 }),
      0,
    )
    expect(bytes).toBeLessThan(1_000_000)
    expect(bytes).toBeGreaterThan(950_000)
    expect(parts.at(-1)?.tags).toEqual({})
    expect(formatDecimal(sum(parts.map(({ quantity }) => quantity)))).toBe('2600')
  })
})

const step = fc.record({
  minutes: fc.integer({ min: 0, max: 90 }),
  back: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 30 * 60 })),
  thousandths: fc.integer({ min: 0, max: 3000 }),
  team: fc.constantFrom(UNTAGGED, team('a'), team('b'), team('c'), tagsText({ team: 'a', zone: 'eu' })),
  send: fc.integer({ min: 0, max: 11 }),
})
const kinds = fc.record({
  grain: fc.constantFrom('one_per_hour' as const, 'additive' as const),
  quantity: fc.constantFrom('whole' as const, 'fractional' as const),
  draws_included: fc.constantFrom('seller' as const, 'cloud' as const),
})
/** 1/2 + 1/3 + 1/4 + 1/5, and what is left of a unit. */
const MOST_BEHIND = decimal('2.284')

test('any history is split so that parts add up, no set goes ahead, and money never knows of tags', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 60 }),
      kinds,
      fc.option(fc.integer({ min: 1, max: 72 })),
      (steps, kind, ends) => {
        const start = new Date('2026-01-30T20:00:00Z')
        const ends_at = ends === null ? null : plus(start, ends * HOUR_MS + 7 * MINUTE_MS)
        const rules = { ...awsRules, ...kind }
        const span = { starts_at: plus(start, -40 * HOUR_MS), ends_at }
        const one = meter(rules, span, start.toISOString(), 9, true)
        const blind = meter(rules, span, start.toISOString(), 9, false)
        for (const { minutes, back, thousandths, team, send } of steps) {
          for (const each of [one, blind]) {
            each.move(minutes * MINUTE_MS)
            const time = plus(each.now(), -back * MINUTE_MS)
            if (ends_at === null || time < ends_at)
              each.use(time, team, { coefficient: BigInt(thousandths), scale: 3 })
            each.close()
            each.send(send)
          }
          const { used, told, carry } = one.totals()
          const rest = subtract(carry, sum(one.carries.values()))
          for (const held of [rest, ...one.carries.values()]) {
            expect(compare(held, decimal(-1))).toBe(1)
            // What waits for an hour that can take it is owed to all in the same way, and is not what the split leaves.
            if (compare(carry, decimal(1)) < 0) expect(compare(held, MOST_BEHIND)).toBe(-1)
          }
          if (ends_at === null && kind.draws_included === 'cloud')
            for (const [tags, told_of] of told)
              expect(compare(told_of, add(used.get(tags) ?? zero, decimal(1)))).toBe(-1)
        }
        expect(one.wire()).toEqual(blind.wire())
      },
    ),
    { numRuns: 300 },
  )
})
