// Messages that nobody should believe, any number of them from a seed: made of genuine ones, as a stranger could who saw
// these, has a key and an AWS account of its own, and knows the addresses of others.
import { createSign } from 'node:crypto'
import { seededRandom } from '../../src/core/random.ts'
import { strangeAddresses } from './strange-addresses.ts'

export type Envelope = Record<string, string>
type Forgery = { what: string; body: string }
type Forger = {
  /** Messages as the cloud sent them. */
  genuine: readonly Envelope[]
  /** The stranger's key, which proves nothing. */
  private_key: string
  /** The cloud's own signature: anybody may have SNS sign messages of a topic of theirs. Without it such are left out. */
  sign?: (envelope: Envelope) => Envelope
}

type Draw = { below(most: number): number; one<T>(from: readonly T[]): T }
type Make = (envelope: Envelope, draw: Draw, forger: Forger) => string | undefined

const orders = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  other: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
}
const fieldsOf = (envelope: Envelope) =>
  envelope.Type === 'Notification' ? orders.Notification : orders.other

export function signedWith(envelope: Envelope, private_key: string): Envelope {
  const text = fieldsOf(envelope)
    .filter((name) => envelope[name] !== undefined)
    .map((name) => `${name}\n${envelope[name]}\n`)
    .join('')
  const signer = createSign(envelope.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text)
  return { ...envelope, Signature: signer.sign(private_key, 'base64') }
}

/** One bit of one character is another; characters that JSON cannot hold alone are left out. */
function bitFlipped(text: string, draw: Draw): string {
  const place = draw.below(text.length)
  const sign = text.charCodeAt(place) ^ (1 << draw.below(6))
  return `${text.slice(0, place)}${String.fromCharCode(sign)}${text.slice(place + 1)}`
}

/** Bits of the bytes, and not the spare ones of the last letter. */
function signatureFlipped(text: string, draw: Draw): string {
  const bytes = Buffer.from(text, 'base64')
  const place = draw.below(bytes.length)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << draw.below(8))
  return bytes.toString('base64')
}

const json = (value: unknown) => JSON.stringify(value)
const own = (envelope: Envelope, more: Envelope, { private_key }: Forger) =>
  json(signedWith({ ...envelope, ...more }, private_key))

