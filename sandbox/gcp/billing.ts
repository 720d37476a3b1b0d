import { cents, type Decimal, decimal, format, fromInteger, multiply, proportion } from '../money.ts'
import { hour } from '../time.ts'
import { planInsights, planMonth } from './calendar.ts'
import { standardPercent, vendorPercent } from './fees.ts'
import type { Charge } from './finance-model.ts'
import type { Entitlement, Listing, PrivateOffer } from './model.ts'
import { discounted, type Instalment, listTimeline, timeline, totalContractValue } from './offer-prices.ts'
import type { World } from './world.ts'
import { startOfZonedMonth, zonedDay, zonedMonth } from './zone.ts'

/** The month's usage that arrived by one in the morning of the next month's first day makes its invoice. */
export const usageCutOff = hour
const hundred = fromInteger(100)

export function activeOffer(world: World, entitlement: Entitlement): PrivateOffer | undefined {
  const id = entitlement.purchase.private_offer
  const offer = id === undefined ? undefined : world.offers.get(id)
  return offer?.state === 'ACCEPTED' ? offer : undefined
}

/** Plans what a term will be charged for by itself. */
export function planCharges(
  world: World,
  entitlement: Entitlement,
  start: number,
  end: number | undefined,
): void {
  const offer = activeOffer(world, entitlement)
  const listing = world.listings.get(entitlement.service_name)
  const plan = listing?.plans.find((candidate) => candidate.plan === entitlement.purchase.plan)
  if (!plan || end === undefined) return
  const items = offer ? timeline(offer, start, end) : listTimeline(plan, start, end)
  items.forEach((item, index) => {
    const id = `${entitlement.id}/${entitlement.turn}.${entitlement.renewals}.${index}`
    const due = Math.max(item.from, start)
    world.planned.put(id, {
      entitlement: entitlement.id,
      sku: plan.fee_sku,
      description: `${plan.title}, ${zonedDay(item.from)} to ${zonedDay(item.to)}`,
      from: item.from,
      to: item.to,
      amount: format(item.amount),
      credit: format(item.credit),
      discards: discards(item),
    })
    world.schedule.plan(`gcp/charge/${id}`, due, 'gcp_charge', id)
  })
}

function discards(item: Instalment): boolean {
  const { commitment } = item.model
  return typeof commitment === 'object' && commitment !== null && 'discardPreviousCreditBalance' in commitment
    ? commitment.discardPreviousCreditBalance === true
    : false
}

/** An ended offer is not charged any further. */
export function stopCharges(world: World, entitlement: Entitlement): void {
  for (const [id, planned] of world.planned.entries()) {
    if (planned.entitlement !== entitlement.id) continue
    world.planned.remove(id)
    world.schedule.cancel(`gcp/charge/${id}`)
  }
}

export function chargeFee(world: World, id: string): void {
  const planned = world.planned.get(id)
  const entitlement = planned && world.entitlements.get(planned.entitlement)
  if (!planned || !entitlement) return
  world.planned.remove(id)
  const credit = decimal(planned.credit) + (planned.discards ? 0n : decimal(entitlement.credit))
  const current = world.entitlements.put(entitlement.id, { ...entitlement, credit: format(credit) })
  if (decimal(planned.amount) === 0n) return
  writeCharge(world, current, {
    kind: 'fee',
    sku: planned.sku,
    description: planned.description,
    month: zonedMonth(world.clock.now()),
    from: planned.from,
    to: planned.to,
    quantity: '1',
    unit: 'subscription',
    amount: decimal(planned.amount),
    credits: 0n,
    offer: activeOffer(world, current),
  })
}

type Parts = Pick<Charge, 'kind' | 'sku' | 'description' | 'month' | 'from' | 'to' | 'quantity' | 'unit'> & {
  amount: Decimal
  credits: Decimal
  offer: PrivateOffer | undefined
}

