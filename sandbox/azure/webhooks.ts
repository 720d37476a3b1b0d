import { eventFaults, type Faults } from '../faults.ts'
import type { Task, TaskHandler } from '../schedule.ts'
import { hour, minute, second } from '../time.ts'
import { marketplaceApp } from './caller.ts'
import type { Operation, Subscription, WebhookAttempt, WebhookEvent } from './model.ts'
import { connectionOf, operationView, subscriptionView } from './subscription-view.ts'
import { signToken } from './tokens.ts'
import type { World } from './world.ts'

// Calls to the publisher's connection webhook, each under a token of the marketplace's own application.

/** The cloud tries 500 times over eight hours; the sandbox tries eleven times over the same eight hours. */
const retryDelays = [
  10 * second,
  30 * second,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  2 * hour,
  2 * hour,
]
/** A webhook that is held back arrives after this long. */
const reorderDelay = 5 * second
const tokenLife = 3_600

/** Writes a call down and plans it. The subscription is shown as it is now: before a change that waits. */
export function emitWebhook(
  world: World,
  operation: Operation,
  subscription: Subscription,
  delay: number,
): void {
  const id = world.random.uuid()
  const { webhook } = connectionOf(world, subscription.product)
  const body = {
    ...operationView(world, operation, subscription),
    subscription: subscriptionView(world, subscription),
    purchaseToken: null,
  }
  const at = world.clock.now() + delay
  world.webhooks.put(id, {
    id,
    account_id: subscription.publisher,
    operation_id: operation.id,
    subscription_id: subscription.id,
    action: operation.action,
    created_at: at,
    url: webhook,
    body: JSON.stringify(body),
    state: webhook ? 'pending' : 'no_destination',
    attempts: [],
  })
  if (webhook) world.schedule.plan(`azure/webhook/${id}`, at, 'azure_webhook', id)
}

/** The token a publisher checks: for its own application and tenant, from the marketplace's application. */
function webhookToken(world: World, event: WebhookEvent): string {
  const subscription = world.subscriptions.get(event.subscription_id)
  const { tenant, app } = connectionOf(world, subscription?.product ?? '')
  const version = world.accounts.get(event.account_id)?.webhook_token_version ?? 'v1'
  const issued = Math.floor(world.wall() / 1000)
  const common = { aud: app, iat: issued, nbf: issued, exp: issued + tokenLife, tid: tenant }
  return version === 'v2'
    ? signToken(world, {
        ...common,
        iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
        azp: marketplaceApp,
        azpacr: '2',
        ver: '2.0',
      })
    : signToken(world, {
        ...common,
        iss: `https://sts.windows.net/${tenant}/`,
        appid: marketplaceApp,
        appidacr: '2',
        ver: '1.0',
      })
}

/** `refused` is told when the publisher says no by its answer. */
export function webhookDelivery(
  world: World,
  faults: Faults,
  refused: (event: WebhookEvent) => void,
): TaskHandler {
  const queues = new Map<string, Promise<void>>()
  return (task, done) => {
    const event = world.webhooks.get(task.subject)
    if (!event) return undefined
    const call = { cloud: 'azure', service: 'saas-fulfillment', operation: 'Webhook' }
    const fault = faults.meet(call, eventFaults)
    world.store.commit()
    if (fault?.fault === 'reorder_events') {
      world.schedule.plan(task.id, task.due + (fault.delay_ms ?? reorderDelay), task.kind, task.subject)
      return undefined
    }
    const twice = fault?.fault === 'duplicate_event'
    const earlier = queues.get(event.subscription_id) ?? Promise.resolve()
    const delivery = earlier.then(() => deliver(world, event, task, done, twice, refused))
    queues.set(event.subscription_id, delivery)
    return delivery
  }
}

async function deliver(
  world: World,
  event: WebhookEvent,
  task: Task,
  done: () => void,
  twice: boolean,
  refused: (event: WebhookEvent) => void,
): Promise<void> {
  await attempt(world, event.id, task.due)
  if (twice) await attempt(world, event.id, task.due)
  const after = world.webhooks.get(event.id)
  done()
  if (after?.state === 'refused') world.clock.during(task.due, () => refused(after))
  if (after?.state === 'pending') {
    const delay = retryDelays[after.attempts.length - 1]
    if (delay === undefined) world.webhooks.put(event.id, { ...after, state: 'failed' })
    else world.schedule.plan(task.id, task.due + delay, task.kind, task.subject)
  }
  world.store.commit()
}

/** Calls once, whatever came before, and writes down how it went. */
export async function attempt(world: World, id: string, at: number): Promise<WebhookAttempt> {
  const event = world.webhooks.get(id)
  if (!event || event.url === '') return { at, problem: 'There is no connection webhook.' }
  const outcome = { at, ...(await post(world, event)) }
  const current = world.webhooks.get(id) ?? event
  world.webhooks.put(id, {
    ...current,
    state: stateAfter(current.state, outcome.status),
    attempts: [...current.attempts, outcome],
  })
  world.store.commit()
  return outcome
}

function stateAfter(state: WebhookEvent['state'], status: number | undefined): WebhookEvent['state'] {
  if (status !== undefined && status >= 200 && status < 300) return 'delivered'
  if (state !== 'pending' || status === undefined) return state
  return status >= 400 && status < 500 ? 'refused' : state
}

async function post(world: World, event: WebhookEvent): Promise<{ status?: number; problem?: string }> {
  const headers = {
    authorization: `Bearer ${webhookToken(world, event)}`,
    'content-type': 'application/json; charset=utf-8',
  }
  const signal = AbortSignal.timeout(10_000)
  try {
    const response = await world.fetch(
      new Request(event.url, { method: 'POST', headers, body: event.body, redirect: 'manual', signal }),
    )
    await response.arrayBuffer()
    return { status: response.status }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