const kinds: Readonly<Record<string, Make>> = {
  'a flipped bit in a signed field': (envelope, draw) => {
    const name = draw.one(fieldsOf(envelope).filter((field) => (envelope[field] ?? '') !== ''))
    return json({ ...envelope, [name]: bitFlipped(envelope[name] ?? '', draw) })
  },
  'a flipped bit in the signature': (envelope, draw) =>
    json({ ...envelope, Signature: signatureFlipped(envelope.Signature ?? '', draw) }),
  'a signature cut or doubled': (envelope, draw) => {
    const bytes = Buffer.from(envelope.Signature ?? '', 'base64')
    const cut = draw.one([bytes.subarray(draw.below(40) + 1), Buffer.concat([bytes, bytes]), Buffer.alloc(0)])
    return json({ ...envelope, Signature: cut.toString('base64') })
  },
  'another signature version': (envelope, draw) => {
    const other = envelope.SignatureVersion === '1' ? '2' : '1'
    return json({
      ...envelope,
      SignatureVersion: draw.one([other, '0', '3', '', ' 2', '2 ', 'none', 2, null, ['2']]),
    })
  },
  "the stranger's key": (envelope, draw, forger) =>
    own(envelope, { MessageId: `forged-${draw.below(1e6)}` }, forger),
  "the stranger's key beside it": (envelope, draw, forger) => {
    const name = draw.one(['SigningCert', 'Certificate', 'jwk', 'x5c', 'PublicKey', 'SigningCertPEM'])
    return own(envelope, { [name]: forger.private_key }, forger)
  },
  'a certificate elsewhere': (envelope, draw, forger) => {
    const addresses = strangeAddresses(new URL(envelope.SigningCertURL ?? '').host)
    return own(envelope, { SigningCertURL: draw.one(addresses) }, forger)
  },
  "a topic of the stranger's": (envelope, draw, { sign }) =>
    sign &&
    json(
      sign({ ...envelope, TopicArn: `arn:aws:sns:us-east-1:${600_000_000_000 + draw.below(1e9)}:events` }),
    ),
  'a topic that is none': (envelope, draw, { sign }) => {
    const topic = envelope.TopicArn ?? ''
    const odd = [
      topic.toUpperCase(),
      `${topic}:sub`,
      topic.replace('sns', 'sqs'),
      `x${topic}`,
      ` ${topic}`,
      '',
    ]
    return sign && json(sign({ ...envelope, TopicArn: draw.one([...odd, topic.replace(/\d{12}/, '')]) }))
  },
  'an event of another account': (envelope, draw, { sign }) => {
    const event: unknown = parsed(envelope.Message)
    if (sign === undefined || typeof event !== 'object' || event === null || !('account' in event))
      return undefined
    const account = `${600_000_000_000 + draw.below(1e9)}`
    return json(sign({ ...envelope, Message: json({ ...event, account }) }))
  },
  'another time': (envelope, draw, { sign }) => {
    const at = Date.parse(envelope.Timestamp ?? '')
    const away_ms = draw.one([2, 24, 8760]) * 3_600_000 + draw.below(3600) * 1000
    const stamps = [
      new Date(at + draw.one([-away_ms, away_ms])).toISOString(),
      '1970-01-01T00:00:00Z',
      'now',
      '',
    ]
    return sign && json(sign({ ...envelope, Timestamp: stamps[draw.below(12)] ?? stamps[0] ?? '' }))
  },
  'a missing field': (envelope, draw) => {
    const needed = [
      'Message',
      'MessageId',
      'Timestamp',
      'TopicArn',
      'Type',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
    ]
    const { [draw.one(needed)]: _, ...rest } = envelope
    return json(rest)
  },
  'a field of another type': (envelope, draw) => {
    const name = draw.one(
      [...fieldsOf(envelope), 'Signature', 'SigningCertURL'].filter((one) => envelope[one] !== undefined),
    )
    const value = envelope[name]
    return json({
      ...envelope,
      [name]: draw.one<unknown>([[value], { value }, 7, true, null, { toString: value }]),
    })
  },
  'another type of message': (envelope, draw) => {
    const types = [
      'Notification',
      'SubscriptionConfirmation',
      'UnsubscribeConfirmation',
      'notification',
      'Other',
    ]
    const Type = draw.one(types.filter((one) => one !== envelope.Type))
    return json({ ...envelope, Type, Token: 't', SubscribeURL: 'https://evil.example/confirm' })
  },
  'an address to confirm at elsewhere': (envelope, draw, { sign }) => {
    const host = new URL(envelope.SigningCertURL ?? '').host
    const [Type, Token] = ['SubscriptionConfirmation', 't']
    const SubscribeURL = draw.one(strangeAddresses(host).filter((one) => !one.includes(`//${host}/`)))
    const { Subject: _, ...rest } = envelope
    return sign && json(sign({ ...rest, Type, Token, SubscribeURL }))
  },
  'fields whose borders were moved': (envelope, draw) => {
    const { Subject, SubscribeURL, ...rest } = envelope
    const [name, moved] = Subject === undefined ? ['SubscribeURL', SubscribeURL] : ['Subject', Subject]
    if (moved === undefined)
      return json({ ...envelope, MessageId: `${envelope.MessageId}\n${draw.below(1e6)}` })
    return json({ ...rest, MessageId: `${envelope.MessageId}\n${name}\n${moved}` })
  },
  'fields of the prototype': (envelope, draw) => {
    const { Signature: _, ...rest } = envelope
    const name = draw.one(['__proto__', 'constructor', 'prototype'])
    return `{"${name}":${json(envelope)},${json(rest).slice(1)}`
  },
  'a field twice': (envelope, draw) => {
    const event = `{"id":"forged-${draw.below(1e6)}"}`
    return `${json(envelope).slice(0, -1)},"Message":${json(event)}}`
  },
  'no envelope': (envelope, draw) => {
    const bodies = [
      envelope.Message,
      `[${json(envelope)}]`,
      json(json(envelope)),
      'null',
      '7',
      '""',
      '',
      '{}',
      `\u0000${json(envelope)}`,
    ]
    return draw.one(bodies)
  },
  'a huge body': (envelope, draw) =>
    draw.one([
      json({ ...envelope, more: 'x'.repeat(600_000) }),
      '['.repeat(20_000 + draw.below(1000)),
      `{"a":`.repeat(20_000),
    ]),
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

export const kindsOfForgery: readonly string[] = Object.keys(kinds)

/** So many forgeries, of each kind in turn. The same seed gives the same. */
export function* forgeries(forger: Forger, seed: number, count: number): Generator<Forgery> {
  const random = seededRandom(seed)
  const below = (most: number) => {
    const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4)
    return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % most
  }
  const one = <T>(from: readonly T[]): T => {
    const found = from[below(from.length)]
    if (found === undefined) throw new Error('There is nothing to choose from')
    return found
  }
  const bodies = new Set(forger.genuine.map(json))
  for (let made = 0, turn = 0; made < count; turn += 1) {
    const what = kindsOfForgery[turn % kindsOfForgery.length] ?? ''
    const body = kinds[what]?.(one(forger.genuine), { below, one }, forger)
    if (body === undefined || bodies.has(body)) continue
    made += 1
    yield { what, body }
  }
}
