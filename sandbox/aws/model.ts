import type { Standing } from './catalog/seller-standing.ts'

// What the sandbox keeps for AWS. Field names in capitals are the cloud's own and travel as they are.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type Account = {
  account_id: string
  name: string
  role: 'seller' | 'buyer'
  country: string
  state: string
  tax?: { rate: string; liable: 'aws' | 'seller' } | undefined
  days_to_pay: number
  disbursement_day: number
  bank_delay_days: number
  pays: boolean
  /** The seller's bank sends pay-outs back. */
  bank_refuses: boolean
  /** Days until the feeds hear of a billing event. */
  feed_delay_days: number
  /** How the billing feed spells the action of a pay-out: AWS's own pages differ. */
  disbursement_word: 'DISBURSED' | 'DISBURSEMENT'
  /** What the seller has not settled with AWS yet. */
  misses?: Standing[] | undefined
  /** Whether somebody exports the two finance reports to the bucket with the feeds. */
  exports_reports: boolean
  /** What the trust policy of its roles asks of whoever takes one on. */
  external_id?: string | undefined
  access_key_id: string
  secret_access_key: string
  feed_bucket?: string | undefined
  created_at: number
  /** The settings it was registered with, as text. */
  registered_as: string
  /** The id this account has inside the data feeds, which never show a relation by account number alone. */
  feed_account_id: string
  encrypted_account_id: string
  address_id: string
}

export type Dimension = { Key: string; Name: string; Description: string; Types: string[]; Unit: string }

export type RateCardItem = { DimensionKey: string; Price: string }
export type RateCard = {
  Selector?: { Type: string; Value: string } | undefined
  Constraints?: { MultipleDimensionSelection: string; QuantityConfiguration: string } | undefined
  RateCard: RateCardItem[]
}
export type ScheduleItem = { ChargeDate: string; ChargeAmount: string }

export type PercentageRange = { MinValue: string; MaxValue: string; DefaultValue: string }
export type RenewalInstalment = {
  ChargeDateOffset: string
  ChargePercentage: string
  DayOfMonth?: number | undefined
}

/** Any term of an offer or of a resale authorization; which fields it has follows from its Type. */
export type Term = {
  Type: string
  Id?: string | undefined
  CurrencyCode?: string | undefined
  Price?: string | undefined
  Duration?: string | undefined
  BillingPeriod?: string | undefined
  Grants?: { DimensionKey: string; MaxQuantity?: number | undefined }[] | undefined
  RateCards?: RateCard[] | undefined
  Schedule?: ScheduleItem[] | undefined
  AgreementDuration?: string | undefined
  AgreementStartDate?: string | undefined
  AgreementEndDate?: string | undefined
  MaximumAgreementStartDate?: string | undefined
  Documents?: { Type: string; Url?: string | undefined; Version?: string | undefined }[] | undefined
  RefundPolicy?: string | undefined
  PaymentDuePeriod?: string | undefined
  LockoutPeriod?: string | undefined
  AdjustmentDeadline?: string | undefined
  MaxRenewals?: number | undefined
  PriceIncrease?:
    | { Type: string; Value?: string | undefined; Range?: PercentageRange | undefined }
    | undefined
  TermTemplates?: { Type: string; Schedule: RenewalInstalment[] }[] | undefined
  PositiveTargeting?: { BuyerAccounts?: string[] | undefined } | undefined
  [extra: string]: unknown
}

export type DeliveryOption = {
  Id: string
  Type: string
  FulfillmentUrl: string
  Visibility: string
  [extra: string]: unknown
}

type EntityBase = { id: string; owner: string; revision: number; created_at: number; modified_at: number }

export type Product = EntityBase & {
  kind: 'SaaSProduct'
  product_code: string
  visibility: 'Draft' | 'Limited' | 'Public' | 'Restricted'
  replacement_product_id?: string | undefined
  information: { [key: string]: Json }
  targeting: string[]
  delivery_options: DeliveryOption[]
  dimensions: Dimension[]
}

