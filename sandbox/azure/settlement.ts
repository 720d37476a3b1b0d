import { cents, decimal, format, multiply, sum } from '../money.ts'
import { day, hour, startOfMonth, startOfNextMonth } from '../time.ts'
import type { Earning } from './finance-model.ts'
import type { World } from './world.ts'

// From the customer's payment to the seller's bank: earnings become payable, a monthly run pays them, a bank books it.

/** A run pays nothing below this; it waits for the next one. */
const threshold = decimal('50')

/** The customer pays an invoice, unless it or the subscription's payer stopped paying. */
export function customerPays(world: World, invoiceId: string): void {
  const invoice = world.invoices.get(invoiceId)
  if (!invoice || invoice.paid_at !== undefined || invoice.written_off_at !== undefined) return
  const willing = world.accounts.get(invoice.customer)?.pays
  if (!willing || !world.subscriptions.get(invoice.subscription_id)?.pays) return
  const now = world.clock.now()
  world.invoices.put(invoiceId, { ...invoice, paid_at: now })
  world.schedule.cancel(`azure/write-off/${invoiceId}`)
  for (const earning of world.earnings.all()) {
    if (earning.invoice_id !== invoiceId || earning.eligible_at !== undefined) continue
    world.earnings.put(earning.earning_id, { ...earning, eligible_at: now })
    planPayout(world, earning.recipient)
  }
}

/** Everything overdue that can be paid again is paid at once. */
export function payOverdue(world: World, customer: string): void {
  for (const invoice of world.invoices.all()) {
    if (invoice.customer !== customer || invoice.paid_at !== undefined) continue
    const id = `azure/pay/${invoice.invoice_id}`
    if (!world.schedule.has(id)) {
      world.schedule.plan(id, world.clock.now(), 'azure_customer_pays', invoice.invoice_id)
    }
  }
}

/** What was paid to sellers in advance and never came in is taken back as a transaction below zero. */
export function writeOff(world: World, invoiceId: string): void {
  const invoice = world.invoices.get(invoiceId)
  if (!invoice || invoice.paid_at !== undefined || invoice.written_off_at !== undefined) return
  const now = world.clock.now()
  world.invoices.put(invoiceId, { ...invoice, written_off_at: now })
  const negative = (amount: string) => format(-decimal(amount))
  for (const earning of world.earnings.all()) {
    if (earning.invoice_id !== invoiceId || earning.reverses !== undefined) continue
    const id = world.random.uuid()
    const { payment_id: _payment, ...kept } = earning
    world.earnings.put(id, {
      ...kept,
      earning_id: id,
      reverses: earning.earning_id,
      transaction_amount: negative(earning.transaction_amount),
      store_fee: negative(earning.store_fee),
      earning_amount: negative(earning.earning_amount),
      sales_tax: negative(earning.sales_tax),
      tax_remitted: negative(earning.tax_remitted),
      at: now,
      eligible_at: now,
    })
    planPayout(world, earning.recipient)
  }
}

/** Payouts run once a month at noon UTC: the next run from now on. */
export function planPayout(world: World, account_id: string): void {
  const account = world.accounts.get(account_id)
  const id = `azure/payout/${account_id}`
  if (!account || world.schedule.has(id)) return
  world.schedule.plan(id, nextRun(world.clock.now(), account.payout_day), 'azure_payout', account_id)
}

function nextRun(now: number, payoutDay: number): number {
  const inMonth = (month: number) => month + (payoutDay - 1) * day + 12 * hour
  const thisMonth = inMonth(startOfMonth(now))
  return thisMonth > now ? thisMonth : inMonth(startOfNextMonth(now))
}

/** When an earning is paid at the earliest: a run takes what became payable before its month began. */
export function estimatedRun(world: World, earning: Earning): number | undefined {
  const account = world.accounts.get(earning.recipient)
  if (!account || earning.eligible_at === undefined) return undefined
  return startOfNextMonth(earning.eligible_at) + (account.payout_day - 1) * day + 12 * hour
}

export function payOut(world: World, account_id: string): void {
  const account = world.accounts.get(account_id)
  if (!account) return
  const now = world.clock.now()
  const open = world.earnings
    .all()
    .filter((earning) => earning.recipient === account_id && earning.payment_id === undefined)
  const ready = open.filter((earning) => (earning.eligible_at ?? now) < startOfMonth(now))
  const total = (name: 'earning_amount' | 'store_fee' | 'sales_tax') =>
    sum(ready.map((earning) => decimal(earning[name])))
  const earned = total('earning_amount')
  const pays = ready.length > 0 && earned >= threshold
  if (pays) {
    const withheld = cents(multiply(earned, decimal(account.withholding_tax_rate)))
    const feeTax = cents(multiply(total('store_fee'), decimal(account.service_fee_tax_rate)))
    const id = world.random.text(12, '0123456789')
    world.payments.put(id, {
      payment_id: id,
      account_id,
      currency: 'USD',
      earned: format(earned),
      withheld_tax: format(withheld),
      sales_tax: format(total('sales_tax')),
      service_fee_tax: format(feeTax),
      amount: format(earned + total('sales_tax') - withheld - feeTax),
      sent_at: now,
      arrives_at: now + account.bank_delay_days * day,
      reference: id,
    })
    for (const earning of ready) world.earnings.put(earning.earning_id, { ...earning, payment_id: id })
  }
  // What waits for a later run, be it too young or too small, keeps the runs going.
  if (open.length > (pays ? ready.length : 0)) {
    const due = nextRun(now, account.payout_day)
    world.schedule.plan(`azure/payout/${account_id}`, due, 'azure_payout', account_id)
  }
}
