/**
 * Google's messages: Pub/Sub pushes them with a token of a service account that the seller chose. The token proves who
 * pushes; what the message says is a hint, and the entitlement is read afterwards, so order and doubles do no harm.
 * Sources: Google's guides on authenticated push subscriptions and on entitlement events, read in 2026.
 */
import { z } from 'zod'
import { HOUR_MS } from '../../src/core/time.ts'
import type { Connection, Hint, InboundRequest, Verification, Webhooks } from '../connector.ts'
import type { Gcp } from './clients.ts'
import { createKeys, type Keys } from './webhooks/keys.ts'
import { readToken } from './webhooks/tokens-in.ts'

const BODY_CHARACTERS_MAX = 512 * 1024
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com']

const envelope = z.looseObject({
  message: z.looseObject({
    data: z.base64(),
    messageId: z.string().min(1),
    publishTime: z.iso.datetime({ offset: true }),
  }),
  subscription: z.string().min(1),
})
const subject = z.looseObject({ id: z.string().regex(/^[\w.:-]{1,200}$/), updateTime: z.string().optional() })
const event = z.looseObject({
  eventId: z.string(),
  eventType: z.string().min(1),
  providerId: z.string().min(1),
  account: subject.optional(),
  entitlement: subject.optional(),
})

export function gcpWebhooks(gcp: Gcp): Webhooks {
  const keys = createKeys(gcp)
  return { verify: (connection, request) => verify(gcp, keys, connection, request) }
}

async function verify(
  gcp: Gcp,
  keys: Keys,
  connection: Connection,
  request: InboundRequest,
): Promise<Verification> {
  const stranger = await strangerReason(gcp, keys, connection, request)
  if (stranger !== undefined) return refuse(stranger)
  if (request.body.length > BODY_CHARACTERS_MAX) return refuse('The body is too long')
  const outer = envelope.safeParse(parsed(request.body))
  if (!outer.success) return refuse('The body is not a message of Pub/Sub')
  const { data, messageId, publishTime } = outer.data.message
  const body = parsed(textOf(data))
  const read = event.safeParse(body)
  const message = { message_id: messageId, occurred_at: new Date(publishTime) }
  if (!read.success) {
    const hints: Hint[] = [{ kind: 'nothing', reason: 'The message is no event of the marketplace' }]
    return { ok: true, message: { ...message, type: 'unknown', account_id: null, hints, body } }
  }
  if (read.data.providerId !== connection.account_id) return refuse('The event is for another provider')
  return {
    ok: true,
    message: {
      ...message,
      type: read.data.eventType,
      account_id: read.data.providerId,
      hints: hintsOf(read.data),
      body: read.data,
    },
  }
}

/** Why the request does not come from the push subscription of this connection; undefined when it does. */
async function strangerReason(
  gcp: Gcp,
  keys: Keys,
  connection: Connection,
  request: InboundRequest,
): Promise<string | undefined> {
  const { push_service_account, push_audience } = connection.settings
  if (!push_service_account || !push_audience) {
    return 'The connection names no push_service_account or no push_audience'
  }
  const header = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header ?? '')?.[1]
  if (token === undefined) return 'There is no bearer token'
  const read = await readToken(gcp, keys, connection, token, {
    document: 'identity',
    issuers: ISSUERS,
    audience: push_audience,
    life_ms: HOUR_MS,
  })
  if (!read.ok) return read.reason
  if (read.claims.aud !== push_audience) return 'The token is for others too'
  // Anybody can have Google sign a token for our address: only the account counts that the seller named.
  if (read.claims.email !== push_service_account) return 'The token belongs to another service account'
  if (read.claims.email_verified !== true) return 'The address of the service account is not verified'
  return undefined
}

function refuse(reason: string): Verification {
  return { ok: false, reason }
}

export function hintsOf({ eventType, entitlement }: z.infer<typeof event>): Hint[] {
  if (entitlement === undefined) {
    // An account is approved when its order is activated, and nothing else of it is kept.
    return [{ kind: 'nothing', reason: `${eventType} names no entitlement` }]
  }
  const changed = {
    kind: 'agreement_changed' as const,
    agreement_id: entitlement.id,
    license: null,
    product_id: null,
    product_code: null,
  }
  return [changed]
}

function textOf(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
