/**
 * A row of the detailed disbursement report as the lines that make up its payout, each followed by what says that it was
 * collected and paid, so that they always sum to it: what no column explains is a line of its own, never hidden.
 */
import { add, compare, type Decimal, isZero, negate, subtract, sum, zero } from '../../../src/core/decimal.ts'
import { DAY_MS, dateOf, type LocalDate, nextMonth, plus, startOfMonth } from '../../../src/core/time.ts'
import type { FileOwner, LineKind, StatementItem, StatementLine } from '../../connector.ts'
import { amountAt, dateAt, instantAt, optional, problem, type Row } from './rows.ts'

const SALE = 'sale'
export type Payout = { key: string; entity: string; currency: string; created_at: Date; total: Decimal }
type Part = { name: string; kind: LineKind; amount: Decimal }

/**
 * Signs are from the seller's side. Withheld money is taken out now and comes back when it is released. Discounts and
 * credits are taken from the sale of their row, and the fee is of what is left of it.
 */
const parts: readonly { name: string; column: string; kind: LineKind; owed: boolean }[] = [
  { name: SALE, column: 'cust_charges', kind: 'sale', owed: true },
  { name: 'reseller_discount', column: 'reseller_discount', kind: 'reseller_discount', owed: false },
  // Usage that was paid for in advance: the money came with the payment in advance.
  { name: 'prepaid_credit', column: 'cud_credits_used', kind: 'credit_used', owed: false },
  { name: 'testing_credit', column: 'partner_testing_credit', kind: 'credit_used', owed: false },
  { name: 'trial_credit', column: 'trial_credits_used', kind: 'credit_used', owed: false },
  { name: 'fee', column: 'marketplace_fee_amount', kind: 'listing_fee', owed: false },
  { name: 'withheld', column: 'withheld_amount', kind: 'withheld', owed: false },
  { name: 'released', column: 'released_amount', kind: 'withheld', owed: true },
]
const ofTheSale: readonly LineKind[] = ['reseller_discount', 'credit_used']

export function* fromDisbursementRow(
  row: Row,
  seen: Map<string, number>,
  payouts: Map<string, Payout>,
  owner: FileOwner,
): Generator<StatementItem> {
  const created_at = createdAt(row)
  const payout = payoutOf(row, created_at, payouts, owner)
  const total = amountAt(row, 'aggregated_payout')
  payout.total = add(payout.total, total)
  const key = keyOf(row, seen)
  const lineFor = (name: string) => ({
    ...lineOf(row, `${key}/${name}`, created_at, payout.currency),
    ...usageOf(row, owner),
  })
  for (const part of partsOf(row, total)) {
    const parent_key = ofTheSale.includes(part.kind) ? `${key}/${SALE}` : null
    const line = { ...lineFor(part.name), kind: part.kind, amount: part.amount, parent_key }
    yield { is: 'line', line }
    if (isZero(part.amount)) continue
    const follows = { ...line, parent_key: line.key, occurred_at: created_at }
    // The report tells of nothing that was not collected: what is owed still is withheld in the same row.
    yield { is: 'line', line: { ...follows, key: `${line.key}/collected`, stage: 'collected' } }
    yield {
      is: 'line',
      line: {
        ...follows,
        key: `${line.key}/paid`,
        stage: 'disbursed',
        amount: negate(part.amount),
        disbursement_key: payout.key,
      },
    }
  }
  const abandoned = amountAt(row, 'abandoned_amount')
  if (isZero(abandoned)) return
  // It was taken out when it was withheld; now it is certain that it does not come back.
  const amount = asDeduction(abandoned)
  const line: StatementLine = {
    ...lineFor('abandoned'),
    kind: 'withheld',
    stage: 'forgiven',
    amount,
    counts: false,
  }
  yield { is: 'line', line }
}

/** What a row's payout is made of. A fee of nothing is told where credits left nothing to take it of. */
function partsOf(row: Row, total: Decimal): Part[] {
  const all = parts.map(({ name, column, kind, owed }): Part => {
    const amount = amountAt(row, column)
    return { name, kind, amount: owed ? amount : asDeduction(amount) }
  })
  const credited = all.some(({ kind, amount }) => kind === 'credit_used' && !isZero(amount))
  const made = all.filter(({ kind, amount }) => !isZero(amount) || (credited && kind === 'listing_fee'))
  const rest = subtract(total, sum(made.map(({ amount }) => amount)))
  return isZero(rest) ? made : [...made, { name: 'unexplained', kind: 'unknown', amount: rest }]
}

