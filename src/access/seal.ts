// Secrets at rest: AES-256-GCM under a fresh data key, which is itself sealed under the installation's key. Both
// layers are bound to the tenant and the subject, so that a ciphertext moved elsewhere does not open.
import type { Context, Sealer } from '../context.ts'
import type { Random } from '../core/random.ts'

const VERSION = 'v1'
const IV_BYTES = 12
const KEY_BYTES = 32

/** A sealer under one 32-byte key, given as 64 hexadecimal digits. */
export async function makeSealer(key_hex: string, random: Random): Promise<Sealer> {
  const master = await importKey(fromHex(key_hex))
  return {
    async seal(plain, bound_to) {
      const bound = bind(bound_to)
      const data_key = random.bytes(KEY_BYTES)
      const wrapped = await encrypt(master, data_key, bound, random)
      const sealed = await encrypt(await importKey(data_key), new TextEncoder().encode(plain), bound, random)
      return [VERSION, toBase64(wrapped), toBase64(sealed)].join('.')
    },
    async open(sealed, bound_to) {
      const [version, wrapped, data, ...more] = sealed.split('.')
      if (version !== VERSION || wrapped === undefined || data === undefined || more.length > 0)
        throw new SealBroken()
      const bound = bind(bound_to)
      const data_key = await decrypt(master, wrapped, bound)
      return new TextDecoder().decode(await decrypt(await importKey(data_key), data, bound))
    },
  }
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

async function decrypt(key: CryptoKey, text: string, bound: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    const sealed = fromBase64(text)
    const iv = Uint8Array.from(sealed.subarray(0, IV_BYTES))
    const data = Uint8Array.from(sealed.subarray(IV_BYTES))
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bound }, key, data),
    )
  } catch {
    throw new SealBroken()
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
