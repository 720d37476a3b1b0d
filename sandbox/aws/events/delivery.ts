import { eventFaults, type Faults } from '../../faults.ts'
import type { Task, TaskHandler } from '../../schedule.ts'
import { hour, minute, second } from '../../time.ts'
import type { World } from '../world.ts'
import { destinationId, type EventAttempt, type MarketEvent } from './events-model.ts'
import { notify } from './sns.ts'

/** How long after a failed attempt the next one comes. After the last the event stays listed as failed. */
export const retryDelays = [10 * second, 30 * second, 2 * minute, 10 * minute, hour, 6 * hour]
/** A reordered event waits this long: past the minute that lies between an agreement and its licence. */
const reorderDelay = 90 * second

export function eventDelivery(world: World, faults: Faults): TaskHandler {
  // One after the other for each account, so that a slow receiver does not turn their order round.
  const queues = new Map<string, Promise<void>>()
  return (task, done) => {
    const event = world.events.get(task.subject)
    if (!event) return undefined
    const destination = world.destinations.get(destinationId(event))
    if (!destination?.confirmed) {
      world.events.put(event.id, { ...event, state: destination ? 'unconfirmed' : 'no_destination' })
      return undefined
    }
    const call = { cloud: 'aws', service: 'sns', operation: 'Notification' }
    const fault = faults.meet(call, eventFaults)
    world.store.commit()
    if (fault?.fault === 'reorder_events') {
      world.schedule.plan(task.id, task.due + (fault.delay_ms ?? reorderDelay), task.kind, task.subject)
      return undefined
    }
    const twice = fault?.fault === 'duplicate_event'
    const earlier = queues.get(event.account_id) ?? Promise.resolve()
    const delivery = earlier.then(() => deliver(world, event, task, done, twice))
    queues.set(event.account_id, delivery)
    return delivery
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
  if (delay === undefined) {
    world.events.put(event.id, { ...event, state: 'failed' })
    return
  }
  world.schedule.plan(task.id, task.due + delay, task.kind, task.subject)
}

/** Sends an event once, whatever its state, and writes down how it went. */
export async function attempt(world: World, eventId: string, at: number): Promise<EventAttempt> {
  const event = world.events.get(eventId)
  const destination = event && world.destinations.get(destinationId(event))
  if (!event || !destination) return { at, problem: 'There is no destination for this account.' }
  const outcome = { at, ...(await notify(world, destination, event)) }
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
