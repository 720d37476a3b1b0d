/**
 * The public keys that Google signs its tokens with, kept for an hour and asked for again when a token names one that
 * is not there, but not more often than every half minute. Their addresses are ours and never a token's.
 */
import { importJWK, importX509 } from 'jose'
import { z } from 'zod'
import { HOUR_MS, SECOND_MS } from '../../../src/core/time.ts'
import type { Connection } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { fromReply, shaped } from '../faults.ts'

export const SIGN_UP_ISSUER =
  'https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com'
const GOOGLE_KEYS_ROOT = 'https://www.googleapis.com'
const documents = {
  sign_up: '/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com',
  identity: '/oauth2/v3/certs',
} as const
export type KeyDocument = keyof typeof documents

const KEPT_MS = HOUR_MS
const AGAIN_MS = 30 * SECOND_MS
const KEYS_MAX = 50

type Key = Awaited<ReturnType<typeof importX509>>
export type Keys = (connection: Connection, document: KeyDocument, kid: string) => Promise<Key | undefined>

const certificates = z.record(z.string(), z.string())
const webKeys = z.looseObject({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), n: z.string(), e: z.string() })),
})

export function createKeys(gcp: Gcp): Keys {
  const kept = new Map<KeyDocument, { at: number; keys: Map<string, () => Promise<Key>> }>()
  return async (connection, document, kid) => {
    const now = gcp.parts.clocks.wall.now().getTime()
    const known = kept.get(document)
    const age_ms = known === undefined ? Number.POSITIVE_INFINITY : now - known.at
    if (age_ms > KEPT_MS || (!known?.keys.has(kid) && age_ms > AGAIN_MS)) {
      kept.set(document, { at: now, keys: await fetchKeys(gcp, connection, document) })
    }
    return kept.get(document)?.keys.get(kid)?.()
  }
}

async function fetchKeys(gcp: Gcp, connection: Connection, document: KeyDocument) {
  const root = gcp.parts.config.endpoints.keys ?? GOOGLE_KEYS_ROOT
  const call = document === 'sign_up' ? 'GetSignUpKeys' : 'GetIdentityKeys'
  const body: unknown = await gcp.guard(connection, call, async (signal) => {
    const reply = await gcp.send(`${root.replace(/\/$/, '')}${documents[document]}`, { signal })
    const received: unknown = await reply.json()
    if (!reply.ok) throw fromReply(call, reply.status, reply.headers, received)
    return received
  })
  if (document === 'sign_up') {
    return new Map(
      Object.entries(shaped(certificates, body, call))
        .slice(0, KEYS_MAX)
        .map(([kid, pem]) => [kid, () => importX509(pem, 'RS256')] as const),
    )
  }
  return new Map(
    shaped(webKeys, body, call)
      .keys.filter((key) => key.kty === 'RSA')
      .slice(0, KEYS_MAX)
      // Only the public numbers are taken: nothing else that a key says about itself counts.
      .map(
        ({ kid, n, e }) => [kid, async () => asKey(await importJWK({ kty: 'RSA', n, e }, 'RS256'))] as const,
      ),
  )
}

function asKey(key: Awaited<ReturnType<typeof importJWK>>): Key {
  if (key instanceof Uint8Array) throw new Error('An RSA key was read as bytes')
  return key
}
