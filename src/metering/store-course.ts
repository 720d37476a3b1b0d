import { z } from 'zod'
import {
  DAY_MS,
  type LocalDate,
  type Month,
  nextMonth,
  plus,
  startOfDate,
  startOfMonth,
} from '../core/time.ts'
import { numericColumn, type Scope } from '../store/index.ts'
import type { MeterKey } from './model.ts'

const pointRow = z.object({
  at: z.date(),
  used: numericColumn,
  drawn: numericColumn,
  sent: numericColumn,
  accepted: numericColumn,
  refused: numericColumn,
  lost: numericColumn,
})
/** One meter in one hour or on one day. */
export type Point = z.infer<typeof pointRow>

/** The hours of a day, or the days of a month. */
export type Course = { by: 'hour' | 'day'; from: Date; until: Date }

export function courseOf(of: LocalDate | Month): Course {
  if (of.length > 'YYYY-MM'.length) {
    const from = startOfDate(of)
    return { by: 'hour', from, until: plus(from, DAY_MS) }
  }
  return { by: 'day', from: startOfMonth(of), until: startOfMonth(nextMonth(of)) }
}

/** One meter's usage over a day or a month, every hour or day of it in order, those without usage too. */
export async function readCourse(
  { organisation_id, tx }: Scope,
  { agreement_id, dimension }: MeterKey,
  { by, from, until }: Course,
): Promise<Point[]> {
  const step = by === 'hour' ? '1 hour' : '1 day'
  // Both kinds of step have the same length everywhere in UTC, in which the session's zone has no say.
  const rows = await tx.$queryRaw`
    WITH points AS (
      SELECT generate_series(${from}::timestamptz AT TIME ZONE 'UTC',
                             ${until}::timestamptz AT TIME ZONE 'UTC' - interval '1 second', ${step}::interval) AS at
    ), hours AS (
      SELECT date_trunc(${by}, hour AT TIME ZONE 'UTC') AS at, sum(used) AS used, sum(drawn) AS drawn,
             sum(sent) AS sent, sum(lost) AS lost
      FROM usage_hour
      WHERE organisation_id = ${organisation_id} AND agreement_id = ${agreement_id} AND dimension = ${dimension}
        AND hour >= ${from} AND hour < ${until}
      GROUP BY 1
    ), records AS (
      SELECT date_trunc(${by}, hour AT TIME ZONE 'UTC') AS at,
             sum(quantity) FILTER (WHERE state = 'accepted') AS accepted,
             sum(quantity) FILTER (WHERE state IN ('refused', 'expired', 'written_off')) AS refused
      FROM usage_record
      WHERE organisation_id = ${organisation_id} AND agreement_id = ${agreement_id} AND dimension = ${dimension}
        AND hour >= ${from} AND hour < ${until}
      GROUP BY 1
    )
    SELECT points.at AT TIME ZONE 'UTC' AS at, COALESCE(used, 0) AS used, COALESCE(drawn, 0) AS drawn,
           COALESCE(sent, 0) AS sent, COALESCE(accepted, 0) AS accepted, COALESCE(refused, 0) AS refused,
           COALESCE(lost, 0) AS lost
    FROM points LEFT JOIN hours ON hours.at = points.at LEFT JOIN records ON records.at = points.at
    ORDER BY points.at`
  return z.array(pointRow).parse(rows)
}
