/** The history columns every feed starts with. */
export const historyColumns = ['valid_from', 'insert_date', 'update_date', 'delete_date']

const words = (text: string) => text.trim().split(/\s+/)

/** Each feed's own columns in the order AWS writes them. */
export const feedColumns: Record<string, string[]> = {
  accountfeed: words(`account_id aws_account_id encrypted_account_id mailing_address_id tax_address_id
    tax_legal_name tax_registration_number catalog`),
  addressfeed: words('address_id company_name email_domain country_code state_or_region city postal_code'),
  agreementfeed: words(`agreement_id offer_id proposer_account_id acceptor_account_id start_time end_time
    acceptance_time intent preceding_agreement_id status status_reason_code currency_code
    estimated_agreement_value offer_set_id catalog`),
  agreementtermfeed: words('agreement_id term_id term_type term_configuration'),
  billingeventfeed: words(`billing_event_id parent_billing_event_id from_account_id to_account_id
    end_user_account_id product_id action transaction_type disbursement_billing_event_id amount currency
    balance_impacting invoice_date payment_due_date usage_period_start_date usage_period_end_date invoice_id
    billing_address_id transaction_reference_id buyer_transaction_reference_id bank_trace_id broker_id
    agreement_id offer_id disbursement_amount disbursement_currency disbursement_reference_number catalog
    buyer_invoice_id buyer_invoice_date buyer_line_item_id line_item_id invoice_variant charge_variant
    charge_side action_date recipient_account_id`),
  dailyusagefeed: words(`usage_feed_id usage_date product_id agreement_id end_user_account_id payer_account_id
    region dimension_key usage_unit usage_quantity pricing_currency estimated_revenue_in_pricing_currency
    usage_rate_per_unit_in_pricing_currency charge_item_description offer_id recipient_account_id catalog`),
  legacyidmappingfeed: words('mapping_type legacy_id new_id catalog'),
  offerfeed: words(`offer_id offer_revision name expiration_date opportunity_id opportunity_name
    opportunity_description seller_account_id recipient_account_id catalog`),
  offerproductfeed: words('offer_id offer_revision product_id'),
  offertargetfeed: words('offer_target_id offer_id offer_revision target_type polarity value catalog'),
  productfeed: words('product_id manufacturer_account_id product_code title catalog'),
  taxitemfeed:
    words(`tax_item_id invoice_id line_item_id customer_bill_id tax_liable_party transaction_type_code
    product_id product_tax_code invoice_date taxed_customer_account_id taxed_customer_country
    taxed_customer_state_or_region taxed_customer_city taxed_customer_postal_code
    tax_location_code_taxed_jurisdiction tax_type_code jurisdiction_level taxed_jurisdiction
    display_price_taxability_type tax_jurisdiction_rate tax_amount tax_currency
    tax_calculation_reason_code date_used_for_tax_calculation customer_exemption_certificate_id
    customer_exemption_certificate_id_domain customer_exemption_certificate_level customer_exemption_code
    customer_exemption_domain transaction_reference_id`),
}
