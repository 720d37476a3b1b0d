// Secrets at rest: AES-256-GCM under a fresh data key, which is itself sealed under a key of the installation. Both
// layers are bound to the tenant and the subject, so that a ciphertext moved elsewhere does not open. The text names the
// key of the installation it was sealed under, so that several can open while only one seals.
import type { Context, Sealer } from '../context.ts'
import { sha256 } from '../core/canonical.ts'
import type { Random } from '../core/random.ts'

const VERSION = 'v2'
/** Texts of the first version name no key. */
const NAMELESS = 'v1'
/** What a sealed text begins with, as a regular expression. */
export const SEALED = `^(${NAMELESS}|${VERSION})\\.`
const IV_BYTES = 12
const KEY_BYTES = 32
const ID_DIGITS = 12

/** The installation's keys, each 32 bytes as 64 hexadecimal digits: one that seals, and others that only open. */
export type SealingKeys = { current: string; previous: readonly string[] }

/** A sealer that knows which of its keys a text was sealed under. */
export type KeyedSealer = Sealer & {
  /** Whether a text was sealed under the key that seals now. */
  isCurrent(sealed: string): boolean
  /** What every text begins with that was. */
  current: string
}

/** A sealer under one key, or under several of which the first seals. */
export async function makeSealer(keys: string | SealingKeys, random: Random): Promise<KeyedSealer> {
  const { current, previous } = typeof keys === 'string' ? { current: keys, previous: [] } : keys
  const held = new Map<string, CryptoKey>()
  for (const key of [current, ...previous]) held.set(await idOf(key), await importKey(fromHex(key)))
  const id = await idOf(current)
  const sealing = await importKey(fromHex(current))
  const prefix = `${VERSION}.${id}.`
  return {
    current: prefix,
    isCurrent: (sealed) => sealed.startsWith(prefix),
    async seal(plain, bound_to) {
      const bound = bind(bound_to)
      const data_key = random.bytes(KEY_BYTES)
      const wrapped = await encrypt(sealing, data_key, bound, random)
      const sealed = await encrypt(await importKey(data_key), new TextEncoder().encode(plain), bound, random)
      return `${prefix}${toBase64(wrapped)}.${toBase64(sealed)}`
    },
    async open(sealed, bound_to) {
      const { candidates, wrapped, data } = read(sealed, held)
      const bound = bind(bound_to)
      for (const key of candidates) {
        const data_key = await decrypt(key, wrapped, bound)
        if (data_key === undefined) continue
        const plain = await decrypt(await importKey(data_key), data, bound)
        if (plain !== undefined) return new TextDecoder().decode(plain)
      }
      throw new SealBroken()
    },
  }
}

/** The parts of a sealed text, and the keys it may be under. Throws SealBroken. */
function read(
  sealed: string,
  held: ReadonlyMap<string, CryptoKey>,
): { candidates: CryptoKey[]; wrapped: string; data: string } {
  const [version, ...parts] = sealed.split('.')
  if (version === NAMELESS && parts.length === 2) {
    const [wrapped = '', data = ''] = parts
    return { candidates: [...held.values()], wrapped, data }
  }
  const [id = '', wrapped = '', data = ''] = parts
  const key = held.get(id)
  if (version !== VERSION || parts.length !== 3 || key === undefined) throw new SealBroken()
  return { candidates: [key], wrapped, data }
}

const CHECK = 'seal_check'

/**
 * Opens a secret that was sealed at the first start: a start with another key ends here and not at the first call to a
 * cloud. Throws SealBroken.
 */
export async function checkKey({ store, seal }: Pick<Context, 'store' | 'seal'>): Promise<void> {
  const sealed = await seal.seal(CHECK, [CHECK])
  const kept = await store.inInstallation(async ({ tx }) => {
    await tx.installation.createMany({ data: [{ key: CHECK, value: sealed }], skipDuplicates: true })
    return tx.installation.findUnique({ where: { key: CHECK } })
  })
  if (typeof kept?.value !== 'string') throw new SealBroken()
  await seal.open(kept.value, [CHECK])
}

export class SealBroken extends Error {
  constructor() {
    super('A sealed secret does not open: it was changed, moved, or sealed under another SYNDIC_SECRET_KEY.')
    this.name = 'SealBroken'
  }
}

/** What a key is called in a sealed text. It says nothing of the key: 256 random bits are not guessed from a digest. */
async function idOf(key_hex: string): Promise<string> {
  return (await sha256(`sealing key ${key_hex}`)).slice(0, ID_DIGITS)
}

function bind(bound_to: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(bound_to))
}

async function importKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', Uint8Array.from(bytes), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function encrypt(
  key: CryptoKey,
  plain: Uint8Array,
  bound: Uint8Array<ArrayBuffer>,
  random: Random,
): Promise<Uint8Array> {
  const iv = Uint8Array.from(random.bytes(IV_BYTES))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bound },
    key,
    Uint8Array.from(plain),
  )
  return new Uint8Array([...iv, ...new Uint8Array(sealed)])
}

/** undefined: it is not under this key, was changed, or is bound to something else. */
async function decrypt(
  key: CryptoKey,
  text: string,
  bound: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | undefined> {
  try {
    const sealed = fromBase64(text)
    const iv = Uint8Array.from(sealed.subarray(0, IV_BYTES))
    const data = Uint8Array.from(sealed.subarray(IV_BYTES))
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bound }, key, data),
    )
  } catch {
    return undefined
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Bytes as base64, as they stand in a sealed text. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** The bytes of a base64 text. Throws when it is none. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
