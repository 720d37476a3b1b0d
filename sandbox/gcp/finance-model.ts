// What was used, what it costs, and what the provider gets of it. Amounts are decimals in US dollars.

export type UsageRecord = {
  id: string
  provider: string
  service_name: string
  entitlement: string
  operation_id: string
  metric: string
  /** The private offer in force when it was used; empty at the list price. */
  private_offer: string
  value: string
  start: number
  end: number
  received_at: number
  /** The month it is invoiced in: of its use, or later when it came after the cut-off. */
  month: string
}

export type Charge = {
  id: string
  provider: string
  entitlement: string
  billing_account: string
  service_name: string
  sku: string
  description: string
  kind: 'fee' | 'usage'
  private_offer: string
  month: string
  from: number
  to: number
  quantity: string
  unit: string
  amount: string
  credits: string
  reseller_discount: string
  fee_percent: string
  fee: string
  payout: string
  at: number
  status: 'open' | 'paid' | 'withheld' | 'released' | 'abandoned'
  reported_in?: string | undefined
  released_in?: string | undefined
}

export type PlannedCharge = {
  entitlement: string
  sku: string
  description: string
  from: number
  to: number
  amount: string
  credit: string
  discards: boolean
}

export type Report = {
  id: string
  account_id: string
  kind: string
  name: string
  month: string
  created_at: number
  body: string
}

export type Payout = {
  payout_id: string
  account_id: string
  amount: string
  currency: string
  reference: string
  month: string
  paid_at: number
  arrives_at: number
}
