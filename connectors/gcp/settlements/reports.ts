/**
 * Google's finance reports as statement items. Columns are found by their names. Source: Google's pages on disbursement reports, and a public mirror of their columns, 2026.
 */
import { isZero, subtract } from '../../../src/core/decimal.ts'
import type { FileOwner, StatementItem } from '../../connector.ts'
import { startOfPacificDate } from '../wire/dates.ts'
import {
  asDeduction,
  cashLine,
  currencyAt,
  fromDisbursementRow,
  lineOf,
  type Payout,
  unique,
} from './disbursements.ts'
import {
  amountAt,
  checkedHeader,
  columnName,
  dateAt,
  optional,
  problem,
  type Row,
  required,
  rowOf,
} from './rows.ts'

export const DISBURSEMENT = 'gcp.detailed_disbursement'
export const CHARGES = 'gcp.charges_and_usage'
export const INSIGHTS = 'gcp.customer_insights'
const SUMMARY = 'gcp.disbursements_summary'

export const skippedReports: Readonly<Record<string, string>> = {
  [SUMMARY]: 'Totals by entity: the detailed disbursement report holds the same money row by row.',
}

const needed: Readonly<Record<string, readonly string[]>> = {
  [DISBURSEMENT]: [
    'sku_id',
    'account_id',
    'entitlement_id',
    'private_offer_id',
    'cust_charges',
    'reseller_discount',
    'marketplace_fee_amount',
    'withheld_amount',
    'released_amount',
    'abandoned_amount',
    'aggregated_payout',
    'report_creation_date',
  ],
  [CHARGES]: ['sku', 'usage', 'units', 'charges', 'due_partner', 'currency'],
  [INSIGHTS]: ['date', 'sku_id', 'usage', 'entitlement_id'],
}

/** By the columns that only one report has; names of files differ by who downloaded them. */
export function recogniseReport(name: string, header: readonly string[]): string | null {
  const columns = new Set(header.map(columnName))
  const has = (...names: string[]) => names.every((name) => columns.has(name))
  if (has('aggregated_payout', 'cust_charges')) return DISBURSEMENT
  if (has('due_partner', 'charges', 'usage')) return `${CHARGES}${monthOf(name)}`
  if (has('due_vendor', 'sku_id', 'usage', 'date')) return INSIGHTS
  if (has('entity', 'amount', 'total', 'payment_type')) return SUMMARY
  return null
}

/** No column of the charges tells their month; the name that Google gives the file does: "20261001 Charges and Usage". */
function monthOf(name: string): string {
  const found = /(?:^|[^0-9])(20\d{2})-?(0[1-9]|1[0-2])-?\d{2}(?![0-9])/.exec(name)
  return found === null ? '' : `@${found[1]}-${found[2]}`
}

export async function* parseReport(
  format: string,
  rows: AsyncIterable<readonly string[]>,
  owner: FileOwner = { account_id: '', dimensions: {} },
): AsyncGenerator<StatementItem> {
  if (Object.hasOwn(skippedReports, format)) return
  const [kind = '', month] = format.split('@')
  const columns = needed[kind]
  if (columns === undefined) {
    throw problem(null, null, `"${format}" is not a format of Google`, 'Choose the format again.')
  }
  if (kind === CHARGES && month === undefined) {
    throw problem(
      null,
      null,
      'Neither the file nor its name tells the month',
      'Keep the name that Google gave the file, such as "20261001 Charges and Usage.csv".',
    )
  }
  let header: string[] | undefined
  let number = 0
  const seen = new Map<string, number>()
  const payouts = new Map<string, Payout>()
  for await (const cells of rows) {
    number += 1
    if (header === undefined) header = checkedHeader(cells, columns)
    else {
      const row = rowOf(header, cells, number)
      if (kind === DISBURSEMENT) yield* fromDisbursementRow(row, seen, payouts, owner)
      else if (kind === CHARGES) yield* fromChargesRow(row, seen, month ?? '')
      else yield* fromInsightsRow(row, owner)
    }
  }
  if (header === undefined) throw problem(null, null, 'The file is empty', 'Download the report again.')
  for (const payout of payouts.values()) yield { is: 'line', line: cashLine(payout) }
}

/** The same money before it is paid, without the order: shown for comparison and never counted. */
function* fromChargesRow(row: Row, seen: Map<string, number>, month: string): Generator<StatementItem> {
  const names = ['resource', 'account_id', 'used_by', 'location', 'payment_type']
  const sku = required(row, 'sku')
  const key = unique(seen, ['charges', month, sku, ...names.map((name) => optional(row, name) ?? '')])
  const at = startOfPacificDate(`${month}-01`)
  const line = { ...lineOf(row, key, at, currencyAt(row)), dimension: sku, counts: false }
  yield { is: 'line', line: { ...line, kind: 'sale', amount: amountAt(row, 'charges') } }
  const fee = asDeduction(subtract(amountAt(row, 'charges'), amountAt(row, 'due_partner')))
  if (isZero(fee)) return
  yield { is: 'line', line: { ...line, key: `${key}/fee`, kind: 'listing_fee', amount: fee } }
}

/**
 * What Google says was used, by order, SKU and day in Los Angeles. Incremental reports tell what arrived since the one
 * before, also for earlier days: each adds its part.
 */
function* fromInsightsRow(row: Row, { dimensions }: FileOwner): Generator<StatementItem> {
  const agreement_id = optional(row, 'entitlement_id')
  const on = dateAt(row, 'date')
  const quantity = amountAt(row, 'usage')
  if (agreement_id === null || isZero(quantity)) return
  if (on === null) throw problem(row.number, 'date', 'There is no value', 'Download the report again.')
  const sku = required(row, 'sku_id')
  const part = dateAt(row, 'report_date')
  yield {
    is: 'usage',
    usage: {
      agreement_id,
      dimension: dimensions[sku] ?? sku,
      on,
      quantity,
      ...(part === null ? {} : { part }),
      raw: row.values,
    },
  }
}