/** What the vendor keeps, in percent, of what is sold under an offer, or without one. */
export function shareOf(world: World, offer: PrivateOffer | undefined, renewed: boolean): string {
  const now = world.clock.now()
  if (!offer) return standardPercent(zonedDay(now))
  const published = offer.published_at ?? now
  const type = typeof offer.content.offerDealType === 'string' ? offer.content.offerDealType : 'NEW'
  const value = totalContractValue(offer, published) ?? 0n
  return vendorPercent({ on: zonedDay(published), type, value, renewed })
}

/** One line of the vendor's account: the reseller's discount comes off first, then Google's share. */
function writeCharge(world: World, entitlement: Entitlement, parts: Parts): void {
  const { amount, credits, offer, ...rest } = parts
  const basis = amount - credits
  const plan = offer?.reseller_plan === undefined ? undefined : world.plans.get(offer.reseller_plan)
  const discount = plan ? cents(proportion(basis, decimal(plan.discount_percent), hundred)) : 0n
  const percent = shareOf(world, offer, entitlement.renewals > 0)
  const feePercent = hundred - decimal(percent)
  const fee = cents(proportion(basis - discount, feePercent, hundred))
  const id = world.random.uuid()
  world.charges.put(id, {
    ...rest,
    id,
    provider: entitlement.provider,
    entitlement: entitlement.id,
    billing_account: entitlement.billing_account,
    service_name: entitlement.service_name,
    private_offer: offer?.id ?? '',
    amount: format(amount),
    credits: format(credits),
    reseller_discount: format(discount),
    fee_percent: format(feePercent, 0),
    fee: format(fee),
    payout: format(basis - discount - fee),
    at: world.clock.now(),
    status: 'open',
  })
  planMonth(world, entitlement.provider, rest.month)
  if (rest.kind === 'fee') planInsights(world, entitlement.provider, world.clock.now())
}

/** The usage of a month becomes charges, one for each order, metric and offer. */
export function chargeUsage(world: World, month: string): void {
  const groups = new Map<string, { quantity: Decimal; from: number; to: number }>()
  for (const record of world.usage.all()) {
    if (record.month !== month) continue
    const key = [record.entitlement, record.metric, record.private_offer].join('\n')
    const group = groups.get(key) ?? { quantity: 0n, from: record.start, to: record.end }
    groups.set(key, {
      quantity: group.quantity + decimal(record.value),
      from: Math.min(group.from, record.start),
      to: Math.max(group.to, record.end),
    })
  }
  for (const [key, group] of groups) {
    const [id = '', metric = '', offerId = ''] = key.split('\n')
    const entitlement = world.entitlements.get(id)
    const listing = entitlement && world.listings.get(entitlement.service_name)
    if (entitlement && listing) {
      const offer = offerId === '' ? undefined : world.offers.get(offerId)
      chargeMetric(world, entitlement, listing, { metric, month, offer, ...group })
    }
  }
}

function smaller(left: Decimal, right: Decimal): Decimal {
  return left - right < 0n ? left : right
}

type UsageGroup = {
  metric: string
  month: string
  offer: PrivateOffer | undefined
  quantity: Decimal
  from: number
  to: number
}

function chargeMetric(world: World, entitlement: Entitlement, listing: Listing, group: UsageGroup): void {
  const metric = listing.metrics.find((candidate) => candidate.name === group.metric)
  if (!metric) return
  const price = discounted(decimal(metric.price), group.offer, metric.sku)
  const amount = cents(multiply(price, group.quantity))
  const credit = decimal(entitlement.credit)
  const credits = smaller(amount, credit)
  const current = world.entitlements.put(entitlement.id, { ...entitlement, credit: format(credit - credits) })
  writeCharge(world, current, {
    kind: 'usage',
    sku: metric.sku,
    description: `${listing.title}: ${metric.name}`,
    month: group.month,
    from: group.from,
    to: group.to,
    quantity: format(group.quantity, 0),
    unit: metric.unit,
    amount,
    credits,
    offer: group.offer,
  })
}

/** The month that usage is invoiced in: of its end, unless it came after that month's cut-off. */
export function invoiceMonth(end: number, received: number): string {
  const own = zonedMonth(end - 1)
  const cutOff = startOfZonedMonth(end - 1, 1) + usageCutOff
  return received < cutOff ? own : zonedMonth(received)
}
