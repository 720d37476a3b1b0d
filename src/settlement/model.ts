import type { LineKind, LineStage, StatementLine } from '../../connectors/connector.ts'
import type { Asset } from '../core/money.ts'

/**
 * received → importing (read once without a fault, lines are being written) → imported
 *          → refused (a row breaks the format: nothing of it counts) → received (retried by hand)
 *          → ignored (not a format we read)
 */
export const statementStates = ['received', 'importing', 'imported', 'refused', 'ignored'] as const
export type StatementState = (typeof statementStates)[number]

/** A line in any statement: a cloud's, or one of a bank account. */
export type AnyLineKind = LineKind | 'bank'
export type AnyLineStage = LineStage | 'banked'
export type ReadLine = Omit<StatementLine, 'kind' | 'stage'> & { kind: AnyLineKind; stage: AnyLineStage }

export const lineKinds = [
  'sale',
  'wholesale_cost',
  'reseller_discount',
  'credit_used',
  'listing_fee',
  'tax',
  'tax_withheld',
  'tax_remitted_by_cloud',
  'refund',
  'withheld',
  'balance_adjustment',
  'disbursement',
  'disbursement_failure',
  'unknown',
  'bank',
] as const satisfies readonly AnyLineKind[]
export const lineStages = [
  'invoiced',
  'collected',
  'disbursed',
  'forgiven',
  'unknown',
  'banked',
] as const satisfies readonly AnyLineStage[]

/**
 * staged: its file is still being read. new: not looked at. waiting: its agreement or its parent is not known yet.
 * explained, exception: booked, with or without a difference nobody can name. not_counted: kept, never booked.
 */
export const lineStates = ['staged', 'new', 'waiting', 'explained', 'exception', 'not_counted'] as const
export type LineState = (typeof lineStates)[number]

/** A line as it is stored. `minor` is the amount in whole minor units: where money begins. */
export type Line = {
  id: string
  statement_id: string
  connection_id: string | null
  source: string
  key: string
  version: string
  current: boolean
  deleted: boolean
  kind: AnyLineKind
  stage: AnyLineStage
  currency: string
  asset: Asset
  minor: bigint
  cloud_agreement_id: string | null
  plan: string | null
  dimension: string | null
  invoice_id: string | null
  parent_key: string | null
  disbursement_key: string | null
  /** What a disbursed line came to where it was paid in another currency; null where it was paid in its own. */
  paid_asset: Asset | null
  paid_minor: bigint | null
  bank_reference: string | null
  occurred_at: Date
  period_starts_on: string | null
  period_ends_on: string | null
  counts: boolean
  state: LineState
  agreement_id: string | null
}

/** Every name a difference can have. The sum of named differences is expected minus received, to the cent. */
export const causeNames = [
  'fee_tier',
  'channel_uplift',
  'renewal_rate',
  'reseller_discount',
  'credit',
  'tax',
  'withheld',
  'refund',
  'exchange',
  'timing',
  'missing_usage',
  'duplicate',
  'rounding',
  'unknown',
] as const
export type CauseName = (typeof causeNames)[number]

/** One named part of a difference: signed like expected − received, in minor units, with its arithmetic. */
export type Cause = {
  cause: CauseName
  amount: bigint
  sentence: string
  arithmetic: Readonly<Record<string, string>>
}

export const expectationKinds = ['instalment', 'usage', 'wholesale', 'fee'] as const
export type ExpectationKind = (typeof expectationKinds)[number]

/** What we expect a cloud to invoice, signed from our side: sales positive, fees and wholesale cost negative. */
export type Expectation = {
  id: string
  key: string
  agreement_id: string
  kind: ExpectationKind
  dimension: string | null
  /** The sale a fee is charged on. */
  sale_key: string | null
  due_on: string
  period_starts_on: string
  period_ends_on: string
  amount: bigint
  asset: Asset
  arithmetic: Readonly<Record<string, string>>
}

/** The largest file taken, in bytes, and the most lines written in one statement of SQL. */
export const UPLOAD_BYTES_MAX = 64 * 1024 * 1024
export const CHUNK_LINES = 1000
/** The version of a file brought by hand: nobody promised that it ends with a line end. */
export const UPLOADED = 'upload'
