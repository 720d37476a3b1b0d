import { sha256 } from '../core/canonical.ts'
import type { Random } from '../core/random.ts'

const SECRET_BYTES = 32

/** 256 random bits as text for an address or a header. Whoever holds it is believed, so only its digest is kept. */
export function makeSecret(random: Random): string {
  const bytes = random.bytes(SECRET_BYTES)
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}

/** What is kept of a secret. It has too many bits to be guessed, so a plain digest is enough. */
export function hashOf(secret: string): Promise<string> {
  return sha256(secret)
}
