import { cents, type Decimal, decimal, format, multiply, sum } from '../money.ts'
import { day } from '../time.ts'
import type { Earning, Invoice, InvoiceLine } from './finance-model.ts'
import type { Account, Subscription } from './model.ts'
import { planPayout } from './settlement.ts'
import type { World } from './world.ts'

/** The standard store fee. It is taken from the publisher's own price; a partner's markup bears none. */
const storeFee = decimal('0.03')

export function newLine(world: World, description: string, amount: Decimal): InvoiceLine {
  const text = format(amount)
  return {
    line_item_id: world.random.uuid(),
    description,
    amount: text,
    tax: '0.00',
    wholesale_amount: text,
  }
}

function taxOn(customer: Account, amount: Decimal): Decimal {
  return customer.tax ? cents(multiply(amount, decimal(customer.tax.rate))) : 0n
}

/** The parts of a line that different sellers earn: the publisher's price and a partner's markup. */
function partsOf(subscription: Subscription, line: InvoiceLine) {
  const wholesale = decimal(line.wholesale_amount)
  const parts: { recipient: string; role: Earning['role']; amount: Decimal }[] = [
    { recipient: subscription.publisher, role: 'publisher', amount: wholesale },
  ]
  if (line.partner !== undefined) {
    const amount = decimal(line.amount) - wholesale
    parts.push({ recipient: line.partner, role: 'partner', amount })
  }
  return parts
}

/** Writes an invoice and what each seller earns from it, and plans the customer's payment. */
export function issueInvoice(
  world: World,
  subscription: Subscription,
  kind: Invoice['kind'],
  lines: InvoiceLine[],
  period: { start: number; end: number },
): void {
  const customer = world.accounts.get(subscription.customer)
  if (!customer) return
  const now = world.clock.now()
  const taxed = lines.map((line) => ({
    ...line,
    tax: format(sum(partsOf(subscription, line).map((part) => taxOn(customer, part.amount)))),
  }))
  const invoice: Invoice = {
    invoice_id: `G${world.random.text(9, '0123456789')}`,
    account_id: subscription.publisher,
    partner: lines[0]?.partner,
    customer: customer.account_id,
    subscription_id: subscription.id,
    plan_id: subscription.plan_id,
    private_offer: subscription.private_offer,
    kind,
    currency: 'USD',
    invoiced_at: now,
    due_at: now + customer.days_to_pay * day,
    period_start: period.start,
    period_end: period.end,
    lines: taxed,
    amount: format(sum(taxed.map((line) => decimal(line.amount)))),
    tax: format(sum(taxed.map((line) => decimal(line.tax)))),
  }
  world.invoices.put(invoice.invoice_id, invoice)
  for (const line of taxed) {
    for (const part of partsOf(subscription, line)) writeEarning(world, invoice, line, customer, part)
  }
  const { invoice_id, due_at } = invoice
  world.schedule.plan(`azure/pay/${invoice_id}`, due_at, 'azure_customer_pays', invoice_id)
  if (customer.agreement_type === 'EA') {
    const due = now + customer.write_off_days * day
    world.schedule.plan(`azure/write-off/${invoice_id}`, due, 'azure_write_off', invoice_id)
  }
}

type Part = ReturnType<typeof partsOf>[number]

function writeEarning(
  world: World,
  invoice: Invoice,
  line: InvoiceLine,
  customer: Account,
  part: Part,
): void {
  if (part.amount === 0n) return
  const fee = part.role === 'publisher' ? cents(multiply(part.amount, storeFee)) : 0n
  const tax = taxOn(customer, part.amount)
  const toSeller = customer.tax?.liable === 'publisher'
  const id = world.random.uuid()
  world.earnings.put(id, {
    earning_id: id,
    recipient: part.recipient,
    role: part.role,
    invoice_id: invoice.invoice_id,
    line_item_id: line.line_item_id,
    subscription_id: invoice.subscription_id,
    kind: invoice.kind,
    transaction_amount: format(part.amount),
    store_fee: format(fee),
    earning_amount: format(part.amount - fee),
    sales_tax: format(toSeller ? tax : 0n),
    tax_remitted: format(toSeller ? 0n : tax),
    currency: invoice.currency,
    quantity: line.quantity ?? '1',
    at: invoice.invoiced_at,
    // An enterprise agreement is paid out before its customer has paid.
    eligible_at: customer.agreement_type === 'EA' ? invoice.invoiced_at : undefined,
  })
  if (customer.agreement_type === 'EA') planPayout(world, part.recipient)
}
