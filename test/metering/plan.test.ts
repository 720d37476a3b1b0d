import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MeteringRules } from '../../connectors/connector.ts'
import { add, compare, type Decimal, decimal, formatDecimal, sum, zero } from '../../src/core/decimal.ts'
import { HOUR_MS, hourOf, MINUTE_MS, plus } from '../../src/core/time.ts'
import { closesAt, deadlineOf, hourIsInside, liveStates, type Span } from '../../src/metering/model.ts'
import { plan } from '../../src/metering/plan.ts'
import { assertPlan, type Loss, type PlannedRecord } from '../../src/metering/plan-model.ts'
import { awsRules } from './rules.ts'

type Hour = { hour: Date; state: 'open' | 'closed'; used: Decimal; late_pending: Decimal }

/** A meter kept in memory as the tables keep it. */
function meter(rules: MeteringRules, span: Span, start: string, included = 0) {
  let now = new Date(start)
  let carry = zero
  let carry_hour: Date | null = null
  let drawn = zero
  let sent = zero
  let lost = zero
  let next_close_at: Date | null = null
  let numbered = 0
  const hours = new Map<number, Hour>()
  const records: (PlannedRecord & { source_hour: Date })[] = []
  const losses: Loss[] = []
  const self = {
    hours,
    records,
    losses,
    move: (milliseconds: number) => {
      now = plus(now, milliseconds)
    },
    now: () => now,
    next: () => next_close_at,
    use(time: Date, quantity: Decimal) {
      const hour = hourOf(time)
      const known = hours.get(hour.getTime()) ?? {
        hour,
        state: 'open' as const,
        used: zero,
        late_pending: zero,
      }
      hours.set(hour.getTime(), known)
      known.used = add(known.used, quantity)
      if (known.state === 'open') return
      known.late_pending = add(known.late_pending, quantity)
      carry = add(carry, quantity)
    },
    send(random: number) {
      for (const record of records) if (record.state === 'pending' && random % 3 > 0) record.state = 'sending'
      for (const record of records)
        if (record.state === 'sending' && random % 3 > 1) record.state = 'accepted'
    },
    close() {
      const input = {
        now,
        rules,
        span,
        carry,
        carry_hour,
        included_left: add(decimal(included), { ...drawn, coefficient: -drawn.coefficient }),
        hours: [...hours.values()].filter(
          (one) => one.state === 'open' || one.late_pending.coefficient !== 0n,
        ),
        records: records.map((record) => ({ ...record })),
      }
      const made = plan(input)
      assertPlan(input, made)
      for (const move of made.movements) {
        const nothing = { hour: move.hour, used: zero, late_pending: zero }
        const known = hours.get(move.hour.getTime()) ?? { ...nothing, state: 'closed' as const }
        known.state = 'closed'
        hours.set(move.hour.getTime(), known)
        drawn = add(drawn, move.drawn)
        sent = add(sent, move.sent)
        lost = add(lost, move.lost)
      }
      for (const one of hours.values()) one.late_pending = zero
      for (const draft of made.records) {
        expect(hourIsInside(span, draft.hour)).toBe(true)
        expect(draft.deadline_at > now).toBe(true)
        expect(draft.deadline_at).toEqual(deadlineOf(rules, span, draft.hour))
        expect(closesAt(rules, span, draft.hour) <= now).toBe(true)
        const replaced = records.find(({ id }) => id === draft.supersedes)
        if (replaced !== undefined) replaced.state = 'superseded'
        numbered += 1
        const { hour, quantity, source_hour } = draft
        records.push({ id: `rec${numbered}`, hour, source_hour, quantity, state: 'pending', attempts: 0 })
      }
      carry = made.carry
      carry_hour = made.carry_hour
      next_close_at = made.next_close_at
      losses.push(...made.losses)
      return made
    },
    balance() {
      const all = [...hours.values()]
      const open = all.filter(({ state }) => state === 'open').map(({ used }) => used)
      const used = sum(all.map((one) => one.used))
      expect(formatDecimal(sum([drawn, sent, carry, ...open, lost]))).toBe(formatDecimal(used))
      const live = records.filter(({ state }) => liveStates.includes(state))
      expect(formatDecimal(sum(live.map(({ quantity }) => quantity)))).toBe(formatDecimal(sent))
      const targets = live.map(({ hour }) => hour.getTime())
      if (rules.grain === 'one_per_hour') expect(new Set(targets).size).toBe(targets.length)
    },
    totals: () => ({
      carry: formatDecimal(carry),
      sent: formatDecimal(sent),
      drawn: formatDecimal(drawn),
      lost: formatDecimal(lost),
    }),
    sent: () =>
      records.map(
        (one) => `${one.hour.toISOString().slice(5, 13)} ${formatDecimal(one.quantity)} ${one.state}`,
      ),
  }
  return self
}

const unbound: Span = { starts_at: null, ends_at: null }
const at = (text: string) => new Date(`2026-01-${text}:00Z`)

