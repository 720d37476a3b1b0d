// How usage divides by tags: shares of hours, and what of a meter's carry each set of tags holds.
import { z } from 'zod'
import { type Decimal, formatDecimal } from '../core/decimal.ts'
import { numericColumn, type Scope } from '../store/index.ts'
import { UNIQUE_ATTRIBUTE } from './event.ts'
import { type MeterKey, meterText } from './model.ts'
import type { BucketMove } from './split.ts'
import { type HourKey, hourText } from './store-hours.ts'

const shareRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  tags: z.string(),
  measured: numericColumn,
  used: numericColumn,
})
export type Share = z.infer<typeof shareRow>

/** How these hours divide: what of each was used under which tags. */
export async function findShares(scope: Scope, hours: readonly HourKey[]): Promise<Map<string, Share[]>> {
  if (hours.length === 0) return new Map()
  const rows = await scope.tx.$queryRaw`
    SELECT agreement_id, dimension, hour, tags, measured, used FROM usage_share
    WHERE organisation_id = ${scope.organisation_id} AND (agreement_id, dimension, hour) IN (
      SELECT agreement_id, dimension, hour::timestamptz FROM unnest(
        ${hours.map(({ agreement_id }) => agreement_id)}::text[], ${hours.map(({ dimension }) => dimension)}::text[],
        ${hours.map(({ hour }) => hour.toISOString())}::text[]) AS asked (agreement_id, dimension, hour))
    ORDER BY agreement_id, dimension, hour, tags`
  return Map.groupBy(z.array(shareRow).parse(rows), hourText)
}

export async function writeShares(scope: Scope, shares: readonly Share[]): Promise<void> {
  if (shares.length === 0) return
  await scope.tx.$executeRaw`
    INSERT INTO usage_share (organisation_id, agreement_id, dimension, hour, tags, measured, used)
    SELECT ${scope.organisation_id}, agreement_id, dimension, hour::timestamptz, tags, measured::numeric, used::numeric
    FROM unnest(
      ${shares.map(({ agreement_id }) => agreement_id)}::text[], ${shares.map(({ dimension }) => dimension)}::text[],
      ${shares.map(({ hour }) => hour.toISOString())}::text[], ${shares.map(({ tags }) => tags)}::text[],
      ${shares.map(({ measured }) => formatDecimal(measured))}::text[],
      ${shares.map(({ used }) => formatDecimal(used))}::text[]
    ) AS counted (agreement_id, dimension, hour, tags, measured, used)
    ORDER BY agreement_id, dimension, hour, tags
    ON CONFLICT (organisation_id, agreement_id, dimension, hour, tags) DO UPDATE SET
      measured = EXCLUDED.measured, used = EXCLUDED.used`
}

const firstRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  tags: z.string(),
  value: numericColumn,
})

/** Of the different values in whole hours, how many came first with which tags. */
export async function firstSeen(
  { organisation_id, tx }: Scope,
  hours: readonly HourKey[],
): Promise<Map<string, z.infer<typeof firstRow>[]>> {
  if (hours.length === 0) return new Map()
  const rows = await tx.$queryRaw`
    SELECT agreement_id, dimension, hour, tags, count(*) AS value FROM (
      SELECT DISTINCT ON (agreement_id, dimension, hour, value) agreement_id, dimension, hour, tags
      FROM (
        SELECT e.agreement_id, e.dimension, e.hour, e.tags, e.occurred_at, e.sequence,
               e.attributes ->> ${UNIQUE_ATTRIBUTE} AS value
        FROM unnest(
          ${hours.map(({ agreement_id }) => agreement_id)}::text[],
          ${hours.map(({ dimension }) => dimension)}::text[],
          ${hours.map(({ hour }) => hour.toISOString())}::text[]) AS asked (agreement_id, dimension, hour)
        JOIN usage_event e ON e.organisation_id = ${organisation_id} AND e.agreement_id = asked.agreement_id
          AND e.dimension = asked.dimension AND e.hour = asked.hour::timestamptz AND e.rolled_up
      ) AS seen
      ORDER BY agreement_id, dimension, hour, value, occurred_at, sequence
    ) AS first
    WHERE tags IS NOT NULL GROUP BY agreement_id, dimension, hour, tags`
  return Map.groupBy(z.array(firstRow).parse(rows), hourText)
}

const bucketRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  tags: z.string(),
  carry: numericColumn,
})

/** What of these meters' carry belongs to which tags. Whoever changes it holds the meter's lock. */
export async function findBuckets(
  scope: Scope,
  meters: readonly MeterKey[],
): Promise<Map<string, ReadonlyMap<string, Decimal>>> {
  if (meters.length === 0) return new Map()
  const rows = await scope.tx.$queryRaw`
    SELECT agreement_id, dimension, tags, carry FROM usage_bucket
    WHERE organisation_id = ${scope.organisation_id} AND carry <> 0 AND (agreement_id, dimension) IN (
      SELECT * FROM unnest(
        ${meters.map(({ agreement_id }) => agreement_id)}::text[],
        ${meters.map(({ dimension }) => dimension)}::text[]))`
  const found = Map.groupBy(z.array(bucketRow).parse(rows), meterText)
  return new Map(
    meters.map((meter): [string, ReadonlyMap<string, Decimal>] => [
      meterText(meter),
      new Map((found.get(meterText(meter)) ?? []).map(({ tags, carry }) => [tags, carry])),
    ]),
  )
}

/** Adds to the columns of sets of tags; each set stands in the list once per meter. */
export async function moveBuckets(scope: Scope, moves: readonly (MeterKey & BucketMove)[]): Promise<void> {
  if (moves.length === 0) return
  const text = (pick: (move: BucketMove) => Decimal) => moves.map((move) => formatDecimal(pick(move)))
  await scope.tx.$executeRaw`
    INSERT INTO usage_bucket AS kept (organisation_id, agreement_id, dimension, tags, carry, drawn, lost, untold)
    SELECT ${scope.organisation_id}, agreement_id, dimension, tags, carry::numeric, drawn::numeric, lost::numeric,
           untold::numeric
    FROM unnest(
      ${moves.map(({ agreement_id }) => agreement_id)}::text[], ${moves.map(({ dimension }) => dimension)}::text[],
      ${moves.map(({ tags }) => tags)}::text[], ${text(({ carry }) => carry)}::text[],
      ${text(({ drawn }) => drawn)}::text[], ${text(({ lost }) => lost)}::text[],
      ${text(({ untold }) => untold)}::text[]
    ) AS moved (agreement_id, dimension, tags, carry, drawn, lost, untold)
    ORDER BY agreement_id, dimension, tags
    ON CONFLICT (organisation_id, agreement_id, dimension, tags) DO UPDATE SET
      carry = kept.carry + EXCLUDED.carry, drawn = kept.drawn + EXCLUDED.drawn, lost = kept.lost + EXCLUDED.lost,
      untold = kept.untold + EXCLUDED.untold`
}
