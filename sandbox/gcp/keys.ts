import { createPublicKey, createSign, createVerify, X509Certificate } from 'node:crypto'
import { selfSigned } from '../certificate.ts'
import type { JsonObject } from './model.ts'
import type { World } from './world.ts'

/** The issuer of sign-up tokens; its certificates are served below `keys` under the same path. */
export const marketplaceIssuer =
  'https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com'
export const oidcIssuer = 'https://accounts.google.com'

type KeyName = 'oidc' | 'marketplace'

function keyOf(world: World, name: KeyName): { kid: string; certificate: string; private_key: string } {
  const known = world.keys.get(name) ?? made(world, name)
  const kid = new X509Certificate(known.certificate).fingerprint.replaceAll(':', '').toLowerCase()
  return { kid, ...known }
}

/** Kept at once: what was signed with a key must stay provable whatever becomes of the call that needed it. */
function made(world: World, name: KeyName) {
  const keys = world.keys.put(name, selfSigned(`${name}.gcp.sandbox`, world.rsa()))
  world.store.commit()
  return keys
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT signed with one of the sandbox's own keys. */
export function signedBy(world: World, name: KeyName, claims: JsonObject): string {
  const { kid, private_key } = keyOf(world, name)
  const head = `${base64url({ alg: 'RS256', kid, typ: 'JWT' })}.${base64url(claims)}`
  return `${head}.${createSign('RSA-SHA256').update(head).sign(private_key, 'base64url')}`
}

/** The claims of a JWT that a public key proves; undefined when it does not. */
export function provenClaims(token: string, publicKey: string): JsonObject | undefined {
  const [head, body, signature] = token.split('.')
  if (!head || !body || !signature) return undefined
  const signed = createVerify('RSA-SHA256').update(`${head}.${body}`)
  if (!signed.verify(publicKey, signature, 'base64url')) return undefined
  return claimsOf(token)
}

/** The claims of a JWT, unproven. */
export function claimsOf(token: string): JsonObject | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject
  } catch {
    return undefined
  }
}

function webKeys(world: World, name: KeyName): object {
  const { kid, certificate } = keyOf(world, name)
  const jwk = createPublicKey(certificate).export({ format: 'jwk' })
  return { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] }
}

function certificates(world: World, name: KeyName): object {
  const { kid, certificate } = keyOf(world, name)
  return { [kid]: certificate }
}

const account = 'cloud-commerce-partner@system.gserviceaccount.com'

/** Key documents under Google's own paths. */
export function keyDocument(world: World, path: string): Response {
  const documents: Record<string, () => object> = {
    '/oauth2/v3/certs': () => webKeys(world, 'oidc'),
    '/oauth2/v1/certs': () => certificates(world, 'oidc'),
    [`/robot/v1/metadata/x509/${account}`]: () => certificates(world, 'marketplace'),
    [`/robot/v1/metadata/jwk/${account}`]: () => webKeys(world, 'marketplace'),
  }
  const found = documents[decodeURIComponent(path)]
  if (!found) return new Response('Not Found', { status: 404 })
  const body = JSON.stringify(found())
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'cache-control': 'public, max-age=3600',
  }
  return new Response(body, { headers })
}
