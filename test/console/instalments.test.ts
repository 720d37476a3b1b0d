import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  datesOf,
  evenPlan,
  excess,
  INSTALMENTS_MAX,
  monthsAfter,
  type Plan,
  planOf,
  presets,
  readAmount,
  splitAgain,
  splitEvenly,
  withAmount,
  withAnother,
  withDate,
  without,
  withTotal,
  writeAmount,
} from '../../src/console/screens/deals/instalments.ts'

const amounts = ({ instalments }: Plan) => instalments.map(({ amount }) => amount)
const sum = (plan: Plan) => amounts(plan).reduce((left, right) => left + right, 0n)
const DAYS = ['2026-01-31', '2026-02-28', '2026-03-31']

test('a total is split evenly, and the last takes the remainder', () => {
  expect(splitEvenly(10_000n, 3)).toEqual([3333n, 3333n, 3334n])
  expect(splitEvenly(1n, 4)).toEqual([0n, 0n, 0n, 1n])
  expect(splitEvenly(99n, 1)).toEqual([99n])
})

describe('days', () => {
  test.each([
    ['upfront', 12, ['2026-01-31']],
    ['yearly', 36, ['2026-01-31', '2027-01-31', '2028-01-31']],
    ['quarterly', 12, ['2026-01-31', '2026-04-30', '2026-07-31', '2026-10-31']],
    ['quarterly', 4, ['2026-01-31', '2026-04-30']],
    ['monthly', 3, ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['yearly', 1, ['2026-01-31']],
  ] as const)('%s over %i months', (preset, months, days) => {
    expect(datesOf(preset, '2026-01-31', months)).toEqual(days)
  })

  test('the end of February in a leap year, and no more than any cloud takes', () => {
    expect(monthsAfter('2027-12-31', 2)).toBe('2028-02-29')
    expect(datesOf('monthly', '2026-01-01', 84)).toHaveLength(INSTALMENTS_MAX)
  })
})

describe('editing', () => {
  const plan = evenPlan(10_000n, DAYS)

  test('one amount: the rest takes the difference', () => {
    const edited = withAmount(plan, 0, 5000n)
    expect(amounts(edited)).toEqual([5000n, 3333n, 1667n])
    expect(edited.rest).toBe(2)
  })

  test('the rest itself: the one before it becomes the rest, of the first the one after', () => {
    const last = withAmount(plan, 2, 9000n)
    expect([amounts(last), last.rest]).toEqual([[3333n, -2333n, 9000n], 1])
    expect(excess(last)).toBe(2333n)
    const again = withAmount(last, 1, 500n)
    expect([amounts(again), again.rest]).toEqual([[500n, 500n, 9000n], 0])
    const first = withAmount(again, 0, 800n)
    expect([amounts(first), first.rest]).toEqual([[800n, 200n, 9000n], 1])
  })

  test('the only instalment is the total', () => {
    expect(amounts(withAmount(evenPlan(700n, ['2026-01-31']), 0, 1n))).toEqual([700n])
  })

  test('another total: evenly while nobody changed a part, else into the rest', () => {
    expect(amounts(withTotal(plan, 9000n))).toEqual([3000n, 3000n, 3000n])
    expect(amounts(withTotal(withAmount(plan, 0, 1000n), 9000n))).toEqual([1000n, 3333n, 4667n])
    expect(amounts(splitAgain(withAmount(plan, 0, 1000n)))).toEqual([3333n, 3333n, 3334n])
  })

  test('one more and one fewer', () => {
    expect(amounts(withAnother(plan, '2026-04-30'))).toEqual([2500n, 2500n, 2500n, 2500n])
    const edited = withAmount(plan, 0, 5000n)
    expect(amounts(withAnother(edited, '2026-04-30'))).toEqual([5000n, 3333n, 834n, 833n])
    expect(amounts(without(edited, 0))).toEqual([3333n, 6667n])
    const restGone = without(edited, 2)
    expect([amounts(restGone), restGone.rest]).toEqual([[5000n, 5000n], 1])
  })

  test('terms that are written already, whose last part is what the others leave', () => {
    expect(
      amounts(
        planOf(100n, [
          { due_on: DAYS[0] ?? '', amount: 40n },
          { due_on: DAYS[1] ?? '', amount: 60n },
        ]),
      ),
    ).toEqual([40n, 60n])
    expect(planOf(5n, []).instalments).toHaveLength(1)
  })
})

test('typed amounts: exact in their currency, or none', () => {
  expect(readAmount('USD', ' 1,234,567.8 ')).toBe(123_456_780n)
  expect(readAmount('JPY', '1200')).toBe(1200n)
  for (const text of ['', '1.234,5', '12,34.00', '1e3', '-1', '0.001', '1 000', '١٢']) {
    expect([text, readAmount('USD', text)]).toEqual([text, undefined])
  }
  expect(readAmount('JPY', '1.5')).toBeUndefined()
  expect(writeAmount('USD', 123_456_780n)).toBe('1234567.80')
})

const step = fc.oneof(
  fc.record({ kind: fc.constant('amount'), at: fc.nat(), amount: fc.bigInt({ min: 0n, max: 10n ** 14n }) }),
  fc.record({ kind: fc.constant('total'), at: fc.nat(), amount: fc.bigInt({ min: 0n, max: 10n ** 14n }) }),
  fc.record({ kind: fc.constant('add'), at: fc.nat(), amount: fc.constant(0n) }),
  fc.record({ kind: fc.constant('remove'), at: fc.nat(), amount: fc.constant(0n) }),
  fc.record({ kind: fc.constant('split'), at: fc.nat(), amount: fc.constant(0n) }),
  fc.record({ kind: fc.constant('date'), at: fc.nat(), amount: fc.constant(0n) }),
)

test('whatever is done to a plan, it sums to its total to the smallest unit', () => {
  const plans = fc
    .tuple(
      fc.bigInt({ min: 0n, max: 10n ** 14n }),
      fc.constantFrom(...presets),
      fc.integer({ min: 1, max: 84 }),
    )
    .map(([total, preset, months]) => evenPlan(total, datesOf(preset, '2026-01-31', months)))
  fc.assert(
    fc.property(plans, fc.array(step, { maxLength: 25 }), (plan, steps) => {
      let now = plan
      for (const { kind, at, amount } of steps) {
        const index = at % now.instalments.length
        const before = now
        if (kind === 'amount') now = withAmount(now, index, amount)
        if (kind === 'total') now = withTotal(now, amount)
        if (kind === 'add') now = withAnother(now, '2033-01-01')
        if (kind === 'remove') now = without(now, index)
        if (kind === 'split') now = splitAgain(now)
        if (kind === 'date') now = withDate(now, index, '2030-01-01')
        expect(sum(now)).toBe(now.total)
        expect(now.total).toBe(kind === 'total' ? amount : before.total)
        expect(now.instalments.length).toBeGreaterThan(0)
        expect(now.instalments.length).toBeLessThanOrEqual(INSTALMENTS_MAX)
        expect(now.instalments[now.rest]).toBeDefined()
        // What was set by hand stays as it was typed.
        if (kind === 'amount' && now.instalments.length > 1) expect(amounts(now)[index]).toBe(amount)
        if (now.even) {
          expect(amounts(now)).toEqual(splitEvenly(now.total, now.instalments.length))
          expect(excess(now)).toBeUndefined()
        }
      }
    }),
    { numRuns: 500 },
  )
})
