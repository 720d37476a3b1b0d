import { second } from '../time.ts'
import type { Operation, OperationAction, Subscription } from './model.ts'
import { emitWebhook } from './webhooks.ts'
import type { World } from './world.ts'

// The record of what happens to a subscription, and the announcements that ask nothing.

/** From the change to the call of the webhook. */
export const webhookDelay = second

export function pendingOperation(world: World, subscription: string): Operation | undefined {
  return operationsOf(world, subscription).find(isPending)
}

export function isPending(operation: Operation): boolean {
  return operation.status === 'InProgress' || operation.status === 'NotStarted'
}

export function operationsOf(world: World, subscription: string): Operation[] {
  return world.operations.all().filter((operation) => operation.subscription_id === subscription)
}

export type Change = { plan_id?: string | undefined; quantity?: number | undefined }

/** Writes an operation down. */
export function writeOperation(
  world: World,
  subscription: Subscription,
  action: OperationAction,
  source: Operation['source'],
  status: Operation['status'],
  change: Change,
): Operation {
  const id = world.random.uuid()
  return world.operations.put(id, {
    id,
    subscription_id: subscription.id,
    action,
    status,
    plan_id: change.plan_id ?? subscription.plan_id,
    quantity: change.quantity ?? subscription.quantity,
    source,
    at: world.clock.now(),
  })
}

export function fail(world: World, operation: Operation, code: string, message: string): void {
  world.operations.put(operation.id, { ...operation, status: 'Failed', error: { code, message } })
  world.schedule.cancel(`azure/operation/${operation.id}`)
}

/** Something that happened already and is only told. */
export function announce(
  world: World,
  subscription: Subscription,
  action: 'Renew' | 'Suspend' | 'Unsubscribe',
): Operation {
  const operation = writeOperation(world, subscription, action, 'Azure', 'Succeeded', {})
  emitWebhook(world, operation, subscription, webhookDelay)
  return operation
}
