import { second } from '../time.ts'
import type { Operation, Subscription } from './model.ts'
import { type Change, isPending, webhookDelay, writeOperation } from './operations.ts'
import { applyChange } from './subscriptions.ts'
import { emitWebhook } from './webhooks.ts'
import type { World } from './world.ts'

// Changes of a subscription. A customer's change asks the publisher first; a publisher's own is only announced.

/** How long the publisher may think about a customer's change: silence accepts it. */
const answerTime = 10 * second
/** A publisher's own change: first not started, then announced, then done. */
const partnerStart = 2 * second

/** The customer asks for something; the publisher may refuse it within ten seconds of being told. */
export function askPublisher(
  world: World,
  subscription: Subscription,
  action: 'ChangePlan' | 'ChangeQuantity' | 'Reinstate',
  change: Change = {},
): Operation {
  const operation = writeOperation(world, subscription, action, 'Azure', 'InProgress', change)
  emitWebhook(world, operation, subscription, webhookDelay)
  const due = world.clock.now() + webhookDelay + answerTime
  world.schedule.plan(`azure/operation/${operation.id}`, due, 'azure_operation', operation.id)
  return operation
}

/** The publisher asks through the API: it happens by itself and is announced like the customer's. */
export function askedByPublisher(
  world: World,
  subscription: Subscription,
  action: 'ChangePlan' | 'ChangeQuantity' | 'Unsubscribe',
  change: Change = {},
): Operation {
  const operation = writeOperation(world, subscription, action, 'Partner', 'NotStarted', change)
  const due = world.clock.now() + partnerStart
  world.schedule.plan(`azure/operation/${operation.id}`, due, 'azure_operation_start', operation.id)
  return operation
}

export function startOperation(world: World, id: string): void {
  const operation = world.operations.get(id)
  const subscription = operation && world.subscriptions.get(operation.subscription_id)
  if (!operation || !subscription || operation.status !== 'NotStarted') return
  if (operation.action === 'Unsubscribe') {
    world.operations.put(id, { ...operation, status: 'Succeeded' })
    applyChange(world, { ...operation, status: 'Succeeded' })
    return
  }
  const started = world.operations.put(id, { ...operation, status: 'InProgress' })
  emitWebhook(world, started, subscription, 0)
  world.schedule.plan(`azure/operation/${id}`, world.clock.now() + answerTime, 'azure_operation', id)
}

/** Ten seconds went by: what nobody refused is done. */
export function settleOperation(world: World, id: string): void {
  const operation = world.operations.get(id)
  if (operation && isPending(operation)) succeed(world, operation)
}

export function succeed(world: World, operation: Operation): void {
  const done = world.operations.put(operation.id, { ...operation, status: 'Succeeded' })
  world.schedule.cancel(`azure/operation/${operation.id}`)
  applyChange(world, done)
}
