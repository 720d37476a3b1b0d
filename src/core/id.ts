import type { Random } from './random.ts'

/** The prefix of each noun's ids: the one table of them. */
export const prefixes = {
  organisation: 'org',
  connection: 'conn',
  product: 'prod',
  listing: 'lst',
  deal: 'deal',
  offer: 'offer',
  authorization: 'auth',
  agreement: 'agr',
  operation: 'op',
  attempt: 'att',
  work: 'work',
  message: 'msg',
  record: 'rec',
  statement: 'stmt',
  line: 'line',
  match: 'match',
  exception: 'exc',
  entry: 'entry',
  commitment: 'com',
  partner: 'part',
  partnerStatement: 'pst',
  event: 'evt',
} as const

export type Noun = keyof typeof prefixes
export type Id<N extends Noun> = `${(typeof prefixes)[N]}_${string}`

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_DIGITS = 10
const RANDOM_DIGITS = 16

/** A readable id that sorts by the time it was made: prefix, 48 bits of milliseconds, 80 random bits, base 32. */
export function newId<N extends Noun>(noun: N, now: Date, random: Random): Id<N> {
  let time = now.getTime()
  let text = ''
  for (let index = 0; index < TIME_DIGITS; index += 1) {
    text = ALPHABET.charAt(time % 32) + text
    time = Math.floor(time / 32)
  }
  for (const byte of random.bytes(RANDOM_DIGITS)) text += ALPHABET.charAt(byte & 31)
  return `${prefixes[noun]}_${text}` as Id<N>
}

export function isId<N extends Noun>(noun: N, text: string): text is Id<N> {
  return text.startsWith(`${prefixes[noun]}_`) && /^[a-z]+_[0-9a-z]{4,40}$/.test(text)
}
