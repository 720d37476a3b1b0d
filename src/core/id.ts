import type { Random } from './random.ts'

/** The prefix of each noun's ids: the one table of them. */
export const prefixes = {
  organisation: 'org',
  connection: 'conn',
  product: 'prod',
  listing: 'lst',
  deal: 'deal',
  offer: 'offer',
  offerSet: 'oset',
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
  person: 'prsn',
  invitation: 'inv',
  key: 'key',
  approval: 'appr',
  request: 'req',
  visit: 'visit',
} as const

export type Noun = keyof typeof prefixes
export type Id<N extends Noun> = `${(typeof prefixes)[N]}_${string}`

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_DIGITS = 10
const COUNT_DIGITS = 4
const RANDOM_DIGITS = 12

/**
 * A readable id: prefix, milliseconds, a count, 60 random bits, in base 32. Ids of one process sort in the order they
 * were made when `count` rises, also within one instant (a stopped clock stands still for long).
 */
export function newId<N extends Noun>(noun: N, now: Date, random: Random, count = 0): Id<N> {
  let text = digits(now.getTime(), TIME_DIGITS) + digits(count, COUNT_DIGITS)
  for (const byte of random.bytes(RANDOM_DIGITS)) text += ALPHABET.charAt(byte & 31)
  return `${prefixes[noun]}_${text}` as Id<N>
}

function digits(value: number, length: number): string {
  let rest = value
  let text = ''
  for (let index = 0; index < length; index += 1) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

export function isId<N extends Noun>(noun: N, text: string): text is Id<N> {
  return text.startsWith(`${prefixes[noun]}_`) && /^[a-z]+_[0-9a-z]{4,40}$/.test(text)
}
