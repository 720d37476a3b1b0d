/** One line of a buyer's invoice: an agreement's instalment, upfront price, or a dimension's usage of a month. */
export type InvoiceLine = {
  line_item_id: string
  description: string
  dimension?: string | undefined
  quantity?: string | undefined
  unit_price?: string | undefined
  amount: string
  tax: string
  wholesale_amount?: string | undefined
}

export type Invoice = {
  invoice_id: string
  account_id: string
  buyer: string
  agreement_id: string
  kind: 'UPFRONT' | 'INSTALLMENT' | 'USAGE'
  currency: string
  invoiced_at: number
  due_at: number
  period_start: number
  period_end: number
  lines: InvoiceLine[]
  amount: string
  tax: string
  paid_at?: number | undefined
}

/** A row of the billing event feed, in the sandbox's own words; the feed writes it under the feed's columns. */
export type BillingRow = {
  id: string
  recipient: string
  parent?: string | undefined
  invoice_id: string
  buyer_invoice_id: string
  line_item_id: string
  agreement_id: string
  action: 'INVOICED' | 'COLLECTED' | 'DISBURSED'
  transaction_type: string
  amount: string
  currency: string
  balance_impacting: boolean
  at: number
  invoice_variant: string
  charge_variant: string
  charge_side: string
  collected_at?: number | undefined
  payout?: string | undefined
}

export type Payout = {
  disbursement_id: string
  account_id: string
  amount: string
  currency: string
  bank_trace_id: string
  reference: string
  disbursed_at: number
  arrives_at: number
}

/** A row of any other feed. `month` is the part of the key it is written under. */
export type FeedRow = {
  feed: string
  recipient: string
  month: string
  valid_from: number
  insert_date: number
  update_date: number
  values: Record<string, string>
}
