/**
 * AWS's messages: EventBridge events that a rule of the seller sends to an SNS topic of the seller, which posts them
 * here. What proves them is the signature of SNS and that the topic belongs to the connection's own account: anybody
 * can have SNS sign messages of a topic of theirs. Anything that cannot be proved is refused with the reason.
 * Source: the SNS developer guide on verifying messages of HTTP endpoints.
 */
import { z } from 'zod'
import { Fault } from '../../src/core/fault.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import type { Connection, InboundRequest, Verification, Webhooks } from '../connector.ts'
import type { Aws } from './clients.ts'
import { createCertificates } from './webhooks/certificates.ts'
import { hintsOf } from './webhooks/events.ts'
import { visit } from './webhooks/pages.ts'
import { hintOfTopic, productOfTopic } from './webhooks/topics.ts'

/** SNS retries for about an hour; what is older is a recording. */
const AGE_MAX_MS = HOUR_MS
const AHEAD_MAX_MS = 15 * MINUTE_MS
const BODY_CHARACTERS_MAX = 512 * 1024

const envelopeShape = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  // On one line: the signed text joins the fields by lines, so an id of several could hold a field that was left out.
  MessageId: z.string().regex(/^[\w-]{1,100}$/),
  TopicArn: z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.url(),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
})
export type Envelope = z.infer<typeof envelopeShape>

export function awsWebhooks(aws: Aws): Webhooks {
  const certificates = createCertificates(aws)
  return {
    verify: (connection, request) => verify(aws, certificates, connection, request),
    async confirm(connection, url) {
      const topic = z
        .looseObject({ TopicArn: z.string() })
        .safeParse({ TopicArn: new URL(url).searchParams.get('TopicArn') })
      if (!certificates.isAllowed(url, topic.success ? regionOf(topic.data.TopicArn) : undefined)) {
        throw new Fault('forbidden', 'The address to confirm at is not one of SNS')
      }
      const call = 'ConfirmSubscription'
      await aws.guard(connection, call, (signal) => visit(aws, call, url, signal))
    },
  }
}

type Certificates = ReturnType<typeof createCertificates>

async function verify(
  aws: Aws,
  certificates: Certificates,
  connection: Connection,
  request: InboundRequest,
): Promise<Verification> {
  const envelope = readEnvelope(request.body)
  if (envelope === undefined) return refuse('The body is not a message of SNS')
  const stranger = strangerReason(connection, envelope.TopicArn)
  if (stranger !== undefined) return refuse(stranger)
  const age_ms = aws.parts.clocks.business.now().getTime() - Date.parse(envelope.Timestamp)
  if (age_ms > AGE_MAX_MS) return refuse('The message is older than an hour')
  if (age_ms < -AHEAD_MAX_MS) return refuse('The message is dated in the future')
  const region = regionOf(envelope.TopicArn)
  if (!certificates.isAllowed(envelope.SigningCertURL, region, '.pem')) {
    return refuse('The certificate is not at an address of SNS in the region of the topic')
  }
  const key = await certificates.keyFor(connection, envelope.SigningCertURL, envelope.SignatureVersion)
  if (typeof key === 'string') return refuse(key)
  const signed = await crypto.subtle.verify(
    'RSASSA-PKCS1-v1_5',
    key,
    bytesOf(envelope.Signature),
    new TextEncoder().encode(signedText(envelope)),
  )
  if (!signed) return refuse('The signature does not fit the message')
  return envelope.Type === 'Notification'
    ? notification(connection, envelope)
    : subscription(certificates, envelope, region)
}

function refuse(reason: string): Verification {
  return { ok: false, reason }
}

function readEnvelope(body: string): Envelope | undefined {
  if (body.length > BODY_CHARACTERS_MAX) return undefined
  const read = envelopeShape.safeParse(parsed(body))
  return read.success ? read.data : undefined
}

