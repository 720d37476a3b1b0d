// What buyers accepted.
import type { Decimal } from '../../src/core/decimal.ts'
import type { Change, Connection, Evidence, Pulled } from './common.ts'
import type { Grant, Instalment } from './selling.ts'

/** What the buyer accepted, as the cloud tells it to this account. */
export type AgreementRecord = {
  agreement_id: string
  /** seller: this account is the seller of record; manufacturer: it made the product and somebody resold it. */
  role: 'seller' | 'manufacturer'
  offer_id: string | null
  authorization_id: string | null
  product_id: string | null
  buyer_account_id: string
  seller_account_id: string
  /** pending: accepted, but the cloud waits for the seller to activate it. */
  state: 'pending' | 'active' | 'suspended' | 'ended' | 'cancelled' | 'replaced' | 'unknown'
  cloud_state: string
  accepted_at: Date | null
  starts_at: Date | null
  ends_at: Date | null
  currency: string | null
  /** The agreement's fixed value as the cloud states it, exact. */
  value: Decimal | null
  /** Also what is paid at once at the acceptance. */
  instalments: Instalment[]
  usage_prices: Record<string, Decimal>
  grants: Grant[]
  /** The length that the buyer chose, where there was a choice. */
  chosen_months?: number | null
  updated_at: Date | null
  /** The licence that usage of this agreement is reported against, on clouds that have one per agreement. */
  license?: string | null
  /** The plan the buyer is on, on clouds whose products have plans. */
  plan?: string | null
  /** What the buyer asks for and the cloud holds back until the seller answers. */
  wish?: AgreementWish | null
  evidence: Evidence
}
export type Entitlement = {
  dimension: string
  value: string
  expires_at: Date | null
  license: string | null
}
/** Who stands behind a registration token. */
export type Registration = {
  buyer_account_id: string
  product_code: string | null
  license: string | null
  /** The agreement itself, where the token names it. */
  agreement_id?: string | null
  evidence: Evidence
}
/** A customer of a product by the cloud's older names, and the offer where it was a private one. */
export type CloudCustomer = { customer: string; product_code: string; offer_id: string | null }
export type Agreements = {
  /** Agreements changed since the cursor, oldest first. */
  pull(connection: Connection, cursor: string | null): Promise<Pulled<AgreementRecord>>
  read(connection: Connection, agreement_id: string): Promise<AgreementRecord>
  entitlements?(connection: Connection, product_code: string, license: string): Promise<Entitlement[]>
  /** The agreements of a customer that a message named without them. */
  agreementsOf?(connection: Connection, customer: CloudCustomer): Promise<string[]>
  /**
   * Where the buyer's browser carries the registration token, the name of a form field or of a query parameter, and
   * what one sign-up covers: that agreement, or whatever its buyer orders from this account.
   */
  registration: { place: 'form' | 'query'; field: string; covers: 'agreement' | 'buyer' }
  resolve(connection: Connection, token: string): Promise<Registration>
  /** Tells a cloud that waits for it that the seller is ready: only then is the buyer charged. */
  activate?(connection: Connection, agreement: Activation, key: string): Promise<Change>
  /** Answers a buyer's wish to change plan or seats, where the cloud asks the seller. */
  answer?(connection: Connection, wish: AgreementWish, accept: boolean, key: string): Promise<Change>
}
export type Activation = {
  agreement_id: string
  buyer_account_id: string
  plan: string | null
  quantity: number | null
}
/** What a buyer wants changed, and the cloud's own id of the question. */
export type AgreementWish = {
  agreement_id: string
  wish_id: string
  action: 'plan' | 'quantity'
  plan: string | null
  quantity: number | null
}
