import { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto'
import { text, type World } from './world.ts'

// JSON web tokens signed by the sandbox's own key, which the journal keeps.

export type Claims = Record<string, string | number>

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Made at the first token and kept: tokens must outlive a restart. */
function signingKey(world: World): { kid: string; private_key: string } {
  const found = world.keys.get('signing')
  if (found) return found
  const { privateKey } = world.rsa()
  const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const kid = world.random.text(27, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-')
  return world.keys.put('signing', { kid, private_key })
}

export function signToken(world: World, claims: Claims): string {
  const key = signingKey(world)
  const head = encoded({ typ: 'JWT', alg: 'RS256', kid: key.kid, x5t: key.kid })
  const body = `${head}.${encoded(claims)}`
  const signature = createSign('RSA-SHA256').update(body).sign(createPrivateKey(key.private_key), 'base64url')
  return `${body}.${signature}`
}

export type TokenProblem = 'malformed' | 'signature' | 'expired'

/** The claims of one of our tokens, or why it is none. Expiry follows wall time. */
export function readToken(world: World, token: string): Claims | TokenProblem {
  const [head, body, signature, ...rest] = token.split('.')
  if (!head || !body || !signature || rest.length > 0) return 'malformed'
  const header = parsedPart(head)
  const claims = parsedPart(body)
  if (!header || !claims || header.alg !== 'RS256') return 'malformed'
  const key = signingKey(world)
  const genuine = createVerify('RSA-SHA256')
    .update(`${head}.${body}`)
    .verify(createPublicKey(key.private_key), signature, 'base64url')
  if (!genuine || text(header.kid) !== key.kid) return 'signature'
  if (typeof claims.exp !== 'number' || claims.exp * 1000 <= world.wall()) return 'expired'
  return claims
}

function parsedPart(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}

export function keySet(world: World): object {
  const key = signingKey(world)
  const jwk = createPublicKey(key.private_key).export({ format: 'jwk' })
  return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: key.kid, x5t: key.kid }] }
}
