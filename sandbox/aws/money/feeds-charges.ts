import { decimal, format } from '../../money.ts'
import { isoSeconds, monthOf, startOfDay } from '../../time.ts'
import type { Account, Agreement, UsageRecord } from '../model.ts'
import { product as findProduct, type World } from '../world.ts'
import { feedId, row } from './feeds.ts'
import type { Invoice } from './finance-model.ts'

const catalog = 'AWSMarketplace'

/** The day's usage of one dimension, restated whenever more of it arrives. */
export function feedUsage(world: World, agreement: Agreement, record: UsageRecord, price: string): void {
  const date = startOfDay(record.hour)
  const product = findProduct(world, agreement.product_id)
  for (const recipient of new Set([agreement.proposer, agreement.manufacturer])) {
    const key = `${agreement.id}/${record.dimension}/${date}`
    const before = world.feed_rows.get(`${recipient}/dailyusagefeed/${key}`)?.values
    const quantity = BigInt(before?.usage_quantity ?? '0') + BigInt(record.quantity)
    row(
      world,
      'dailyusagefeed',
      recipient,
      key,
      {
        usage_feed_id: before?.usage_feed_id ?? world.random.uuid(),
        usage_date: isoSeconds(date),
        product_id: agreement.product_id,
        agreement_id: agreement.id,
        end_user_account_id: feedId(world, agreement.acceptor),
        payer_account_id: feedId(world, agreement.acceptor),
        region: 'us-east-1',
        dimension_key: record.dimension,
        usage_unit: product?.dimensions.find((dimension) => dimension.Key === record.dimension)?.Unit ?? '',
        usage_quantity: quantity.toString(),
        pricing_currency: agreement.currency,
        estimated_revenue_in_pricing_currency: format(decimal(price) * quantity),
        usage_rate_per_unit_in_pricing_currency: price,
        charge_item_description: `Usage of ${record.dimension}`,
        offer_id: agreement.offer_id,
        recipient_account_id: feedId(world, recipient),
        catalog,
      },
      { month: monthOf(date), restate: true },
    )
  }
}

type TaxedLine = {
  agreement: Agreement
  invoice: Invoice
  /** The invoice itself, or the credit memo that gives some of it back. */
  invoice_id: string
  line: { line_item_id: string; tax: string }
  buyer: Account
}

export function feedTax(world: World, taxed: TaxedLine): void {
  const { agreement, invoice, invoice_id, line, buyer } = taxed
  // A buyer in no state of the United States that is known is taxed by its country.
  const stately = buyer.country === 'US' && buyer.state !== ''
  row(world, 'taxitemfeed', agreement.proposer, `${line.line_item_id}/${invoice_id}`, {
    tax_item_id: world.random.uuid(),
    invoice_id,
    line_item_id: line.line_item_id,
    customer_bill_id: invoice_id,
    tax_liable_party: invoice.tax_rule?.liable === 'aws' ? 'AWS' : 'Seller',
    transaction_type_code: invoice_id === invoice.invoice_id ? 'AWS_MARKETPLACE' : 'REFUND',
    product_id: agreement.product_id,
    product_tax_code: 'AWSMP_SOFTWARE_RA',
    invoice_date: isoSeconds(invoice.invoiced_at),
    taxed_customer_account_id: feedId(world, buyer.account_id),
    taxed_customer_country: buyer.country,
    taxed_customer_state_or_region: buyer.state,
    tax_location_code_taxed_jurisdiction: stately ? buyer.state : buyer.country,
    tax_type_code: stately ? 'Sales' : 'Vat',
    jurisdiction_level: stately ? 'State' : 'Country',
    taxed_jurisdiction: stately ? buyer.state : buyer.country,
    display_price_taxability_type: 'EXCLUSIVE',
    tax_jurisdiction_rate: invoice.tax_rule?.rate ?? '0',
    tax_amount: line.tax,
    tax_currency: invoice.currency,
    tax_calculation_reason_code: 'Taxable',
    date_used_for_tax_calculation: isoSeconds(invoice.invoiced_at),
    transaction_reference_id: `${invoice.invoice_id}-${line.line_item_id}`,
  })
}
