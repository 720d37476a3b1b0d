// Usage: a cloud's rules as data, and one request of records.
import type { Decimal } from '../../src/core/decimal.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type { Connection, Evidence, Resolution } from './common.ts'

/** A cloud's metering rules, as data. Durations are milliseconds. Every rule names its source in the connector. */
export type MeteringRules = {
  /** "one_per_hour": one record per agreement, dimension and hour; "additive": several reports add up. */
  grain: 'one_per_hour' | 'additive'
  batch_max: number
  batch_bytes_max: number
  /** One request may hold records of one product only. */
  one_product_per_request: boolean
  requests_per_second: number
  burst: number
  /** A record for an hour must arrive within this long after the hour began. */
  window_ms: number
  /** Usage of a month is taken until this long into the next one (UTC); null: no cut-off. */
  month_cutoff_ms: number | null
  /** What held for these two before, oldest first, each until the day (UTC) on which the next began. */
  earlier?: readonly { until: LocalDate; window_ms: number; month_cutoff_ms: number | null }[]
  quantity: 'whole' | 'fractional'
  zero_allowed: boolean
  /** Who draws included and prepaid quantities before overage is charged. */
  draws_included: 'seller' | 'cloud'
  /** After an agreement ended, earlier hours are still taken for this long. */
  after_end_ms: number
  read_back: boolean
  /** What a record must carry: the licence (or product code) the cloud told us, or just the agreement's own id. */
  named_by: 'license' | 'agreement'
  /** How finely a record may be split by tags; absent: the cloud takes no split. */
  allocations?: AllocationRules
  unknown_outcome: Resolution
}
export type AllocationRules = {
  /** Parts of one record, the one without tags among them. */
  max: number
  /** What a part takes of a request, and what each of its tags takes beside its own text. */
  bytes: number
  tag_bytes: number
}
/** A part of a record: what of it was used under a set of tags. Without tags: the rest. */
export type Allocation = { tags: Readonly<Record<string, string>>; quantity: Decimal }
export type MeterRecord = {
  /** Our id; the answer is matched by it. */
  id: string
  product_id: string
  product_code: string | null
  license: string | null
  /** The cloud's id of the agreement, and the plan it is on where the cloud has plans. */
  agreement_id: string
  plan: string | null
  buyer_account_id: string
  dimension: string
  hour: Date
  /** Where the agreement ended inside the hour: a cloud that looks at the end of a record takes none beyond it. */
  until?: Date | null
  quantity: Decimal
  /** How the quantity divides, each set of tags once; null: nothing of it has tags, or the cloud takes no split. */
  allocations?: readonly Allocation[] | null
}
export type MeterAnswer =
  | { id: string; status: 'accepted'; cloud_record_id: string; duplicate: boolean }
  /** about: the cloud does not take usage of this dimension as its listing stands there, and would once it is mended. */
  | { id: string; status: 'refused'; code: string; message: string; about?: 'dimension' }
  /** The cloud did not look at it: send it again. */
  | { id: string; status: 'unprocessed' }
export type MeterReport = { answers: MeterAnswer[]; evidence: Evidence }
export type Metering = {
  rules: MeteringRules
  /**
   * One request. All records share product and connection; the caller keeps to the rules. A record without an answer is
   * one of which the cloud said nothing: it may have it.
   */
  report(connection: Connection, records: readonly MeterRecord[]): Promise<MeterReport>
}
