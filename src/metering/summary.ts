import * as agreements from '../agreements/index.ts'
import { add, compare, type Decimal, subtract, sum } from '../core/decimal.ts'
import type { LocalDate } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { meterText } from './model.ts'
import { readReadings, readSummary, type SummaryRow, sumAccepted, sumAcceptedByDay } from './store-reads.ts'

/** One agreement's dimension in total: used = drawn + sent + carried + lost. */
export type MeterSummary = {
  agreement_id: string
  dimension: string
  used: Decimal
  drawn: Decimal
  sent: Decimal
  /** What is not decided yet: the carry and the usage of open hours. */
  carried: Decimal
  lost: Decimal
  balanced: boolean
  accepted: Decimal
  refused: Decimal
  pending: Decimal
  /** The cloud's own count, where its reports were imported, and accepted minus that. */
  cloud: Decimal | null
  difference: Decimal | null
}

/** Recomputes every meter of the tenant (or of one agreement) from its hours and records. */
export async function summary(scope: Scope, agreement_id?: string): Promise<MeterSummary[]> {
  const rows = await readSummary(scope, agreement_id)
  const known = await agreements.findMany(scope, [...new Set(rows.map((row) => row.agreement_id))])
  const readings = await readReadings(
    scope,
    [...known.values()].map(({ cloud_agreement_id }) => cloud_agreement_id),
  )
  return rows.map((row) => {
    const cloud_id = known.get(row.agreement_id)?.cloud_agreement_id ?? ''
    const cloud = readings.get(meterText({ agreement_id: cloud_id, dimension: row.dimension })) ?? null
    const { agreement_id, dimension, used, drawn, sent, lost, accepted, refused, waiting } = row
    return {
      agreement_id,
      dimension,
      used,
      drawn,
      sent,
      carried: add(row.carry, row.open_used),
      lost,
      balanced: isBalanced(row),
      accepted,
      refused,
      pending: waiting,
      cloud,
      difference: cloud === null ? null : subtract(accepted, cloud),
    }
  })
}

function isBalanced(row: SummaryRow): boolean {
  const carried = add(row.carry, row.open_used)
  return (
    compare(row.used, sum([row.drawn, row.sent, carried, row.lost])) === 0 &&
    compare(carried, row.carried) === 0 &&
    compare(row.sent, add(row.accepted, row.waiting)) === 0
  )
}

/** What the cloud accepted for the hours of a span (from inclusive, until exclusive), by dimension. */
export async function acceptedUsage(
  scope: Scope,
  agreement_id: string,
  from: Date,
  until: Date,
): Promise<{ dimension: string; quantity: Decimal }[]> {
  return sumAccepted(scope, agreement_id, from, until)
}

/** The same by the days of a time zone. */
export async function acceptedByDay(
  scope: Scope,
  agreement_id: string,
  span: { from: Date; until: Date; time_zone: string },
): Promise<{ dimension: string; on: LocalDate; quantity: Decimal }[]> {
  return sumAcceptedByDay(scope, agreement_id, span)
}
