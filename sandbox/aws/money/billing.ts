import { cents, type Decimal, decimal, format, proportion, sum } from '../../money.ts'
import { dateOf, day, parseDate, startOfMonth, startOfNextMonth } from '../../time.ts'
import { freeUsage } from '../agreement/trial.ts'
import type { Agreement, Term } from '../model.ts'
import { configuredPrice, scheduleTotal, upfrontPrice } from '../selling/prices.ts'
import { termOf } from '../selling/pricing-rules.ts'
import type { World } from '../world.ts'
import type { InvoiceLine } from './finance-model.ts'
import { issueInvoice, newLine } from './invoices.ts'

/** Plans everything an agreement will be charged for by itself: its upfront price and its instalments. */
export function planCharges(world: World, agreement: Agreement): void {
  const items = termOf(agreement.terms, 'PaymentScheduleTerm')?.Schedule ?? []
  items.forEach((item, index) => {
    const due = Math.max(parseDate(item.ChargeDate), agreement.accepted_at)
    world.schedule.plan(`charge/${agreement.id}/${index}`, due, 'instalment', `${agreement.id}/${index}`)
  })
  if (upfrontPrice(agreement.terms, agreement.configuration) > 0n) {
    world.schedule.plan(`charge/${agreement.id}/upfront`, agreement.accepted_at, 'upfront', agreement.id)
  }
}

/** An ended agreement is not charged any further; its open invoices stay. */
export function stopCharges(world: World, agreement: Agreement): void {
  const items = termOf(agreement.terms, 'PaymentScheduleTerm')?.Schedule ?? []
  for (const index of items.keys()) world.schedule.cancel(`charge/${agreement.id}/${index}`)
}

export function chargeInstalment(world: World, agreementId: string, index: number): void {
  const agreement = world.agreements.get(agreementId)
  const schedule = termOf(agreement?.terms ?? [], 'PaymentScheduleTerm')?.Schedule
  const item = schedule?.[index]
  if (!agreement || !item) return
  const line = newLine(world, `Instalment ${index + 1} of ${schedule.length}`, decimal(item.ChargeAmount))
  const wholesale = wholesaleInstalment(agreement, index)
  if (wholesale !== undefined) line.wholesale_amount = format(wholesale)
  const now = world.clock.now()
  issueInvoice(world, agreement, 'INSTALLMENT', [line], { start: now, end: now })
}

/**
 * The vendor's part of a reseller's instalment: the wholesale instalment of the same date when both schedules
 * have the same dates, else the wholesale total (or what a price list asks for what was sold) spread over the reseller's
 * dates in proportion, to the cent.
 */
function wholesaleInstalment(agreement: Agreement, index: number): Decimal | undefined {
  if (!agreement.wholesale_terms) return undefined
  const wholesale = termOf(agreement.wholesale_terms, 'PaymentScheduleTerm')
  const resale = termOf(agreement.terms, 'PaymentScheduleTerm')
  const dates = (term: Term | undefined) => (term?.Schedule ?? []).map((item) => item.ChargeDate).join()
  if (dates(wholesale) === dates(resale)) return decimal(wholesale?.Schedule?.[index]?.ChargeAmount ?? '0')
  const owed = wholesale ? scheduleTotal(wholesale) : grantedPrice(agreement)
  const until = (count: number) => {
    const charged = sum((resale?.Schedule ?? []).slice(0, count).map((item) => decimal(item.ChargeAmount)))
    return cents(proportion(owed, charged, scheduleTotal(resale)))
  }
  return until(index + 1) - until(index)
}

/** What the vendor's price list asks for the quantities that a reseller sold of it for a fixed price. */
function grantedPrice({ terms, wholesale_terms = [] }: Agreement): Decimal {
  const fixed = termOf(terms, 'FixedUpfrontPricingTerm')
  const dimensions = Object.fromEntries(
    (fixed?.Grants ?? []).map(({ DimensionKey, MaxQuantity }) => [DimensionKey, MaxQuantity ?? 1]),
  )
  return configuredPrice(wholesale_terms, { selector: fixed?.Duration ?? '', dimensions })
}

/** What was bought is charged before anything is added to it. */
export function chargeAccepted(world: World, { id }: Agreement): void {
  const task = `charge/${id}/upfront`
  if (!world.schedule.has(task)) return
  world.schedule.cancel(task)
  chargeUpfront(world, id)
}

export function chargeUpfront(world: World, agreementId: string): void {
  const agreement = world.agreements.get(agreementId)
  if (!agreement) return
  const line = newLine(world, 'Upfront price', upfrontPrice(agreement.terms, agreement.configuration))
  if (agreement.wholesale_terms) {
    line.wholesale_amount = format(upfrontPrice(agreement.wholesale_terms, agreement.configuration))
  }
  const now = world.clock.now()
  issueInvoice(world, agreement, 'UPFRONT', [line], { start: now, end: now })
}

function rateOf(terms: Term[] | undefined, dimension: string): string | undefined {
  const cards = termOf(terms ?? [], 'UsageBasedPricingTerm')?.RateCards ?? []
  return cards.flatMap((card) => card.RateCard).find((rate) => rate.DimensionKey === dimension)?.Price
}

export function usagePrice(agreement: Agreement, dimension: string): string {
  return rateOf(agreement.terms, dimension) ?? '0'
}

/** One invoice per agreement, one line per dimension, for all usage of the month that starts at `month`. */
export function chargeUsage(world: World, month: number): void {
  const end = startOfNextMonth(month)
  const totals = new Map<string, Map<string, bigint>>()
  for (const record of world.usage.all()) {
    if (record.hour < month || record.hour >= end) continue
    const byDimension = totals.get(record.agreement_id) ?? new Map<string, bigint>()
    byDimension.set(record.dimension, (byDimension.get(record.dimension) ?? 0n) + BigInt(record.quantity))
    totals.set(record.agreement_id, byDimension)
  }
  for (const [agreementId, byDimension] of totals) {
    const agreement = world.agreements.get(agreementId)
    if (!agreement) continue
    const lines = [...byDimension].map(([dimension, quantity]) =>
      usageLine(
        world,
        agreement,
        dimension,
        quantity - freeUsage(world, agreement, dimension, { from: month, until: end }),
      ),
    )
    const billed = lines.filter((line) => decimal(line.amount) !== 0n)
    if (billed.length > 0) issueInvoice(world, agreement, 'USAGE', billed, { start: month, end: end - 1 })
  }
}

function usageLine(world: World, agreement: Agreement, dimension: string, quantity: bigint): InvoiceLine {
  const price = usagePrice(agreement, dimension)
  const line = newLine(world, `Usage of ${dimension}`, cents(decimal(price) * quantity))
  const wholesale = rateOf(agreement.wholesale_terms, dimension)
  return {
    ...line,
    dimension,
    quantity: quantity.toString(),
    unit_price: price,
    ...(wholesale === undefined ? {} : { wholesale_amount: format(cents(decimal(wholesale) * quantity)) }),
  }
}

/** Usage of a month is invoiced on the third day of the next one, at midnight UTC. */
export function planUsageInvoice(world: World, hour: number): void {
  const month = startOfMonth(hour)
  const id = `usage/${dateOf(month)}`
  if (!world.schedule.has(id))
    world.schedule.plan(id, startOfNextMonth(month) + 2 * day, 'usage_invoice', String(month))
}
