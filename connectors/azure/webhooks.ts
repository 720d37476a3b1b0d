/**
 * Azure's messages: each comes with an Entra token for the seller's own application, asked for by the marketplace's.
 * The token proves who speaks, and not what is said: the body is unsigned, so it only hints, and the truth is read
 * back. Anything that cannot be proved is refused with the reason.
 * Source: Microsoft's page on the SaaS webhook and its reference implementation of the token's checks.
 */
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { sha256 } from '../../src/core/canonical.ts'
import type { Connection, InboundRequest, Verification, Webhooks } from '../connector.ts'
import { instant } from './agreements/map-agreements.ts'
import { type Azure, MARKETPLACE_APP } from './clients.ts'
import { hintsOf, type Message, readMessage } from './webhooks/events.ts'
import { webhookIdentityOf } from './webhooks/identity.ts'
import { createKeys, issuerOf, type Keys, type TokenVersion } from './webhooks/keys.ts'

const TOKEN_CHARACTERS_MAX = 16 * 1024
const BODY_CHARACTERS_MAX = 512 * 1024
const CLOCK_TOLERANCE_SECONDS = 60
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i

export function azureWebhooks(azure: Azure): Webhooks {
  const keys = createKeys(azure)
  return { verify: (connection, request) => verify(azure, keys, connection, request) }
}

async function verify(
  azure: Azure,
  keys: Keys,
  connection: Connection,
  request: InboundRequest,
): Promise<Verification> {
  if (request.body.length > BODY_CHARACTERS_MAX) return refuse('The message is too long')
  const claims = await proved(azure, keys, connection, request)
  if (typeof claims === 'string') return refuse(claims)
  const message = readMessage(request.body)
  if (message === undefined) return refuse('The body is not a message of the marketplace')
  const publisher = connection.settings.publisher_id
  if (publisher && message.publisherId && message.publisherId !== publisher)
    return refuse('The message is for another publisher')
  return {
    ok: true,
    message: {
      message_id: await idOf(message, request.body),
      type: message.action || 'Unknown',
      occurred_at: instant(message.timeStamp) ?? azure.parts.clocks.business.now(),
      // The body names the publisher by another name than the seller's account; the token was for this connection.
      account_id: null,
      hints: hintsOf(message),
      body: message,
    },
  }
}

function refuse(reason: string): Verification {
  return { ok: false, reason }
}

/** One operation is told again with each status it reaches; the same status again is the same message. */
async function idOf({ id, action, status }: Message, body: string): Promise<string> {
  return id ? `${id}/${action ?? ''}/${status ?? ''}` : `body/${(await sha256(body)).slice(0, 32)}`
}

/** The claims of the request's token, or the reason why it proves nothing. */
async function proved(
  azure: Azure,
  keys: Keys,
  connection: Connection,
  request: InboundRequest,
): Promise<JWTPayload | string> {
  const token = tokenOf(request)
  if (token === undefined) return 'There is no bearer token'
  const { tenant_id: tenant, client_id } = webhookIdentityOf(connection)
  const looked = lookAt(token, tenant)
  if (typeof looked === 'string') return looked
  const found = await keys(connection, tenant, looked.version, looked.kid)
  if (!found.has(looked.kid)) return 'The token is signed with a key that the login does not have'
  try {
    const { payload } = await jwtVerify(token, found.keys, {
      algorithms: ['RS256'],
      issuer: found.issuer,
      audience: client_id,
      currentDate: azure.parts.clocks.wall.now(),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'iss', 'aud', 'tid'],
    })
    return strangerReason(payload, tenant) ?? payload
  } catch (error) {
    if (error instanceof errors.JOSEError) return `The token does not hold: ${error.message}`
    throw error
  }
}

function tokenOf({ headers }: InboundRequest): string | undefined {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  return found === undefined || found.length > TOKEN_CHARACTERS_MAX
    ? undefined
    : BEARER.exec(found.trim())?.[1]
}

/** What a token says of itself, before it is believed: enough to refuse most forgeries without asking the login. */
function lookAt(token: string, tenant: string): { kid: string; version: TokenVersion } | string {
  try {
    const { alg, kid } = decodeProtectedHeader(token)
    if (alg !== 'RS256') return 'The token is not signed with RS256'
    if (typeof kid !== 'string' || kid === '') return 'The token does not name its key'
    const { iss } = decodeJwt(token)
    if (iss === issuerOf(tenant, '1.0')) return { kid, version: '1.0' }
    if (iss === issuerOf(tenant, '2.0')) return { kid, version: '2.0' }
    return 'The token was not issued for the tenant of the connection'
  } catch {
    return 'The token cannot be read'
  }
}

/** The token is for us; these say that the marketplace, and nobody else, asked for it. */
function strangerReason(payload: JWTPayload, tenant: string): string | undefined {
  if (typeof payload.aud !== 'string') return 'The token is for several applications'
  if (typeof payload.tid !== 'string' || payload.tid.toLowerCase() !== tenant)
    return 'The token belongs to another tenant'
  const callers = [payload.appid, payload.azp].filter((caller) => caller !== undefined)
  if (callers.length === 0) return 'The token does not say which application asked for it'
  return callers.every((caller) => caller === MARKETPLACE_APP)
    ? undefined
    : 'The token was asked for by another application than the marketplace'
}
