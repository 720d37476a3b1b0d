import { dateOf, isoSeconds, monthOf } from '../time.ts'
import { wrappedError } from './errors.ts'
import { paymentColumns, transactionColumns } from './export-columns.ts'
import type { Earning, ExportRequest, Payment } from './finance-model.ts'
import { estimatedRun } from './settlement.ts'
import { resourceDocument, text, type World } from './world.ts'

// The rows of the payout exports. Columns a marketplace transaction has nothing for stay empty.

type Row = Record<string, string>
type Condition = { field: string; operator: string; value: string }

/** What a filter may name, and the column it is compared with. */
const filterable: Record<ExportRequest['kind'], Record<string, string>> = {
  transactionhistory: {
    earningForDate: 'earningDate',
    enrollmentParticipantId: 'participantId',
    programName: 'programName',
    paymentId: 'paymentId',
    payoutStatus: 'paymentStatus',
    transactionAmount: 'transactionAmount',
    earningAmount: 'earningAmount',
    leverCode: 'lever',
    payableSubType: 'transactionType',
  },
  payments: {
    enrollmentParticipantId: 'participantID',
    programName: 'programName',
    paymentId: 'paymentID',
    payoutStatus: 'paymentStatus',
    paymentDate: 'paymentDate',
    payoutStatusUpdateTS: 'paymentDate',
  },
}

/** `earningForDate ge 2026-03-01 and earningForDate le 2026-04-12` */
export function readFilter(kind: ExportRequest['kind'], filter: string): Condition[] {
  if (filter.trim() === '') return []
  return filter.split(/\s+and\s+/i).map((part) => {
    const found = /^\(?\s*(\w+)\s+(eq|ne|ge|gt|le|lt)\s+'?([^')]+?)'?\s*\)?$/i.exec(part.trim())
    const [, field = '', operator = '', value = ''] = found ?? []
    if (!filterable[kind][field]) {
      throw wrappedError(400, 'badRequest', `The filter cannot be read: ${part}`)
    }
    return { field, operator: operator.toLowerCase(), value: value.trim() }
  })
}

function fits(row: Row, kind: ExportRequest['kind'], { field, operator, value }: Condition): boolean {
  const cell = row[filterable[kind][field] ?? ''] ?? ''
  const dates = /Date|TS$/.test(field)
  const numbers = /Amount$/.test(field)
  const [left, right] = dates
    ? [cell.slice(0, 10), value.slice(0, 10)]
    : numbers
      ? [Number(cell), Number(value)]
      : [cell.toUpperCase(), value.toUpperCase()]
  switch (operator) {
    case 'eq':
      return left === right
    case 'ne':
      return left !== right
    case 'ge':
      return left >= right
    case 'gt':
      return left > right
    case 'le':
      return left <= right
    default:
      return left < right
  }
}

export function exportRows(
  world: World,
  owner: string,
  kind: ExportRequest['kind'],
  filter: Condition[],
): Row[] {
  const now = world.clock.now()
  const rows =
    kind === 'payments'
      ? world.payments
          .all()
          .filter((payment) => payment.account_id === owner)
          .map((payment) => paymentRow(world, payment, now))
      : world.earnings
          .all()
          .filter((earning) => earning.recipient === owner && earning.at <= now)
          .map((earning) => transactionRow(world, earning))
  return rows.filter((row) => filter.every((condition) => fits(row, kind, condition)))
}

function paymentRow(world: World, payment: Payment, now: number): Row {
  return {
    participantID: payment.account_id,
    participantIDType: 'SellerId',
    participantName: world.accounts.get(payment.account_id)?.name ?? '',
    programName: 'Azure Marketplace',
    earned: payment.earned,
    earnedUSD: payment.earned,
    withheldTax: payment.withheld_tax,
    salesTax: payment.sales_tax,
    serviceFeeTax: payment.service_fee_tax,
    totalPayment: payment.amount,
    currencyCode: payment.currency,
    paymentMethod: 'Electronic Bank Transfer',
    paymentID: payment.payment_id,
    paymentStatus: payment.sent_at <= now ? 'Sent' : 'In progress',
    paymentStatusDescription: '',
    paymentDate: isoSeconds(payment.sent_at),
  }
}

/** Unprocessed until the customer paid, upcoming until a run takes it, sent with the run's payment id. */
function statusOf(earning: Earning): string {
  if (earning.payment_id !== undefined) return 'Sent'
  return earning.eligible_at === undefined ? 'Unprocessed' : 'Upcoming'
}

function transactionRow(world: World, earning: Earning): Row {
  return { ...moneyColumns(world, earning), ...orderColumns(world, earning), ...partyColumns(world, earning) }
}

