import { type Decimal, decimal, format, sum } from '../../money.ts'
import type { Agreement } from '../model.ts'
import type { World } from '../world.ts'
import { refundPart, sharesOf } from './charges.ts'
import { feedTax } from './feeds-charges.ts'
import {
  type BillingRow,
  type Invoice,
  type InvoiceLine,
  type Refund,
  type RefundPart,
  refunds,
} from './finance-model.ts'
import { invoiceId, writeRow } from './invoices.ts'
import { collect } from './settlement.ts'

/** How much of an invoice, before tax, can still be given back. */
export function refundable(invoice: Invoice): Decimal {
  if (invoice.forgiven_at !== undefined) return 0n
  return decimal(invoice.amount) - sum(invoice.lines.map((line) => decimal(line.refunded)))
}

/**
 * Gives back a part of an invoice: line after line from the first on, with its share of the tax, of the wholesale
 * cost and of the listing fees. What the buyer has paid is settled at once, else the credit goes with the payment.
 */
export function refundInvoice(world: World, invoice: Invoice, amount: Decimal): Refund | undefined {
  const agreement = world.agreements.get(invoice.agreement_id)
  if (!agreement || amount > refundable(invoice)) return undefined
  const parts: RefundPart[] = []
  let left = amount
  const lines = invoice.lines.map((line): InvoiceLine => {
    const before = decimal(line.refunded)
    let taken = decimal(line.amount) - before
    if (left < taken) taken = left
    if (taken <= 0n) return line
    left -= taken
    parts.push(refundPart(line, before, before + taken))
    return { ...line, refunded: format(before + taken) }
  })
  world.invoices.put(invoice.invoice_id, { ...invoice, lines })
  const refund: Refund = {
    credit_memo_id: invoiceId(world),
    invoice_id: invoice.invoice_id,
    agreement_id: invoice.agreement_id,
    currency: invoice.currency,
    issued_at: world.clock.now(),
    amount: format(amount),
    tax: format(sum(parts.map((part) => decimal(part.tax)))),
    parts,
  }
  refunds(world).put(refund.credit_memo_id, refund)
  const rows = parts.flatMap((part) => writePart(world, agreement, invoice, refund, part))
  if (invoice.paid_at !== undefined) {
    refunds(world).put(refund.credit_memo_id, { ...refund, collected_at: world.clock.now() })
    collect(world, rows)
  }
  return refund
}

function writePart(
  world: World,
  agreement: Agreement,
  invoice: Invoice,
  refund: Refund,
  part: RefundPart,
): BillingRow[] {
  const ids = {
    purchase: refund.credit_memo_id,
    resale: () => invoiceId(world),
    fee: () => invoiceId(world),
  }
  const rows = sharesOf(agreement, invoice.tax_rule, part, ids).map((share) => {
    const original = originalOf(world, invoice, part.line_item_id, share)
    return writeRow(world, invoice, part.line_item_id, {
      ...share,
      type: `${share.type}_REFUND`,
      value: -share.value,
      parts: { ...share.parts, ...(original ? { parent: original } : {}) },
    })
  })
  const buyer = world.accounts.get(agreement.acceptor)
  if (buyer && decimal(part.tax) !== 0n) {
    const line = { line_item_id: part.line_item_id, tax: format(-decimal(part.tax)) }
    feedTax(world, { agreement, invoice, invoice_id: refund.credit_memo_id, line, buyer })
  }
  return rows
}

/** The event of the invoice that a refund's event takes back from. */
function originalOf(
  world: World,
  invoice: Invoice,
  line: string,
  share: { recipient: string; type: string; parts: Partial<BillingRow> },
): string | undefined {
  return world.billing
    .all()
    .find(
      (row) =>
        row.action === 'INVOICED' &&
        row.buyer_invoice_id === invoice.invoice_id &&
        row.line_item_id === line &&
        row.recipient === share.recipient &&
        row.transaction_type === share.type &&
        row.charge_side === (share.parts.charge_side ?? ''),
    )?.id
}
