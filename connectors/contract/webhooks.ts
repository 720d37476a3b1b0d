// Messages from clouds, believed only when verified.
import type { AgreementRecord, AgreementWish, CloudCustomer } from './agreements.ts'
import type { Connection } from './common.ts'

/** A request as it came, before anybody trusts it. */
export type InboundRequest = { headers: Readonly<Record<string, string>>; body: string }
/** What a verified message hints at: the truth is read back from the cloud afterwards. */
export type Hint =
  | {
      kind: 'agreement_changed'
      agreement_id: string
      license: string | null
      product_id: string | null
      product_code: string | null
      /** What the message itself says, for an agreement that this account may not read back. */
      told?: ToldAgreement
      /** What only the message says, as a sentence for the agreement's history. */
      news?: string
    }
  /** Something about a customer of a product; which agreements it is about is asked with `agreementsOf`. */
  | ({ kind: 'customer_changed' } & CloudCustomer)
  /** The buyer asks for another plan or quantity, and the cloud waits for the seller's answer. */
  | { kind: 'change_wished'; wish: AgreementWish }
  | { kind: 'offer_changed'; offer_id: string }
  | { kind: 'change_finished'; reference: string }
  | { kind: 'disbursement_paused' }
  | { kind: 'nothing'; reason: string }
/** An agreement as far as a verified message tells it. */
export type ToldAgreement = Pick<
  AgreementRecord,
  'role' | 'offer_id' | 'authorization_id' | 'state' | 'cloud_state' | 'accepted_at' | 'starts_at' | 'ends_at'
> & { buyer_account_id: string | null; seller_account_id: string | null }
export type Verified = {
  /** Unique per message at the cloud: a second delivery has the same. */
  message_id: string
  type: string
  occurred_at: Date
  /** The account the message is for; a message for another account is refused. */
  account_id: string | null
  hints: Hint[]
  /** Set when the message asks to be confirmed by visiting this address (checked against the allow-list). */
  confirm_url?: string
  body: unknown
}
export type Verification = { ok: true; message: Verified } | { ok: false; reason: string }
export type Webhooks = {
  verify(connection: Connection, request: InboundRequest): Promise<Verification>
  /** Visits `confirm_url`, on clouds whose messages ask for it. */
  confirm?(connection: Connection, url: string): Promise<void>
}
