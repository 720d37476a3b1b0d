/**
 * Access tokens of a service account. The official library signs the assertion and keeps the token until shortly before
 * it expires; its token address is fixed in it, so ours is put in where one is configured. One attempt per token.
 */
import type { JWT } from 'google-auth-library'
import { Fault } from '../../../src/core/fault.ts'
import { type Clock, MINUTE_MS } from '../../../src/core/time.ts'
import type { Connection } from '../../connector.ts'
import type { Send } from './transport.ts'

const GOOGLE_TOKEN_ADDRESS = 'https://oauth2.googleapis.com/token'
/** A token with less than this left is not used any more. */
const EAGER_MS = 5 * MINUTE_MS
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

export type Tokens = {
  /** A token that is still good, or undefined if one must be fetched. */
  kept(): string | undefined
  fetch(signal: AbortSignal): Promise<string>
  /** Drops the token after Google refused it. */
  forget(): void
}

export function createTokens(
  send: Send,
  address: string | undefined,
  connection: Connection,
  wall: Clock,
): Tokens {
  let client: JWT | undefined
  let waiting: AbortSignal | undefined
  // The library passes no signal on for tokens, so the one of the call that waits is put in here.
  const sendToken: Send = (asked, init) =>
    send(asked === GOOGLE_TOKEN_ADDRESS ? (address ?? asked) : asked, {
      ...init,
      ...(waiting === undefined ? {} : { signal: waiting }),
    })
  return {
    kept() {
      const { access_token, expiry_date } = client?.credentials ?? {}
      const left_ms = (expiry_date ?? 0) - wall.now().getTime()
      return access_token && left_ms > EAGER_MS ? access_token : undefined
    },
    async fetch(signal) {
      client ??= await makeClient(sendToken, connection)
      waiting = signal
      const { token } = await client.getAccessToken()
      if (!token) throw new Fault('unreadable_reply', 'GetAccessToken: the reply has no access_token')
      return token
    },
    forget() {
      client = undefined
    },
  }
}

async function makeClient(send: Send, connection: Connection): Promise<JWT> {
  const { JWT: Client } = await import('google-auth-library')
  const client = new Client({
    email: connection.settings.service_account ?? '',
    key: privateKeyOf(connection),
    scopes: [SCOPE],
    eagerRefreshThresholdMillis: EAGER_MS,
    transporterOptions: {
      fetchImplementation: (address, init) => send(String(address), init ?? {}),
      retry: false,
    },
  })
  client.transporter.interceptors.request.add({
    // The library asks for repeats of its token request by itself; ours are the caller's.
    resolved: async (request) => {
      request.retry = false
      delete request.retryConfig
      return request
    },
  })
  return client
}

/** The key as the file of the service account writes it, also when its line ends were escaped on the way. */
function privateKeyOf(connection: Connection): string {
  const key = (connection.credentials.private_key ?? '').replaceAll('\\n', '\n').trim()
  if (!/^-----BEGIN (RSA )?PRIVATE KEY-----\n[\s\S]+\n-----END (RSA )?PRIVATE KEY-----$/.test(key)) {
    throw new Fault('unauthorised', 'GetAccessToken: private_key is not a private key in PEM form', {
      cloudCode: 'BAD_PRIVATE_KEY',
    })
  }
  return `${key}\n`
}
