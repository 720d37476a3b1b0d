/** What AWS billed the buyer of an agreement, one line per invoice. */
import type { AgreementInvoiceLineItemGroupSummary } from '@aws-sdk/client-marketplace-agreement'
import { parseDecimal } from '../../../../src/core/decimal.ts'
import type { Connection, Invoice } from '../../../connector.ts'
import type { Aws } from '../../clients.ts'
import { missing } from '../../faults.ts'

const CALL = 'ListAgreementInvoiceLineItems'
/** Pages of invoices of one agreement; more than this is not a list that ends. */
const PAGES_MAX = 40

export async function readInvoices(
  aws: Aws,
  connection: Connection,
  agreementId: string,
): Promise<Invoice[]> {
  const client = await (await aws.clients(connection)).agreement()
  const found: Invoice[] = []
  let nextToken: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const request = {
      agreementId,
      groupBy: 'INVOICE_ID' as const,
      maxResults: 50,
      ...(nextToken === undefined ? {} : { nextToken }),
    }
    const answer = await aws.guard(connection, CALL, (abortSignal) =>
      client.listAgreementInvoiceLineItems(request, { abortSignal }),
    )
    found.push(...(answer.agreementInvoiceLineItemGroupSummaries ?? []).map(fromAwsInvoice))
    nextToken = answer.nextToken
    if (nextToken === undefined) break
  }
  return found.sort((left, right) => (right.issued_at?.getTime() ?? 0) - (left.issued_at?.getTime() ?? 0))
}

export function fromAwsInvoice(line: AgreementInvoiceLineItemGroupSummary): Invoice {
  const { amount = '', maxAdjustmentAmount, currencyCode } = line.pricingCurrencyAmount ?? {}
  const billed = parseDecimal(amount)
  if (!line.invoiceId || billed === undefined || !currencyCode)
    throw missing(CALL, 'invoice with an id, an amount and a currency', line)
  const { year, month } = line.invoiceBillingPeriod ?? {}
  return {
    invoice_id: line.invoiceId,
    kind: line.invoiceType === 'CREDIT_MEMO' ? 'credit_memo' : 'invoice',
    amount: billed,
    refundable: maxAdjustmentAmount === undefined ? null : (parseDecimal(maxAdjustmentAmount) ?? null),
    currency: currencyCode,
    month: year && month ? `${year}-${String(month).padStart(2, '0')}` : null,
    issued_at: line.issuedTime ?? null,
    issuer: line.invoicingEntity?.legalName ?? null,
  }
}
