import type { Collection } from '../../journal.ts'
import { decimal, format, sum } from '../../money.ts'
import { day, hour, startOfMonth, startOfNextMonth } from '../../time.ts'
import { emitDisbursementPaused } from '../events/account-events.ts'
import { opaque, type World } from '../world.ts'
import { putBilling } from './feeds.ts'
import { type BillingRow, type Invoice, isOpen, type Payout, refunds } from './finance-model.ts'

// From the buyer's payment to the seller's bank: collected rows, one lump sum per account and currency, a statement line.

/** The buyer pays an invoice, or does not: then it stays open until the account pays again. */
export function payInvoice(world: World, invoiceId: string): void {
  const invoice = world.invoices.get(invoiceId)
  if (!invoice || !isOpen(invoice) || !world.accounts.get(invoice.buyer)?.pays) return
  const now = world.clock.now()
  world.invoices.put(invoiceId, { ...invoice, paid_at: now })
  for (const refund of refunds(world).all()) {
    if (refund.invoice_id !== invoiceId || refund.collected_at !== undefined) continue
    refunds(world).put(refund.credit_memo_id, { ...refund, collected_at: now })
  }
  collect(
    world,
    world.billing.all().filter((row) => row.buyer_invoice_id === invoiceId && row.action === 'INVOICED'),
  )
}

/** What was claimed is here: it goes out with the next disbursement. */
export function collect(world: World, rows: BillingRow[]): void {
  for (const row of rows) {
    world.billing.put(row.id, { ...row, collected_at: world.clock.now() })
    writeFollowing(world, row, { action: 'COLLECTED', amount: row.amount })
    planDisbursement(world, row.recipient)
  }
}

/**
 * AWS gives up what a buyer does not pay: each event of the invoice, and of what was given back of it meanwhile, gets one
 * that negates it. Source: the seller guide's page on the billing event feed, whose queries add both up.
 */
export function forgiveInvoice(world: World, invoice: Invoice): Invoice {
  world.schedule.cancel(`pay/${invoice.invoice_id}`)
  for (const row of world.billing.all()) {
    if (row.buyer_invoice_id !== invoice.invoice_id || row.action !== 'INVOICED') continue
    const { balance_impacting } = row
    const amount = format(-decimal(row.amount))
    writeFollowing(world, row, { action: 'FORGIVEN', amount, balance_impacting })
  }
  return world.invoices.put(invoice.invoice_id, { ...invoice, forgiven_at: world.clock.now() })
}

/** An account that starts to pay again pays everything that is overdue at once. */
export function payOverdue(world: World, buyer: string): void {
  const now = world.clock.now()
  for (const invoice of world.invoices.all()) {
    if (invoice.buyer !== buyer || !isOpen(invoice)) continue
    if (!world.schedule.has(`pay/${invoice.invoice_id}`)) {
      world.schedule.plan(`pay/${invoice.invoice_id}`, now, 'payment', invoice.invoice_id)
    }
  }
}

function writeFollowing(world: World, parent: BillingRow, parts: Partial<BillingRow>): void {
  const id = world.random.uuid()
  const { collected_at: _collected, payout: _payout, inserted_at: _heard, versions: _said, ...kept } = parent
  const at = world.clock.now()
  putBilling(world, { ...kept, id, parent: parent.id, balance_impacting: false, at, ...parts })
}

/** The next disbursement of an account: at noon UTC on its day of the month. */
export function planDisbursement(world: World, account_id: string): void {
  const account = world.accounts.get(account_id)
  if (!account || world.schedule.has(`disburse/${account_id}`)) return
  const now = world.clock.now()
  const inMonth = (month: number) => month + (account.disbursement_day - 1) * day + 12 * hour
  const thisMonth = inMonth(startOfMonth(now))
  const due = thisMonth > now ? thisMonth : inMonth(startOfNextMonth(now))
  world.schedule.plan(`disburse/${account_id}`, due, 'disbursement', account_id)
}

