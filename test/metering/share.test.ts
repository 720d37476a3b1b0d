import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromLargest, inProportion, sumOf, UNIT } from '../../src/metering/share.ts'

const names = ['', 'a', 'b', 'c', 'd', 'e', 'f', 'g']
const balancesOf = (values: readonly bigint[]) =>
  new Map(values.map((value, index) => [names[index] ?? String(index), value]))

/** One unit at a time from whoever holds most: slow, and plainly the rule. */
function oneByOne(balances: ReadonlyMap<string, bigint>, steps: bigint, step: bigint): Map<string, bigint> {
  const left = new Map(balances)
  const given = new Map<string, bigint>()
  for (let turn = 0n; turn < steps; turn += 1n) {
    const sorted = [...left].toSorted(([one, more], [two, less]) =>
      more === less ? (one < two ? -1 : 1) : more > less ? -1 : 1,
    )
    const [tags, most] = sorted[0] ?? ['', 0n]
    left.set(tags, most - step)
    given.set(tags, (given.get(tags) ?? 0n) + step)
  }
  return given
}

describe('taking from the largest', () => {
  const cases = fc.record({
    values: fc.array(fc.integer({ min: -3000, max: 9000 }), { minLength: 1, maxLength: 8 }),
    step: fc.constantFrom(1n, 7n, 1000n),
    part: fc.integer({ min: 0, max: 100 }),
  })

  test('is what taking one by one gives', () => {
    fc.assert(
      fc.property(cases, ({ values, step, part }) => {
        const balances = balancesOf(values.map(BigInt))
        const total = sumOf(balances)
        const steps = total <= 0n ? 0n : (total * BigInt(part)) / (100n * step)
        const given = fromLargest(balances, steps, step)
        expect(sumOf(given)).toBe(steps * step)
        expect([...given].filter(([, one]) => one > 0n).toSorted()).toEqual(
          [...oneByOne(balances, steps, step)].toSorted(),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('is quick where there are many units and many sets', () => {
    const values = Array.from({ length: 2500 }, (_, index) => BigInt(index) * 700_000n * UNIT + 1n)
    const given = fromLargest(balancesOf(values), 2_147_483_647n, UNIT)
    expect(sumOf(given)).toBe(2_147_483_647n * UNIT)
  })

  test('takes nothing that is not there', () => {
    expect(() => fromLargest(balancesOf([UNIT, -UNIT]), 2n, UNIT)).toThrow('More was to be taken')
  })

  /** 1/2 + 1/3 + … + 1/n in thousandths, rounded up. */
  const bound = (sets: number) =>
    Array.from({ length: sets - 1 }, (_, index) => 1000 / (index + 2)).reduce((sum, one) => sum + one, 0)

  test('no set is ever a whole unit ahead, and none falls further behind than the harmonic sum', () => {
    const hour = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2500 })), {
      minLength: 6,
      maxLength: 6,
    })
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 60 }), (hours) => {
        let balances = balancesOf([0n, 0n, 0n, 0n, 0n, 0n])
        for (const used of hours) {
          const held = new Map(
            [...balances].map(([tags, one], index) => [tags, one + BigInt(used[index] ?? 0)]),
          )
          const given = fromLargest(held, sumOf(held) / 1000n, 1000n)
          balances = new Map([...held].map(([tags, one]) => [tags, one - (given.get(tags) ?? 0n)]))
          const rest = Number(sumOf(balances))
          for (const one of balances.values()) {
            expect(one).toBeGreaterThan(-1000n)
            expect(Number(one)).toBeLessThanOrEqual(bound(6) + rest)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('somebody who knows the rule can push one set as far behind as that, and not further', () => {
    // Of n sets each gets 1/n, and one of them a unit; then what is left shares the next unit, and so on.
    const size = 8
    let balances = balancesOf(Array.from({ length: size }, () => 0n))
    let alive = [...balances.keys()]
    while (alive.length > 1) {
      const each = UNIT / BigInt(alive.length)
      const spare = UNIT - each * BigInt(alive.length)
      const held = new Map(balances)
      for (const tags of alive) held.set(tags, (held.get(tags) ?? 0n) + each)
      const first = alive[0] ?? ''
      held.set(first, (held.get(first) ?? 0n) + spare)
      const given = fromLargest(held, sumOf(held) / UNIT, UNIT)
      balances = new Map([...held].map(([tags, one]) => [tags, one - (given.get(tags) ?? 0n)]))
      alive = alive.filter((tags) => !given.has(tags))
    }
    const behind = Math.max(...[...balances.values()].map(Number))
    expect(behind / Number(UNIT)).toBeCloseTo(bound(size) / 1000, 6)
  })
})

describe('in proportion', () => {
  test('the shares add up, and each is its exact share to the smallest part', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(weights, fc.bigInt({ min: 0n, max: 10n ** 30n }), (given, total) => {
        const all = balancesOf(given.map(BigInt))
        const whole = sumOf(all)
        const shares = inProportion(total, all)
        expect(sumOf(shares)).toBe(whole === 0n ? 0n : total)
        if (whole === 0n) return
        for (const [tags, weight] of all) {
          const off = (shares.get(tags) ?? 0n) * whole - total * weight
          expect(off < whole && off > -whole).toBe(true)
          if (weight === 0n) expect(shares.get(tags)).toBe(0n)
        }
      }),
    )
  })
})
