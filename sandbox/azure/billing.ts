import { cents, type Decimal, decimal, format, sum } from '../money.ts'
import { addDuration, dateOf, day, parseDate, startOfMonth, startOfNextMonth } from '../time.ts'
import type { InvoiceLine } from './finance-model.ts'
import { issueInvoice, newLine } from './invoices.ts'
import type { Subscription, UsageEvent } from './model.ts'
import { termUnit, times } from './prices.ts'
import type { World } from './world.ts'

// What a subscription is charged for: payments of its term, instalments on dates, metered usage by month.

/** Plans the charges of the term that has just started. */
export function planCharges(world: World, subscription: Subscription): void {
  const { terms, id } = subscription
  const now = world.clock.now()
  if (terms.schedule) {
    terms.schedule.forEach((part, index) => {
      const due = Math.max(part.date === undefined ? now : parseDate(part.date), now)
      world.schedule.plan(`azure/instalment/${id}/${index}`, due, 'azure_instalment', `${id}/${index}`)
    })
  } else if (decimal(terms.price) > 0n) {
    world.schedule.plan(`azure/payment/${id}`, now, 'azure_payment', `${id}/0`)
  }
}

/** An ended subscription is not charged any further; open invoices stay and nothing is refunded. */
export function stopCharges(world: World, { id, terms }: Subscription): void {
  world.schedule.cancel(`azure/payment/${id}`)
  for (const index of (terms.schedule ?? []).keys()) world.schedule.cancel(`azure/instalment/${id}/${index}`)
}

/** Adds a term several times over, from the start each time, so that the day of the month stays. */
function after(start: number, subscription: Subscription, count: number): number {
  const { type, value } = subscription.terms.payment
  return addDuration(start, termUnit({ type, value: value * count })) ?? start
}

/** The n-th payment of a term. A suspended subscription is passed over. */
export function chargePayment(world: World, subject: string): void {
  const [id = '', count = '0'] = subject.split('/')
  const subscription = world.subscriptions.get(id)
  if (subscription?.term_start === undefined || subscription.term_end === undefined) return
  const { terms, term_start, term_end } = subscription
  const next = Number(count) + 1
  const period_end = after(term_start, subscription, next)
  if (period_end < term_end) {
    world.schedule.plan(`azure/payment/${id}`, period_end, 'azure_payment', `${id}/${next}`)
  }
  if (subscription.status !== 'Subscribed') return
  const quantity = terms.mode === 'perUser' ? String(subscription.quantity ?? 1) : '1'
  const line = {
    ...newLine(world, `${subscription.plan_id}, payment ${next}`, cents(times(terms.price, quantity))),
    quantity,
    unit_price: terms.price,
    wholesale_amount: format(cents(times(terms.wholesale, quantity))),
    partner: subscription.partner,
  }
  const start = after(term_start, subscription, Number(count))
  issueInvoice(world, subscription, 'RECURRING', [line], { start, end: Math.min(period_end, term_end) - 1 })
}

export function chargeInstalment(world: World, subject: string): void {
  const [id = '', index = '0'] = subject.split('/')
  const subscription = world.subscriptions.get(id)
  const schedule = subscription?.terms.schedule
  const part = schedule?.[Number(index)]
  if (!subscription || !part || decimal(part.amount) === 0n) return
  const title = part.note || `Instalment ${Number(index) + 1} of ${schedule?.length ?? 1}`
  const line = {
    ...newLine(world, title, decimal(part.amount)),
    wholesale_amount: format(decimal(part.wholesale)),
    partner: subscription.partner,
  }
  const now = world.clock.now()
  issueInvoice(world, subscription, 'INSTALMENT', [line], { start: now, end: now })
}

/** Usage is invoiced on the third day of the next month at midnight UTC, when its 24 hours are over. */
export function planUsageInvoice(world: World, hour: number): void {
  const month = startOfMonth(hour)
  const id = `azure/usage/${dateOf(month)}`
  if (!world.schedule.has(id)) {
    world.schedule.plan(id, startOfNextMonth(month) + 2 * day, 'azure_usage_invoice', String(month))
  }
}

/** Usage amounts lose what is below a cent. */
function truncated(value: Decimal): Decimal {
  const step = decimal('0.01')
  return (value / step) * step
}

/**
 * One invoice for each subscription, one line for each dimension and price. All that was sent is charged: what a
 * plan includes is the publisher's to draw first, and it sends the rest.
 */
export function chargeUsage(world: World, subject: string): void {
  const month = Number(subject)
  const end = startOfNextMonth(month)
  const open = world.usage
    .entries()
    .filter(([, event]) => event.hour >= month && event.hour < end && !event.billed)
  for (const [key, event] of open) world.usage.put(key, { ...event, billed: true })
  const bySubscription = Map.groupBy(open, ([, event]) => event.subscription_id)
  for (const [id, entries] of bySubscription) {
    const subscription = world.subscriptions.get(id)
    if (!subscription) continue
    const priced = Map.groupBy(
      entries.map(([, event]) => event),
      (event) => [event.dimension, event.price, event.partner ?? ''].join('/'),
    )
    const lines = [...priced.values()].map((events) => usageLine(world, events))
    const billed = lines.filter((line) => decimal(line.amount) !== 0n)
    if (billed.length > 0) issueInvoice(world, subscription, 'USAGE', billed, { start: month, end: end - 1 })
  }
}

function usageLine(world: World, events: UsageEvent[]): InvoiceLine {
  const { dimension = '', price = '0', wholesale = '0', partner } = events[0] ?? {}
  const quantity = format(sum(events.map((event) => decimal(event.quantity))), 0)
  return {
    ...newLine(world, `Usage of ${dimension}`, truncated(times(price, quantity))),
    dimension,
    quantity,
    unit_price: price,
    wholesale_amount: format(truncated(times(wholesale, quantity))),
    partner,
  }
}
