// Arithmetic of splitting by tags, in the smallest parts of a unit that the tables keep.
import type { Decimal } from '../core/decimal.ts'
import { add, roundTo, zero } from '../core/decimal.ts'
import { QUANTITY_SCALE } from './model.ts'

/** Quantities by the text of their tags. */
export type Parts = Map<string, bigint>

/** One unit. */
export const UNIT = 10n ** BigInt(QUANTITY_SCALE)

export function toParts(value: Decimal): bigint {
  return roundTo(value, QUANTITY_SCALE, 'half_even')
}

export function fromParts(parts: bigint): Decimal {
  return add({ coefficient: parts, scale: QUANTITY_SCALE }, zero)
}

export function sumOf(parts: ReadonlyMap<string, bigint>): bigint {
  let total = 0n
  for (const part of parts.values()) total += part
  return total
}

/**
 * Divides a total in proportion to weights of zero or more. The shares add up to it, and each is less than the smallest
 * part away from its exact share: each is cut off where the exact running total is. Nothing has weight: nothing is given.
 */
export function inProportion(total: bigint, weights: ReadonlyMap<string, bigint>): Parts {
  const whole = sumOf(weights)
  const shares: Parts = new Map()
  let passed = 0n
  let given = 0n
  for (const [tags, weight] of inOrder(weights)) {
    passed += weight
    const until = whole === 0n ? 0n : (total * passed) / whole
    shares.set(tags, until - given)
    given = until
  }
  return shares
}

/**
 * Takes a number of steps out of balances, each from the one that is then the largest (of several, the first in order).
 * The balances must hold that much. Whoever is taken from held more than nothing, so that none falls to a step below
 * zero; docs/decisions tells how high one can rise.
 */
export function fromLargest(balances: ReadonlyMap<string, bigint>, steps: bigint, step: bigint): Parts {
  const given: Parts = new Map()
  if (steps === 0n) return given
  const level = lowestLevel(balances, steps, step)
  let left = steps
  const next: { tags: string; height: bigint }[] = []
  for (const [tags, balance] of balances) {
    const count = stepsAbove(balance, level * step, step)
    if (count > 0n) given.set(tags, count)
    left -= count
    const height = balance - count * step
    if (height > 0n) next.push({ tags, height })
  }
  next.sort((one, two) => compareParts(two.height, one.height) || (one.tags < two.tags ? -1 : 1))
  for (const { tags } of next.slice(0, Number(left))) given.set(tags, (given.get(tags) ?? 0n) + 1n)
  if (left > next.length) throw new Error('More was to be taken from sets of tags than they hold')
  return new Map([...given].map(([tags, count]) => [tags, count * step]))
}

/** The lowest level, in steps, above which no more steps lie than are to be taken. */
function lowestLevel(balances: ReadonlyMap<string, bigint>, steps: bigint, step: bigint): bigint {
  let low = 0n
  let high = 0n
  for (const balance of balances.values()) if (balance > high * step) high = balance / step + 1n
  while (low < high) {
    const middle = (low + high) / 2n
    let above = 0n
    for (const balance of balances.values()) above += stepsAbove(balance, middle * step, step)
    if (above <= steps) high = middle
    else low = middle + 1n
  }
  return low
}

/** How often a step can be taken from a balance while it is above a floor. */
function stepsAbove(balance: bigint, floor: bigint, step: bigint): bigint {
  return balance <= floor ? 0n : (balance - floor + step - 1n) / step
}

function compareParts(one: bigint, two: bigint): number {
  return one < two ? -1 : one > two ? 1 : 0
}

function inOrder(parts: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...parts].toSorted(([left], [right]) => (left < right ? -1 : 1))
}
