import { type Decimal, decimal, format, sum } from '../../money.ts'
import type { Agreement } from '../model.ts'
import type { World } from '../world.ts'
import { type Invoice, type InvoiceLine, type Payout, type RefundPart, refunds } from './finance-model.ts'

// What the sandbox itself knows of an account's money, from invoices, credit memos and pay-outs. The data feeds are
// written from other rows, so that each can be checked against the other.

export type BookLine = {
  agreement: Agreement
  invoice: Invoice
  line: InvoiceLine
  amounts: Amounts
  net: Decimal
  collected: Decimal
  disbursed: Decimal
  collected_at: number | undefined
  /** The pay-outs that reached the bank, or are on their way. */
  payouts: Payout[]
}

export type Amounts = {
  gross_revenue: Decimal
  gross_refund: Decimal
  listing_fee: Decimal
  listing_fee_refund: Decimal
  seller_tax_share: Decimal
  seller_tax_share_refund: Decimal
  aws_tax_share: Decimal
  aws_tax_share_refund: Decimal
  wholesale_cost: Decimal
  wholesale_cost_refund: Decimal
}

const zero = 0n

type Money = Omit<RefundPart, 'line_item_id'>

/** One side of a line as an account sees it: as seller of record, or as the vendor behind a reseller. */
function seen(money: Money, seller: boolean, remitted: boolean) {
  const wholesale = decimal(money.wholesale_amount ?? '0')
  const tax = seller ? decimal(money.tax) : zero
  return {
    gross: seller ? decimal(money.amount) : wholesale,
    fee: -decimal(seller ? money.fee : money.wholesale_fee),
    seller_tax: remitted ? zero : tax,
    aws_tax: remitted ? tax : zero,
    wholesale: seller ? -wholesale : zero,
  }
}

const net = (side: ReturnType<typeof seen>) => side.gross + side.fee + side.seller_tax + side.wholesale

/** Every invoiced line of which something is the account's, with what was given back, collected and paid out. */
export function bookLines(world: World, account_id: string): BookLine[] {
  const given = refunds(world).all()
  const paid = world.payouts.all().filter((payout) => payout.account_id === account_id)
  return world.invoices.all().flatMap((invoice) => {
    const agreement = world.agreements.get(invoice.agreement_id)
    if (!agreement || ![agreement.proposer, agreement.manufacturer].includes(account_id)) return []
    const seller = agreement.proposer === account_id
    const remitted = invoice.tax_rule?.liable === 'aws'
    const back = given.filter((refund) => refund.invoice_id === invoice.invoice_id)
    return invoice.lines.map((line): BookLine => {
      const side = seen(line, seller, remitted)
      const parts = back.flatMap((refund) =>
        refund.parts
          .filter((part) => part.line_item_id === line.line_item_id)
          .map((part) => ({ side: seen(part, seller, remitted), collected: refund.collected_at })),
      )
      const forgiven = invoice.forgiven_at !== undefined
      const total = (pick: (of: ReturnType<typeof seen>) => Decimal) =>
        // What was forgiven is taken back whole: AWS's reports have no other column for it.
        forgiven ? -pick(side) : -sum(parts.map((part) => pick(part.side)))
      const here = invoice.paid_at === undefined ? zero : net(side)
      const returned = parts.filter((part) => part.collected !== undefined)
      const isLine = (part: { invoice_id: string; line_item_id: string }) =>
        part.invoice_id === invoice.invoice_id && part.line_item_id === line.line_item_id
      const payouts = paid.filter((payout) => payout.failed_at === undefined && payout.parts.some(isLine))
      return {
        agreement,
        invoice,
        line,
        amounts: {
          gross_revenue: side.gross,
          gross_refund: total((of) => of.gross),
          listing_fee: side.fee,
          listing_fee_refund: total((of) => of.fee),
          seller_tax_share: side.seller_tax,
          seller_tax_share_refund: total((of) => of.seller_tax),
          aws_tax_share: side.aws_tax,
          aws_tax_share_refund: total((of) => of.aws_tax),
          wholesale_cost: side.wholesale,
          wholesale_cost_refund: total((of) => of.wholesale),
        },
        net: net(side) + total(net),
        collected: here - sum(returned.map((part) => net(part.side))),
        disbursed: sum(
          payouts.flatMap((payout) => payout.parts.filter(isLine).map((part) => decimal(part.amount))),
        ),
        collected_at: returned.at(-1)?.collected ?? invoice.paid_at,
        payouts,
      }
    })
  })
}

/** The totals of each agreement of an account. */
export function booksOf(world: World, account_id: string) {
  const totals = new Map<string, { currency: string; net: Decimal; collected: Decimal; disbursed: Decimal }>()
  for (const line of bookLines(world, account_id)) {
    const { id, currency } = line.agreement
    const before = totals.get(id) ?? { currency, net: zero, collected: zero, disbursed: zero }
    totals.set(id, {
      currency,
      net: before.net + line.net,
      collected: before.collected + line.collected,
      disbursed: before.disbursed + line.disbursed,
    })
  }
  return [...totals].map(([agreement_id, of]) => ({
    agreement_id,
    currency: of.currency,
    seller_net_revenue: format(of.net),
    collected: format(of.collected),
    disbursed: format(of.disbursed),
  }))
}
