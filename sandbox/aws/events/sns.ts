import { createSign } from 'node:crypto'
import { selfSigned } from '../../certificate.ts'
import { iso } from '../../time.ts'
import { opaque, type World } from '../world.ts'
import { type Destination, destinationId, type MarketEvent } from './events-model.ts'

/** The key that signs notifications, made once and kept with the sandbox's other state. */
export function signingKeys(world: World): { certificate: string; private_key: string } {
  const known = world.keys.get('sns')
  if (known) return known
  const keys = world.keys.put('sns', selfSigned('sns.sandbox', world.rsa()))
  world.store.commit()
  return keys
}

type Message = Record<string, string>

const signedFields: Record<string, string[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
}

/** Name and value on lines of their own, in SNS's order, only the fields that are there. */
function canonical(message: Message): string {
  const fields = signedFields[message.Type ?? ''] ?? []
  return fields
    .flatMap((field) => (message[field] === undefined ? [] : [`${field}\n${message[field]}\n`]))
    .join('')
}

export function snsBase(world: World): string {
  return `${world.origin()}/aws/sns`
}

async function post(world: World, destination: Destination, message: Message, keys: { private_key: string }) {
  const signed = {
    ...message,
    SignatureVersion: '2',
    Signature: createSign('RSA-SHA256').update(canonical(message)).sign(keys.private_key, 'base64'),
    SigningCertURL: `${snsBase(world)}/SimpleNotificationService-sandbox.pem`,
  }
  const headers = {
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': message.Type ?? '',
    'x-amz-sns-message-id': message.MessageId ?? '',
    'x-amz-sns-topic-arn': destination.topic_arn,
    ...(message.Type === 'Notification'
      ? { 'x-amz-sns-subscription-arn': destination.subscription_arn }
      : {}),
  }
  const body = JSON.stringify(signed, null, 2)
  const request = new Request(destination.url, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(5_000),
  })
  try {
    const response = await world.fetch(request)
    await response.arrayBuffer()
    return { status: response.status }
  } catch (error) {
    return {
      problem:
        error instanceof Error
          ? error.cause instanceof Error
            ? error.cause.message
            : error.message
          : String(error),
    }
  }
}

/** Subscribes an address and asks it to confirm, as a new subscription of a topic is asked. */
export async function subscribe(
  world: World,
  account_id: string,
  url: string,
  topic_arn = `arn:aws:sns:us-east-1:${account_id}:marketplace-events`,
): Promise<Destination> {
  const keys = signingKeys(world)
  const destination: Destination = {
    account_id,
    url,
    topic_arn,
    subscription_arn: `${topic_arn}:${world.random.uuid()}`,
    token: opaque(world, 64),
    confirmed: false,
    confirmation: { message_id: world.random.uuid() },
  }
  const id = destinationId(destination)
  world.destinations.put(id, destination)
  world.store.commit()
  const query = new URLSearchParams({
    Action: 'ConfirmSubscription',
    TopicArn: topic_arn,
    Token: destination.token,
  })
  const outcome = await post(
    world,
    destination,
    {
      Type: 'SubscriptionConfirmation',
      MessageId: destination.confirmation.message_id,
      Token: destination.token,
      TopicArn: topic_arn,
      Message:
        `You have chosen to subscribe to the topic ${topic_arn}.\n` +
        'To confirm the subscription, visit the SubscribeURL included in this message.',
      SubscribeURL: `${snsBase(world)}/?${query}`,
      Timestamp: iso(world.clock.now()),
    },
    keys,
  )
  const current = world.destinations.get(id)
  if (current?.token !== destination.token) return destination
  const known = { ...current, confirmation: { ...current.confirmation, ...outcome } }
  world.destinations.put(id, known)
  world.store.commit()
  return known
}

/** Sends one event once and says what came back. */
export async function notify(world: World, destination: Destination, event: MarketEvent) {
  const keys = signingKeys(world)
  const query = new URLSearchParams({ Action: 'Unsubscribe', SubscriptionArn: destination.subscription_arn })
  return post(
    world,
    destination,
    {
      Type: 'Notification',
      MessageId: event.message_id,
      TopicArn: destination.topic_arn,
      Message: event.body,
      Timestamp: iso(event.created_at),
      UnsubscribeURL: `${snsBase(world)}/?${query}`,
    },
    keys,
  )
}

/** The certificate, and what the links inside the messages do. */
export function snsRequest(world: World, url: URL): Response {
  if (url.pathname.endsWith('.pem')) {
    const { certificate } = signingKeys(world)
    return new Response(certificate, { headers: { 'content-type': 'application/x-pem-file' } })
  }
  const xml = (status: number, body: string) =>
    new Response(body, { status, headers: { 'content-type': 'text/xml' } })
  const action = url.searchParams.get('Action')
  const [token, arn] = [url.searchParams.get('Token'), url.searchParams.get('SubscriptionArn')]
  const found = world.destinations
    .all()
    .find((candidate) =>
      action === 'Unsubscribe' ? candidate.subscription_arn === arn : candidate.token === token,
    )
  if (!found || (action !== 'ConfirmSubscription' && action !== 'Unsubscribe')) {
    const error =
      '<Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>Invalid token</Message></Error>'
    return xml(400, `<ErrorResponse>${error}</ErrorResponse>`)
  }
  world.destinations.put(destinationId(found), { ...found, confirmed: action === 'ConfirmSubscription' })
  world.store.commit()
  const result = `<SubscriptionArn>${found.subscription_arn}</SubscriptionArn>`
  return xml(200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`)
}
