/**
 * The two finance reports that people export from the AWS Marketplace Management Portal, a row per invoiced line. They say
 * in sums what the billing feed says event by event, so they are held against it and never booked: what is in both would
 * count twice. Source: the seller guide's pages on the billed revenue and the collections and disbursements dashboards.
 */
import type { StatementItem } from '../../connector.ts'
import { columnName, decimalAt, optional, type Row, required } from './rows.ts'

const BILLED_REVENUE = 'aws.billed_revenue'
const COLLECTIONS = 'aws.collections_and_disbursements'

const shared = [
  'agreement_id',
  'transaction_reference_id',
  'currency',
  'seller_net_revenue',
  'disbursed_net_revenue',
]
/** The columns each report must have. */
export const reportColumns: Readonly<Record<string, readonly string[]>> = {
  [BILLED_REVENUE]: [...shared, 'collected_net_revenue'],
  [COLLECTIONS]: [...shared, 'disbursement_period'],
}

/** By the columns that only one of them has; the names of exported files are anybody's. */
export function recogniseReport(header: readonly string[]): string | null {
  const columns = new Set(header.map(columnName))
  if (!shared.every((column) => columns.has(column))) return null
  if (columns.has('collected_net_revenue')) return BILLED_REVENUE
  return columns.has('disbursement_period') ? COLLECTIONS : null
}

export function fromReportRow(row: Row): StatementItem {
  return {
    is: 'total',
    total: {
      agreement_id: required(row, 'agreement_id'),
      reference: required(row, 'transaction_reference_id'),
      currency: required(row, 'currency'),
      invoiced: decimalAt(row, 'seller_net_revenue'),
      collected:
        optional(row, 'collected_net_revenue') === null ? null : decimalAt(row, 'collected_net_revenue'),
      disbursed: decimalAt(row, 'disbursed_net_revenue'),
    },
  }
}