/** A seller's account whose bank sent a pay-out back is paused until its bank takes them again. */
export function disburse(world: World, account_id: string): void {
  if (pauses(world).get(account_id)) return
  const open = world.billing
    .all()
    .filter((row) => row.recipient === account_id && row.action === 'INVOICED' && row.balance_impacting)
    .filter((row) => row.collected_at !== undefined && row.payout === undefined)
  for (const currency of new Set(open.map((row) => row.currency))) {
    const rows = open.filter((row) => row.currency === currency)
    const total = sum(rows.map((row) => decimal(row.amount)))
    // What a seller owes waits for a later run that it can be taken from.
    if (total > 0n) payOut(world, account_id, currency, rows, format(total))
  }
}

function payOut(
  world: World,
  account_id: string,
  currency: string,
  rows: BillingRow[],
  amount: string,
): void {
  const at = world.clock.now()
  const id = world.random.uuid()
  const payout = world.payouts.put(id, {
    disbursement_id: id,
    account_id,
    amount,
    currency,
    bank_trace_id: opaque(world, 15).toUpperCase(),
    reference: world.random.text(12, '0123456789'),
    disbursed_at: at,
    arrives_at: at + (world.accounts.get(account_id)?.bank_delay_days ?? 2) * day,
    parts: rows.map((row) => ({
      agreement_id: row.agreement_id,
      invoice_id: row.buyer_invoice_id,
      line_item_id: row.line_item_id,
      amount: row.amount,
    })),
  })
  for (const row of rows) {
    world.billing.put(row.id, { ...row, payout: id })
    const parts = { amount: format(-decimal(row.amount)), payout: id, lump: id }
    writeFollowing(world, row, { action: 'DISBURSED', ...parts })
  }
  writeLump(world, payout, { id, transaction_type: 'DISBURSEMENT', amount })
  world.schedule.plan(`payout/${id}`, payout.arrives_at, 'payout_arrival', id)
}

/** The row of the cash itself, which belongs to no agreement. */
function writeLump(
  world: World,
  payout: Payout,
  parts: { id: string; transaction_type: string; amount: string; parent?: string },
): void {
  putBilling(world, {
    recipient: payout.account_id,
    invoice_id: '',
    buyer_invoice_id: '',
    line_item_id: '',
    agreement_id: '',
    action: 'DISBURSED',
    currency: payout.currency,
    balance_impacting: false,
    at: world.clock.now(),
    invoice_variant: '',
    charge_variant: '',
    charge_side: '',
    payout: payout.disbursement_id,
    ...parts,
  })
}

const pauses = (world: World): Collection<true> => world.store.collection('aws.paused_disbursements')

/** A pay-out reaches the bank, which may send it back: then all of its rows are taken back, to be paid once more. */
export function arriveAtBank(world: World, id: string): void {
  const payout = world.payouts.get(id)
  if (!payout || !world.accounts.get(payout.account_id)?.bank_refuses) return
  world.payouts.put(id, { ...payout, failed_at: world.clock.now() })
  const lump = world.random.uuid()
  for (const row of world.billing.all()) {
    if (row.action !== 'INVOICED' || row.payout !== id) continue
    writeFollowing(world, row, { action: 'DISBURSED', amount: row.amount, payout: id, lump })
    world.billing.put(row.id, { ...row, payout: undefined })
  }
  const amount = format(-decimal(payout.amount))
  writeLump(world, payout, { id: lump, transaction_type: 'DISBURSEMENT_FAILURE', amount, parent: id })
  if (pauses(world).get(payout.account_id)) return
  pauses(world).put(payout.account_id, true)
  emitDisbursementPaused(world, payout.account_id)
}

/** The seller gave another bank account: what waits goes out with the next run. */
export function resumeDisbursements(world: World, account_id: string): void {
  if (!pauses(world).get(account_id)) return
  pauses(world).remove(account_id)
  planDisbursement(world, account_id)
}
