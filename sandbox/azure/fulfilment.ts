import { z } from 'zod'
import { forbidden } from './caller.ts'
import { askedByPublisher, succeed } from './changes.ts'
import { fulfilmentError } from './errors.ts'
import type { Operation, Subscription } from './model.ts'
import { fail, isPending, operationsOf, pendingOperation } from './operations.ts'
import { availablePlans } from './plans.ts'
import { planByExternalId } from './prices.ts'
import type { Answer, Call, Route } from './route.ts'
import { connectionOf, operationView, subscriptionView } from './subscription-view.ts'
import { activate } from './subscriptions.ts'

// SaaS fulfilment v2.

const pageSize = 100
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether this application is the one the product's technical configuration names. */
export function serves(call: Call, subscription: Subscription): boolean {
  const connection = connectionOf(call.world, subscription.product)
  return connection.app === call.caller.client_id && connection.tenant === call.caller.tenant_id
}

function own(call: Call): Subscription {
  const id = call.parameters.id ?? ''
  const found = call.world.subscriptions.get(id)
  if (!found)
    throw fulfilmentError(404, 'NotFound', `The subscription ${id} was not found.`, 'subscriptionId')
  if (!serves(call, found)) {
    throw forbidden(call.service, 'The subscription belongs to an offer of another application.')
  }
  return found
}

function bad(message: string, target: string) {
  return fulfilmentError(400, 'BadArgument', message, target)
}

function read<T>(call: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(json(call.body))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw bad(issue?.message ?? 'The body is not valid.', issue?.path.join('.') || 'body')
}

function json(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body)
  } catch {
    throw bad('The body is not JSON.', 'body')
  }
}

function resolve(call: Call): Answer {
  const given = call.request.headers.get('x-ms-marketplace-token') ?? ''
  const token = call.world.landing_tokens.get(given)
  if (!token) throw bad('The marketplace token is missing or malformed: it must be URL-decoded.', 'token')
  if (token.expires_at <= call.world.clock.now()) throw bad('The marketplace token has expired.', 'token')
  const subscription = call.world.subscriptions.get(token.subscription_id)
  if (!subscription) throw bad('The marketplace token is malformed.', 'token')
  if (!serves(call, subscription))
    throw forbidden(call.service, 'The token is for the offer of another application.')
  const body = {
    id: subscription.id,
    subscriptionName: subscription.name,
    offerId: subscription.offer_id,
    planId: subscription.plan_id,
    ...(subscription.quantity === undefined ? {} : { quantity: subscription.quantity }),
    subscription: subscriptionView(call.world, subscription),
  }
  return { status: 200, body }
}

const activation = z.object({ planId: z.string().optional(), quantity: z.int().nullish() })

/** The body may be left out, as newer documentation does; when it is there it must say what was bought. */
function activateRoute(call: Call): Answer {
  const subscription = own(call)
  const { planId, quantity } = read(call, activation)
  if (subscription.status === 'Unsubscribed') {
    throw fulfilmentError(404, 'NotFound', 'The subscription was unsubscribed.', 'subscriptionId')
  }
  if (subscription.status === 'Suspended')
    throw bad('A suspended subscription cannot be activated.', 'subscriptionId')
  if (planId !== undefined && planId !== subscription.plan_id)
    throw bad('The plan is not the one bought.', 'planId')
  if (quantity !== undefined && quantity !== null && quantity !== subscription.quantity) {
    throw bad('The quantity is not the one bought.', 'quantity')
  }
  if (subscription.status === 'PendingFulfillmentStart') activate(call.world, subscription)
  return { status: 200 }
}

function listRoute(call: Call): Answer {
  const all = call.world.subscriptions.all().filter((subscription) => serves(call, subscription))
  const start = Number.parseInt(call.url.searchParams.get('continuationToken') ?? '0', 10)
  if (Number.isNaN(start)) throw bad('The continuation token is not valid.', 'continuationToken')
  const page = all.slice(start, start + pageSize)
  const next = `${call.world.origin()}/azure/fulfilment/saas/subscriptions/?continuationToken=${start + pageSize}&api-version=2018-08-31`
  const body = {
    subscriptions: page.map((subscription) => subscriptionView(call.world, subscription)),
    ...(start + pageSize < all.length ? { '@nextLink': next } : {}),
  }
  return { status: 200, body }
}

const change = z
  .object({ planId: z.string().min(1).optional(), quantity: z.int().min(1).optional() })
  .refine((body) => (body.planId === undefined) !== (body.quantity === undefined), {
    message: 'Change either planId or quantity, not both and not neither.',
  })

