import type { Collection } from '../../journal.ts'
import type { Account } from '../model.ts'
import type { World } from '../world.ts'

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
  /** The listing fee of the seller of record and its rate, and that of the vendor behind a reseller. */
  fee: string
  wholesale_fee: string
  fee_rate: string
  /** What of the amount was given back until now. */
  refunded: string
}

export type Invoice = {
  invoice_id: string
  account_id: string
  buyer: string
  agreement_id: string
  kind: 'UPFRONT' | 'INSTALLMENT' | 'USAGE' | 'PAYMENT_REQUEST'
  currency: string
  invoiced_at: number
  due_at: number
  period_start: number
  period_end: number
  lines: InvoiceLine[]
  amount: string
  tax: string
  /** The tax that was in force when it was issued. */
  tax_rule?: Account['tax']
  paid_at?: number | undefined
  /** When AWS gave up collecting it and took every charge of it back. */
  forgiven_at?: number | undefined
}

/** Whether the buyer still owes it. */
export function isOpen({ paid_at, forgiven_at }: Invoice): boolean {
  return paid_at === undefined && forgiven_at === undefined
}

/** What one line gave back, every part of it positive. */
export type RefundPart = {
  line_item_id: string
  amount: string
  tax: string
  wholesale_amount?: string | undefined
  fee: string
  wholesale_fee: string
}

/** A credit memo: what a billing adjustment of an invoice gave back to the buyer. */
export type Refund = {
  credit_memo_id: string
  invoice_id: string
  agreement_id: string
  currency: string
  issued_at: number
  amount: string
  tax: string
  parts: RefundPart[]
  collected_at?: number | undefined
}

export function refunds(world: World): Collection<Refund> {
  return world.store.collection('aws.refunds')
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
  action: 'INVOICED' | 'FORGIVEN' | 'COLLECTED' | 'DISBURSED'
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
  /** The row of the whole pay-out, or of its failure, that this row is a part of. */
  lump?: string | undefined
  /** When the feeds hear of it; without it at once. */
  inserted_at?: number | undefined
  /** What the feeds said later than the first time. */
  versions?: { at: number; amount: string; deleted?: boolean | undefined }[] | undefined
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
  /** When the bank sent it back. */
  failed_at?: number | undefined
  parts: { agreement_id: string; invoice_id: string; line_item_id: string; amount: string }[]
}

/** A row of any other feed. `month` is the part of the key it is written under. */
export type FeedRow = {
  feed: string
  recipient: string
  month: string
  valid_from: number
  insert_date: number
  update_date: number
  delete_date?: number | undefined
  values: Record<string, string>
}
