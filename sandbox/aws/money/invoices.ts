import { cents, type Decimal, decimal, format, multiply, sum } from '../../money.ts'
import { addDuration, day } from '../../time.ts'
import type { Account, Agreement } from '../model.ts'
import { termOf } from '../selling/pricing-rules.ts'
import { opaque, type World } from '../world.ts'
import { type Share, sharesOf, withFees } from './charges.ts'
import { putBilling } from './feeds.ts'
import { feedTax } from './feeds-charges.ts'
import type { BillingRow, Invoice, InvoiceLine } from './finance-model.ts'

/** Without a net payment term an invoice is due after thirty days. */
const usualDays = 30

/** A line without tax; the invoice adds it. */
export function newLine(world: World, description: string, amount: Decimal): InvoiceLine {
  const nothing = { tax: '0.00', fee: '0.00', wholesale_fee: '0.00', fee_rate: '0', refunded: '0.00' }
  return { line_item_id: opaque(world, 20), description, amount: format(amount), ...nothing }
}

/** The number of an invoice, a listing fee invoice, a wholesale invoice or a credit memo. */
export function invoiceId(world: World): string {
  return world.random.text(10, '0123456789')
}

type Period = { start: number; end: number }

/** Writes an invoice, its billing events, and plans the buyer's payment. */
export function issueInvoice(
  world: World,
  agreement: Agreement,
  kind: Invoice['kind'],
  lines: InvoiceLine[],
  period: Period,
) {
  const now = world.clock.now()
  const buyer = world.accounts.get(agreement.acceptor)
  if (!buyer) return
  const taxed = lines.map((line) => ({
    ...line,
    tax: format(taxOf(buyer, line)),
    ...withFees(world, agreement, line),
  }))
  const net = termOf(agreement.terms, 'NetPaymentTerm')?.PaymentDuePeriod
  const invoice: Invoice = {
    invoice_id: invoiceId(world),
    account_id: agreement.proposer,
    buyer: buyer.account_id,
    agreement_id: agreement.id,
    kind,
    currency: agreement.currency,
    invoiced_at: now,
    due_at: (net === undefined ? undefined : addDuration(now, net)) ?? now + usualDays * day,
    period_start: period.start,
    period_end: period.end,
    lines: taxed,
    amount: format(sum(taxed.map((line) => decimal(line.amount)))),
    tax: format(sum(taxed.map((line) => decimal(line.tax)))),
    tax_rule: buyer.tax,
  }
  world.invoices.put(invoice.invoice_id, invoice)
  for (const line of taxed) writeLine(world, agreement, invoice, line, buyer)
  world.schedule.plan(
    `pay/${invoice.invoice_id}`,
    now + buyer.days_to_pay * day,
    'payment',
    invoice.invoice_id,
  )
}

function taxOf(buyer: Account, line: InvoiceLine): Decimal {
  return buyer.tax ? cents(multiply(decimal(line.amount), decimal(buyer.tax.rate))) : 0n
}

/** The billing events of one line. */
function writeLine(
  world: World,
  agreement: Agreement,
  invoice: Invoice,
  line: InvoiceLine,
  buyer: Account,
): void {
  const ids = { purchase: invoice.invoice_id, resale: () => invoiceId(world), fee: () => invoiceId(world) }
  for (const share of sharesOf(agreement, invoice.tax_rule, line, ids)) {
    writeRow(world, invoice, line.line_item_id, share)
  }
  const { invoice_id } = invoice
  if (decimal(line.tax) !== 0n) feedTax(world, { agreement, invoice, invoice_id, line, buyer })
}

/** Writes what a line means to one account. */
export function writeRow(world: World, invoice: Invoice, line_item_id: string, share: Share): BillingRow {
  const id = world.random.uuid()
  const at = world.clock.now()
  const row: BillingRow = {
    id,
    recipient: share.recipient,
    buyer_invoice_id: invoice.invoice_id,
    line_item_id,
    agreement_id: invoice.agreement_id,
    action: 'INVOICED',
    transaction_type: share.type,
    amount: format(share.value),
    currency: invoice.currency,
    balance_impacting: true,
    at,
    invoice_variant: 'PURCHASE',
    charge_variant: '',
    charge_side: '',
    ...share.parts,
  }
  return putBilling(world, row)
}
