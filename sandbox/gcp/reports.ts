import { type Decimal, decimal, format, fromInteger, multiply, proportion, sum } from '../money.ts'
import { iso } from '../time.ts'
import { shareOf } from './billing.ts'
import type { Charge, UsageRecord } from './finance-model.ts'
import type { Listing } from './model.ts'
import { discounted } from './offer-prices.ts'
import { csv } from './report-columns.ts'
import { customerValues, entitlementValues, offerValues, productValues } from './report-values.ts'
import type { World } from './world.ts'
import { addZonedDays, zonedDay } from './zone.ts'

type Row = Record<string, string>

function store(
  world: World,
  account_id: string,
  kind: string,
  name: string,
  month: string,
  rows: Row[],
): void {
  const id = `${account_id}_${name.toLowerCase().replaceAll(' ', '-')}`
  const created_at = world.clock.now()
  world.reports.put(id, { id, account_id, kind, name, month, created_at, body: csv(kind, rows) })
}

/** The three files of a month. Their names carry the first day of the month of use. */
export function writeMonthReports(world: World, provider: string, month: string, charges: Charge[]): void {
  const first = `${month}-01`
  const compact = first.replaceAll('-', '')
  const groups = grouped(charges)
  const named = (kind: string, name: string, rows: Row[]) => store(world, provider, kind, name, month, rows)
  named(
    'detailed_disbursement',
    `${first} Detailed Disbursements Report`,
    groups.map((group) => detailedRow(world, group)),
  )
  named(
    'charges_and_usage',
    `${compact} Charges and Usage`,
    groups.map((group) => usageRow(world, group)),
  )
  named('disbursements_summary', `${compact} Disbursements`, summaryRows(charges))
}

/** Rows of the same SKU, order, offer and payout status are one. */
function grouped(charges: Charge[]): Charge[][] {
  const key = (charge: Charge) =>
    [charge.sku, charge.entitlement, charge.private_offer, charge.status, charge.fee_percent].join()
  return [...Map.groupBy(charges, key).values()]
}

const total = (charges: Charge[], field: 'amount' | 'credits' | 'reseller_discount' | 'fee' | 'payout') =>
  sum(charges.map((charge) => decimal(charge[field])))

/** What was reported before is only released or given up now: its charges do not come twice. */
function isLater(status: Charge['status']): boolean {
  return status === 'released' || status === 'abandoned'
}

function amounts(group: Charge[], status: Charge['status']) {
  const shown = isLater(status) ? [] : group
  const payout = format(total(group, 'payout'))
  const when = (wanted: Charge['status']) => (status === wanted ? payout : '0.00')
  const discount = total(shown, 'reseller_discount')
  return {
    charges: total(shown, 'amount'),
    credits: total(shown, 'credits'),
    discount,
    fee: total(shown, 'fee'),
    quantity: shown.length === 0 ? 0n : sum(shown.map((charge) => decimal(charge.quantity))),
    withheld: when('withheld'),
    released: when('released'),
    abandoned: when('abandoned'),
    payout: status === 'paid' || status === 'released' ? payout : '0.00',
  }
}

function detailedRow(world: World, group: Charge[]): Row {
  const [first] = group
  if (!first) return {}
  const found = amounts(group, first.status)
  const offer = world.offers.get(first.private_offer)
  const wholesale =
    offer?.reseller === undefined ? '' : format(found.charges - found.credits - found.discount)
  return {
    ...productValues(world, first),
    ...customerValues(world, first.billing_account),
    ...entitlementValues(world.entitlements.get(first.entitlement)),
    ...offerValues(world, offer),
    usage_quantity: format(found.quantity, 0),
    usage_unit: first.unit,
    min_usage_start_time: iso(Math.min(...group.map((charge) => charge.from))),
    max_usage_start_time: iso(Math.max(...group.map((charge) => charge.from))),
    cust_charges: format(found.charges),
    wholesale_charges: wholesale,
    reseller_discount: format(found.discount),
    cud_credits_used: format(found.credits),
    trial_credits_used: '0.00',
    partner_testing_credit: '0.00',
    total_deductions: format(found.discount + found.credits + found.fee),
    marketplace_fee_percent: first.fee_percent,
    marketplace_fee_amount: format(found.fee),
    withheld_amount: found.withheld,
    released_amount: found.released,
    abandoned_amount: found.abandoned,
    aggregated_payout: found.payout,
    disbursement_entity: 'Google LLC',
    report_creation_date: zonedDay(world.clock.now()),
    report_timezone: 'America/Los_Angeles',
  }
}

