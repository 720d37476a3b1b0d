import { decimal, format } from '../money.ts'
import { dateOf } from '../time.ts'
import { usageError } from './errors.ts'
import { serves } from './fulfilment.ts'
import type { UsageEvent } from './model.ts'
import type { Answer, Call, Route } from './route.ts'
import type { World } from './world.ts'

// What was metered, read back as sums of days.

function missing(name: string) {
  return usageError([{ message: `The ${name} is not a date.`, target: name, code: 'BadArgument' }])
}

type Day = { date: string; stored: UsageEvent; total: bigint; count: number }

/** Daily sums; a day is settled once its month was invoiced. */
function readBack(call: Call): Answer {
  const query = call.url.searchParams
  const from = Date.parse(query.get('usageStartDate') ?? '')
  const to = query.has('usageEndDate') ? Date.parse(query.get('usageEndDate') ?? '') : call.world.clock.now()
  if (Number.isNaN(from)) throw missing('usageStartDate')
  if (Number.isNaN(to)) throw missing('usageEndDate')
  const days = new Map<string, Day>()
  for (const stored of call.world.usage.all()) {
    const subscription = call.world.subscriptions.get(stored.subscription_id)
    if (!subscription || !serves(call, subscription)) continue
    const date = dateOf(stored.hour)
    if (date < dateOf(from) || date > dateOf(to)) continue
    const key = [date, stored.subscription_id, stored.dimension, stored.plan_id].join('/')
    const found = days.get(key) ?? { date, stored, total: 0n, count: 0 }
    days.set(key, { ...found, total: found.total + decimal(stored.quantity), count: found.count + 1 })
  }
  const wanted = (name: string, value: string) => !query.has(name) || query.get(name) === value
  const rows = [...days.values()].map((item) => dayView(call.world, item))
  const body = rows.filter(
    (row) =>
      wanted('offerId', row.offerId) &&
      wanted('planId', row.planId) &&
      wanted('dimension', row.dimension) &&
      wanted('azureSubscriptionId', row.azureSubscriptionId) &&
      wanted('reconStatus', row.reconStatus),
  )
  return { status: 200, body: body.sort((left, right) => (left.usageDate < right.usageDate ? 1 : -1)) }
}

function dayView(world: World, { date, stored, total, count }: Day) {
  const quantity = Number(format(total, 0))
  return {
    usageDate: `${date}T00:00:00Z`,
    usageResourceId: stored.subscription_id,
    dimension: stored.dimension,
    planId: stored.plan_id,
    planName: '',
    offerId: world.subscriptions.get(stored.subscription_id)?.offer_id ?? '',
    offerName: '',
    offerType: 'SaaS',
    azureSubscriptionId: world.accounts.get(stored.customer)?.azure_subscription_id ?? '',
    reconStatus: stored.billed ? 'Accepted' : 'Submitted',
    submittedQuantity: quantity,
    processedQuantity: stored.billed ? quantity : 0,
    submittedCount: count,
  }
}

export const usageReads: Route[] = [
  { method: 'GET', path: '/usageEvents', operation: 'GetUsageEvents', run: readBack },
]
