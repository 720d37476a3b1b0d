export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

type Tax = { rate: string; liable: 'microsoft' | 'publisher' }

/** A seller of the marketplace (its id is its seller id) or a customer (its id is its billing account). */
export type Account = {
  account_id: string
  role: 'publisher' | 'partner' | 'customer'
  name: string
  country: string
  tenant_id: string
  client_id: string
  client_secret: string
  /** How long an access token of this account lives, in seconds of wall time. */
  token_seconds: number
  publisher_id: string
  email: string
  object_id: string
  puid: string
  azure_subscription_id: string
  /** MCA pays sellers after the customer paid, EA as soon as the customer is invoiced. */
  agreement_type: 'MCA' | 'EA'
  tax?: Tax | undefined
  withholding_tax_rate: string
  service_fee_tax_rate: string
  days_to_pay: number
  write_off_days: number
  payout_day: number
  bank_delay_days: number
  pays: boolean
  commitment?: { amount: string; start: string; end: string } | undefined
  webhook_token_version: 'v1' | 'v2'
  registered_as: string
}

/** A document of the ingestion API with its three targets. */
export type Resource = {
  id: string
  type: string
  owner: string
  /** The product's guid; empty for a resource that belongs to none. */
  product: string
  draft: JsonObject
  preview?: JsonObject | undefined
  live?: JsonObject | undefined
}

export type IngestionError = {
  resourceId?: string
  code: string
  message: string
  details: IngestionError[]
}

export type Job = {
  id: string
  owner: string
  resources: JsonObject[]
  status: 'notStarted' | 'running' | 'completed'
  result: 'pending' | 'succeeded' | 'failed' | 'cancelled'
  started_at: number
  ended_at?: number | undefined
  detail: JsonObject[]
  errors: IngestionError[]
}

export type Submission = {
  id: string
  product: string
  owner: string
  target: 'preview' | 'live'
  status: 'notStarted' | 'running' | 'completed'
  result: 'pending' | 'succeeded' | 'failed'
  created: number
}

export type PrivateOffer = {
  id: string
  owner: string
  partner?: string | undefined
  customer?: string | undefined
  type: 'customerPromotion' | 'cspPromotion' | 'multipartyPromotionOriginator'
  state: 'draft' | 'live' | 'withdrawn' | 'deleted'
  sub_state?: 'pendingAcceptance' | 'accepted' | 'pendingPartnerAction' | undefined
  document: JsonObject
  /** What the partner alone wrote and sees. */
  partner_document?: JsonObject | undefined
  /** For each item of the pricing: the partner's markup in per cent. */
  markups: string[]
  new_plans: string[]
  revision: string
  changed_at: number
  accepted_at?: number | undefined
}

export type Term = { type: 'day' | 'week' | 'month' | 'year'; value: number }
export type Included = { dimension: string; term: Term; quantity: string | 'infinite' }

export type Instalment = { date?: string | undefined; amount: string; wholesale: string; note: string }

/** What a subscription costs. `wholesale` is what the publisher's own price is: equal without a partner. */
export type Terms = {
  mode: 'flatRate' | 'perUser'
  term: Term
  payment: Term
  price: string
  wholesale: string
  schedule?: Instalment[] | undefined
  meters: { id: string; name: string; unit: string; price: string; wholesale: string }[]
  included: Included[]
}

type SubscriptionStatus = 'PendingFulfillmentStart' | 'Subscribed' | 'Suspended' | 'Unsubscribed'

export type Subscription = {
  id: string
  name: string
  publisher: string
  partner?: string | undefined
  customer: string
  product: string
  offer_id: string
  plan_id: string
  private_offer?: string | undefined
  offer_end?: string | undefined
  quantity?: number | undefined
  status: SubscriptionStatus
  terms: Terms
  term_start?: number | undefined
  term_end?: number | undefined
  auto_renew: boolean
  pays: boolean
  is_test: boolean
  purchased_at: number
  activated_at?: number | undefined
  suspended_at?: number | undefined
  ended_at?: number | undefined
}

type OperationStatus = 'NotStarted' | 'InProgress' | 'Succeeded' | 'Failed' | 'Conflict'
export type OperationAction =
  | 'ChangePlan'
  | 'ChangeQuantity'
  | 'Reinstate'
  | 'Renew'
  | 'Suspend'
  | 'Unsubscribe'

export type Operation = {
  id: string
  subscription_id: string
  action: OperationAction
  status: OperationStatus
  plan_id: string
  quantity?: number | undefined
  source: 'Azure' | 'Partner'
  at: number
  error?: { code: string; message: string } | undefined
}

/** A call to the publisher's connection webhook. */
export type WebhookEvent = {
  id: string
  account_id: string
  operation_id: string
  subscription_id: string
  action: OperationAction
  created_at: number
  url: string
  body: string
  state: 'pending' | 'delivered' | 'refused' | 'failed' | 'no_destination'
  attempts: WebhookAttempt[]
}

export type WebhookAttempt = { at: number; status?: number | undefined; problem?: string | undefined }

export type UsageEvent = {
  id: string
  account_id: string
  subscription_id: string
  customer: string
  dimension: string
  plan_id: string
  /** An exact decimal, as it was sent. */
  quantity: string
  hour: number
  effective_at: number
  effective_text: string
  received_at: number
  /** The prices of the plan at the time, and who earns the difference. */
  price: string
  wholesale: string
  partner?: string | undefined
  billed: boolean
}
