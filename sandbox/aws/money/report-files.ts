import { decimal, format } from '../../money.ts'
import { day, isoSeconds, monthOf } from '../../time.ts'
import type { Account } from '../model.ts'
import { isPrivate } from '../selling/offer-rules.ts'
import { authorization, offer as findOffer, product as findProduct, type World } from '../world.ts'
import { type BookLine, bookLines } from './books.ts'
import { feedId } from './feeds.ts'
import type { Payout } from './finance-model.ts'
import { billedRevenueColumns, collectionsColumns } from './report-columns.ts'

// The two finance reports that AWS shows in the seller's portal, as somebody exports them.

export const reports = {
  billed_revenue: { columns: billedRevenueColumns, at: (line: BookLine) => line.invoice.invoiced_at },
  collections_and_disbursements: {
    columns: collectionsColumns,
    at: (line: BookLine) => line.invoice.paid_at,
  },
} as const
export type ReportName = keyof typeof reports

/** One report over all months, or over the lines that were invoiced, or first collected, in one month. */
export function reportFile(world: World, account_id: string, name: ReportName, month?: string): string {
  const { columns, at } = reports[name]
  const lines = bookLines(world, account_id).filter((line) => {
    const when = at(line)
    return when !== undefined && (month === undefined || monthOf(when) === month)
  })
  const rows = lines.map((line) => {
    const values = valuesOf(world, account_id, line)
    return columns.map((column) => quoted(values[column] ?? '')).join(',')
  })
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`
}

export function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** AWS has no delivery of these reports to a bucket: the account says whether somebody brings them there. */
export function writeReports(world: World, account_id: string): void {
  const account = world.accounts.get(account_id)
  if (!account?.feed_bucket || !account.exports_reports) return
  for (const name of Object.keys(reports) as ReportName[]) {
    const months = bookLines(world, account_id).flatMap((line) => reports[name].at(line) ?? [])
    for (const month of new Set(months.map(monthOf))) {
      const [year, number] = month.split('-')
      const path = `${account.feed_bucket}/reports/${name}/year=${year}/month=${number}/data.csv`
      const body = reportFile(world, account_id, name, month)
      if (world.objects.get(path)?.body === body) continue
      world.objects.put(path, { body, modified_at: world.clock.now() })
    }
  }
}

type Values = Record<string, string>

const instant = (at: number | undefined) => (at === undefined ? '' : isoSeconds(at))

function valuesOf(world: World, account_id: string, line: BookLine): Values {
  const { invoice, agreement } = line
  const seller = agreement.proposer === account_id
  const rows = world.billing
    .all()
    .filter((row) => row.recipient === account_id && row.action === 'INVOICED')
    .filter((row) => row.buyer_invoice_id === invoice.invoice_id)
    .filter((row) => row.line_item_id === line.line.line_item_id && row.parent === undefined)
  const invoiceOf = (variant: string) => rows.find((row) => row.invoice_variant === variant)?.invoice_id ?? ''
  const amounts = Object.fromEntries(
    Object.entries(line.amounts).map(([name, amount]) => [name, format(amount)]),
  )
  return {
    ...identityOf(world, line),
    ...payoutValues(line),
    ...amounts,
    invoice_date: instant(invoice.invoiced_at),
    payment_due_date: instant(invoice.due_at),
    payment_term: `Net ${Math.round((invoice.due_at - invoice.invoiced_at) / day)}`,
    invoice_id: seller ? invoice.invoice_id : invoiceOf('RESALE'),
    listing_fee_invoice_id: invoiceOf('LISTING_FEE'),
    wholesale_invoice_id: invoiceOf('RESALE'),
    usage_period_start_date: instant(invoice.period_start),
    usage_period_end_date: instant(invoice.period_end),
    listing_fee_percentage: format(decimal(line.line.fee_rate) * 100n, 1),
    aws_tax_share_listing_fee: '0.00',
    aws_tax_share_refund_listing_fee: '0.00',
    wholesale_seller_tax_share: '0.00',
    wholesale_seller_tax_share_refund: '0.00',
    wholesale_other_seller_tax_share: '0.00',
    wholesale_other_seller_tax_share_refund: '0.00',
    wholesale_aws_tax_share: '0.00',
    wholesale_aws_tax_share_refund: '0.00',
    seller_net_revenue: format(line.net),
    collected_net_revenue: format(line.collected),
    uncollected_net_revenue: format(line.net - line.collected),
    last_collection_date: instant(line.collected_at),
    disbursed_net_revenue: format(line.disbursed),
    undisbursed_net_revenue: format(line.net - line.disbursed),
    currency: invoice.currency,
    transaction_reference_id: `${invoice.invoice_id}-${line.line.line_item_id}`,
    aws_seller_of_record: 'AWS_INC',
  }
}

function payoutValues({ payouts, net, disbursed, invoice }: BookLine): Values {
  const last: Payout | undefined = payouts.at(-1)
  const status = disbursed === 0n ? 'Not Disbursed' : disbursed === net ? 'Disbursed' : 'Partially Disbursed'
  const days = last && Math.floor((last.disbursed_at - invoice.invoiced_at) / day)
  return {
    disbursement_status: status,
    disbursement_date: instant(last?.disbursed_at),
    disbursement_time_in_days: days === undefined ? '' : String(days),
    disburse_bank_trace_id: last?.bank_trace_id ?? '',
    disbursement_reference_number: last?.reference ?? '',
    disbursement_period: last ? monthOf(last.disbursed_at) : '',
  }
}

/** Who bought what from whom. */
function identityOf(world: World, { agreement }: BookLine): Values {
  const offer = findOffer(world, agreement.offer_id)
  const product = findProduct(world, agreement.product_id)
  const source = authorization(world, agreement.resale_authorization_id)
  const reseller = source ? world.accounts.get(agreement.proposer) : undefined
  const buyer = world.accounts.get(agreement.acceptor)
  const terms = agreement.terms.map((term) => term.Type).sort()
  return {
    ...partyValues('subscriber', buyer),
    ...partyValues('payer', buyer),
    payer_state: buyer?.state ?? '',
    product_id: agreement.product_id,
    product_title: String(product?.information.ProductTitle ?? ''),
    offer_name: offer?.name ?? '',
    offer_id: agreement.offer_id,
    offer_set_id: agreement.offer_set_id ?? '',
    offer_visibility: offer && isPrivate(offer) ? 'Private' : 'Public',
    agreement_id: agreement.id,
    agreement_start_date: instant(agreement.starts_at),
    agreement_acceptance_date: instant(agreement.accepted_at),
    agreement_end_date: instant(agreement.ends_at),
    accepted_term_types: terms.join(';'),
    catalog: 'AWSMarketplace',
    resale_authorization_id: source?.id ?? '',
    resale_authorization_name: source?.name ?? '',
    resale_authorization_description: source?.description ?? '',
    reseller_company_name: reseller?.name ?? '',
    reseller_aws_account_id: reseller?.account_id ?? '',
    isv_account_id: feedId(world, agreement.manufacturer),
    isv_company_name: world.accounts.get(agreement.manufacturer)?.name ?? '',
  }
}

function partyValues(party: 'subscriber' | 'payer', account: Account | undefined): Values {
  return {
    [`${party}_company_name`]: account?.name ?? '',
    [`${party}_aws_account_id`]: account?.account_id ?? '',
    [`${party}_encrypted_account_id`]: account?.encrypted_account_id ?? '',
    [`${party}_state_or_region`]: account?.state ?? '',
    [`${party}_country`]: account?.country ?? '',
    [`${party}_address_id`]: account?.address_id ?? '',
  }
}
