import { isoSeconds, monthOf } from '../../time.ts'
import { product as findProduct, type World } from '../world.ts'
import { feedColumns, historyColumns } from './feed-columns.ts'
import { doubledRows } from './feed-slips.ts'
import { feedId } from './feeds.ts'
import type { BillingRow } from './finance-model.ts'
import { quoted, writeReports } from './report-files.ts'

/** The nightly run: every file whose content changed is written anew, whole. */
export function writeFeeds(world: World): void {
  const sellers = new Set(world.feed_dirt.entries().map(([key]) => key.split('/')[0] ?? ''))
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
  for (const seller of sellers) writeReports(world, seller)
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

function otherRows(world: World, recipient: string, feed: string, month: string): Record<string, string>[] {
  return world.feed_rows
    .all()
    .filter((row) => row.recipient === recipient && row.feed === feed && row.month === month)
    .filter((row) => row.update_date <= world.clock.now())
    .map((row) => ({
      valid_from: isoSeconds(row.valid_from),
      insert_date: isoSeconds(row.insert_date),
      update_date: isoSeconds(row.update_date),
      delete_date: row.delete_date === undefined ? '' : isoSeconds(row.delete_date),
      ...row.values,
    }))
}

/** Every version of a billing event that the feeds heard of in this month until now, first ones first. */
function billingRows(world: World, recipient: string, month: string): Record<string, string>[] {
  const now = world.clock.now()
  return [...world.billing.all(), ...doubledRows(world).all()]
    .filter((row) => row.recipient === recipient)
    .flatMap((row) =>
      versionsOf(row)
        .filter((version) => version.at <= now && monthOf(version.at) === month)
        .map((version) => billingValues(world, row, version)),
    )
}

type Version = { at: number; amount: string; deleted?: boolean | undefined }

function versionsOf(row: BillingRow): Version[] {
  return [{ at: row.inserted_at ?? row.at, amount: row.amount }, ...(row.versions ?? [])]
}

/** A billing event never changes what it is valid from; what was said wrong is said again with a later update date. */
function billingValues(world: World, row: BillingRow, version: Version): Record<string, string> {
  const at = isoSeconds(row.at)
  const agreement = world.agreements.get(row.agreement_id)
  const invoice = world.invoices.get(row.buyer_invoice_id)
  const payout = row.action === 'DISBURSED' && row.payout ? world.payouts.get(row.payout) : undefined
  const word = world.accounts.get(row.recipient)?.disbursement_word ?? 'DISBURSED'
  const buyer = agreement ? world.accounts.get(agreement.acceptor) : undefined
  const [from, to] = partiesOf(world, row)
  const instant = (value: number | undefined) => (value === undefined ? '' : isoSeconds(value))
  return {
    valid_from: at,
    insert_date: isoSeconds(row.inserted_at ?? row.at),
    update_date: isoSeconds(version.at),
    delete_date: version.deleted ? isoSeconds(version.at) : '',
    billing_event_id: row.id,
    parent_billing_event_id: row.parent ?? '',
    from_account_id: from,
    to_account_id: to,
    end_user_account_id: buyer?.feed_account_id ?? '',
    product_id: agreement ? (findProduct(world, agreement.product_id)?.id ?? '') : '',
    action: row.action === 'DISBURSED' ? word : row.action,
    transaction_type: row.transaction_type,
    disbursement_billing_event_id: row.lump ?? '',
    amount: version.amount,
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
    disbursement_amount: payout ? version.amount : '',
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
  const { transaction_type } = row
  if (transaction_type === 'DISBURSEMENT') return [aws, own]
  if (transaction_type === 'DISBURSEMENT_FAILURE') return [own, aws]
  if (transaction_type === 'AWS_REV_SHARE') return [own, aws]
  if (transaction_type === 'AWS_REV_SHARE_REFUND') return [aws, own]
  if (row.charge_side !== '' && agreement) {
    const wholesale = [feedId(world, agreement.proposer), feedId(world, agreement.manufacturer)] as const
    return transaction_type.endsWith('_REFUND') ? [wholesale[1], wholesale[0]] : [...wholesale]
  }
  const buyer = feedId(world, agreement?.acceptor ?? '')
  const seller = transaction_type.startsWith('AWS_TAX_SHARE') ? aws : own
  return transaction_type.endsWith('_REFUND') ? [seller, buyer] : [buyer, seller]
}
