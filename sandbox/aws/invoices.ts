import { cents, type Decimal, decimal, format, multiply, sum } from '../money.ts'
import { addDuration, dateOf, day } from '../time.ts'
import { markBillingDirty } from './feeds.ts'
import { feedTax } from './feeds-charges.ts'
import { listingFeeRate } from './fees.ts'
import type { BillingRow, Invoice, InvoiceLine } from './finance-model.ts'
import type { Account, Agreement } from './model.ts'
import { isPrivate } from './offer-rules.ts'
import { termOf } from './pricing-rules.ts'
import { offer as findOffer, opaque, type World } from './world.ts'

/** Without a net payment term an invoice is due after thirty days. */
const usualDays = 30

/** A line without tax; the invoice adds it. */
export function newLine(world: World, description: string, amount: Decimal): InvoiceLine {
  return { line_item_id: opaque(world, 20), description, amount: format(amount), tax: '0.00' }
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
  const taxed = lines.map((line) => ({ ...line, tax: format(taxOf(buyer, line)) }))
  const net = termOf(agreement.terms, 'NetPaymentTerm')?.PaymentDuePeriod
  const invoice: Invoice = {
    invoice_id: world.random.text(10, '0123456789'),
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

/** The billing events of one line: the seller of record's, and under a resale authorization the vendor's. */
function writeLine(
  world: World,
  agreement: Agreement,
  invoice: Invoice,
  line: InvoiceLine,
  buyer: Account,
): void {
  const amount = decimal(line.amount)
  const rate = listingFeeRate({
    on: dateOf(agreement.accepted_at),
    value: decimal(agreement.value),
    private_offer: isPrivateDeal(world, agreement),
    renewal: false,
    resold: agreement.wholesale_terms !== undefined,
  })
  const write = (recipient: string, type: string, value: Decimal, parts: Partial<BillingRow>) =>
    writeRow(world, { recipient, agreement, invoice, line, type, value, parts })
  const fee = (recipient: string, basis: Decimal) =>
    write(recipient, 'AWS_REV_SHARE', -cents(multiply(basis, rate)), {
      invoice_id: world.random.text(10, '0123456789'),
      invoice_variant: 'LISTING_FEE',
      charge_variant: 'LISTING_FEE',
    })
  write(agreement.proposer, 'SELLER_REV_SHARE', amount, {})
  const tax = decimal(line.tax)
  if (tax !== 0n && buyer.tax) {
    const type = buyer.tax.liable === 'aws' ? 'AWS_TAX_SHARE' : 'SELLER_TAX_SHARE'
    write(agreement.proposer, type, tax, { balance_impacting: buyer.tax.liable === 'seller' })
    feedTax(world, agreement, invoice, line, buyer)
  }
  if (line.wholesale_amount === undefined) {
    fee(agreement.proposer, amount)
    return
  }
  const wholesale = decimal(line.wholesale_amount)
  const resale = {
    invoice_id: world.random.text(10, '0123456789'),
    invoice_variant: 'RESALE',
    charge_variant: 'RESALE',
  }
  write(agreement.proposer, 'SELLER_REV_SHARE', -wholesale, { ...resale, charge_side: 'BUYING' })
  fee(agreement.proposer, amount - wholesale)
  write(agreement.manufacturer, 'SELLER_REV_SHARE', wholesale, { ...resale, charge_side: 'SELLING' })
  fee(agreement.manufacturer, wholesale)
}

function isPrivateDeal(world: World, agreement: Agreement): boolean {
  const offer = findOffer(world, agreement.offer_id)
  return offer !== undefined && isPrivate(offer)
}

type RowParts = {
  recipient: string
  agreement: Agreement
  invoice: Invoice
  line: InvoiceLine
  type: string
  value: Decimal
  parts: Partial<BillingRow>
}

function writeRow(world: World, row: RowParts): void {
  if (row.value === 0n) return
  const id = world.random.uuid()
  world.billing.put(id, {
    id,
    recipient: row.recipient,
    invoice_id: row.invoice.invoice_id,
    buyer_invoice_id: row.invoice.invoice_id,
    line_item_id: row.line.line_item_id,
    agreement_id: row.agreement.id,
    action: 'INVOICED',
    transaction_type: row.type,
    amount: format(row.value),
    currency: row.invoice.currency,
    balance_impacting: true,
    at: world.clock.now(),
    invoice_variant: 'PURCHASE',
    charge_variant: '',
    charge_side: '',
    ...row.parts,
  })
  markBillingDirty(world, row.recipient, world.clock.now())
}
