import type { Money } from '../core/money.ts'

/** What needs a person: the closed list of kinds. A kind and a subject together are one exception. */
export const exceptionKinds = [
  'statement_refused',
  'line_unexplained',
  'line_waiting',
  'disbursement_sum',
  'disbursement_paused',
  'bank_amount',
  'bank_unmatched',
  'usage_difference',
  'report_difference',
  'metering_refused',
  'metering_expired',
  'metering_at_risk',
  'metering_late',
  'listing_drift',
  'other',
] as const
export type ExceptionKind = (typeof exceptionKinds)[number]

/** open → resolved, by itself when the world explains it or by a person with a note. It opens again if it comes back. */
export const exceptionStates = ['open', 'resolved'] as const
export type ExceptionState = (typeof exceptionStates)[number]

export type ExceptionDraft = {
  kind: ExceptionKind
  subject_id: string
  /** What is wrong, as a person would say it. */
  sentence: string
  /** What to do about it. */
  fix: string
  /** How much money it is about. */
  amount?: Money
}

export type ExceptionItem = {
  id: string
  kind: ExceptionKind
  subject_id: string
  sentence: string
  fix: string
  amount: Money | null
  /** The size of the amount as an exact decimal; zero for none. */
  weight: string
  state: ExceptionState
  owner: string | null
  note: string | null
  created_at: Date
  resolved_at: Date | null
}
