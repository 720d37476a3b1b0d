/** One line of a customer's invoice. `wholesale` is the part the publisher's own price makes up. */
export type InvoiceLine = {
  line_item_id: string
  description: string
  dimension?: string | undefined
  quantity?: string | undefined
  unit_price?: string | undefined
  amount: string
  tax: string
  wholesale_amount: string
  /** Who earns what lies above the wholesale amount. */
  partner?: string | undefined
}

export type Invoice = {
  invoice_id: string
  account_id: string
  partner?: string | undefined
  customer: string
  subscription_id: string
  plan_id: string
  private_offer?: string | undefined
  kind: 'RECURRING' | 'INSTALMENT' | 'USAGE'
  currency: string
  invoiced_at: number
  due_at: number
  period_start: number
  period_end: number
  lines: InvoiceLine[]
  amount: string
  tax: string
  paid_at?: number | undefined
  written_off_at?: number | undefined
}

/** What one seller earns from one line, or gives back when it was never paid. */
export type Earning = {
  earning_id: string
  recipient: string
  role: 'publisher' | 'partner'
  invoice_id: string
  line_item_id: string
  subscription_id: string
  kind: Invoice['kind']
  reverses?: string | undefined
  transaction_amount: string
  store_fee: string
  earning_amount: string
  /** Collected for the seller to remit itself; empty where Microsoft remits. */
  sales_tax: string
  tax_remitted: string
  currency: string
  quantity: string
  at: number
  /** From when it may be paid out. */
  eligible_at?: number | undefined
  payment_id?: string | undefined
}

export type Payment = {
  payment_id: string
  account_id: string
  currency: string
  earned: string
  withheld_tax: string
  sales_tax: string
  service_fee_tax: string
  amount: string
  sent_at: number
  arrives_at: number
  reference: string
}

export type ExportRequest = {
  id: string
  owner: string
  kind: 'transactionhistory' | 'payments'
  filter: string
  format: 'csv' | 'tsv'
  requested_at: number
  status: 'Queued' | 'Processing' | 'Failed' | 'Completed'
  signature: string
  body?: string | undefined
}
