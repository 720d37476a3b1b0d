// What a scenario claims. A claim that does not hold says what was expected and what was found; nothing here needs a
// test framework, because the suite also runs by itself.
import { isDeepStrictEqual } from 'node:util'
import { type Decimal, formatDecimal } from '../../src/core/decimal.ts'
import { Fault, type FaultCode } from '../../src/core/fault.ts'

/** A claim of a scenario that does not hold. */
export class Broken extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Broken'
  }
}

export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what)
}

/** The very same value, to the last field. */
export function equal<T>(found: T, expected: T, what: string): void {
  if (!isDeepStrictEqual(found, expected))
    throw new Broken(`${what}: expected ${show(expected)}, found ${show(found)}`)
}

/** What an object must hold at least: values are equal, patterns fit, lists have the same length. */
export function holds(found: unknown, expected: unknown, what: string): void {
  const missing = differenceAt(found, expected, '')
  if (missing !== undefined) throw new Broken(`${what}: ${missing}; found ${show(found)}`)
}

function differenceAt(found: unknown, expected: unknown, at: string): string | undefined {
  const here = at === '' ? 'it' : at
  if (expected instanceof RegExp)
    return typeof found === 'string' && expected.test(found) ? undefined : `${here} does not fit ${expected}`
  if (expected === null || typeof expected !== 'object' || expected instanceof Date)
    return isDeepStrictEqual(found, expected) ? undefined : `${here} is not ${show(expected)}`
  if (found === null || typeof found !== 'object') return `${here} is nothing that has parts`
  if (Array.isArray(expected) && (!Array.isArray(found) || found.length !== expected.length))
    return `${here} has not ${expected.length} items`
  // Both are objects here; their own enumerable fields are all that is looked at.
  const parts = found as Record<string, unknown>
  return Object.entries(expected)
    .map(([name, value]) => differenceAt(parts[name], value, at === '' ? name : `${at}.${name}`))
    .find((difference) => difference !== undefined)
}

/** The value that must be there. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Broken(`There is no ${what}`)
  return value
}

/** The failure of the world that the work must end with. */
export async function faultOf(work: () => Promise<unknown>, codes: readonly FaultCode[]): Promise<Fault> {
  let answer: unknown
  try {
    answer = await work()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    claim(
      codes.includes(error.code),
      `The fault is ${error.code} (${error.message}), not ${codes.join(' or ')}`,
    )
    return error
  }
  throw new Broken(`Expected the fault ${codes.join(' or ')}, and it was answered: ${show(answer)}`)
}

/** An exact number as text, for comparing. */
export function text(value: Decimal | null | undefined): string | null {
  return value === null || value === undefined ? null : formatDecimal(value)
}

const SHOWN_CHARACTERS_MAX = 700

export function show(value: unknown): string {
  const json =
    JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item)) ?? String(value)
  return json.length > SHOWN_CHARACTERS_MAX ? `${json.slice(0, SHOWN_CHARACTERS_MAX)}…` : json
}
