/**
 * One row of the transaction history is one earning: what the customer was charged, the store fee, and what is left for
 * the seller. It becomes a sale and a fee, and, once it was paid, what collects them and pays them out.
 */
import {
  add,
  compare,
  type Decimal,
  isNegative,
  isZero,
  negate,
  subtract,
} from '../../../src/core/decimal.ts'
import {
  DAY_MS,
  dateOf,
  type LocalDate,
  monthOf,
  nextMonth,
  plus,
  startOfMonth,
} from '../../../src/core/time.ts'
import type { LineKind, StatementItem, StatementLine } from '../../connector.ts'
import { paidParts } from './paid-parts.ts'
import {
  currencyAt,
  decimalAt,
  instantAt,
  optional,
  optionalDecimal,
  problem,
  type Row,
  required,
} from './rows.ts'

/** The pay-out's line in the payments export, which these lines point to. */
export function paymentKey(payment_id: string): string {
  return `payment:${payment_id}`
}

export type PaymentState = 'open' | 'paid' | 'undone' | 'unknown'

/** Statuses of an earning and of a payment. What was paid and came back is taken back. */
export function fromAzurePaymentStatus(status: string | null): PaymentState {
  switch ((status ?? '').toLowerCase()) {
    case 'sent':
      return 'paid'
    case 'failed':
    case 'incorrect payment':
    case 'rejected':
    case 'reprocessing':
    case 'reversed':
      return 'undone'
    case '':
    case 'unprocessed':
    case 'upcoming':
    case 'in progress':
    case 'pending tax invoice':
    case 'tax invoice rejected':
    case 'tax invoice under review':
    case 'rejected during review':
      return 'open'
    default:
      return 'unknown'
  }
}

export function fromEarningRow(row: Row): StatementItem[] {
  const id = required(row, 'earningid')
  const charged = decimalAt(row, 'transactionamount')
  const earned = decimalAt(row, 'earningamount')
  const fee = feeOf(row, charged, earned)
  const rest = subtract(subtract(earned, charged), fee)
  const remitted = optionalDecimal(row, 'taxremitted')
  const base = baseOf(row)
  const undoes = writtenOff(row, charged)
  const claim = (part: string, kind: LineKind, amount: Decimal): StatementLine => ({
    ...base,
    ...(undoes === undefined
      ? {}
      : { stage: 'forgiven', parent_key: undoes === null ? null : `${undoes}/${part}` }),
    key: `${id}/${part}`,
    kind,
    amount,
  })
  const claims = [
    claim('sale', kindOf(row, charged), charged),
    claim('fee', 'listing_fee', fee),
    // Whatever else stands between the charge and the earning is shown, never guessed.
    claim('rest', 'unknown', rest),
  ].filter(({ amount }) => !isZero(amount))
  const apart: StatementLine[] =
    remitted === null || isZero(remitted)
      ? []
      : [{ ...base, key: `${id}/tax`, kind: 'tax_remitted_by_cloud', amount: remitted, counts: false }]
  const lines = [...claims, ...apart, ...paymentsOf(row, claims)]
  return [...lines.map((line): StatementItem => ({ is: 'line', line })), ...partnersUsage(row, base, charged)]
}

/**
 * The earning that a write-off takes back: an enterprise's customer never paid what was paid out before it paid.
 * The row names it as its transaction (null: it names none); undefined for a row that is no write-off.
 */
function writtenOff(row: Row, charged: Decimal): string | null | undefined {
  const reason = (optional(row, 'reasoncode') ?? '').replace(/[\s_-]/g, '').toLowerCase()
  if (reason !== 'nonpayment' || !isNegative(charged)) return undefined
  const taken = optional(row, 'transactionid')
  return taken === required(row, 'earningid') ? null : taken
}

/**
 * A partner reads no usage back, as it sees no subscription: the quantity it earned on is its count. What a row takes
 * back is left out, and the publisher has the metering service's own count.
 */
function partnersUsage(row: Row, base: Base, charged: Decimal): StatementItem[] {
  const { agreement_id, dimension, period_ends_on } = base
  const reseller = optional(row, 'resellerid')
  const own = reseller !== null && reseller === optional(row, 'earningparticipantid')
  const quantity = optionalDecimal(row, 'quantity')
  if (!own || isNegative(charged) || quantity === null) return []
  if (agreement_id === null || dimension === null || period_ends_on === null) return []
  return [{ is: 'usage', usage: { agreement_id, dimension, on: period_ends_on, quantity, raw: row.values } }]
}

type Base = Omit<StatementLine, 'key' | 'kind' | 'amount'>

