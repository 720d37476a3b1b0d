import { z } from 'zod'
import type { Decimal } from '../core/decimal.ts'
import { type Slice, stated } from '../core/order.ts'
import { fromNumeric, numericColumn, type Scope } from '../store/index.ts'
import {
  type HourState,
  hourStates,
  type MeterKey,
  meterText,
  type RecordState,
  recordStates,
  type UsageRecord,
} from './model.ts'
import { fromRecordRow } from './store-records.ts'

export type HourFilter = {
  agreement_id?: string | undefined
  dimension?: string | undefined
  state?: HourState | undefined
  /** Only hours of which something will not be billed. */
  lost?: boolean | undefined
  from?: Date | undefined
  until?: Date | undefined
}
/** The last hour of the page before. */
export type HourCursor = { hour: string; agreement_id: string; dimension: string }

const hourRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  state: z.enum(hourStates),
  events: z.number().int(),
  used: numericColumn,
  drawn: numericColumn,
  sent: numericColumn,
  carried_in: numericColumn,
  carried_out: numericColumn,
  lost: numericColumn,
  late: numericColumn,
  accepted: numericColumn,
  refused: numericColumn,
  deadline_at: z.date(),
  closed_at: z.date().nullable(),
  tagged: z.boolean(),
})
export type ReadHour = z.infer<typeof hourRow>