/** A topic of the connection's account, or one that the connection names, such as an older product topic of AWS. */
function strangerReason(connection: Connection, topic: string): string | undefined {
  const named = (connection.settings.topic_arn ?? '').split(/[\s,]+/).filter((item) => item !== '')
  if (named.length > 0)
    return named.includes(topic) ? undefined : 'The topic is not the one that the connection names'
  return topic.split(':')[4] === connection.account_id ? undefined : 'The topic belongs to another account'
}

function regionOf(topic: string): string {
  return topic.split(':')[3] ?? ''
}

/** What SNS signs: these fields, in this order, each as name and value on lines of their own. */
export function signedText(envelope: Envelope): string {
  const names =
    envelope.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const)
  return names
    .filter((name) => envelope[name] !== undefined && envelope[name] !== null)
    .map((name) => `${name}\n${envelope[name]}\n`)
    .join('')
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

function subscription(certificates: Certificates, envelope: Envelope, region: string): Verification {
  const message = {
    message_id: envelope.MessageId,
    type: envelope.Type,
    occurred_at: new Date(envelope.Timestamp),
    account_id: envelope.TopicArn.split(':')[4] ?? null,
    body: envelope,
  }
  if (envelope.Type === 'UnsubscribeConfirmation') {
    return {
      ok: true,
      message: { ...message, hints: [{ kind: 'nothing', reason: 'Messages of this topic end' }] },
    }
  }
  if (envelope.SubscribeURL === undefined || !certificates.isAllowed(envelope.SubscribeURL, region)) {
    return refuse('The address to confirm at is not one of SNS')
  }
  const hints = [{ kind: 'nothing' as const, reason: 'The topic asks to be confirmed' }]
  return { ok: true, message: { ...message, hints, confirm_url: envelope.SubscribeURL } }
}

const eventShape = z.looseObject({
  id: z.string().min(1),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  time: z.iso.datetime(),
  detail: z.looseObject({}),
})
export type MarketplaceEvent = z.infer<typeof eventShape>

function notification(connection: Connection, envelope: Envelope): Verification {
  const body = parsed(envelope.Message)
  const product_code = productOfTopic(envelope.TopicArn)
  if (product_code !== undefined) return ofTopic(envelope, product_code, body)
  const event = eventShape.safeParse(body)
  if (!event.success) return { ok: true, message: unknownMessage(envelope, body) }
  // The envelope's account is the one the event was made for. The parties inside (a reseller, a manufacturer) may differ.
  if (event.data.account !== connection.account_id) return refuse('The event is for another account')
  return {
    ok: true,
    message: {
      // The event's own id: EventBridge may deliver one event twice under two ids of SNS.
      message_id: event.data.id,
      type: event.data['detail-type'],
      occurred_at: new Date(event.data.time),
      account_id: event.data.account,
      hints: hintsOf(event.data),
      body: event.data,
    },
  }
}

/** Its topic is named in the connection, and the customer is one of the product's: the rest is read back. */
function ofTopic(envelope: Envelope, product_code: string, body: unknown): Verification {
  const found = hintOfTopic(product_code, body)
  if (typeof found === 'string') return refuse(found)
  return {
    ok: true,
    message: {
      message_id: envelope.MessageId,
      type: found.action,
      occurred_at: new Date(envelope.Timestamp),
      // These topics are AWS's own; they name no account.
      account_id: null,
      hints: [found.hint],
      body,
    },
  }
}

function unknownMessage(envelope: Envelope, body: unknown) {
  const action = z.looseObject({ action: z.string() }).safeParse(body)
  return {
    message_id: envelope.MessageId,
    type: action.success ? action.data.action : envelope.Type,
    occurred_at: new Date(envelope.Timestamp),
    account_id: envelope.TopicArn.split(':')[4] ?? null,
    hints: [{ kind: 'nothing' as const, reason: 'The message is not an event that names what changed' }],
    body,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