describe('closing an hour', () => {
  test('the whole part is reported, the fraction joins the next hour', () => {
    const one = meter(awsRules, unbound, '2026-01-10T10:30:00Z')
    one.use(at('10T10:05'), decimal('1.7'))
    one.use(at('10T11:05'), decimal('0.4'))
    one.move(30 * MINUTE_MS + 9 * MINUTE_MS)
    expect(one.close().records).toEqual([])
    one.move(MINUTE_MS)
    one.close()
    one.move(HOUR_MS)
    one.close()
    expect(one.sent()).toEqual(['01-10T10 1 pending', '01-10T11 1 pending'])
    expect(one.totals()).toMatchObject({ carry: '0.1', sent: '2' })
  })

  test('the seller draws what is included before anything is reported', () => {
    const rules: MeteringRules = { ...awsRules, draws_included: 'seller' }
    const one = meter(rules, unbound, '2026-01-10T12:00:00Z', 5)
    one.use(at('10T09:05'), decimal(3))
    one.use(at('10T10:05'), decimal(4))
    one.close()
    expect(one.totals()).toMatchObject({ drawn: '5', sent: '2' })
  })

  test('an hour that was missed for good is carried on, not skipped', () => {
    const one = meter(awsRules, unbound, '2026-01-12T12:00:00Z')
    one.use(at('10T09:05'), decimal(3))
    one.close()
    expect(one.sent()).toEqual(['01-11T13 3 pending'])
  })
})

describe('usage that comes late', () => {
  function closed(now = '2026-01-10T12:30:00Z') {
    const one = meter(awsRules, unbound, now)
    one.use(at('10T09:05'), decimal(3))
    one.close()
    return one
  }

  test('joins the record of its hour while that was not sent', () => {
    const one = closed()
    one.use(at('10T09:06'), decimal(2))
    one.close()
    expect(one.sent()).toEqual(['01-10T09 3 superseded', '01-10T09 5 pending'])
  })

  test('goes into the nearest free hour once its own was sent', () => {
    const one = closed()
    one.send(1)
    one.use(at('10T09:06'), decimal(2))
    one.close()
    expect(one.sent()).toEqual(['01-10T09 3 sending', '01-10T10 2 pending'])
  })

  test('of a closed month goes into the carry of the next hour', () => {
    const one = meter(awsRules, unbound, '2026-02-01T07:00:00Z')
    one.use(at('31T22:05'), decimal(2))
    expect(one.close().records).toEqual([])
    expect(one.next()).toEqual(new Date('2026-02-01T08:10:00Z'))
    one.move(70 * MINUTE_MS)
    one.close()
    expect(one.sent()).toEqual(['02-01T07 2 pending'])
    expect(one.next()).toBeNull()
  })
})

describe('the end of an agreement', () => {
  const span: Span = { starts_at: null, ends_at: at('10T14:05') }

  test('the last hour is closed in time, the fraction is lost and named', () => {
    const one = meter(awsRules, span, '2026-01-10T14:16:00Z')
    one.use(at('10T14:01'), decimal('2.5'))
    one.close()
    expect(one.sent()).toEqual(['01-10T14 2 pending'])
    expect(one.next()).toEqual(at('10T15:05'))
    one.move(50 * MINUTE_MS)
    one.close()
    expect(one.losses).toMatchObject([{ reason: 'fraction at end' }])
    expect(one.totals()).toEqual({ carry: '0', sent: '2', drawn: '0', lost: '0.5' })
  })

  test('what comes when nothing is taken any more is lost, never silently', () => {
    const one = meter(awsRules, span, '2026-01-10T15:06:00Z')
    one.use(at('10T13:01'), decimal(4))
    one.close()
    expect(one.losses).toMatchObject([{ reason: 'no hour could take it', quantity: decimal(4) }])
  })

  test('usage counted before the early end was known goes into an hour inside the agreement', () => {
    const one = meter(awsRules, span, '2026-01-10T14:50:00Z')
    one.use(at('10T14:30'), decimal(4))
    one.close()
    expect(one.sent()).toEqual(['01-10T14 4 pending'])
  })
})

const step = fc.record({
  minutes: fc.integer({ min: 0, max: 90 }),
  back: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 30 * 60 })),
  thousandths: fc.integer({ min: 0, max: 5000 }),
  send: fc.integer({ min: 0, max: 2 }),
})
const kinds = fc.record({
  grain: fc.constantFrom('one_per_hour' as const, 'additive' as const),
  quantity: fc.constantFrom('whole' as const, 'fractional' as const),
  draws_included: fc.constantFrom('seller' as const, 'cloud' as const),
})

test('any history keeps used = drawn + sent + carried + lost, one live record an hour, in window and in time', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 80 }),
      kinds,
      fc.option(fc.integer({ min: 1, max: 72 })),
      (steps, kind, ends) => {
        const start = new Date('2026-01-30T20:00:00Z')
        const ends_at = ends === null ? null : plus(start, ends * HOUR_MS + 7 * MINUTE_MS)
        const rules = { ...awsRules, ...kind }
        const one = meter(rules, { starts_at: plus(start, -40 * HOUR_MS), ends_at }, start.toISOString(), 9)
        for (const { minutes, back, thousandths, send } of steps) {
          one.move(minutes * MINUTE_MS)
          const time = plus(one.now(), -back * MINUTE_MS)
          if (ends_at === null || time < ends_at)
            one.use(time, { coefficient: BigInt(thousandths), scale: 3 })
          one.balance()
          one.close()
          one.balance()
          one.send(send)
        }
        if (ends_at === null) {
          // Left alone, everything that is whole is reported in the end.
          for (let turn = 0; turn < 30; turn += 1) {
            one.move(HOUR_MS)
            one.send(2)
            one.close()
          }
          expect(one.losses).toEqual([])
          if (kind.quantity === 'whole') expect(compare(decimal(one.totals().carry), decimal(1))).toBe(-1)
        } else {
          one.move(200 * HOUR_MS)
          one.close()
          expect(one.totals().carry).toBe('0')
          const named = sum(one.losses.map(({ quantity }) => quantity))
          expect(formatDecimal(named)).toBe(one.totals().lost)
        }
        one.balance()
      },
    ),
    { numRuns: 400 },
  )
})
