// Column names of Google's seller reports, as vendors' tools show them. Their order is ours: read them by name.

export const reportColumns: Record<string, string[]> = {
  detailed_disbursement: [
    ...['sku_id', 'sku_description', 'solution_id', 'solution_name', 'usage_quantity', 'usage_unit'],
    ...[
      'min_usage_start_time',
      'max_usage_start_time',
      'account_id',
      'insights_account_id',
      'c_u_account_id',
    ],
    ...['organization_id', 'cust_identity', 'cust_organization', 'domain', 'country', 'state_or_province'],
    ...['postal_code', 'entitlement_id', 'entitlement_start_date', 'entitlement_end_date'],
    ...['order_start_date', 'order_end_date', 'private_offer_id', 'replaced_private_offer_id'],
    ...['private_offer_creator', 'private_offer_acceptance_date', 'offer_title', 'discount_offered'],
    ...['payment_schedule', 'billing_frequency', 'installment_count', 'first_installment_date'],
    ...['final_installment_date', 'total_contract_value', 'term_total_contract_value', 'transaction_type'],
    ...['channel', 'cust_charges', 'wholesale_charges', 'reseller_discount', 'cud_credits_used'],
    ...['trial_credits_used', 'partner_testing_credit', 'total_deductions', 'marketplace_fee_percent'],
    ...['marketplace_fee_amount', 'withheld_amount', 'released_amount', 'abandoned_amount'],
    ...['aggregated_payout', 'disbursement_entity', 'report_creation_date', 'report_timezone'],
  ],
  disbursements_summary: [
    'Entity',
    'Currency',
    'Amount',
    'Customer Refund',
    'Total',
    'Notes',
    'Payment Type',
  ],
  charges_and_usage: [
    ...['sku', 'google_entity', 'resource', 'used_by', 'account_id', 'insights_account_id', 'location'],
    ...['usage', 'units', 'charges', 'trial_use', 'due_partner', 'currency', 'payment_type'],
    ...['payment_schedule', 'billing_frequency', 'prepay_credits', 'postpay_credits', 'withheld', 'released'],
    ...['abandoned', 'refund_balance_outstanding', 'refund_balance_deducted_this_month'],
  ],
  incremental_insights: [
    ...['date', 'sku_id', 'sku_description', 'solution_name', 'unit', 'usage', 'charges', 'currency'],
    ...['trial_use', 'due_vendor', 'account_id', 'external_account_id', 'parent_account_id', 'company'],
    ...['domain', 'country', 'state_or_province', 'postal_code', 'entitlement_id', 'start_date', 'end_date'],
    ...['order_start_date', 'order_end_date', 'quote_id', 'quote_creator', 'offer_title'],
    ...['private_offer_acceptance_date', 'private_offer_total_contract_value', 'payment_schedule'],
    ...['billing_frequency', 'installment_count', 'first_installment_date', 'final_installment_date'],
    ...['prepay_credits', 'postpay_credits', 'payment_type', 'transaction_type', 'channel'],
    ...['reseller_discount', 'wholesale_charges', 'withheld', 'released', 'abandoned', 'report_date'],
  ],
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

export function csv(kind: string, rows: Record<string, string>[]): string {
  const columns = reportColumns[kind] ?? []
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}
