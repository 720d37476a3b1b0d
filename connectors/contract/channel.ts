// What is sold through resellers: the vendor's permission, and the offer that a reseller makes of it.
import type { Decimal } from '../../src/core/decimal.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type { Change, Connection, Evidence, Pulled, Resolution } from './common.ts'
import type { Examined, Grant, Instalment, OfferDraft, OptionField } from './selling.ts'

/** The vendor's permission for one reseller; prices are wholesale. `target` names: authorization_id */
export type AuthorizationDraft = Omit<OfferDraft, 'buyer_account_ids' | 'expires_on'> & {
  /** null: without end, until it is taken back. */
  expires_on: LocalDate | null
  reseller_account_id: string
  /** Empty: any buyer. */
  buyer_account_ids: string[]
  single_use: boolean
}
/** `target` names: offer_id */
export type ResellerOfferDraft = {
  authorization_id: string
  name: string
  description: string
  buyer_account_ids: string[]
  /** Exact percentage on top of the wholesale price: 12.5 is twelve and a half per cent. */
  markup_percent: Decimal
  /** The reseller's own schedule in place of a markup, where the cloud lets it: what the buyer is charged, and when. */
  own_schedule?: {
    currency: string
    instalments: Instalment[]
    /** Of a price list that the vendor opened: what of it is sold, and for how long. */
    chosen?: { duration_months: number; grants: Grant[] }
  }
  expires_on: string
  duration_months?: number
  /** The cloud's id of the agreement whose place it takes when it is accepted. */
  replaces_agreement_id?: string
  marker: string
  options?: Readonly<Record<string, unknown>>
}
export type SharedAuthorization = {
  authorization_id: string
  product_id: string
  name: string
  vendor_account_id: string
  state: 'draft' | 'active' | 'restricted' | 'unknown'
  evidence: Evidence
}
export type Syndication = {
  /** What only this cloud knows of an authorization, and of an offer that is made from one. */
  options?: readonly OptionField[]
  offer_options?: readonly OptionField[]
  examine?(draft: AuthorizationDraft, today: LocalDate): Examined
  examineOffer?(draft: ResellerOfferDraft, today: LocalDate): Examined
  /** Whether a reseller's offer may have a schedule of its own in place of a markup. */
  own_schedule?: boolean
  authorize(connection: Connection, draft: AuthorizationDraft, key: string): Promise<Change>
  restrict(connection: Connection, authorization_id: string, key: string): Promise<Change>
  /** As the reseller: the offer made from an authorization. */
  createOffer(connection: Connection, draft: ResellerOfferDraft, key: string): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  /** As the reseller: authorizations that vendors opened to this account. */
  pullShared(connection: Connection, cursor: string | null): Promise<Pulled<SharedAuthorization>>
  resolution: Resolution
  /** What the cloud has no interface for: these are always answered with a task for a person. */
  by_hand?: readonly ('authorize' | 'restrict' | 'createOffer')[]
}
