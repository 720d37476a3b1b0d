import { decimal, format, sum } from '../money.ts'
import { day, hour, startOfMonth, startOfNextMonth } from '../time.ts'
import { markBillingDirty } from './feeds.ts'
import type { BillingRow } from './finance-model.ts'
import { opaque, type World } from './world.ts'

// From the buyer's payment to the seller's bank: collected rows, one lump sum per account and currency, a statement line.

/** The buyer pays an invoice, or does not: then it stays open until the account pays again. */
export function payInvoice(world: World, invoiceId: string): void {
  const invoice = world.invoices.get(invoiceId)
  if (!invoice || invoice.paid_at !== undefined || !world.accounts.get(invoice.buyer)?.pays) return
  const now = world.clock.now()
  world.invoices.put(invoiceId, { ...invoice, paid_at: now })
  const rows = world.billing
    .all()
    .filter((row) => row.buyer_invoice_id === invoiceId && row.action === 'INVOICED')
  for (const row of rows) {
    world.billing.put(row.id, { ...row, collected_at: now })
    writeFollowing(world, row, { action: 'COLLECTED', amount: row.amount })
    planDisbursement(world, row.recipient)
  }
}

/** An account that starts to pay again pays everything that is overdue at once. */
export function payOverdue(world: World, buyer: string): void {
  const now = world.clock.now()
  for (const invoice of world.invoices.all()) {
    if (invoice.buyer !== buyer || invoice.paid_at !== undefined) continue
    if (!world.schedule.has(`pay/${invoice.invoice_id}`)) {
      world.schedule.plan(`pay/${invoice.invoice_id}`, now, 'payment', invoice.invoice_id)
    }
  }
}

function writeFollowing(world: World, parent: BillingRow, parts: Partial<BillingRow>): void {
  const id = world.random.uuid()
  const { collected_at: _collected, payout: _payout, ...kept } = parent
  const at = world.clock.now()
  world.billing.put(id, { ...kept, id, parent: parent.id, balance_impacting: false, at, ...parts })
  markBillingDirty(world, parent.recipient, at)
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

export function disburse(world: World, account_id: string): void {
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
  const account = world.accounts.get(account_id)
  const at = world.clock.now()
  const id = world.random.uuid()
  world.payouts.put(id, {
    disbursement_id: id,
    account_id,
    amount,
    currency,
    bank_trace_id: opaque(world, 15).toUpperCase(),
    reference: world.random.text(12, '0123456789'),
    disbursed_at: at,
    arrives_at: at + (account?.bank_delay_days ?? 2) * day,
  })
  for (const row of rows) {
    world.billing.put(row.id, { ...row, payout: id })
    writeFollowing(world, row, { action: 'DISBURSED', amount: format(-decimal(row.amount)), payout: id })
  }
  const first = rows[0]
  if (!first) return
  world.billing.put(id, {
    id,
    recipient: account_id,
    invoice_id: '',
    buyer_invoice_id: '',
    line_item_id: '',
    agreement_id: '',
    action: 'DISBURSED',
    transaction_type: 'DISBURSEMENT',
    amount,
    currency,
    balance_impacting: false,
    at,
    invoice_variant: '',
    charge_variant: '',
    charge_side: '',
    payout: id,
  })
  markBillingDirty(world, account_id, at)
}
