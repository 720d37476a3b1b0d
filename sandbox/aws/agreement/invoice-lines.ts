import { z } from 'zod'
import { decimal, format } from '../../money.ts'
import type { Json } from '../model.ts'
import { type Invoice, type Refund, refunds } from '../money/finance-model.ts'
import { refundable } from '../money/refunds.ts'
import type { World } from '../world.ts'
import { agreementOfProposer, invalid, paged, readBody } from './problems.ts'
import { id, instant, paging } from './shapes.ts'

const schema = z.object({
  agreementId: id,
  groupBy: z.literal('INVOICE_ID'),
  invoiceId: id.optional(),
  invoiceType: z.enum(['INVOICE', 'CREDIT_MEMO']).optional(),
  invoiceBillingPeriod: z
    .object({ month: z.int().min(1).max(12), year: z.int().min(2023).max(2050) })
    .optional(),
  beforeIssuedTime: instant.optional(),
  afterIssuedTime: instant.optional(),
  ...paging,
})

type Group = {
  agreementId: string
  invoiceId: string
  invoiceType: 'INVOICE' | 'CREDIT_MEMO'
  issued_at: number
  amount: string
  maximum: string
  currency: string
}

/** Amounts are before tax. A credit memo is negative and cannot be given back again: our reading, AWS shows no sample. */
const ofInvoice = (invoice: Invoice): Group => ({
  agreementId: invoice.agreement_id,
  invoiceId: invoice.invoice_id,
  invoiceType: 'INVOICE',
  issued_at: invoice.invoiced_at,
  amount: invoice.amount,
  maximum: format(refundable(invoice)),
  currency: invoice.currency,
})
const ofRefund = (refund: Refund): Group => ({
  agreementId: refund.agreement_id,
  invoiceId: refund.credit_memo_id,
  invoiceType: 'CREDIT_MEMO',
  issued_at: refund.issued_at,
  amount: format(-decimal(refund.amount)),
  maximum: '0.00',
  currency: refund.currency,
})

export function listInvoiceLineItems(world: World, account: string, body: Json): object {
  const asked = readBody(schema, body)
  const agreement = agreementOfProposer(world, account, asked.agreementId)
  const { beforeIssuedTime: before, afterIssuedTime: after, invoiceBillingPeriod: period } = asked
  if (before !== undefined && after !== undefined && before <= after) {
    throw invalid('INVALID_FILTERS', 'beforeIssuedTime', 'beforeIssuedTime must be after afterIssuedTime.')
  }
  const groups = [...world.invoices.all().map(ofInvoice), ...refunds(world).all().map(ofRefund)]
    .filter((group) => group.agreementId === agreement.id)
    .filter((group) => asked.invoiceId === undefined || group.invoiceId === asked.invoiceId)
    .filter((group) => asked.invoiceType === undefined || group.invoiceType === asked.invoiceType)
    .filter((group) => before === undefined || group.issued_at < before)
    .filter((group) => after === undefined || group.issued_at > after)
    .filter((group) => {
      const { month, year } = periodOf(group)
      return period === undefined || (period.month === month && period.year === year)
    })
    .sort((left, right) => left.issued_at - right.issued_at)
  return paged('agreementInvoiceLineItemGroupSummaries', groups, asked, shown)
}

function periodOf(group: Group): { month: number; year: number } {
  const date = new Date(group.issued_at)
  return { month: date.getUTCMonth() + 1, year: date.getUTCFullYear() }
}

function shown(group: Group): object {
  return {
    agreementId: group.agreementId,
    invoiceId: group.invoiceId,
    pricingCurrencyAmount: {
      amount: group.amount,
      maxAdjustmentAmount: group.maximum,
      currencyCode: group.currency,
    },
    invoiceBillingPeriod: periodOf(group),
    issuedTime: group.issued_at / 1000,
    invoiceType: group.invoiceType,
    invoicingEntity: { legalName: 'Amazon Web Services, Inc.', branchName: 'Amazon Web Services, Inc.' },
  }
}
