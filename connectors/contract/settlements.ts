// What a cloud says happened with the money.
import type { Decimal, Rounding } from '../../src/core/decimal.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type { Connection, Pulled } from './common.ts'
import type { Description } from './descriptions.ts'

/** A file the cloud wrote for this account. `version` changes when its content does. */
export type StatementFile = { name: string; version: string; bytes: number; changed_at: Date }
/**
 * What a line of a statement is about. `unknown` is kept, shown and never guessed.
 * reseller_discount: what a reseller keeps of a sale that the cloud shows to the manufacturer whole.
 * credit_used: usage that the buyer had paid for in advance, or was given. Both name their sale as their parent.
 * withheld: kept back because the buyer does not pay; what is released has the other sign.
 * tax: to be passed on by us. tax_withheld: taken of our own money. tax_remitted_by_cloud: none of ours.
 */
export type LineKind =
  | 'sale'
  | 'wholesale_cost'
  | 'reseller_discount'
  | 'credit_used'
  | 'listing_fee'
  | 'tax'
  | 'tax_withheld'
  | 'tax_remitted_by_cloud'
  | 'refund'
  | 'withheld'
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
  /** The plan that was sold, where the cloud makes one for a private offer: a seller who sees no order knows it by this. */
  plan?: string | null
  dimension: string | null
  invoice_id: string | null
  /** The line this one collects, pays out, takes back or is a part of. */
  parent_key: string | null
  /** The pay-out this line went into, by the key of its disbursement line. */
  disbursement_key: string | null
  /** On a disbursed line: what it came to in the currency it was paid in, where that is another. Signed like `amount`. */
  paid?: { amount: Decimal; currency: string } | null
  bank_reference: string | null
  /** The sale this line is about, as the cloud's reports name it too. */
  reference?: string | null
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
  /** Set where a file tells only what was learned since the last one: parts with different names add up. */
  part?: string
  raw: Readonly<Record<string, string>>
}
/** What a report says of one sale in all: never booked, but held against the lines of that sale. */
export type TotalLine = {
  agreement_id: string
  reference: string
  currency: string
  /** Everything of the sale that is the account's: less fees and costs, with what was given back. */
  invoiced: Decimal
  /** null: the report does not say. */
  collected: Decimal | null
  disbursed: Decimal
}
export type StatementItem = (
  | { is: 'line'; line: StatementLine }
  | { is: 'usage'; usage: UsageLine }
  | { is: 'total'; total: TotalLine }
  | { is: 'description'; description: Description }
) & {
  /** The account the row was written for, by the cloud's own name: one file and one connection know one. */
  owner?: string | null
}
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
/** How a cloud settles, as data. Every rule names its source in the connector. */
export type SettlementRules = {
  /**
   * What a reseller gets of its sale. gross_and_cost: all of it, and is then charged what it owes the manufacturer.
   * margin: what lies above the manufacturer's part, which the cloud pays itself. nothing: it bills the buyer.
   */
  resale_pays: 'gross_and_cost' | 'margin' | 'nothing'
  /** How a month's usage becomes the smallest unit of money. */
  usage_rounding: Rounding
  /** Where months begin, as the time zone database names it. */
  time_zone: string
  /** Usage of a month may still be taken this long after the month ended there. */
  usage_taken_ms: number
  /** The cloud's own count of a month is complete this long after the month ended there; null: it gives none. */
  usage_counted_ms: number | null
  /** How bank statements name the payer. Pay-outs without a reference are known by it, their amount and their day. */
  payer: string
}
/** The cloud's own names of dimensions, each with ours. */
export type DimensionNames = Readonly<Record<string, string>>
/** Whose file it is, and what its names mean: not everything stands in the rows. */
export type FileOwner = { account_id: string; dimensions: DimensionNames }
export type Settlements = {
  rules: SettlementRules
  /** Files written or rewritten since the cursor. */
  pull(connection: Connection, cursor: string | null): Promise<Pulled<StatementFile>>
  fetchFile(connection: Connection, name: string): Promise<ReadableStream<Uint8Array>>
  /** Which of our formats a file is, by its name and first row; null: not one of this cloud's. */
  recognise(name: string, header: readonly string[]): string | null
  /**
   * Reads a whole file as a stream; its first row is the header. Throws StatementError at the first row that breaks the
   * format.
   */
  parse(
    format: string,
    rows: AsyncIterable<readonly string[]>,
    owner?: FileOwner,
  ): AsyncIterable<StatementItem>
  /** What this cloud's files call our dimensions, where that is something else; empty where it may not be read. */
  dimensions?(connection: Connection): Promise<DimensionNames>
  /** Formats that are recognised but hold nothing for the books, each with the reason. */
  skipped?: Readonly<Record<string, string>>
}