function patchRoute(call: Call): Answer {
  const subscription = own(call)
  const { planId, quantity } = read(call, change)
  if (subscription.status !== 'Subscribed')
    throw bad('Only a subscribed subscription can be changed.', 'subscriptionId')
  refuseWhilePending(call, subscription)
  if (planId !== undefined) {
    if (planId === subscription.plan_id) throw bad('The subscription has this plan already.', 'planId')
    if (!planByExternalId(call.world, subscription.product, planId)) {
      throw bad(`There is no plan ${planId} in this offer.`, 'planId')
    }
    return accepted(call, askedByPublisher(call.world, subscription, 'ChangePlan', { plan_id: planId }))
  }
  if (subscription.terms.mode !== 'perUser') throw bad('The plan is not priced per seat.', 'quantity')
  if (quantity === subscription.quantity) throw bad('The subscription has this quantity already.', 'quantity')
  return accepted(call, askedByPublisher(call.world, subscription, 'ChangeQuantity', { quantity }))
}

function deleteRoute(call: Call): Answer {
  const subscription = own(call)
  if (subscription.status === 'Unsubscribed') {
    throw fulfilmentError(404, 'NotFound', 'The subscription was unsubscribed.', 'subscriptionId')
  }
  // Deleting is how a publisher refuses a reinstatement, so only other operations stand in the way.
  const pending = pendingOperation(call.world, subscription.id)
  if (pending && pending.action !== 'Reinstate') refuseWhilePending(call, subscription)
  return accepted(call, askedByPublisher(call.world, subscription, 'Unsubscribe'))
}

function refuseWhilePending(call: Call, subscription: Subscription): void {
  const pending = pendingOperation(call.world, subscription.id)
  if (!pending) return
  throw fulfilmentError(409, 'Conflict', `The operation ${pending.id} is still pending.`, 'subscriptionId')
}

function accepted(call: Call, operation: Operation): Answer {
  const path = `saas/subscriptions/${operation.subscription_id}/operations/${operation.id}`
  return {
    status: 202,
    headers: {
      'operation-location': `${call.world.origin()}/azure/fulfilment/${path}?api-version=2018-08-31`,
      'operation-id': operation.id,
      'retry-after': '10',
    },
  }
}

function ownOperation(call: Call, missing: number): { operation: Operation; subscription: Subscription } {
  const subscription = own(call)
  const id = call.parameters.operation ?? ''
  const operation = call.world.operations.get(id)
  if (operation?.subscription_id !== subscription.id) {
    throw fulfilmentError(
      missing,
      missing === 404 ? 'NotFound' : 'BadArgument',
      `There is no operation ${id}.`,
      'operationId',
    )
  }
  return { operation, subscription }
}

/** The publisher's answer to a customer's change. A change that is over already is a conflict. */
function patchOperation(call: Call): Answer {
  const { operation } = ownOperation(call, 400)
  const { status } = read(call, z.object({ status: z.string() }))
  if (operation.source === 'Partner') {
    throw fulfilmentError(500, 'InternalServerError', 'An operation of the publisher cannot be updated.')
  }
  if (!isPending(operation)) {
    const message = `The operation is ${operation.status} already.`
    throw fulfilmentError(409, 'Conflict', message, 'operationId')
  }
  if (/^fail/i.test(status))
    fail(call.world, operation, 'PublisherRefused', 'The publisher refused the change.')
  else succeed(call.world, operation)
  return { status: 200 }
}

function getOperation(call: Call): Answer {
  if (!guid.test(call.parameters.operation ?? '')) throw bad('The operation id is not a guid.', 'operationId')
  const { operation, subscription } = ownOperation(call, 404)
  return { status: 200, body: operationView(call.world, operation, subscription) }
}

function listOperations(call: Call): Answer {
  const subscription = own(call)
  const pending = operationsOf(call.world, subscription.id).filter(isPending)
  const operations = pending.map((operation) => operationView(call.world, operation, subscription))
  return { status: 200, body: { operations } }
}

function plansRoute(call: Call): Answer {
  const plan = call.url.searchParams.get('planId') ?? undefined
  return { status: 200, body: { plans: availablePlans(call.world, own(call), plan) } }
}

const root = '/saas/subscriptions'
export const fulfilmentRoutes: Route[] = [
  { method: 'POST', path: `${root}/resolve`, operation: 'Resolve', run: resolve },
  { method: 'GET', path: root, operation: 'ListSubscriptions', run: listRoute },
  { method: 'POST', path: `${root}/:id/activate`, operation: 'Activate', run: activateRoute },
  { method: 'GET', path: `${root}/:id/listAvailablePlans`, operation: 'ListAvailablePlans', run: plansRoute },
  { method: 'GET', path: `${root}/:id/operations`, operation: 'ListOperations', run: listOperations },
  { method: 'GET', path: `${root}/:id/operations/:operation`, operation: 'GetOperation', run: getOperation },
  {
    method: 'PATCH',
    path: `${root}/:id/operations/:operation`,
    operation: 'UpdateOperation',
    run: patchOperation,
  },
  {
    method: 'GET',
    path: `${root}/:id`,
    operation: 'GetSubscription',
    run: (call) => ({ status: 200, body: subscriptionView(call.world, own(call)) }),
  },
  { method: 'PATCH', path: `${root}/:id`, operation: 'UpdateSubscription', run: patchRoute },
  { method: 'DELETE', path: `${root}/:id`, operation: 'DeleteSubscription', run: deleteRoute },
]
