/** What AWS takes of the terms that only it has, as data, each with where it is said. */
export const limits = {
  /** Source: the change types of an offer in the AWS Marketplace developer guide (UpdateNetPaymentTerms), read in 2026. */
  net_payment_days: [15, 30, 45, 60, 90, 120] as readonly number[],
  /** Source: AWS's public shape library for Offer@1.0 (rate cards of a configurable term). */
  rate_cards_max: 5,
  /** A setting of ours: AWS publishes no longest trial that we know of. */
  trial_days_max: 90,
  /** Source: AWS's public shape library (BuyerAccounts of a ResaleAuthorization, which a reseller's offer keeps to). */
  opened_buyers_max: 25,
  /** Source: AWS's public shape library for ResaleAuthorization@1.0 (Name). */
  opened_name_max: 100,
  /** Source: AWS's public shape library for Offer@1.0 and ResaleAuthorization@1.0 (Description). */
  description_max: 255,
} as const