/**
 * Usage is charged for a month in Los Angeles, under the name of the metric that its SKU is of; a SKU of no metric is
 * charged on a day. Where no SKU is known, the row stands as it is.
 */
function usageOf(
  row: Row,
  { dimensions }: FileOwner,
): { dimension?: string; period_starts_on?: LocalDate | null; period_ends_on?: LocalDate | null } {
  if (Object.keys(dimensions).length === 0) return {}
  const dimension = dimensions[optional(row, 'sku_id') ?? '']
  const month = dateAt(row, 'max_usage_start_time')?.slice(0, 7)
  if (dimension === undefined || month === undefined) return { period_starts_on: null, period_ends_on: null }
  const period_ends_on = dateOf(plus(startOfMonth(nextMonth(month)), -DAY_MS))
  return { dimension, period_starts_on: `${month}-01`, period_ends_on }
}

/** A deduction is written with or without its sign, and is one either way. */
export function asDeduction(amount: Decimal): Decimal {
  return compare(amount, zero) > 0 ? negate(amount) : amount
}

function createdAt(row: Row): Date {
  const created_at = instantAt(row, 'report_creation_date')
  if (created_at !== null) return created_at
  throw problem(row.number, 'report_creation_date', 'There is no value', 'Download the report again.')
}

/** Google pays each entity once a month, all its rows together. Providers of one seller are paid apart. */
function payoutOf(
  row: Row,
  created_at: Date,
  payouts: Map<string, Payout>,
  { account_id }: FileOwner,
): Payout {
  const entity = optional(row, 'disbursement_entity') ?? ''
  const currency = currencyAt(row)
  const month = monthAt(row)
  const key = ['payout', account_id, month, entity, currency].join('/')
  const known = payouts.get(key)
  if (known !== undefined) return known
  const made = { key, entity, currency, created_at, total: zero }
  payouts.set(key, made)
  return made
}

/** The report has no column for the currency where everything is in dollars. */
export function currencyAt(row: Row): string {
  const currency = optional(row, 'currency')?.toUpperCase() ?? 'USD'
  if (/^[A-Z]{3}$/.test(currency)) return currency
  throw problem(row.number, 'currency', `"${currency}" is not a currency`, 'Write it like USD.')
}

/**
 * The month of the report. Usage that came late, and money that is released, are rows of a later report with the usage
 * month of an older one: they are new money and must not take the place of the older rows.
 */
function monthAt(row: Row): string {
  return (dateAt(row, 'report_creation_date') ?? '').slice(0, 7)
}

/** Rows have no id: they differ by what Google groups them by, and by where their money stands. */
function keyOf(row: Row, seen: Map<string, number>): string {
  const standing = ['withheld_amount', 'released_amount', 'abandoned_amount']
    .filter((column) => !isZero(amountAt(row, column)))
    .map((column) => column.replace('_amount', ''))
    .join('+')
  const names = ['sku_id', 'account_id', 'entitlement_id', 'private_offer_id', 'transaction_type']
  return unique(seen, [monthAt(row), ...names.map((name) => optional(row, name) ?? ''), standing])
}

/** Two rows alike are two rows: the second one is counted in its key. */
export function unique(seen: Map<string, number>, names: readonly string[]): string {
  const key = names.join('/')
  const count = (seen.get(key) ?? 0) + 1
  seen.set(key, count)
  return count === 1 ? key : `${key}#${count}`
}

export function lineOf(row: Row, key: string, created_at: Date, currency: string): StatementLine {
  return {
    key,
    version: created_at.toISOString(),
    deleted: false,
    kind: 'unknown',
    stage: 'invoiced',
    amount: zero,
    currency,
    agreement_id: optional(row, 'entitlement_id'),
    offer_id: optional(row, 'private_offer_id'),
    product_id: optional(row, 'solution_id'),
    dimension: optional(row, 'sku_id'),
    invoice_id: null,
    parent_key: null,
    disbursement_key: null,
    bank_reference: null,
    occurred_at: instantAt(row, 'max_usage_start_time') ?? created_at,
    period_starts_on: dateAt(row, 'min_usage_start_time'),
    period_ends_on: dateAt(row, 'max_usage_start_time'),
    counts: true,
    raw: row.values,
  }
}

export function cashLine({ key, entity, currency, created_at, total }: Payout): StatementLine {
  const nothing: Row = { number: 0, values: { disbursement_entity: entity } }
  return {
    ...lineOf(nothing, key, created_at, currency),
    kind: 'disbursement',
    stage: 'disbursed',
    amount: total,
    disbursement_key: key,
  }
}
