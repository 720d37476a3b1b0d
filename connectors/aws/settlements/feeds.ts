/**
 * The seller data feeds as statement items. Columns are found by their names: AWS adds and reorders them. All values
 * of a row are kept beside what was made of it. Source: AWS's public queries over the feeds and the feed pages of the
 * seller guide (columns, signs, bi-temporal rule), 2026.
 */
import type { LineKind, LineStage, StatementItem, StatementLine } from '../../connector.ts'
import { describingFeeds } from './descriptions.ts'
import { fromReportRow, recogniseReport, reportColumns } from './reports.ts'
import {
  checkedHeader,
  columnName,
  dateAt,
  decimalAt,
  instantAt,
  optional,
  problem,
  type Row,
  required,
  rowOf,
} from './rows.ts'

const BILLING = 'aws.billingeventfeed_v1'
const USAGE = 'aws.dailyusagefeed_v1'

const billingColumns = [
  'billing_event_id',
  'parent_billing_event_id',
  'disbursement_billing_event_id',
  'action',
  'transaction_type',
  'amount',
  'currency',
  'balance_impacting',
  'invoice_date',
  'invoice_id',
  'usage_period_start_date',
  'usage_period_end_date',
  'product_id',
  'agreement_id',
  'bank_trace_id',
  'charge_variant',
  'charge_side',
  'valid_from',
  'update_date',
  'delete_date',
]
const usageColumns = ['usage_date', 'agreement_id', 'dimension_key', 'usage_quantity']

/** By the folder AWS writes a feed to, else by columns that only one feed has: files are also brought by hand. */
export function recogniseFeed(name: string, header: readonly string[]): string | null {
  const folder = /(?:^|[/_.-])((?:[a-z]+)feed_v1)(?=[/_.-]|$)/.exec(name.toLowerCase())?.[1]
  const format = folder === undefined ? undefined : `aws.${folder}`
  if (format === BILLING || format === USAGE) return format
  if (format !== undefined && Object.hasOwn(describingFeeds, format)) return format
  const columns = new Set(header.map(columnName))
  if (columns.has('billing_event_id') && columns.has('transaction_type')) return BILLING
  if (columns.has('usage_feed_id') && columns.has('usage_quantity')) return USAGE
  const described = Object.entries(describingFeeds).find(([, feed]) =>
    feed.columns.every((column) => columns.has(column)),
  )
  return described?.[0] ?? recogniseReport(header)
}

