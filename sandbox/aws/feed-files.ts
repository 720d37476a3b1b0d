import { isoSeconds, monthOf } from '../time.ts'
import { feedColumns, historyColumns } from './feed-columns.ts'
import { feedId } from './feeds.ts'
import type { BillingRow } from './finance-model.ts'
import { product as findProduct, type World } from './world.ts'

/** The nightly run: every file whose content changed is written anew, whole. */
export function writeFeeds(world: World): void {
  for (const [key] of world.feed_dirt.entries()) {
    const [recipient = '', feed = '', month = ''] = key.split('/')
    const bucket = world.accounts.get(recipient)?.feed_bucket
    const [year, number] = month.split('-')
    if (bucket) {
      const path = `${bucket}/${feed}_v1/year=${year}/month=${number}/data.csv`
      world.objects.put(path, {
        body: feedFile(world, recipient, feed, month),
        modified_at: world.clock.now(),
      })
    }
    world.feed_dirt.remove(key)
  }
}

function feedFile(world: World, recipient: string, feed: string, month: string): string {
  const columns = [...historyColumns, ...(feedColumns[feed] ?? [])]
  const rows =
    feed === 'billingeventfeed'
      ? billingRows(world, recipient, month)
      : otherRows(world, recipient, feed, month)
  const lines = rows.map((values) => columns.map((column) => quoted(values[column] ?? '')).join(','))
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

function otherRows(world: World, recipient: string, feed: string, month: string): Record<string, string>[] {
  return world.feed_rows
    .all()
    .filter((row) => row.recipient === recipient && row.feed === feed && row.month === month)
    .map((row) => ({
      valid_from: isoSeconds(row.valid_from),
      insert_date: isoSeconds(row.insert_date),
      update_date: isoSeconds(row.update_date),
      delete_date: '',
      ...row.values,
    }))
}

function billingRows(world: World, recipient: string, month: string): Record<string, string>[] {
  return world.billing
    .all()
    .filter((row) => row.recipient === recipient && monthOf(row.at) === month)
    .map((row) => billingValues(world, row))
}

/** A billing event never changes: its three history dates are the moment it came to be. */
function billingValues(world: World, row: BillingRow): Record<string, string> {
  const at = isoSeconds(row.at)
  const agreement = world.agreements.get(row.agreement_id)
  const invoice = world.invoices.get(row.buyer_invoice_id)
  const payout = row.action === 'DISBURSED' && row.payout ? world.payouts.get(row.payout) : undefined
  const isPayout = row.transaction_type === 'DISBURSEMENT'
  const buyer = agreement ? world.accounts.get(agreement.acceptor) : undefined
  const [from, to] = partiesOf(world, row)
  const instant = (value: number | undefined) => (value === undefined ? '' : isoSeconds(value))
  return {
    valid_from: at,
    insert_date: at,
    update_date: at,
    delete_date: '',
    billing_event_id: row.id,
    parent_billing_event_id: row.parent ?? '',
    from_account_id: from,
    to_account_id: to,
    end_user_account_id: buyer?.feed_account_id ?? '',
    product_id: agreement ? (findProduct(world, agreement.product_id)?.id ?? '') : '',
    action: row.action,
    transaction_type: row.transaction_type,
    disbursement_billing_event_id: payout && !isPayout ? payout.disbursement_id : '',
    amount: row.amount,
    currency: row.currency,
    balance_impacting: row.balance_impacting ? '1' : '0',
    invoice_date: instant(invoice?.invoiced_at),
    payment_due_date: instant(invoice?.due_at),
    usage_period_start_date: instant(invoice?.period_start),
    usage_period_end_date: instant(invoice?.period_end),
    invoice_id: row.invoice_id,
    billing_address_id: buyer?.address_id ?? '',
    transaction_reference_id: row.line_item_id ? `${row.buyer_invoice_id}-${row.line_item_id}` : '',
    buyer_transaction_reference_id: row.line_item_id ? `${row.buyer_invoice_id}-${row.line_item_id}` : '',
    bank_trace_id: payout?.bank_trace_id ?? '',
    broker_id: 'AWS_INC',
    agreement_id: row.agreement_id,
    offer_id: agreement?.offer_id ?? '',
    disbursement_amount: payout ? row.amount : '',
    disbursement_currency: payout ? payout.currency : '',
    disbursement_reference_number: payout?.reference ?? '',
    catalog: 'AWSMarketplace',
    buyer_invoice_id: row.buyer_invoice_id,
    buyer_invoice_date: instant(invoice?.invoiced_at),
    buyer_line_item_id: row.line_item_id,
    line_item_id: row.line_item_id,
    invoice_variant: row.invoice_variant,
    charge_variant: row.charge_variant,
    charge_side: row.charge_side,
    action_date: at,
    recipient_account_id: feedId(world, row.recipient),
  }
}

/** Who owes whom: the buyer the seller, the reseller the vendor, the seller AWS for its fee; AWS pays out. */
function partiesOf(world: World, row: BillingRow): [string, string] {
  const agreement = world.agreements.get(row.agreement_id)
  const own = feedId(world, row.recipient)
  const aws = 'AWS'
  if (row.transaction_type === 'DISBURSEMENT') return [aws, own]
  if (row.transaction_type === 'AWS_REV_SHARE') return [own, aws]
  if (row.charge_side !== '' && agreement) {
    return [feedId(world, agreement.proposer), feedId(world, agreement.manufacturer)]
  }
  const buyer = feedId(world, agreement?.acceptor ?? '')
  return row.transaction_type === 'AWS_TAX_SHARE' ? [buyer, aws] : [buyer, own]
}
