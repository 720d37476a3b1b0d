import { z } from 'zod'
import { day, minute, startOfHour } from '../time.ts'
import { planUsageInvoice } from './billing.ts'
import { AzureError, type ErrorDetail, usageError } from './errors.ts'
import { serves } from './fulfilment.ts'
import type { JsonObject, Subscription, UsageEvent } from './model.ts'
import type { Answer, Call, Route } from './route.ts'
import { decimalText, longIso } from './world.ts'

// Metering. The first event of a dimension in a calendar hour is the one that counts; there is no way to take it back.

const oldest = day
/** Clocks differ a little; later than this is a mistake. */
const ahead = 5 * minute
const batchLimit = 25

const event = z.object({
  resourceId: z.string().optional(),
  resourceUri: z.string().optional(),
  quantity: z.number().optional(),
  dimension: z.string().optional(),
  effectiveStartTime: z.string().optional(),
  planId: z.string().optional(),
})
type WireEvent = z.infer<typeof event>

type Status =
  | 'Accepted'
  | 'Expired'
  | 'Duplicate'
  | 'ResourceNotFound'
  | 'ResourceNotAuthorized'
  | 'ResourceNotActive'
  | 'InvalidDimension'
  | 'InvalidQuantity'
  | 'BadArgument'

type Outcome = { status: Status; details?: ErrorDetail[]; stored?: UsageEvent }

const detail = (target: string, message: string, code = 'BadArgument'): ErrorDetail => ({
  message,
  target,
  code,
})

function missing(item: WireEvent): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  if (!item.resourceId && !item.resourceUri)
    problems.push(detail('ResourceId', 'The resourceId is required.'))
  if (item.quantity === undefined) problems.push(detail('Quantity', 'The quantity is required.'))
  if (!item.dimension) problems.push(detail('Dimension', 'The dimension is required.'))
  if (!item.planId) problems.push(detail('PlanId', 'The planId is required.'))
  if (Number.isNaN(startOf(item))) {
    problems.push(detail('EffectiveStartTime', 'The effectiveStartTime must be an instant in UTC.'))
  }
  return problems
}

function startOf(item: WireEvent): number {
  const text = item.effectiveStartTime ?? ''
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return Number.NaN
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
}

function resourceUri(call: Call, subscription: Subscription): string {
  const owner = call.world.accounts.get(subscription.customer)?.azure_subscription_id ?? ''
  return `/subscriptions/${owner}/resourceGroups/marketplace/providers/Microsoft.SaaS/resources/${subscription.id}`
}

function subscriptionOf(call: Call, item: WireEvent): Subscription | undefined {
  const id = item.resourceId ?? item.resourceUri?.split('/').at(-1) ?? ''
  return call.world.subscriptions.get(id.toLowerCase())
}

/** Subscribed only; after the end, hours before it are still taken while they are young enough. */
function isActive(subscription: Subscription, at: number): boolean {
  if (subscription.activated_at === undefined || at < startOfHour(subscription.activated_at)) return false
  if (subscription.status === 'Subscribed') return true
  return subscription.ended_at !== undefined && at < subscription.ended_at
}

/** Takes one event or says why not. */
function take(call: Call, item: WireEvent): Outcome {
  const { world } = call
  const problems = missing(item)
  if (problems.length > 0) return { status: 'BadArgument', details: problems }
  const subscription = subscriptionOf(call, item)
  if (!subscription) {
    return {
      status: 'ResourceNotFound',
      details: [detail('ResourceId', 'The resource was not found.', 'ResourceNotFound')],
    }
  }
  if (!serves(call, subscription)) return { status: 'ResourceNotAuthorized' }
  const at = startOf(item)
  const now = world.clock.now()
  if ((item.quantity ?? 0) <= 0) {
    return {
      status: 'InvalidQuantity',
      details: [detail('Quantity', 'The quantity must be greater than zero.', 'InvalidQuantity')],
    }
  }
  if (at <= now - oldest) {
    return {
      status: 'Expired',
      details: [detail('EffectiveStartTime', 'The event is older than 24 hours.', 'Expired')],
    }
  }
  if (at > now + ahead) {
    return { status: 'BadArgument', details: [detail('EffectiveStartTime', 'The event lies in the future.')] }
  }
  if (!isActive(subscription, at)) {
    return {
      status: 'ResourceNotActive',
      details: [detail('ResourceId', 'The resource is not active.', 'ResourceNotActive')],
    }
  }
  if (item.planId !== subscription.plan_id) {
    return {
      status: 'BadArgument',
      details: [detail('PlanId', 'The planId is not the one of the resource.')],
    }
  }
  const meter = subscription.terms.meters.find(({ id }) => id === item.dimension)
  if (!meter) {
    return {
      status: 'InvalidDimension',
      details: [detail('Dimension', 'The plan has no such dimension.', 'InvalidDimension')],
    }
  }
  return store(call, subscription, item, at, meter)
}