function moneyColumns(world: World, earning: Earning): Row {
  const at = isoSeconds(earning.at)
  const run = estimatedRun(world, earning)
  const taken = earning.reverses !== undefined
  return {
    calculationDate: at,
    earningAmount: earning.earning_amount,
    earningAmountInLastPaymentCurrency: earning.payment_id ? earning.earning_amount : '',
    earningAmountUSD: earning.earning_amount,
    earningDate: at,
    earningExchangeRate: '1',
    earningId: earning.earning_id,
    earningRate: earning.role === 'publisher' ? '97' : '100',
    earningType: 'FEE',
    estimatedPaymentMonth: run === undefined ? '' : monthOf(run),
    exchangeRateDate: dateOf(earning.at),
    lastPaymentCurrency: earning.payment_id ? earning.currency : '',
    paymentId: earning.payment_id ?? '',
    paymentStatus: statusOf(earning),
    quantity: earning.quantity,
    reasonCode: taken ? 'NonPayment' : '',
    storeFee: earning.store_fee,
    taxRemitted: earning.tax_remitted,
    transactionAmount: earning.transaction_amount,
    transactionAmountUSD: earning.transaction_amount,
    transactionCurrency: earning.currency,
    transactionDate: at,
    transactionExchangeRate: '1',
    // What is taken back carries the transaction it takes back.
    transactionId: earning.reverses ?? earning.earning_id,
    transactionType: taken ? 'Refund' : 'Charge',
  }
}

function orderColumns(world: World, earning: Earning): Row {
  const subscription = world.subscriptions.get(earning.subscription_id)
  const invoice = world.invoices.get(earning.invoice_id)
  const product = subscription?.product ?? ''
  const line = invoice?.lines.find((candidate) => candidate.line_item_id === earning.line_item_id)
  const date = (at: number | undefined) => (at === undefined ? '' : dateOf(at))
  return {
    externalReferenceId: earning.subscription_id,
    externalReferenceIdLabel: 'SubscriptionId',
    invoiceDate: invoice ? isoSeconds(invoice.invoiced_at) : '',
    invoiceNumber: earning.invoice_id,
    isPrivateOffer: invoice?.private_offer === undefined ? 'FALSE' : 'TRUE',
    lever: 'Marketplace Commercial',
    LineItemId: earning.line_item_id,
    OrderId: earning.subscription_id,
    parentProductId: product,
    parentProductName: text(resourceDocument(world, `product/${product}`, 'live')?.alias),
    productId: product,
    productName: subscription?.offer_id ?? '',
    productType: 'SaaS',
    programName: 'Azure Marketplace',
    purchaseTypeName: earning.kind === 'USAGE' ? 'Usage' : 'Recurring',
    resourceId: line?.dimension ?? '',
    SkuId: invoice?.plan_id ?? '',
    subscriptionEndDate: date(invoice?.period_end),
    subscriptionId: earning.subscription_id,
    subscriptionStartDate: date(invoice?.period_start),
  }
}

function partyColumns(world: World, earning: Earning): Row {
  const invoice = world.invoices.get(earning.invoice_id)
  const customer = world.accounts.get(invoice?.customer ?? '')
  const recipient = world.accounts.get(earning.recipient)
  const reseller = world.accounts.get(invoice?.partner ?? '')
  const country = customer?.country ?? ''
  return {
    customerCountry: country,
    customerEmail: customer?.email ?? '',
    customerName: customer?.name ?? '',
    customerTenantId: customer?.tenant_id ?? '',
    earningParticipantId: earning.recipient,
    earningParticipantName: recipient?.name ?? '',
    earningParticipantIdType: 'SellerId',
    participantId: earning.recipient,
    participantIdType: 'SellerId',
    participantName: recipient?.name ?? '',
    partnerCountryCode: recipient?.country ?? '',
    resellerCountry: reseller?.country ?? '',
    resellerId: reseller?.account_id ?? '',
    resellerName: reseller?.name ?? '',
    taxCountry: country,
    taxRemitModel: customer?.tax?.liable === 'publisher' ? 'Publisher' : 'Microsoft',
    transactionCountryCode: country,
    transactionPaymentMethod: customer?.agreement_type ?? '',
  }
}

export function exportFile({ kind, format }: ExportRequest, rows: Row[]): string {
  const columns = kind === 'payments' ? paymentColumns : transactionColumns
  const separator = format === 'csv' ? ',' : '\t'
  const cell = (value: string) => (/[",\n\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
  const lines = [columns, ...rows.map((row) => columns.map((column) => cell(row[column] ?? '')))]
  return `${lines.map((line) => line.join(separator)).join('\n')}\n`
}
