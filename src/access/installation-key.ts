// One key of the installation for what has to be found again without being kept in the clear: addresses of people, and
// where failed sign-ins came from. It is made once and lies sealed, so that a new key to seal under changes no digest.
import { z } from 'zod'
import type { Context, Sealer } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { InstallationScope } from '../store/index.ts'

const NAME = 'people_key'
const KEY_BYTES = 32

/** What opening and making the key takes. */
export type KeyParts = Pick<Context, 'seal' | 'random'>

/** The opened key of each sealer, so that it is opened once and not with every sign-in. */
const opened = new WeakMap<Sealer, { sealed: string; key_hex: string }>()

/** The installation's key for people, as hex; made by whoever needs it first. */
async function peopleKey({ seal, random }: KeyParts, { tx }: Pick<InstallationScope, 'tx'>): Promise<string> {
  const found =
    (await tx.installation.findUnique({ where: { key: NAME } })) ?? (await made({ seal, random }, { tx }))
  const sealed = z.string().parse(found?.value)
  const known = opened.get(seal)
  if (known?.sealed === sealed) return known.key_hex
  const key_hex = await seal.open(sealed, [NAME])
  opened.set(seal, { sealed, key_hex })
  return key_hex
}

async function made({ seal, random }: KeyParts, { tx }: Pick<InstallationScope, 'tx'>) {
  const value = await seal.seal(toHex(random.bytes(KEY_BYTES)), [NAME])
  // Two that come first at once: the second waits here and then reads the first one's.
  await tx.installation.createMany({ data: [{ key: NAME, value }], skipDuplicates: true })
  return tx.installation.findUnique({ where: { key: NAME } })
}

/** A digest under the installation's key: equal for equal text, and nobody without the key can try what it is of. */
export async function keyedDigest(
  parts: KeyParts,
  scope: Pick<InstallationScope, 'tx'>,
  purpose: string,
  text: string,
): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    fromHex(await peopleKey(parts, scope)),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const signed = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${purpose}\n${text}`))
  return toHex(new Uint8Array(signed))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})+$/.test(hex)) throw new Refusal('misconfigured', 'The key for people is not a key.')
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
