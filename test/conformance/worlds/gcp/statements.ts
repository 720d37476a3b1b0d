import type { Statements } from '../../world.ts'

/** The detailed disbursement report: rows have no id, and a later report of the month states them anew. */
export const statements: Statements = {
  format: 'gcp.detailed_disbursement',
  hasMoney: (name) => name.startsWith('detailed_disbursement/'),
  amount_column: 'cust_charges',
  date_column: 'report_creation_date',
  needed_column: 'sku_id',
  restated: (row) => ({
    ...row,
    report_creation_date: '2026-10-28',
    cust_charges: '59000.00',
    marketplace_fee_amount: '1770.00',
    aggregated_payout: '57230.00',
  }),
  isSale: ({ cust_charges }) => Number(cust_charges) === 60_000,
  intruder: (stranger, vendor) => ({
    ...stranger,
    settings: { ...stranger.settings, report_bucket: vendor.settings.report_bucket ?? '' },
  }),
}