export type Offer = EntityBase & {
  kind: 'Offer'
  product_id: string
  state: 'Draft' | 'Released'
  name?: string | undefined
  description?: string | undefined
  pricing_model?: string | undefined
  terms: Term[]
  buyer_accounts?: string[] | undefined
  country_codes?: string[] | undefined
  excluded_country_codes?: string[] | undefined
  pre_existing_agreement?: { AcquisitionChannel: string; PricingModel: string } | undefined
  prices_raised_at?: number | undefined
  availability_end_date?: string | undefined
  released_at?: number | undefined
  resale_authorization_id?: string | undefined
  markup?: string | undefined
  /** The reseller set its own payment schedule: from then on a markup has no place. */
  own_schedule?: boolean | undefined
  replaces_agreement_id?: string | undefined
  /** The offer set this offer was made for; set when it is made and never after. */
  offer_set_id?: string | undefined
}

export type Authorization = EntityBase & {
  kind: 'ResaleAuthorization'
  product_id: string
  reseller: string
  status: 'Draft' | 'Active' | 'Restricted'
  name: string
  description?: string | undefined
  pricing_model?: string | undefined
  terms: Term[]
  buyer_accounts?: string[] | undefined
  availability_end_date?: string | undefined
  offers_max_quantity?: number | undefined
  offers_created: number
  role: 'ChannelPartner' | 'Distributor'
  bulk_request_id?: string | undefined
  pre_existing_agreement?: { AcquisitionChannel: string; PricingModel: string } | undefined
}

/** Two to seven private offers that a buyer accepts as one. */
export type OfferSet = EntityBase & {
  kind: 'OfferSet'
  state: 'Draft' | 'Released'
  name: string
  buyer_notes?: string | undefined
  offer_ids: string[]
  solution_id?: string | undefined
  released_at?: number | undefined
}

/** Marketing words about products that belong together. */
export type Solution = EntityBase & {
  kind: 'Solution'
  visibility: 'Draft' | 'Limited'
  information: { [key: string]: Json }
  related_products: { [key: string]: Json }
}

export type Entity = Product | Offer | Authorization | OfferSet | Solution

export type ErrorDetail = { ErrorCode: string; ErrorMessage: string }

export type Change = {
  ChangeType: string
  Entity: { Type: string; Identifier?: string | undefined }
  Details: Json
  ChangeName?: string | undefined
  ErrorDetailList: ErrorDetail[]
}

export type ChangeSet = {
  id: string
  account_id: string
  name: string
  token?: string | undefined
  fingerprint: string
  status: 'PREPARING' | 'APPLYING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'
  failure_code?: string | undefined
  failure_description?: string | undefined
  started_at: number
  ended_at?: number | undefined
  changes: Change[]
  /** The entities this change set locks while it runs. */
  entity_ids: string[]
}

export type Agreement = {
  id: string
  initial_agreement_id: string
  proposer: string
  acceptor: string
  manufacturer: string
  product_id: string
  offer_id: string
  resale_authorization_id?: string | undefined
  offer_set_id?: string | undefined
  /** The agreement this one renews or replaces. */
  preceding_agreement_id?: string | undefined
  /** How often the first agreement was renewed until this one. */
  renewals: number
  auto_renew: boolean
  renewal_disabled_by?: 'PROPOSER' | 'ACCEPTOR' | undefined
  /** By how many percent its seller raises the renewal, where the term leaves a range. */
  renewal_increase?: string | undefined
  /** When its free trial went over into paid use. */
  trial_over_at?: number | undefined
  intent: 'NEW' | 'AMEND' | 'REPLACE' | 'RENEW'
  status: 'ACTIVE' | 'CANCELLED' | 'EXPIRED' | 'RENEWED' | 'REPLACED' | 'TERMINATED'
  accepted_at: number
  starts_at: number
  ends_at: number
  ended_at?: number | undefined
  updated_at: number
  license_arn: string
  terms: Term[]
  wholesale_terms?: Term[] | undefined
  configuration?: { selector: string; dimensions: Record<string, number> } | undefined
  currency: string
  value: string
}

export type UsageRecord = {
  id: string
  account_id: string
  agreement_id: string
  product_id: string
  customer: string
  license_arn: string
  dimension: string
  /** The hour the record counts for; its own timestamp is kept beside it. */
  hour: number
  timestamp: number
  quantity: number
  allocations: string
  keyed_by: 'LicenseArn' | 'ProductCode'
  received_at: number
}