function baseOf(row: Row): Base {
  const calculated = instantAt(row, 'calculationdate')
  const occurred_at = instantAt(row, 'transactiondate') ?? instantAt(row, 'earningdate') ?? calculated
  if (occurred_at === null)
    throw problem(
      row.number,
      'transactiondate',
      'There is no date',
      'Export the file again with transactionDate.',
    )
  const period = periodOf(row, occurred_at)
  return {
    // A restated earning is calculated again later; instants of this form sort as text.
    version: (calculated ?? occurred_at).toISOString(),
    deleted: false,
    stage: 'invoiced',
    currency: currencyAt(row, 'transactioncurrency'),
    agreement_id:
      optional(row, 'subscriptionid') ??
      optional(row, 'assetid') ??
      optional(row, 'externalreferenceid') ??
      optional(row, 'orderid'),
    // No column names the private offer; the plan that was made for it does.
    offer_id: null,
    product_id: optional(row, 'productname') ?? optional(row, 'productid'),
    plan: /^true$/i.test(optional(row, 'isprivateoffer') ?? '') ? optional(row, 'skuid') : null,
    dimension: dimensionOf(row),
    invoice_id: optional(row, 'invoicenumber'),
    parent_key: null,
    disbursement_key: null,
    bank_reference: null,
    occurred_at,
    period_starts_on: period?.starts_on ?? null,
    period_ends_on: period?.ends_on ?? null,
    counts: true,
    raw: row.values,
  }
}

/** A clawback, a refund or a write-off comes as an earning of its own with the other sign. */
function kindOf(row: Row, charged: Decimal): LineKind {
  const type = optional(row, 'transactiontype') ?? ''
  return isNegative(charged) || /refund|charge ?back|clawback|reversal/i.test(type) ? 'refund' : 'sale'
}

/** The fee takes from the claim, whichever sign the column writes it with; without the column it is what is missing. */
function feeOf(row: Row, charged: Decimal, earned: Decimal): Decimal {
  const fee = optionalDecimal(row, 'storefee')
  if (fee === null) return subtract(earned, charged)
  return compare(add(charged, fee), earned) === 0 ? fee : negate(fee)
}

/** What metered usage is named by; addresses of resources and ids are not names of meters. */
function dimensionOf(row: Row): string | null {
  const named = isUsage(row) ? optional(row, 'resourceid') : null
  return named !== null && /^[\w.-]{1,60}$/.test(named) && !/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(named)
    ? named
    : null
}

function isUsage(row: Row): boolean {
  return /usage|metered|consumption/i.test(optional(row, 'purchasetypename') ?? '')
}

/** Usage of a month is charged when the month is over: an early day of a month stands for the month before. */
const EARLY_DAYS = 5

function periodOf(row: Row, charged_at: Date): { starts_on: LocalDate; ends_on: LocalDate } | undefined {
  if (!isUsage(row)) return undefined
  const month = monthOf(plus(charged_at, charged_at.getUTCDate() <= EARLY_DAYS ? -EARLY_DAYS * DAY_MS : 0))
  return { starts_on: `${month}-01`, ends_on: dateOf(plus(startOfMonth(nextMonth(month)), -DAY_MS)) }
}

// ---------------------------------------------------------------- payments

/** A paid earning was collected before; both follow their claim, and the pay-out takes the claim away. */
function paymentsOf(row: Row, claims: readonly StatementLine[]): StatementLine[] {
  const payment_id = optional(row, 'paymentid')
  const state = fromAzurePaymentStatus(optional(row, 'paymentstatus'))
  if (payment_id === null || state === 'open') return []
  const paid = paidParts(row, claims)
  return claims.flatMap((claim, index): StatementLine[] => {
    const child = {
      ...claim,
      // A restated claim restates what follows it. What was paid can only be taken back afterwards: the export says
      // nowhere when it was written.
      version: `${claim.version}/${state === 'undone' ? '2' : '1'}`,
      deleted: state === 'undone',
      occurred_at: paidAt(row) ?? claim.occurred_at,
      parent_key: claim.key,
    }
    if (state === 'unknown')
      return [{ ...child, key: `${claim.key}/${payment_id}/unknown`, stage: 'unknown' }]
    return [
      { ...child, key: `${claim.key}/${payment_id}/collected`, stage: 'collected' },
      {
        ...child,
        key: `${claim.key}/${payment_id}/disbursed`,
        stage: 'disbursed',
        amount: negate(claim.amount),
        paid: paid[index] ?? null,
        disbursement_key: paymentKey(payment_id),
      },
    ]
  })
}

const PAYOUT_DAY = 15

/** The export names the month of the pay-out; Microsoft pays by its fifteenth. The payments export has the very day. */
function paidAt(row: Row): Date | null {
  const month = /^(\d{4}-\d{2})\b/.exec(optional(row, 'estimatedpaymentmonth') ?? '')?.[1]
  return month === undefined ? null : plus(startOfMonth(month), (PAYOUT_DAY - 1) * DAY_MS)
}
