import { cents, type Decimal, decimal, format, multiply, proportion } from '../../money.ts'
import { dateOf } from '../../time.ts'
import type { Account, Agreement } from '../model.ts'
import { isPrivate } from '../selling/offer-rules.ts'
import { offer as findOffer, type World } from '../world.ts'
import { listingFeeRate } from './fees.ts'
import type { BillingRow, InvoiceLine, RefundPart } from './finance-model.ts'

// Who gets what of a line: the seller of record, the tax, AWS, and under a resale authorization the vendor.

/** The listing fees of a line, worked out when it is invoiced and kept with it. */
export function withFees(
  world: World,
  agreement: Agreement,
  line: InvoiceLine,
): Pick<InvoiceLine, 'fee' | 'wholesale_fee' | 'fee_rate'> {
  const offer = findOffer(world, agreement.offer_id)
  const rate = listingFeeRate({
    on: dateOf(agreement.accepted_at),
    value: decimal(agreement.value),
    private_offer: offer !== undefined && isPrivate(offer),
    renewal: agreement.intent === 'RENEW',
    resold: agreement.wholesale_terms !== undefined,
  })
  const wholesale = decimal(line.wholesale_amount ?? '0')
  const fee = (basis: Decimal) => format(cents(multiply(basis, rate)))
  return { fee: fee(decimal(line.amount) - wholesale), wholesale_fee: fee(wholesale), fee_rate: format(rate) }
}

type InvoiceIds = { purchase: string; resale: () => string; fee: () => string }

export type Share = {
  recipient: string
  type: string
  value: Decimal
  parts: Partial<BillingRow> & { invoice_id: string }
}

/** The billing events of one line, or of what a line gives back. */
export function sharesOf(
  agreement: Agreement,
  tax: Account['tax'],
  line: Omit<RefundPart, 'line_item_id'>,
  ids: InvoiceIds,
): Share[] {
  const seller = agreement.proposer
  const shares: Share[] = []
  const add = (recipient: string, type: string, value: Decimal, parts: Share['parts']) => {
    if (value !== 0n) shares.push({ recipient, type, value, parts })
  }
  const fee = (recipient: string, amount: string) =>
    add(recipient, 'AWS_REV_SHARE', -decimal(amount), {
      invoice_id: ids.fee(),
      invoice_variant: 'LISTING_FEE',
      charge_variant: 'LISTING_FEE',
    })
  add(seller, 'SELLER_REV_SHARE', decimal(line.amount), { invoice_id: ids.purchase })
  const remitted = tax?.liable === 'aws'
  add(seller, remitted ? 'AWS_TAX_SHARE' : 'SELLER_TAX_SHARE', decimal(line.tax), {
    invoice_id: ids.purchase,
    balance_impacting: !remitted,
  })
  if (line.wholesale_amount === undefined) {
    fee(seller, line.fee)
    return shares
  }
  const wholesale = decimal(line.wholesale_amount)
  const resale = { invoice_id: ids.resale(), invoice_variant: 'RESALE', charge_variant: 'RESALE' }
  add(seller, 'SELLER_REV_SHARE', -wholesale, { ...resale, charge_side: 'BUYING' })
  fee(seller, line.fee)
  add(agreement.manufacturer, 'SELLER_REV_SHARE', wholesale, { ...resale, charge_side: 'SELLING' })
  fee(agreement.manufacturer, line.wholesale_fee)
  return shares
}

/**
 * What a line gives back when its refunded amount grows from `before` to `after`. Each part is the difference of two
 * rounded totals, so that a line given back whole gives back every cent of its tax, its wholesale cost and its fees.
 */
export function refundPart(line: InvoiceLine, before: Decimal, after: Decimal): RefundPart {
  const amount = decimal(line.amount)
  const part = (whole: string) => {
    const until = (refunded: Decimal) => cents(proportion(decimal(whole), refunded, amount))
    return format(until(after) - until(before))
  }
  return {
    line_item_id: line.line_item_id,
    amount: format(after - before),
    tax: part(line.tax),
    ...(line.wholesale_amount === undefined ? {} : { wholesale_amount: part(line.wholesale_amount) }),
    fee: part(line.fee),
    wholesale_fee: part(line.wholesale_fee),
  }
}