/** Usage hours, newest first; one more than asked, so that the caller sees whether there is a next page. */
export async function readHours(
  scope: Scope,
  filter: HourFilter,
  limit: number,
  after: HourCursor | undefined,
): Promise<ReadHour[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    WITH shown AS (
      SELECT * FROM usage_hour
      WHERE organisation_id = ${organisation_id}
        AND (${filter.agreement_id ?? null}::text IS NULL OR agreement_id = ${filter.agreement_id ?? null}::text)
        AND (${filter.dimension ?? null}::text IS NULL OR dimension = ${filter.dimension ?? null}::text)
        AND (${filter.from ?? null}::timestamptz IS NULL OR hour >= ${filter.from ?? null}::timestamptz)
        AND (${filter.state ?? null}::text IS NULL OR state = ${filter.state ?? null}::text)
        AND (${filter.lost !== true} OR lost <> 0)
        AND (${filter.until ?? null}::timestamptz IS NULL OR hour < ${filter.until ?? null}::timestamptz)
        AND (${after?.hour ?? null}::text IS NULL OR (hour, agreement_id, dimension)
             < (${after?.hour ?? null}::timestamptz, ${after?.agreement_id ?? null}::text, ${after?.dimension ?? null}::text))
      ORDER BY hour DESC, agreement_id DESC, dimension DESC LIMIT ${limit + 1}
    )
    SELECT agreement_id, dimension, hour, state, events, used, drawn, sent, carried_in, carried_out, lost, late,
           deadline_at, closed_at, tagged, COALESCE(records.accepted, 0) AS accepted, COALESCE(records.refused, 0) AS refused
    FROM shown LEFT JOIN LATERAL (
      SELECT sum(r.quantity) FILTER (WHERE r.state = 'accepted') AS accepted,
             sum(r.quantity) FILTER (WHERE r.state IN ('refused', 'expired', 'written_off')) AS refused
      FROM usage_record r
      WHERE r.organisation_id = shown.organisation_id AND r.agreement_id = shown.agreement_id
        AND r.dimension = shown.dimension AND r.hour = shown.hour
    ) AS records ON true
    ORDER BY hour DESC, agreement_id DESC, dimension DESC`
  return z.array(hourRow).parse(rows)
}

/** What records can be ordered by. */
export const recordOrders = {
  created_at: { column: 'id', holds: 'text' },
  hour: { column: 'hour', holds: 'time' },
  deadline_at: { column: 'deadline_at', holds: 'time' },
} as const

export type RecordFilter = {
  agreement_id?: string | undefined
  dimension?: string | undefined
  state?: RecordState | undefined
  /** The hour that the cloud was told. */
  hour?: Date | undefined
  operation_id?: string | undefined
}

/** A page of records in the order of the slice. */
export async function readRecords(scope: Scope, filter: RecordFilter, slice: Slice): Promise<UsageRecord[]> {
  const rows = await scope.tx.usage_record.findMany({
    where: { organisation_id: scope.organisation_id, ...stated(filter), ...slice.where },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRecordRow)
}

const riskRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  state: z.enum(['open', ...recordStates]),
  record_id: z.string().nullable(),
  quantity: numericColumn,
  reason: z.string().nullable(),
  deadline_at: z.date(),
})
export type ReadRisk = z.infer<typeof riskRow>

/** Usage that no cloud has accepted yet, of one agreement or of all, what is lost soonest first. */
export async function readAtRisk(
  scope: Scope,
  limit: number,
  agreement_id: string | undefined,
): Promise<ReadRisk[]> {
  const { organisation_id, tx } = scope
  const wanted = agreement_id ?? null
  const rows = await tx.$queryRaw`
    SELECT agreement_id, dimension, hour, 'open' AS state, NULL::text AS record_id, used AS quantity,
           NULL::text AS reason, deadline_at
    FROM usage_hour WHERE organisation_id = ${organisation_id} AND state = 'open' AND used <> 0
      AND (${wanted}::text IS NULL OR agreement_id = ${wanted}::text)
    UNION ALL
    SELECT agreement_id, dimension, hour, state, id, quantity, reason, deadline_at
    FROM usage_record WHERE organisation_id = ${organisation_id} AND state IN ('pending', 'sending')
      AND (${wanted}::text IS NULL OR agreement_id = ${wanted}::text)
    ORDER BY deadline_at, agreement_id, dimension, hour LIMIT ${limit}`
  return z.array(riskRow).parse(rows)
}

const summaryRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  carry: numericColumn,
  used: numericColumn,
  drawn: numericColumn,
  sent: numericColumn,
  lost: numericColumn,
  open_used: numericColumn,
  carried: numericColumn,
  accepted: numericColumn,
  refused: numericColumn,
  waiting: numericColumn,
})
export type SummaryRow = z.infer<typeof summaryRow>

/** Every meter recomputed from its hours and records. */
export async function readSummary(scope: Scope, agreement_id: string | undefined): Promise<SummaryRow[]> {
  const { organisation_id, tx } = scope
  const wanted = agreement_id ?? null
  const rows = await tx.$queryRaw`
    WITH hours AS (
      SELECT agreement_id, dimension, sum(used) AS used, sum(drawn) AS drawn, sum(sent) AS sent, sum(lost) AS lost,
             sum(used) FILTER (WHERE state = 'open') AS open_used, sum(carried_out - carried_in) AS carried
      FROM usage_hour
      WHERE organisation_id = ${organisation_id} AND (${wanted}::text IS NULL OR agreement_id = ${wanted}::text)
      GROUP BY agreement_id, dimension
    ), records AS (
      SELECT agreement_id, dimension, sum(quantity) FILTER (WHERE state = 'accepted') AS accepted,
             sum(quantity) FILTER (WHERE state IN ('refused', 'expired', 'written_off')) AS refused,
             sum(quantity) FILTER (WHERE state IN ('pending', 'sending')) AS waiting
      FROM usage_record
      WHERE organisation_id = ${organisation_id} AND (${wanted}::text IS NULL OR agreement_id = ${wanted}::text)
      GROUP BY agreement_id, dimension
    )
    SELECT m.agreement_id, m.dimension, m.carry, COALESCE(h.used, 0) AS used, COALESCE(h.drawn, 0) AS drawn,
           COALESCE(h.sent, 0) AS sent, COALESCE(h.lost, 0) AS lost, COALESCE(h.open_used, 0) AS open_used,
           COALESCE(h.carried, 0) AS carried, COALESCE(r.accepted, 0) AS accepted, COALESCE(r.refused, 0) AS refused,
           COALESCE(r.waiting, 0) AS waiting
    FROM usage_meter m
    LEFT JOIN hours h ON h.agreement_id = m.agreement_id AND h.dimension = m.dimension
    LEFT JOIN records r ON r.agreement_id = m.agreement_id AND r.dimension = m.dimension
    WHERE m.organisation_id = ${organisation_id} AND (${wanted}::text IS NULL OR m.agreement_id = ${wanted}::text)
    ORDER BY m.agreement_id, m.dimension`
  return z.array(summaryRow).parse(rows)
}

/** What the clouds' own reports say was used, by the cloud's agreement id and dimension. */
export async function readReadings(
  scope: Scope,
  cloud_agreement_ids: readonly string[],
): Promise<Map<string, Decimal>> {
  const rows = await scope.tx.usage_reading.groupBy({
    by: ['cloud_agreement_id', 'dimension'],
    where: {
      organisation_id: scope.organisation_id,
      cloud_agreement_id: { in: [...cloud_agreement_ids] },
    },
    _sum: { quantity: true },
  })
  return new Map(
    rows.flatMap(({ cloud_agreement_id, dimension, _sum }) =>
      _sum.quantity === null
        ? []
        : [[meterText({ agreement_id: cloud_agreement_id, dimension }), fromNumeric(_sum.quantity)]],
    ),
  )
}

/** What the cloud accepted for hours of a span, by dimension. */
export async function sumAccepted(
  scope: Scope,
  agreement_id: string,
  from: Date,
  until: Date,
): Promise<(Pick<MeterKey, 'dimension'> & { quantity: Decimal })[]> {
  const rows = await scope.tx.usage_record.groupBy({
    by: ['dimension'],
    where: {
      organisation_id: scope.organisation_id,
      agreement_id,
      state: 'accepted',
      hour: { gte: from, lt: until },
    },
    _sum: { quantity: true },
    orderBy: { dimension: 'asc' },
  })
  return rows.flatMap(({ dimension, _sum }) =>
    _sum.quantity === null ? [] : [{ dimension, quantity: fromNumeric(_sum.quantity) }],
  )
}

const dayRow = z.object({ dimension: z.string(), on: z.string(), quantity: numericColumn })

export async function sumAcceptedByDay(
  scope: Scope,
  agreement_id: string,
  { from, until, time_zone }: { from: Date; until: Date; time_zone: string },
): Promise<z.infer<typeof dayRow>[]> {
  return z.array(dayRow).parse(
    await scope.tx.$queryRaw`
      SELECT dimension, to_char(hour AT TIME ZONE ${time_zone}, 'YYYY-MM-DD') AS "on", sum(quantity) AS quantity
      FROM usage_record
      WHERE organisation_id = ${scope.organisation_id} AND agreement_id = ${agreement_id} AND state = 'accepted'
        AND hour >= ${from} AND hour < ${until}
      GROUP BY 1, 2 ORDER BY 1, 2`,
  )
}
