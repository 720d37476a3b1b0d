import { generateKeyPairSync, type KeyObject } from 'node:crypto'

export type RsaKeys = { publicKey: KeyObject; privateKey: KeyObject }

/** A new key of the size that all three clouds sign with. */
export function newRsaKeys(): RsaKeys {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}
