import type { Hono } from 'hono'
import { z } from 'zod'
import { startOfDay } from '../time.ts'
import { askPublisher } from './changes.ts'
import { findAccount } from './control-accounts.ts'
import { ownSubscription as own, problem } from './control-customers.ts'
import type { Operation, Subscription } from './model.ts'
import { pendingOperation } from './operations.ts'
import { planByExternalId } from './prices.ts'
import { renew, suspend, unsubscribe } from './subscriptions.ts'
import type { World } from './world.ts'

// What a customer does with a subscription it has: change, stop paying, pay again, renew, cancel.

const one = z.strictObject({ subscription_id: z.string() })

type Deed = (customer: string, body: unknown) => Subscription | Operation
type Deeds = Record<string, Deed>

function active(world: World, customer: string, id: string): Subscription {
  const found = own(world, customer, id)
  if (found.status === 'Subscribed') return found
  throw problem(409, 'subscription_id', 'is Subscribed', `The subscription is ${found.status}.`)
}

function free(world: World, subscription: Subscription): Subscription {
  const pending = pendingOperation(world, subscription.id)
  if (!pending) return subscription
  throw problem(409, 'subscription_id', 'has no pending operation', `${pending.id} is pending.`)
}

/** Routes under `/customers/{account_id}` that change a subscription. */
export function addChanges(app: Hono, world: World): void {
  for (const [name, work] of Object.entries({ ...askedDeeds(world), ...toldDeeds(world) })) {
    app.post(`/customers/:account/${name}`, async (c) => {
      const customer = findAccount(world, c.req.param('account')).account_id
      const done = work(customer, await c.req.json())
      world.store.commit()
      if ('action' in done) {
        const { id, subscription_id, action, status } = done
        return c.json({ operation_id: id, subscription_id, action, status }, 201)
      }
      const status = world.subscriptions.get(done.id)?.status ?? done.status
      return c.json({ subscription_id: done.id, status })
    })
  }
}

/** What the publisher is asked about. */
function askedDeeds(world: World): Deeds {
  return {
    'change-plan': (customer, body) => {
      const { subscription_id, plan_id } = one.extend({ plan_id: z.string() }).parse(body)
      const subscription = free(world, active(world, customer, subscription_id))
      if (!planByExternalId(world, subscription.product, plan_id) || plan_id === subscription.plan_id) {
        throw problem(422, 'plan_id', 'names another live plan', `The product has no other plan ${plan_id}.`)
      }
      return askPublisher(world, subscription, 'ChangePlan', { plan_id })
    },
    'change-quantity': (customer, body) => {
      const { subscription_id, quantity } = one.extend({ quantity: z.int().min(1) }).parse(body)
      const subscription = free(world, active(world, customer, subscription_id))
      if (subscription.terms.mode !== 'perUser' || subscription.quantity === quantity) {
        throw problem(
          422,
          'quantity',
          'is another number of seats',
          'The plan must be priced per seat and the number differ.',
        )
      }
      return askPublisher(world, subscription, 'ChangeQuantity', { quantity })
    },
    reinstate: (customer, body) => {
      const subscription = free(world, own(world, customer, one.parse(body).subscription_id))
      if (subscription.status !== 'Suspended')
        throw problem(409, 'subscription_id', 'is Suspended', `It is ${subscription.status}.`)
      return askPublisher(world, subscription, 'Reinstate')
    },
  }
}

/** What the publisher is only told. */
function toldDeeds(world: World): Deeds {
  return {
    suspend: (customer, body) => {
      const subscription = active(world, customer, one.parse(body).subscription_id)
      suspend(world, subscription)
      return subscription
    },
    renew: (customer, body) => {
      const subscription = active(world, customer, one.parse(body).subscription_id)
      if (!subscription.auto_renew) {
        throw problem(
          409,
          'subscription_id',
          'renews',
          'A contract with a schedule of its own ends with its term.',
        )
      }
      // Renewing by hand ends the running term today.
      world.subscriptions.put(subscription.id, { ...subscription, term_end: startOfDay(world.clock.now()) })
      renew(world, subscription.id)
      return subscription
    },
    cancel: (customer, body) => {
      const subscription = own(world, customer, one.parse(body).subscription_id)
      if (subscription.status === 'Unsubscribed')
        throw problem(409, 'subscription_id', 'has not ended', 'It has ended already.')
      unsubscribe(world, subscription)
      return subscription
    },
  }
}
