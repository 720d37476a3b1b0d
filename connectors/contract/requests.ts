// What a seller asks about a running agreement: that it ends early, that the buyer pays, or that money goes back.
import type { Decimal } from '../../src/core/decimal.ts'
import type { Money } from '../../src/core/money.ts'
import type { Change, Connection, Resolution } from './common.ts'

export const requestKinds = ['cancellation', 'payment', 'refund'] as const
export type RequestKind = (typeof requestKinds)[number]

export type AgreementRequest = {
  /** The cloud's id of the agreement. */
  agreement_id: string
  /** For the buyer, or for the cloud's record. */
  words: string | null
} & (
  | { kind: 'cancellation'; reason: string }
  /** A charge of a variable payment term, which the buyer has to approve. */
  | { kind: 'payment'; name: string; amount: Money }
  /** Money back out of one invoice. */
  | { kind: 'refund'; invoice_id: string; amount: Money; reason: string }
)

/** One of the cloud's reason codes, and what it means. */
export type RequestReason = { code: string; title: string }

/** What buyers were billed under an agreement, one line per invoice. Amounts are before tax. */
export type Invoice = {
  invoice_id: string
  kind: 'invoice' | 'credit_memo'
  amount: Decimal
  /** How much of it can still be given back; null where the cloud does not say. */
  refundable: Decimal | null
  currency: string
  /** The billed month, YYYY-MM. */
  month: string | null
  issued_at: Date | null
  issuer: string | null
}

/**
 * A request ends `succeeded` when it was granted. One that was not ends `failed`, with the problem `declined` where a
 * person said no, `withdrawn` where it was taken back, and the cloud's own code where the cloud refused it.
 */
export const DECLINED = 'declined'
export const WITHDRAWN = 'withdrawn'

export type Requests = {
  /** The reasons the cloud takes; a payment needs none. */
  reasons: Readonly<Record<Exclude<RequestKind, 'payment'>, readonly RequestReason[]>>
  /** Without an answer of the buyer a cancellation counts as granted after this many days; null: never. */
  cancellation_granted_after_days: number | null
  send(connection: Connection, request: AgreementRequest, key: string): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  /** Takes back what nobody has decided yet; refunds cannot be taken back. */
  withdraw(connection: Connection, reference: string, words: string, key: string): Promise<Change>
  /** Newest first. */
  invoices(connection: Connection, agreement_id: string): Promise<Invoice[]>
  resolution: Resolution
}
