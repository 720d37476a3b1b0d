// What the sandbox keeps for Google Cloud. Names in camel case are the cloud's own and travel as they are.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export type Provider = {
  role: 'provider'
  account_id: string
  name: string
  project: string
  project_number: string
  client_email: string
  private_key_id: string
  private_key: string
  public_key: string
  payout_day: number
  bank_delay_days: number
  created_at: number
}

export type Reseller = {
  role: 'reseller'
  account_id: string
  name: string
  contact: string
  email: string
  /** The parent of the subaccounts of its customers. */
  billing_account: string
  created_at: number
}

export type Customer = {
  role: 'customer'
  /** The billing account, without its prefix. */
  account_id: string
  name: string
  email: string
  country: string
  /** The reseller whose subaccount this is. */
  reseller?: string | undefined
  free_trial: boolean
  /** On probation Google withholds what it owes the vendor for this customer. */
  pays: boolean
  /** Without billing nothing can be used or reported. */
  billing_enabled: boolean
  billing_restored_at: number
  project: string
  project_number: string
  organization_id: string
  insights_account_id: string
  created_at: number
}

export type Account = Provider | Reseller | Customer

export type Metric = {
  name: string
  value_type: 'INT64' | 'DOUBLE'
  unit: string
  price: string
  sku: string
}

export type Plan = {
  /** What Google calls a service level, or plan id. */
  plan: string
  title: string
  /** The fee of a month; without it the plan is usage only. */
  monthly_fee?: string | undefined
  fee_sku: string
  months: number[]
  usage: boolean
}

/** A product that a person published in the Producer Portal. */
export type Listing = {
  service_name: string
  provider: string
  title: string
  product_external_name: string
  solution_id: string
  domain: string
  signup_url: string
  automatic_offer_approval: boolean
  multiple_orders: boolean
  reselling: boolean
  /** How long Google reviews a private offer before it is published; zero publishes at once. */
  review_minutes: number
  metrics: Metric[]
  plans: Plan[]
  created_at: number
}

export type OfferState = 'DRAFT' | 'PUBLISHING' | 'PUBLISHED' | 'ACCEPTED' | 'CANCELLED' | 'EXPIRED' | 'ENDED'

export type OfferDocument = { id: string; created_at: number; updated_at: number; content: JsonObject }

export type PrivateOffer = {
  id: string
  provider: string
  state: OfferState
  created_at: number
  updated_at: number
  publish_at?: number | undefined
  published_at?: number | undefined
  reviewed_at?: number | undefined
  accepted_at?: number | undefined
  cancelled_at?: number | undefined
  ended_at?: number | undefined
  cancellation_note?: string | undefined
  /** When the current term began and ends, once accepted. */
  starts_at?: number | undefined
  term_ends_at?: number | undefined
  reseller?: string | undefined
  reseller_plan?: string | undefined
  service_level?: string | undefined
  /** The writable fields, normalised: enums by name, lower camel case. */
  content: JsonObject
  documents: OfferDocument[]
}

export type ResellerPlan = {
  id: string
  provider: string
  reseller: string
  service_name: string
  standard_offer: string
  use: 'single' | 'multiple'
  billing_account?: string | undefined
  starts_at: number
  ends_at: number
  discount_percent: string
  status: 'PENDING_ACCEPTANCE' | 'READY_TO_USE' | 'USED' | 'EXPIRED' | 'CANCELED' | 'REJECTED'
  created_at: number
}

export type Approval = {
  name: string
  state: 'PENDING' | 'APPROVED' | 'REJECTED'
  reason: string
  at: number
}

/** The account a customer has at a provider, as the procurement API knows it. */
export type ProcurementAccount = {
  id: string
  provider: string
  billing_account: string
  approvals: Approval[]
  created_at: number
  updated_at: number
}

export type EntitlementState =
  | 'ENTITLEMENT_ACTIVATION_REQUESTED'
  | 'ENTITLEMENT_ACTIVE'
  | 'ENTITLEMENT_PENDING_CANCELLATION'
  | 'ENTITLEMENT_CANCELLED'
  | 'ENTITLEMENT_PENDING_PLAN_CHANGE'
  | 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL'

/** What was bought: a standard offer of a plan, or a private offer made from one. */
export type Purchase = { plan: string; months: number; private_offer?: string | undefined }

export type Entitlement = {
  id: string
  provider: string
  account: string
  billing_account: string
  service_name: string
  state: EntitlementState
  approved: boolean
  purchase: Purchase
  pending?: Purchase | undefined
  pending_starts_at?: number | undefined
  created_at: number
  updated_at: number
  starts_at?: number | undefined
  offer_ends_at?: number | undefined
  cancelled_at?: number | undefined
  cancellation_reason: string
  message_to_user: string
  usage_reporting_id: string
  benefit_id: string
  auto_renew: boolean
  renewals: number
  /** Counts the offers it went through, so that charges of an earlier one are told apart. */
  turn: number
  /** What is left of a usage commitment, in US dollars. */
  credit: string
}

export type EventAttempt = { at: number; status?: number | undefined; problem?: string | undefined }

export type MarketEvent = {
  id: string
  account_id: string
  event_type: string
  created_at: number
  body: string
  state: 'pending' | 'delivered' | 'failed' | 'no_destination'
  attempts: EventAttempt[]
}

/** A push subscription on the provider's topic. */
export type Subscription = {
  name: string
  account_id: string
  topic: string
  url: string
  audience: string
  service_account_email: string
}