function usageRow(world: World, group: Charge[]): Row {
  const [first] = group
  if (!first) return {}
  const found = amounts(group, first.status)
  const offer = world.offers.get(first.private_offer)
  return {
    ...productValues(world, first),
    ...customerValues(world, first.billing_account),
    ...entitlementValues(world.entitlements.get(first.entitlement)),
    ...offerValues(world, offer),
    google_entity: 'Google LLC',
    used_by: customerValues(world, first.billing_account).cust_identity ?? '',
    usage: format(found.quantity, 0),
    units: first.unit,
    charges: format(found.charges),
    trial_use: '0.00',
    due_partner: found.payout,
    currency: 'USD',
    payment_type: 'new',
    prepay_credits: format(found.credits),
    postpay_credits: '0.00',
    withheld: found.withheld,
    released: found.released,
    abandoned: found.abandoned,
    refund_balance_outstanding: '0.00',
    refund_balance_deducted_this_month: '0.00',
  }
}

function summaryRows(charges: Charge[]): Row[] {
  const lines: [string, Charge['status']][] = [
    ['Google LLC', 'paid'],
    ['Released Payout', 'released'],
    ['Abandoned Payout', 'abandoned'],
  ]
  return lines.flatMap(([Entity, status]) => {
    const group = charges.filter((charge) => charge.status === status)
    if (group.length === 0) return []
    const Amount = format(total(group, 'payout'))
    const Total = status === 'abandoned' ? '0.00' : Amount
    const rest = { Currency: 'USD', 'Customer Refund': '0.00', 'Payment Type': 'new', Notes: '' }
    return [{ Entity, Amount, Total, ...rest }]
  })
}

/** What became known on one day: usage by the day it was used, late or not, and the fees charged that day. */
export function writeInsights(world: World, provider: string, from: number): void {
  const to = addZonedDays(from, 1)
  const date = zonedDay(from)
  const records = world.usage
    .all()
    .filter((record) => record.provider === provider && record.received_at >= from && record.received_at < to)
  const key = (record: UsageRecord) =>
    [zonedDay(record.end - 1), record.entitlement, record.metric, record.private_offer].join()
  const usage = [...Map.groupBy(records, key).values()].flatMap((group) => {
    const listing = world.listings.get(group[0]?.service_name ?? '')
    return listing ? [insightRow(world, listing, group, date)] : []
  })
  const fees = world.charges
    .all()
    .filter((charge) => charge.provider === provider && charge.kind === 'fee')
    .filter((charge) => charge.at >= from && charge.at < to)
    .map((charge) => feeRow(world, charge, date))
  store(world, provider, 'incremental_insights', `${date} Incremental Insights`, date.slice(0, 7), [
    ...usage,
    ...fees,
  ])
}

function insightRow(world: World, listing: Listing, group: UsageRecord[], report_date: string): Row {
  const [first] = group
  const metric = listing.metrics.find((item) => item.name === first?.metric)
  const entitlement = world.entitlements.get(first?.entitlement ?? '')
  if (!first || !metric || !entitlement) return {}
  const offer = world.offers.get(first.private_offer)
  const usage = sum(group.map((record) => decimal(record.value)))
  const charges = multiply(discounted(decimal(metric.price), offer, metric.sku), usage)
  const share = decimal(shareOf(world, offer, entitlement.renewals > 0))
  const service_name = listing.service_name
  const description = `${listing.title}: ${metric.name}`
  return {
    ...productValues(world, { sku: metric.sku, description, service_name }),
    ...customerValues(world, entitlement.billing_account),
    ...entitlementValues(entitlement),
    ...offerValues(world, offer),
    ...money(charges, proportion(charges, share, fromInteger(100))),
    date: zonedDay(first.end - 1),
    unit: metric.unit,
    usage: format(usage, 0),
    report_date,
  }
}

function money(charges: Decimal, due: Decimal): Row {
  const none = { trial_use: '0.00', prepay_credits: '0.00', postpay_credits: '0.00' }
  return { ...none, charges: format(charges), due_vendor: format(due), currency: 'USD', payment_type: 'new' }
}

function feeRow(world: World, charge: Charge, report_date: string): Row {
  return {
    ...productValues(world, charge),
    ...customerValues(world, charge.billing_account),
    ...entitlementValues(world.entitlements.get(charge.entitlement)),
    ...offerValues(world, world.offers.get(charge.private_offer)),
    ...money(decimal(charge.amount), decimal(charge.payout)),
    date: zonedDay(charge.at),
    unit: charge.unit,
    usage: charge.quantity,
    reseller_discount: charge.reseller_discount,
    report_date,
  }
}
