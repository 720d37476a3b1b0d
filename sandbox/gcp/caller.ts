import { alphanumeric } from '../random.ts'
import { GcpError } from './errors.ts'
import { claimsOf, provenClaims } from './keys.ts'
import type { Json, Provider } from './model.ts'
import type { World } from './world.ts'

const tokenLife = 3_600

function byEmail(world: World, email: Json | undefined): Provider | undefined {
  for (const account of world.accounts.all()) {
    if (account.role === 'provider' && account.client_email === email) return account
  }
  return undefined
}

function unauthenticated(reason: string): GcpError {
  const message =
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other ' +
    'valid authentication credential.'
  return new GcpError('UNAUTHENTICATED', message, reason)
}

export const expiredToken = () => unauthenticated('ACCESS_TOKEN_EXPIRED')

/** Whose token a request carries: one given out by the token endpoint, or a JWT signed with the account's key. */
export function callerOf(world: World, request: Request): Provider {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) throw unauthenticated('CREDENTIALS_MISSING')
  if (token.split('.').length === 3 && token.startsWith('ey')) return selfSigned(world, token)
  const known = world.tokens.get(token)
  const account = known && world.accounts.get(known.account_id)
  if (account?.role !== 'provider') throw unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED')
  if (known && known.expires_at <= world.wall()) throw expiredToken()
  return account
}

function selfSigned(world: World, token: string): Provider {
  const account = byEmail(world, claimsOf(token)?.iss)
  const claims = account && provenClaims(token, account.public_key)
  if (!account || !claims) throw unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED')
  if (typeof claims.exp !== 'number' || claims.exp * 1_000 <= world.wall()) throw expiredToken()
  return account
}

function oauthError(status: number, error: string, error_description: string): Response {
  return Response.json({ error, error_description }, { status })
}

/** The JWT bearer grant: an assertion signed with a service account's key buys an access token. */
export function tokenRequest(world: World, body: string): Response {
  const form = new URLSearchParams(body)
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`)
  }
  const assertion = form.get('assertion') ?? ''
  const account = byEmail(world, claimsOf(assertion)?.iss)
  if (!account) return oauthError(400, 'invalid_grant', 'Invalid grant: account not found')
  const claims = provenClaims(assertion, account.public_key)
  if (!claims) return oauthError(400, 'invalid_grant', 'Invalid JWT Signature.')
  const now = world.wall() / 1_000
  const { iat, exp } = claims
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp <= now || exp - iat > tokenLife + 60) {
    const fix = 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.'
    return oauthError(400, 'invalid_grant', `${fix} Check your iat and exp values in the JWT claim.`)
  }
  if (typeof claims.scope !== 'string' || claims.scope === '') {
    return oauthError(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
  }
  for (const [token, { expires_at }] of world.tokens.entries()) {
    if (expires_at < world.wall() - 24 * 3_600_000) world.tokens.remove(token)
  }
  const access_token = `ya29.${world.random.text(60, alphanumeric)}`
  world.tokens.put(access_token, {
    account_id: account.account_id,
    expires_at: world.wall() + tokenLife * 1_000,
  })
  return Response.json({ access_token, expires_in: tokenLife - 1, token_type: 'Bearer' })
}
