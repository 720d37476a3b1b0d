// What the API's own words for money are called: kinds, stages, causes.

/** What a line of a statement is. */
export const lineKinds: Readonly<Record<string, string>> = {
  sale: 'Sale',
  wholesale_cost: 'Wholesale cost',
  reseller_discount: 'Kept by the reseller',
  credit_used: 'Drawn from a credit',
  listing_fee: 'Listing fee',
  tax: 'Tax to pass on',
  tax_withheld: 'Tax withheld',
  tax_remitted_by_cloud: 'Tax the cloud pays itself',
  refund: 'Refund',
  withheld: 'Withheld',
  balance_adjustment: 'Adjustment',
  disbursement: 'Pay-out',
  disbursement_failure: 'Failed pay-out',
  unknown: 'Unknown',
  bank: 'Bank booking',
}

export const lineStages: Readonly<Record<string, string>> = {
  invoiced: 'Invoiced',
  collected: 'Collected',
  disbursed: 'Paid out',
  forgiven: 'Forgiven',
  unknown: 'Unknown',
  banked: 'At the bank',
}

export const lineStates: Readonly<Record<string, string>> = {
  staged: 'Being read',
  new: 'Not looked at yet',
  waiting: 'Waits for its agreement',
  explained: 'Explained',
  exception: 'Exception',
  not_counted: 'Not counted',
}

/** The names a difference can have, each with what it means. */
export const causes: Readonly<Record<string, readonly [name: string, meaning: string]>> = {
  fee_tier: ['Fee tier', "The fee fits another tier of the cloud's own table."],
  channel_uplift: ['Channel uplift', 'The fee is the one for sales through resellers.'],
  renewal_rate: ['Renewal rate', 'The fee is the one for renewals.'],
  reseller_discount: ['Reseller’s part', 'What the reseller keeps of its sale.'],
  credit: ['Credit', 'Usage that was paid for in advance.'],
  tax: ['Tax', 'It passes through to the authority.'],
  withheld: ['Withheld', 'Forgiven, kept back or adjusted by the cloud.'],
  refund: ['Refund', 'Given back to the buyer.'],
  exchange: ['Exchange', 'It was paid out in another currency.'],
  timing: ['Timing', 'It is on its way, or not due for long.'],
  missing_usage: ['Missing usage', 'Another quantity was billed than the cloud accepted from you.'],
  duplicate: ['Duplicate', 'It was invoiced twice.'],
  rounding: ['Rounding', 'The smallest unit, rounded differently.'],
  unknown: ['Unknown', 'Nothing gives it a name: somebody has to look.'],
}

export const expectationKinds: Readonly<Record<string, string>> = {
  instalment: 'Instalment',
  usage: 'Usage',
  wholesale: 'Wholesale cost',
  fee: 'Listing fee',
}

export const exceptionKinds: Readonly<Record<string, string>> = {
  statement_refused: 'File refused',
  line_unexplained: 'Unexplained line',
  line_waiting: 'Lines without agreement',
  disbursement_sum: 'Pay-out is not its lines',
  disbursement_paused: 'Pay-outs paused',
  bank_amount: 'Bank differs from pay-out',
  bank_unmatched: 'Money nobody announced',
  usage_difference: 'Usage counted differently',
  report_difference: 'Report says otherwise',
  metering_refused: 'Usage refused',
  metering_expired: 'Usage too late',
  metering_at_risk: 'Usage at risk',
  metering_late: 'Late usage',
  listing_drift: 'Usage held back',
  other: 'Other',
}

export const entryKinds: Readonly<Record<string, string>> = {
  offer_accepted: 'Offer accepted',
  agreement_ended: 'Agreement over',
  sale_expected: 'Sale expected',
  fee_expected: 'Fee expected',
  wholesale_expected: 'Wholesale cost expected',
  sale_invoiced: 'Sale invoiced',
  fee_invoiced: 'Fee charged',
  wholesale_invoiced: 'Wholesale cost charged',
  tax_invoiced: 'Tax invoiced',
  refund_invoiced: 'Refund',
  difference: 'Difference',
  forgiven: 'Forgiven',
  collected: 'Collected',
  disbursed: 'Paid out',
  payout_adjusted: 'Pay-out adjusted',
  payout_taxed: 'Tax paid out',
  payout_returned: 'Pay-out came back',
  banked: 'At the bank',
  exchanged: 'Exchanged',
  partner_share: "Partner's share",
  commitment_promised: 'Commitment promised',
  commitment_drawn: 'Commitment drawn',
  correction: 'Correction',
}

export const bases: Readonly<Record<string, readonly [name: string, meaning: string]>> = {
  evidence: ['Evidence', 'A document shows it.'],
  expectation: ['Expectation', 'Computed from terms and accepted usage.'],
  estimate: ['Estimate', 'Computed, and confirmed by nobody.'],
  given: ['Told', 'Somebody told you.'],
}

/** The fields of an arithmetic, as people read them. One that is not here is shown as it is. */
export const arithmeticFields: Readonly<Record<string, string>> = {
  instalment: 'Instalment',
  due_on: 'Due on',
  amount: 'Amount',
  quantity: 'Quantity',
  price: 'Price per unit',
  price_owed: 'Price owed per unit',
  unrounded: 'Before rounding',
  rounded: 'Rounded',
  rounding: 'Rounding rule',
  rounding_difference: 'Lost or won by rounding',
  wholesale_cost: 'Wholesale cost',
  of_sale: 'Of the sale',
  base: 'Of',
  rate: 'Rate',
  fee: 'Fee',
  rule: 'Rule',
  source: 'Source',
  buyer_pays: 'The buyer pays',
  manufacturer_gets: 'The vendor gets',
  margin: 'Margin',
  sale: 'Sale',
  expected: 'Expected',
  received: 'Received',
  invoiced: 'Invoiced',
  disbursed: 'Paid out',
  lines: 'Lines',
  charged: 'Charged',
  charged_rate: 'Rate charged',
  billed_quantity: 'Quantity billed',
  missing_quantity: 'Quantity missing',
  accepted_quantity: 'Quantity accepted',
  expected_rate: 'Rate expected',
  difference: 'Difference',
  of: 'Of the line',
  basis: 'Of a sale of',
  share_percent: 'Share in per cent',
  line_key: 'Line',
  month: 'Month',
  cloud_agreement_id: 'Id at the cloud',
  reference: 'Reference',
}

/** The fields of an arithmetic that are money in the currency of what they explain. */
export const moneyFields: ReadonlySet<string> = new Set([
  'amount',
  'price',
  'price_owed',
  'unrounded',
  'rounded',
  'rounding_difference',
  'wholesale_cost',
  'of_sale',
  'base',
  'fee',
  'buyer_pays',
  'manufacturer_gets',
  'margin',
  'sale',
  'basis',
])

/** The ids that an entry rests on. */
export const evidenceFields: Readonly<Record<string, string>> = {
  agreement_id: 'Agreement',
  line_id: 'Line',
  statement_id: 'Statement',
  commitment_id: 'Commitment',
  partner_id: 'Partner',
  expectation_id: 'What was expected',
  match_id: 'Match',
  offer_id: 'Offer',
  usage_record_id: 'Usage',
  reverses_id: 'It corrects',
}

/** What something of the API is called; its own name where we have none. */
export const named = (words: Readonly<Record<string, string>>, name: string) =>
  words[name] ?? name.replaceAll('_', ' ')
export const causeName = (cause: string) => causes[cause]?.[0] ?? cause.replaceAll('_', ' ')
/** Choices of a filter. */
export const choices = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))
