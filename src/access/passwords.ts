// Passwords: scrypt, which costs a guesser memory. The cost stands in each hash, so that it can be raised later.
import { scrypt, timingSafeEqual } from 'node:crypto'
import { invalid } from '../core/problem.ts'
import type { Random } from '../core/random.ts'

/** 32 MiB and about a fifth of a second: one of the settings OWASP recommends, and small enough for a Worker. */
const COST = { log2_n: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 200

type Hash = { log2_n: number; r: number; p: number; salt: Buffer; hash: Buffer }

/** What is checked when there is no password to check, so that the answer takes as long as with one. */
const NOBODY: Hash = { ...COST, salt: Buffer.alloc(SALT_BYTES, 1), hash: Buffer.alloc(HASH_BYTES, 1) }

/** A hash to keep: "scrypt$15$8$3$salt$hash". */
export async function hashPassword(random: Random, password: string): Promise<string> {
  const salt = Buffer.from(random.bytes(SALT_BYTES))
  const hash = await derive(password, { ...COST, salt })
  const { log2_n, r, p } = COST
  return ['scrypt', log2_n, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether a password is the one a hash was made of. Null: there is none, which takes just as long to find out. */
export async function passwordFits(password: string, kept: string | null): Promise<boolean> {
  const wanted = kept === null ? NOBODY : parse(kept)
  const hash = await derive(password, wanted)
  return timingSafeEqual(hash, wanted.hash) && kept !== null
}

/** Throws invalid-input for a password that is too easily guessed. */
export function checkPassword(password: string, email: string): void {
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
    const rule = `has ${password.length} characters`
    throw invalid('password', rule, `Choose ${PASSWORD_MIN} to ${PASSWORD_MAX}, such as four or five words`)
  }
  if (new Set(password).size < 5)
    throw invalid('password', 'repeats itself', 'Choose more different characters')
  const address = email.trim().toLowerCase()
  if (address !== '' && password.toLowerCase().includes(address)) {
    throw invalid('password', 'holds the e-mail address', 'Choose one that nobody can look up')
  }
}

function parse(kept: string): Hash {
  const [, log2_n, r, p, salt, hash] =
    /^scrypt\$(1[0-9])\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(kept) ?? []
  if (salt === undefined || hash === undefined) throw new Error('A kept password is no hash of ours.')
  return {
    log2_n: Number(log2_n),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}

function derive(password: string, { log2_n, r, p, salt }: Omit<Hash, 'hash'>): Promise<Buffer> {
  const cost = { N: 2 ** log2_n, r, p, maxmem: 256 * 2 ** log2_n * r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, cost, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
}
