/**
 * Access tokens, made and kept by Microsoft's own library. Its requests leave through the injected fetch; in sandbox
 * mode the login's address is exchanged on the way, because the library itself takes none without TLS.
 */
import type { ClientSecretCredential, ClientSecretCredentialOptions } from '@azure/identity'
import { canonicalJson, sha256 } from '../../../src/core/canonical.ts'
import { Fault } from '../../../src/core/fault.ts'
import type { Connection } from '../../connector.ts'
import { readWhole } from '../../reply.ts'
import { httpFault } from '../faults.ts'
import { identityOf } from '../webhooks/identity.ts'
import { exchange } from './transport.ts'

export const LOGIN = 'https://login.microsoftonline.com'
const CONNECTIONS_CACHED_MAX = 200
const CALL = 'GetToken'

export type Tokens = {
  tokenFor(connection: Connection, scope: string, signal: AbortSignal): Promise<string>
  /** After a token was refused, the next call asks for a new one. */
  forget(connection: Connection): void
}

type Kept = { fingerprint: string; credential: ClientSecretCredential; failure: { last: unknown } }

export function createTokens(send: typeof fetch, login: string | undefined): Tokens {
  const kept = new Map<string, Kept>()

  async function credentialOf(connection: Connection): Promise<Kept> {
    const { tenant_id, client_id } = identityOf(connection)
    const { client_secret = '' } = connection.credentials
    const fingerprint = await sha256(canonicalJson([tenant_id, client_id, client_secret]))
    const found = kept.get(connection.id)
    if (found?.fingerprint === fingerprint) return found
    const failure = { last: undefined }
    const { ClientSecretCredential } = await import('./identity.ts')
    // Calls that came here at once share one credential, and so the tokens it keeps.
    const meanwhile = kept.get(connection.id)
    if (meanwhile?.fingerprint === fingerprint) return meanwhile
    let credential: ClientSecretCredential
    try {
      credential = new ClientSecretCredential(tenant_id, client_id, client_secret, {
        authorityHost: LOGIN,
        disableInstanceDiscovery: true,
        retryOptions: { maxRetries: 0 },
        httpClient: createLoginClient(send, login, failure),
      })
    } catch (error) {
      // The library refuses tenants with signs that no tenant has.
      throw new Fault('unauthorised', `${CALL}: ${error instanceof Error ? error.message : String(error)}`)
    }
    const made = { fingerprint, credential, failure }
    kept.delete(connection.id)
    kept.set(connection.id, made)
    const oldest = kept.keys().next().value
    if (kept.size > CONNECTIONS_CACHED_MAX && oldest !== undefined) kept.delete(oldest)
    return made
  }

  return {
    async tokenFor(connection, scope, signal) {
      const { credential, failure } = await credentialOf(connection)
      try {
        const { token } = await credential.getToken(scope, { abortSignal: signal })
        return token
      } catch (error) {
        throw loginFault(error, failure)
      }
    },
    forget(connection) {
      kept.delete(connection.id)
    },
  }
}

/** The library wraps what went wrong in errors of its own; what we saw ourselves is told instead. */
function loginFault(error: unknown, failure: { last: unknown }): Fault {
  const seen = failure.last
  failure.last = undefined
  if (seen instanceof Fault) return seen
  if (error instanceof Fault) return error
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new Fault('unreadable_reply', `${CALL}: ${words.split('\n')[0]}`, { evidence: { call: CALL } })
}

type HttpClient = NonNullable<ClientSecretCredentialOptions['httpClient']>
type PipelineHeaders = Awaited<ReturnType<HttpClient['sendRequest']>>['headers']

function createLoginClient(
  send: typeof fetch,
  login: string | undefined,
  failure: { last: unknown },
): HttpClient {
  return {
    async sendRequest(request) {
      try {
        const signal = request.abortSignal
        const reply = await exchange(send, CALL, addressOf(request.url, login), {
          method: request.method,
          headers: Object.fromEntries(request.headers),
          ...(typeof request.body === 'string' ? { body: request.body } : {}),
          ...(signal instanceof AbortSignal ? { signal } : {}),
        })
        const bodyAsText = new TextDecoder().decode(await readWhole(CALL, reply))
        failure.last = reply.ok
          ? undefined
          : httpFault(CALL, reply.status, reply.headers, parsed(bodyAsText, reply.status))
        return { request, status: reply.status, headers: headersOf(reply.headers), bodyAsText }
      } catch (error) {
        failure.last = error
        throw error
      }
    },
  }
}

/** A page of a proxy in place of a login's answer is not credentials that were refused. */
function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (status < 500 && status !== 429)
      throw new Fault('unreadable_reply', `${CALL}: status ${status} with a reply that cannot be read`)
    return undefined
  }
}

/** Only the login is ever visited, whatever address its metadata names. */
function addressOf(address: string, login: string | undefined): string {
  const moved =
    login !== undefined && address.startsWith(`${LOGIN}/`)
      ? `${login.replace(/\/$/, '')}${address.slice(LOGIN.length)}`
      : address
  if (new URL(moved).origin !== new URL(login ?? LOGIN).origin)
    throw new Fault('forbidden', `${CALL}: ${new URL(moved).host} is not the login`)
  return moved
}

function headersOf(headers: Headers): PipelineHeaders {
  return {
    get: (name) => headers.get(name) ?? undefined,
    has: (name) => headers.has(name),
    set: (name, value) => headers.set(name, String(value)),
    delete: (name) => headers.delete(name),
    toJSON: () => Object.fromEntries(headers.entries()),
    [Symbol.iterator]: () => headers.entries(),
  }
}
