import { createVerify, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { headers: Record<string, string | string[] | undefined>; body: string; path: string }
export type Envelope = Record<string, string>

/** A seller's own server: keeps what it gets, and answers with what the test wants. */
export async function startReceiver() {
  const received: Received[] = []
  const receiver = { received, status: 200, url: '', stop: async () => {} }
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      received.push({ headers: incoming.headers, body, path: incoming.url ?? '' })
      outgoing
        .writeHead(receiver.status, incoming.url === '/aws' ? { location: '/welcome' } : {})
        .end('thanks')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  receiver.stop = () => new Promise((resolve) => void server.close(() => resolve()))
  return receiver
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>

export function envelopes(receiver: Receiver): Envelope[] {
  return receiver.received
    .filter(({ path }) => path === '/events')
    .map(({ body }) => JSON.parse(body) as Envelope)
}

/** The EventBridge events inside the notifications. */
export function eventsIn(receiver: Receiver) {
  return envelopes(receiver)
    .filter((envelope) => envelope.Type === 'Notification')
    .map(
      (envelope) =>
        JSON.parse(envelope.Message ?? '') as { 'detail-type': string; detail: Record<string, unknown> },
    )
}

/** Checks an envelope the way SNS documents it: the canonical string, SHA-256, the certificate's key. */
export async function isGenuine(envelope: Envelope): Promise<boolean> {
  const fields =
    envelope.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = fields.flatMap((name) => (name in envelope ? [`${name}\n${envelope[name]}\n`] : [])).join('')
  const pem = await (await fetch(envelope.SigningCertURL ?? '')).text()
  const key = new X509Certificate(pem).publicKey
  return createVerify('RSA-SHA256')
    .update(text)
    .verify(key, envelope.Signature ?? '', 'base64')
}
