// OpenID Connect: the code flow with PKCE, state and nonce. What comes back counts only when the provider signed it for
// us, for this attempt, and just now.
import * as oauth from 'oauth4webapi'
import type { Oidc } from '../config.ts'
import type { Log } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Random } from '../core/random.ts'
import { type Clocks, HOUR_MS, SECOND_MS } from '../core/time.ts'
import { makeSecret } from './secret.ts'
import type { Identity } from './sign-in.ts'

const TIMEOUT_MS = 10 * SECOND_MS
/** What a provider says of itself is believed this long. */
const METADATA_MS = HOUR_MS

/** What an attempt remembers until the browser is back: nobody else may see it. */
export type Attempt = { state: string; nonce: string; verifier: string }

export type OidcClient = {
  name: string
  /** Where to send the browser. */
  begin(redirect_uri: string): Promise<{ address: string; attempt: Attempt }>
  /** Who came back. Throws unauthenticated. */
  finish(callback: URL, redirect_uri: string, attempt: Attempt): Promise<Identity>
}

type Parts = { oidc: Oidc; clocks: Clocks; random: Random; log: Log; fetch: typeof fetch }

/** What the library hands over to be sent. */
type Sent = Omit<RequestInit, 'body'> & { body?: BodyInit | null | undefined }

/** By settings and not by client: a Worker makes a client for every request. */
const known = new WeakMap<Oidc, { server: oauth.AuthorizationServer; until_ms: number }>()

export function makeOidc({ oidc, clocks, random, log, fetch }: Parts): OidcClient {
  const options = () => ({
    [oauth.customFetch]: (address: string, { body, ...rest }: Sent) =>
      fetch(address, { ...rest, ...(body === undefined ? {} : { body }) }),
    // The settings allow http on loopback only.
    [oauth.allowInsecureRequests]: new URL(oidc.issuer).protocol === 'http:',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const client = (): oauth.Client => ({
    client_id: oidc.client_id,
    // The library asks the system for the time: this makes it our wall clock's.
    [oauth.clockSkew]: Math.round((clocks.wall.now().getTime() - Date.now()) / SECOND_MS),
    [oauth.clockTolerance]: 30,
  })
  const discover = async (): Promise<oauth.AuthorizationServer> => {
    const now_ms = clocks.wall.now().getTime()
    const found = known.get(oidc)
    if (found !== undefined && found.until_ms > now_ms) return found.server
    const issuer = new URL(oidc.issuer)
    const answer = await oauth.discoveryRequest(issuer, { ...options(), algorithm: 'oidc' })
    const server = await oauth.processDiscoveryResponse(issuer, answer)
    known.set(oidc, { server, until_ms: now_ms + METADATA_MS })
    return server
  }
  const explained = <T>(work: () => Promise<T>) =>
    work().catch((error) => Promise.reject(refusalOf(error, log)))
  return {
    name: oidc.name,
    begin: (redirect_uri) =>
      explained(async () => {
        const server = await discover()
        const [state, nonce, verifier] = [makeSecret(random), makeSecret(random), makeSecret(random)]
        if (server.authorization_endpoint === undefined) throw new Error('It names no authorization endpoint')
        const address = new URL(server.authorization_endpoint)
        const asked = {
          client_id: oidc.client_id,
          response_type: 'code',
          scope: 'openid',
          redirect_uri,
          state,
          nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        }
        for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value)
        return { address: address.href, attempt: { state, nonce, verifier } }
      }),
    finish: (callback, redirect_uri, { state, nonce, verifier }) =>
      explained(async () => {
        const server = await discover()
        const party = client()
        const parameters = oauth.validateAuthResponse(server, party, callback, state)
        const answer = await oauth.authorizationCodeGrantRequest(
          server,
          party,
          proofOf(server, oidc.client_secret),
          parameters,
          redirect_uri,
          verifier,
          options(),
        )
        const expected = { expectedNonce: nonce, requireIdToken: true }
        const tokens = await oauth.processAuthorizationCodeResponse(server, party, answer, expected)
        // It takes the very answer that was processed: the token it found in it is kept beside that object.
        await oauth.validateApplicationLevelSignature(server, answer, options())
        const claims = oauth.getValidatedIdTokenClaims(tokens)
        if (claims === undefined) throw new Error('It sent no ID token')
        return { issuer: claims.iss, subject: claims.sub }
      }),
  }
}

/** How we say who we are: in the way of the standard, unless the provider takes only the other one. */
function proofOf(server: oauth.AuthorizationServer, client_secret: string): oauth.ClientAuth {
  const taken = server.token_endpoint_auth_methods_supported
  const basic = taken === undefined || taken.includes('client_secret_basic')
  return basic ? oauth.ClientSecretBasic(client_secret) : oauth.ClientSecretPost(client_secret)
}

/** The reason is for the log: a browser that was sent here by somebody else learns nothing from it. */
function refusalOf(error: unknown, log: Log): Refusal {
  if (error instanceof Refusal) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  log('sign_in.provider_refused', { reason: error instanceof Error ? error.message : String(error), code })
  // What the library finds fault with has a code; what the network does to us has none.
  const lost = error instanceof TypeError && code === undefined
  const unreachable = lost || (error instanceof Error && error.name === 'TimeoutError')
  return unreachable
    ? new Refusal('provider-unavailable', 'The sign-in provider does not answer. Try again in a minute.')
    : new Refusal('unauthenticated', 'The sign-in provider did not confirm who you are. Begin again.')
}
