/** The issuers and keys of Microsoft's login, read from where the operator says it is, and kept for a while. */
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { Fault } from '../../../src/core/fault.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts'
import type { Connection } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { shaped } from '../faults.ts'
import { isAllowedLink } from '../wire/links.ts'

const TENANTS_MAX = 200
const FRESH_MS = 6 * HOUR_MS
/** A token may name any key; the login is asked for news at most this often. */
const ASK_AGAIN_MS = 5 * MINUTE_MS
const STALE_MS = DAY_MS

const metadataShape = z.looseObject({ issuer: z.string(), jwks_uri: z.string() })
const keySetShape = z.looseObject({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })),
})

export type IssuerKeys = { issuer: string; keys: JWTVerifyGetKey; has(kid: string): boolean; read_at: number }
export type TokenVersion = '1.0' | '2.0'

/** Microsoft's names for a tenant's tokens. The metadata must say the same; nothing else is believed. */
export function issuerOf(tenant: string, version: TokenVersion): string {
  return version === '1.0'
    ? `https://sts.windows.net/${tenant}/`
    : `https://login.microsoftonline.com/${tenant}/v2.0`
}

export function createKeys(azure: Azure) {
  const kept = new Map<string, IssuerKeys>()
  const now = () => azure.parts.clocks.wall.now().getTime()

  async function read(connection: Connection, tenant: string, version: TokenVersion): Promise<IssuerKeys> {
    const place = version === '1.0' ? path(tenant) : path(tenant, 'v2.0')
    const address = `${azure.login}${place}/.well-known/openid-configuration`
    const metadata = shaped(
      metadataShape,
      await azure.open(connection, 'OpenIdConfiguration', address),
      'OpenIdConfiguration',
    )
    if (metadata.issuer !== issuerOf(tenant, version))
      throw new Fault('unreadable_reply', 'OpenIdConfiguration: the login names another issuer', {
        evidence: metadata,
      })
    if (!isAllowedLink('login', metadata.jwks_uri, azure.parts.config.endpoints.login))
      throw new Fault('forbidden', 'OpenIdConfiguration: the login names keys on another host', {
        evidence: metadata,
      })
    const set = shaped(keySetShape, await azure.open(connection, 'Keys', metadata.jwks_uri), 'Keys')
    const usable = set.keys.filter(({ kty, use }) => kty === 'RSA' && (use === undefined || use === 'sig'))
    return {
      issuer: metadata.issuer,
      keys: createLocalJWKSet({ keys: usable.map(toJwk) }),
      has: (kid) => usable.some((key) => key.kid === kid),
      read_at: now(),
    }
  }

  /** The keys of a tenant that hold this one, if the login has it. A network failure is thrown unless older keys do. */
  return async function keysFor(connection: Connection, tenant: string, version: TokenVersion, kid: string) {
    const name = `${version} ${tenant}`
    const known = kept.get(name)
    const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.read_at
    if (known !== undefined && (known.has(kid) ? age < FRESH_MS : age < ASK_AGAIN_MS)) return known
    try {
      const found = await read(connection, tenant, version)
      kept.delete(name)
      kept.set(name, found)
      const oldest = kept.keys().next().value
      if (kept.size > TENANTS_MAX && oldest !== undefined) kept.delete(oldest)
      return found
    } catch (error) {
      if (known?.has(kid) === true && age < STALE_MS) return known
      throw error
    }
  }
}
export type Keys = ReturnType<typeof createKeys>

/** The library's type takes no fields that are there and undefined. */
function toJwk({ kid, use, ...rest }: z.infer<typeof keySetShape>['keys'][number]): JWK {
  return { ...rest, ...(kid === undefined ? {} : { kid }), ...(use === undefined ? {} : { use }) }
}
