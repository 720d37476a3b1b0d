// What a cloud says happened with the money.
import type { Decimal } from '../../src/core/decimal.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type { Connection, Pulled } from './common.ts'

/** A file the cloud wrote for this account. `version` changes when its content does. */
export type StatementFile = { name: string; version: string; bytes: number; changed_at: Date }
/** What a line of a statement is about. `unknown` is kept, shown and never guessed. */
export type LineKind =
  | 'sale'
  | 'wholesale_cost'
  | 'listing_fee'
  | 'tax'
  | 'tax_remitted_by_cloud'
  | 'refund'
  | 'balance_adjustment'
  | 'disbursement'
  | 'disbursement_failure'
  | 'unknown'
export type LineStage = 'invoiced' | 'collected' | 'disbursed' | 'forgiven' | 'unknown'
/** One normalised line. Amounts are signed from this account's side: positive is owed to or paid to it. */
export type StatementLine = {
  /** The cloud's own key of the line; a restated line has the same key and a later version. */
  key: string
  version: string
  deleted: boolean
  kind: LineKind
  stage: LineStage
  amount: Decimal
  currency: string
  agreement_id: string | null
  offer_id: string | null
  product_id: string | null
  dimension: string | null
  invoice_id: string | null
  /** The line this one collects, pays out or takes back. */
  parent_key: string | null
  /** The pay-out this line went into, by the key of its disbursement line. */
  disbursement_key: string | null
  bank_reference: string | null
  occurred_at: Date
  period_starts_on: LocalDate | null
  period_ends_on: LocalDate | null
  counts: boolean
  raw: Readonly<Record<string, string>>
}
/** What the cloud itself says was used, for comparison with what was sent. */
export type UsageLine = {
  agreement_id: string
  dimension: string
  on: LocalDate
  quantity: Decimal
  raw: Readonly<Record<string, string>>
}
export type StatementItem = { is: 'line'; line: StatementLine } | { is: 'usage'; usage: UsageLine }
/** Why a file cannot be read: which row, which column, and what to do. */
export type StatementProblem = { row: number | null; column: string | null; rule: string; fix: string }
export class StatementError extends Error {
  readonly problem: StatementProblem
  constructor(problem: StatementProblem) {
    super(
      `${problem.row === null ? '' : `row ${problem.row}: `}${problem.column === null ? '' : `${problem.column}: `}${problem.rule}. ${problem.fix}`,
    )
    this.name = 'StatementError'
    this.problem = problem
  }
}
export type Settlements = {
  /** Files written or rewritten since the cursor. */
  pull(connection: Connection, cursor: string | null): Promise<Pulled<StatementFile>>
  fetchFile(connection: Connection, name: string): Promise<ReadableStream<Uint8Array>>
  /** Which of our formats a file is, by its name and first row; null: not one of this cloud's. */
  recognise(name: string, header: readonly string[]): string | null
  /**
   * Reads a whole file as a stream; its first row is the header. Throws StatementError at the first row that breaks the
   * format.
   */
  parse(format: string, rows: AsyncIterable<readonly string[]>): AsyncIterable<StatementItem>
  /** Formats that are recognised but hold nothing for the books, each with the reason. */
  skipped?: Readonly<Record<string, string>>
}
