import type { Collection } from './journal.ts'

/** Everything that looks random and is not a key: ids, secrets, delays. The same seed gives the same run. */
export type Random = {
  integer(below: number): number
  text(length: number, alphabet: string): string
  uuid(): string
}

export const lowercase = 'abcdefghijklmnopqrstuvwxyz0123456789'
export const uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const mixed = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
export const alphanumeric = mixed

/** The generator's state is journalled, so a restart goes on where it stopped. */
export function createRandom(states: Collection<number>, seed: string): Random {
  if (states.get('state') === undefined) states.put('state', hash(seed))

  // mulberry32: small, and its whole state is one number.
  function next(): number {
    const state = ((states.get('state') ?? 0) + 0x6d2b79f5) | 0
    states.put('state', state)
    let mixedBits = Math.imul(state ^ (state >>> 15), 1 | state)
    mixedBits = (mixedBits + Math.imul(mixedBits ^ (mixedBits >>> 7), 61 | mixedBits)) ^ mixedBits
    return (mixedBits ^ (mixedBits >>> 14)) >>> 0
  }

  function integer(below: number): number {
    return next() % below
  }

  function text(length: number, alphabet: string): string {
    let result = ''
    while (result.length < length) result += alphabet[integer(alphabet.length)]
    return result
  }

  function uuid(): string {
    const digits = text(32, '0123456789abcdef')
    const variant = '89ab'[integer(4)]
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `${variant}${digits.slice(17, 20)}`,
      digits.slice(20, 32),
    ].join('-')
  }

  return { integer, text, uuid }
}

function hash(text: string): number {
  let value = 2166136261
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619)
  return value | 0
}