type Meter = Subscription['terms']['meters'][number]

function store(call: Call, subscription: Subscription, item: WireEvent, at: number, meter: Meter): Outcome {
  const { world } = call
  const key = [subscription.id, item.dimension, startOfHour(at)].join('/')
  const before = world.usage.get(key)
  if (before) return { status: 'Duplicate', stored: before }
  const stored = world.usage.put(key, {
    id: world.random.uuid(),
    account_id: subscription.publisher,
    subscription_id: subscription.id,
    customer: subscription.customer,
    dimension: item.dimension ?? '',
    plan_id: item.planId ?? '',
    quantity: decimalText(item.quantity),
    hour: startOfHour(at),
    effective_at: at,
    effective_text: item.effectiveStartTime ?? '',
    received_at: world.clock.now(),
    price: meter.price,
    wholesale: meter.wholesale,
    partner: subscription.partner,
    billed: false,
  })
  planUsageInvoice(world, stored.hour)
  return { status: 'Accepted', stored }
}

function storedView(call: Call, stored: UsageEvent, status: string): JsonObject {
  const subscription = call.world.subscriptions.get(stored.subscription_id)
  return {
    usageEventId: stored.id,
    status,
    messageTime: longIso(stored.received_at),
    resourceId: stored.subscription_id,
    ...(subscription ? { resourceUri: resourceUri(call, subscription) } : {}),
    quantity: Number(stored.quantity),
    dimension: stored.dimension,
    effectiveStartTime: stored.effective_text,
    planId: stored.plan_id,
  }
}

/** A duplicate carries the event that was accepted before. */
function conflict(call: Call, stored: UsageEvent): JsonObject {
  return {
    additionalInfo: { acceptedMessage: storedView(call, stored, 'Duplicate') },
    message: 'This usage event already exist.',
    code: 'Conflict',
  }
}

function parsed<T>(call: Call, schema: z.ZodType<T>): T {
  try {
    const read = schema.safeParse(JSON.parse(call.body))
    if (read.success) return read.data
    throw usageError(read.error.issues.map((issue) => detail(issue.path.join('.') || 'body', issue.message)))
  } catch (error) {
    if (error instanceof AzureError) throw error
    throw usageError([detail('body', 'The body is not JSON.')])
  }
}

function postEvent(call: Call): Answer {
  const outcome = take(call, parsed(call, event))
  if (outcome.status === 'Accepted' && outcome.stored) {
    return { status: 200, body: storedView(call, outcome.stored, 'Accepted') }
  }
  if (outcome.status === 'Duplicate' && outcome.stored)
    throw new AzureError(409, conflict(call, outcome.stored))
  if (outcome.status === 'ResourceNotAuthorized') {
    throw new AzureError(403, {
      code: 'Forbidden',
      message: 'The resource belongs to another application.',
      target: '',
      details: [],
    })
  }
  throw usageError(outcome.details ?? [])
}

const batch = z.object({ request: z.array(event).min(1) })

/** Each item has its own fate; the call itself fails only for its shape. A planned fault fails the second half. */
function postBatch(call: Call): Answer {
  const { request } = parsed(call, batch)
  if (request.length > batchLimit) {
    throw usageError([detail('request', `A batch holds at most ${batchLimit} usage events.`)])
  }
  const taken = call.fault?.fault === 'partial_batch' ? Math.floor(request.length / 2) : request.length
  const result = request.map((item, index) => {
    if (index >= taken) {
      const error = { message: 'The usage event could not be processed.', code: 'Error' }
      return { status: 'Error', messageTime: longIso(call.world.clock.now()), error, ...item }
    }
    const outcome = take(call, item)
    if (outcome.status === 'Accepted' && outcome.stored) return storedView(call, outcome.stored, 'Accepted')
    const error = errorOf(call, outcome)
    return { status: outcome.status, messageTime: longIso(call.world.clock.now()), ...error, ...item }
  })
  return { status: 200, body: { result, count: result.length } }
}

function errorOf(call: Call, { status, stored, details }: Outcome) {
  if (status === 'Duplicate' && stored) return { error: conflict(call, stored) }
  const [first] = details ?? []
  return first ? { error: { message: first.message, target: first.target, code: status } } : {}
}

export const meteringRoutes: Route[] = [
  { method: 'POST', path: '/usageEvent', operation: 'PostUsageEvent', run: postEvent },
  { method: 'POST', path: '/batchUsageEvent', operation: 'PostBatchUsageEvent', run: postBatch },
]
