import { eventFaults, type Faults } from '../faults.ts'
import type { Task, TaskHandler } from '../schedule.ts'
import { hour, iso, minute, second } from '../time.ts'
import { oidcIssuer, signedBy } from './keys.ts'
import type { EventAttempt, MarketEvent, Subscription } from './model.ts'
import { digits, type World } from './world.ts'

/** How long after a failed push the next one comes, doubling as Pub/Sub's backoff does. Then the event stays failed. */
export const retryDelays = [
  ...[10, 20, 40, 80, 160, 320].map((seconds) => seconds * second),
  ...[10 * minute, hour, 6 * hour, 24 * hour],
]
/** A reordered message waits this long, so that later ones overtake it. */
const reorderDelay = 90 * second

export function subscriptionOf(world: World, provider: string): Subscription | undefined {
  return world.subscriptions.all().find((subscription) => subscription.account_id === provider)
}

/** Pushes one message. Pub/Sub promises no order, so messages do not wait for each other. */
export function eventDelivery(world: World, faults: Faults): TaskHandler {
  return (task, done) => {
    const event = world.events.get(task.subject)
    if (!event) return undefined
    if (!subscriptionOf(world, event.account_id)) {
      world.events.put(event.id, { ...event, state: 'no_destination' })
      return undefined
    }
    const fault = faults.meet({ cloud: 'gcp', service: 'pubsub', operation: 'Push' }, eventFaults)
    world.store.commit()
    if (fault?.fault === 'reorder_events') {
      world.schedule.plan(task.id, task.due + (fault.delay_ms ?? reorderDelay), task.kind, task.subject)
      return undefined
    }
    return deliver(world, event, task, done, fault?.fault === 'duplicate_event')
  }
}

async function deliver(
  world: World,
  event: MarketEvent,
  task: Task,
  done: () => void,
  twice: boolean,
): Promise<void> {
  await attempt(world, event.id, task.due)
  if (twice) await attempt(world, event.id, task.due)
  const after = world.events.get(event.id)
  done()
  if (after && after.state !== 'delivered') planRetry(world, after, task)
  world.store.commit()
}

function planRetry(world: World, event: MarketEvent, task: Task): void {
  const delay = retryDelays[event.attempts.length - 1]
  if (delay === undefined) world.events.put(event.id, { ...event, state: 'failed' })
  else world.schedule.plan(task.id, task.due + delay, task.kind, task.subject)
}

/** Pushes a message once, whatever its state, and writes down how it went. */
export async function attempt(world: World, eventId: string, at: number): Promise<EventAttempt> {
  const event = world.events.get(eventId)
  const subscription = event && subscriptionOf(world, event.account_id)
  if (!event || !subscription) return { at, problem: 'There is no subscription of this account.' }
  const outcome = { at, ...(await push(world, subscription, event)) }
  const taken = outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300
  const current = world.events.get(eventId) ?? event
  world.events.put(eventId, {
    ...current,
    state: taken ? 'delivered' : current.state,
    attempts: [...current.attempts, outcome],
  })
  world.store.commit()
  return outcome
}

/** The token that proves a push comes from the provider's own subscription; its times are wall time. */
function pushToken(world: World, subscription: Subscription): string {
  const iat = Math.floor(world.wall() / 1_000)
  const subject = Buffer.from(subscription.service_account_email).toString('hex').slice(0, 16)
  return signedBy(world, 'oidc', {
    aud: subscription.audience,
    azp: subject,
    email: subscription.service_account_email,
    email_verified: true,
    exp: iat + 3_600,
    iat,
    iss: oidcIssuer,
    sub: subject,
  })
}

/** The same message keeps its id through all its deliveries. */
function messageId(event: MarketEvent): string {
  let value = 7n
  for (const character of event.id) value = (value * 31n + BigInt(character.codePointAt(0) ?? 0)) % 10n ** 16n
  return value.toString().padStart(16, digits.charAt(1))
}

async function push(world: World, subscription: Subscription, event: MarketEvent) {
  const id = messageId(event)
  const published = iso(event.created_at)
  const message = {
    data: Buffer.from(event.body).toString('base64'),
    messageId: id,
    message_id: id,
    publishTime: published,
    publish_time: published,
    attributes: {},
  }
  const request = new Request(subscription.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'CloudPubSub-Google',
      authorization: `Bearer ${pushToken(world, subscription)}`,
    },
    body: JSON.stringify({ message, subscription: subscription.name }),
    signal: AbortSignal.timeout(10_000),
  })
  try {
    const response = await world.fetch(request)
    await response.arrayBuffer()
    return { status: response.status }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { problem: cause instanceof Error ? cause.message : String(cause) }
  }
}