export async function* parseFeed(
  format: string,
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<StatementItem> {
  const { columns, read } = readerOf(format)
  let header: string[] | undefined
  let number = 0
  for await (const cells of rows) {
    number += 1
    if (header === undefined) header = checkedHeader(cells, columns)
    else {
      const item = read(rowOf(header, cells, number))
      if (item !== undefined) yield item
    }
  }
  if (header === undefined) throw problem(null, null, 'The file is empty', 'Fetch the file again.')
}

type Reader = { columns: readonly string[]; read(row: Row): StatementItem | undefined }

function readerOf(format: string): Reader {
  if (format === BILLING) return { columns: billingColumns, read: fromBillingRow }
  if (format === USAGE) return { columns: usageColumns, read: fromUsageRow }
  const describing = describingFeeds[format]
  if (describing !== undefined) return describing
  const columns = reportColumns[format]
  if (columns !== undefined) return { columns, read: fromReportRow }
  throw problem(null, null, `"${format}" is not a format of AWS`, 'Choose the format again.')
}

// ---------------------------------------------------------------- billing events

/**
 * Signs stay as AWS writes them: positive is owed to the seller or paid to it, negative is owed by the seller or paid
 * out of its claim.
 */
function fromBillingRow(row: Row): StatementItem {
  const stage = stageOf(required(row, 'action'))
  const update_date = instantAt(row, 'update_date')
  const valid_from = instantAt(row, 'valid_from')
  const occurred_at =
    (stage === 'invoiced' ? null : instantAt(row, 'action_date')) ??
    instantAt(row, 'invoice_date') ??
    valid_from ??
    update_date
  if (update_date === null)
    throw problem(row.number, 'update_date', 'There is no value', 'Fetch the file again.')
  const line: StatementLine = {
    key: required(row, 'billing_event_id'),
    // The latest update of the latest validity stands; both sort as text.
    version: `${update_date.toISOString()}/${valid_from?.toISOString() ?? ''}`,
    deleted: optional(row, 'delete_date') !== null,
    kind: kindOf(row),
    stage,
    amount: decimalAt(row, 'amount'),
    currency: required(row, 'currency'),
    agreement_id: optional(row, 'agreement_id'),
    offer_id: optional(row, 'offer_id'),
    product_id: optional(row, 'product_id'),
    dimension: null,
    invoice_id: optional(row, 'invoice_id'),
    parent_key: optional(row, 'parent_billing_event_id'),
    disbursement_key: optional(row, 'disbursement_billing_event_id'),
    bank_reference: optional(row, 'bank_trace_id') ?? optional(row, 'disbursement_reference_number'),
    reference: optional(row, 'transaction_reference_id'),
    occurred_at: occurred_at ?? update_date,
    period_starts_on: dateAt(row, 'usage_period_start_date'),
    period_ends_on: dateAt(row, 'usage_period_end_date'),
    counts: countsOf(row, stage),
    raw: row.values,
  }
  return { is: 'line', line, owner: optional(row, 'recipient_account_id') }
}

/** The action of a pay-out is spelled both ways in AWS's own pages. */
function stageOf(action: string): LineStage {
  switch (action.toUpperCase()) {
    case 'INVOICED':
      return 'invoiced'
    case 'COLLECTED':
      return 'collected'
    case 'DISBURSED':
    case 'DISBURSEMENT':
      return 'disbursed'
    case 'FORGIVEN':
      return 'forgiven'
    default:
      return 'unknown'
  }
}

/** Pay-outs always carry 0 here although they change the balance, so only the other rows are asked. */
function countsOf(row: Row, stage: LineStage): boolean {
  if (stage === 'disbursed') return true
  const flag = optional(row, 'balance_impacting')
  if (flag === '1' || flag?.toLowerCase() === 'true') return true
  if (flag === null || flag === '0' || flag.toLowerCase() === 'false') return false
  throw problem(row.number, 'balance_impacting', `"${flag}" is neither 1 nor 0`, 'Fetch the file again.')
}

/**
 * A refund or credit of a fee, a tax or a wholesale cost is the same kind of line with the other sign; only what the
 * buyer gets back of the sale itself is a refund.
 */
function kindOf(row: Row): LineKind {
  const resale = optional(row, 'charge_variant')?.toUpperCase() === 'RESALE'
  const wholesale = resale && optional(row, 'charge_side')?.toUpperCase() === 'BUYING'
  switch (required(row, 'transaction_type').toUpperCase()) {
    case 'SELLER_REV_SHARE':
      return wholesale ? 'wholesale_cost' : 'sale'
    case 'SELLER_REV_SHARE_REFUND':
    case 'SELLER_REV_SHARE_CREDIT':
      return wholesale ? 'wholesale_cost' : 'refund'
    case 'AWS_REV_SHARE':
    case 'AWS_REV_SHARE_REFUND':
    case 'AWS_REV_SHARE_CREDIT':
      return 'listing_fee'
    case 'SELLER_TAX_SHARE':
    case 'SELLER_TAX_SHARE_REFUND':
    case 'OTHER_SELLER_TAX_SHARE':
    case 'OTHER_SELLER_TAX_SHARE_REFUND':
      return 'tax'
    case 'AWS_TAX_SHARE':
    case 'AWS_TAX_SHARE_REFUND':
      return 'tax_remitted_by_cloud'
    case 'BALANCE_ADJUSTMENT':
      return 'balance_adjustment'
    case 'DISBURSEMENT':
    case 'DISBURSED':
      return 'disbursement'
    case 'DISBURSEMENT_FAILURE':
      return 'disbursement_failure'
    default:
      return 'unknown'
  }
}

// ---------------------------------------------------------------- usage

/** A row taken back by AWS is left out: usage is only compared, never booked. */
function fromUsageRow(row: Row): StatementItem | undefined {
  if (optional(row, 'delete_date') !== null) return undefined
  const on = dateAt(row, 'usage_date')
  if (on === null) throw problem(row.number, 'usage_date', 'There is no value', 'Fetch the file again.')
  return {
    is: 'usage',
    usage: {
      agreement_id: required(row, 'agreement_id'),
      dimension: required(row, 'dimension_key'),
      on,
      quantity: decimalAt(row, 'usage_quantity'),
      raw: row.values,
    },
    owner: optional(row, 'recipient_account_id'),
  }
}
