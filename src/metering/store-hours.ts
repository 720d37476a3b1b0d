import { z } from 'zod'
import { type Decimal, formatDecimal } from '../core/decimal.ts'
import { numericColumn, type Scope } from '../store/index.ts'
import { hourStates, type MeterKey, meterText } from './model.ts'
import type { PlannedHour } from './plan-model.ts'

const meterRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  connection_id: z.string(),
  carry: numericColumn,
  carry_hour: z.date().nullable(),
  next_close_at: z.date().nullable(),
  /** Some of its usage ever had tags. */
  tagged: z.boolean(),
})
/** The running carry of one agreement's dimension. Who changes hours' usage or carry holds its lock. */
export type Meter = z.infer<typeof meterRow>

export type HourKey = MeterKey & { hour: Date }
export function hourText(key: HourKey): string {
  return `${meterText(key)} ${key.hour.toISOString()}`
}

/** Makes meters that are new and locks all of them, always in the same order. */
export async function lockMeters(
  scope: Scope,
  meters: readonly (MeterKey & { connection_id: string })[],
): Promise<Map<string, Meter>> {
  const { organisation_id, tx } = scope
  const agreements = meters.map(({ agreement_id }) => agreement_id)
  const dimensions = meters.map(({ dimension }) => dimension)
  await tx.$executeRaw`
    INSERT INTO usage_meter (organisation_id, agreement_id, dimension, connection_id, carry)
    SELECT ${organisation_id}, agreement_id, dimension, connection_id, 0
    FROM unnest(${agreements}::text[], ${dimensions}::text[], ${meters.map(({ connection_id }) => connection_id)}::text[])
      AS wanted (agreement_id, dimension, connection_id)
    ORDER BY agreement_id, dimension
    ON CONFLICT DO NOTHING`
  const rows = await tx.$queryRaw`
    SELECT agreement_id, dimension, connection_id, carry, carry_hour, next_close_at, tagged
    FROM usage_meter
    WHERE organisation_id = ${organisation_id} AND (agreement_id, dimension) IN (
      SELECT * FROM unnest(${agreements}::text[], ${dimensions}::text[]))
    ORDER BY agreement_id, dimension FOR UPDATE`
  return new Map(
    z
      .array(meterRow)
      .parse(rows)
      .map((row) => [meterText(row), row]),
  )
}

/**
 * Locks meters of a connection that are due, or all of an agreement. Those in other hands are passed over; when all that
 * are due are, one of them is waited for: whoever holds it may not come to its end.
 */
export async function takeDueMeters(
  scope: Scope,
  of: { connection_id: string } | { agreement_id: string; after: string },
  limit: number,
): Promise<Meter[]> {
  const { organisation_id, tx } = scope
  if ('agreement_id' in of) {
    const rows = await tx.$queryRaw`
      SELECT agreement_id, dimension, connection_id, carry, carry_hour, next_close_at, tagged
    FROM usage_meter
      WHERE organisation_id = ${organisation_id} AND agreement_id = ${of.agreement_id} AND dimension > ${of.after}
      ORDER BY dimension LIMIT ${limit} FOR UPDATE`
    return z.array(meterRow).parse(rows)
  }
  const free = await tx.$queryRaw`
    SELECT agreement_id, dimension, connection_id, carry, carry_hour, next_close_at, tagged
    FROM usage_meter
    WHERE organisation_id = ${organisation_id} AND connection_id = ${of.connection_id}
      AND next_close_at <= ${scope.now()}
    ORDER BY next_close_at, agreement_id, dimension LIMIT ${limit} FOR UPDATE SKIP LOCKED`
  const taken = z.array(meterRow).parse(free)
  if (taken.length > 0) return taken
  const held = await tx.$queryRaw`
    SELECT agreement_id, dimension, connection_id, carry, carry_hour, next_close_at, tagged
    FROM usage_meter
    WHERE organisation_id = ${organisation_id} AND connection_id = ${of.connection_id}
      AND next_close_at <= ${scope.now()}
    ORDER BY next_close_at, agreement_id, dimension LIMIT 1 FOR UPDATE`
  return z.array(meterRow).parse(held)
}

/** When the next hour of a connection is to be closed. */
export async function nextCloseAt(scope: Scope, connection_id: string): Promise<Date | null> {
  const { _min } = await scope.tx.usage_meter.aggregate({
    where: { organisation_id: scope.organisation_id, connection_id },
    _min: { next_close_at: true },
  })
  return _min.next_close_at
}

export type MeterChange = Omit<Meter, 'connection_id'>

export async function writeMeters(scope: Scope, meters: readonly MeterChange[]): Promise<void> {
  const time = (instant: Date | null) => instant?.toISOString() ?? null
  await scope.tx.$executeRaw`
    UPDATE usage_meter SET carry = changed.carry::numeric, carry_hour = changed.carry_hour::timestamptz,
      next_close_at = changed.next_close_at::timestamptz, tagged = changed.tagged
    FROM unnest(
      ${meters.map(({ agreement_id }) => agreement_id)}::text[], ${meters.map(({ dimension }) => dimension)}::text[],
      ${meters.map(({ carry }) => formatDecimal(carry))}::text[], ${meters.map(({ carry_hour }) => time(carry_hour))}::text[],
      ${meters.map(({ next_close_at }) => time(next_close_at))}::text[],
      ${meters.map(({ tagged }) => tagged)}::boolean[]
    ) AS changed (agreement_id, dimension, carry, carry_hour, next_close_at, tagged)
    WHERE usage_meter.organisation_id = ${scope.organisation_id}
      AND usage_meter.agreement_id = changed.agreement_id AND usage_meter.dimension = changed.dimension`
}

const countedRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  state: z.enum(hourStates),
  measured: numericColumn,
  used: numericColumn,
  tagged: z.boolean(),
})
export type CountedHour = z.infer<typeof countedRow>

export async function findHours(scope: Scope, keys: readonly HourKey[]): Promise<Map<string, CountedHour>> {
  const rows = await scope.tx.$queryRaw`
    SELECT agreement_id, dimension, hour, state, measured, used, tagged FROM usage_hour
    WHERE organisation_id = ${scope.organisation_id} AND (agreement_id, dimension, hour) IN (
      SELECT agreement_id, dimension, hour::timestamptz FROM unnest(
        ${keys.map(({ agreement_id }) => agreement_id)}::text[], ${keys.map(({ dimension }) => dimension)}::text[],
        ${keys.map(({ hour }) => hour.toISOString())}::text[]) AS asked (agreement_id, dimension, hour))`
  return new Map(
    z
      .array(countedRow)
      .parse(rows)
      .map((row) => [hourText(row), row]),
  )
}

/** What an hour counts now, and by how much that changed what was counted before. */
export type HourCount = HourKey & {
  events: number
  measured: Decimal
  used: Decimal
  added: Decimal
  late: Decimal
  deadline_at: Date
  /** Some of its events have tags. */
  tagged: boolean
}

/** An hour that is new is open, and all of its used is carried out: nothing is decided about it yet. */
export async function writeCounts(scope: Scope, counts: readonly HourCount[]): Promise<void> {
  const text = (pick: (count: HourCount) => Decimal) => counts.map((count) => formatDecimal(pick(count)))
  await scope.tx.$executeRaw`
    INSERT INTO usage_hour (organisation_id, agreement_id, dimension, hour, state, events, measured, used, drawn, sent,
                            carried_in, carried_out, lost, late, late_pending, deadline_at, tagged)
    SELECT ${scope.organisation_id}, agreement_id, dimension, hour::timestamptz, 'open', events, measured::numeric,
           used::numeric, 0, 0, 0, added::numeric, 0, late::numeric, late::numeric, deadline_at::timestamptz,
           tagged
    FROM unnest(
      ${counts.map(({ agreement_id }) => agreement_id)}::text[], ${counts.map(({ dimension }) => dimension)}::text[],
      ${counts.map(({ hour }) => hour.toISOString())}::text[], ${counts.map(({ events }) => events)}::int[],
      ${text(({ measured }) => measured)}::text[], ${text(({ used }) => used)}::text[],
      ${text(({ added }) => added)}::text[], ${text(({ late }) => late)}::text[],
      ${counts.map(({ deadline_at }) => deadline_at.toISOString())}::text[],
      ${counts.map(({ tagged }) => tagged)}::boolean[]
    ) AS counted (agreement_id, dimension, hour, events, measured, used, added, late, deadline_at, tagged)
    ORDER BY agreement_id, dimension, hour
    ON CONFLICT (organisation_id, agreement_id, dimension, hour) DO UPDATE SET
      events = usage_hour.events + EXCLUDED.events, measured = EXCLUDED.measured, used = EXCLUDED.used,
      carried_out = usage_hour.carried_out + EXCLUDED.carried_out, late = usage_hour.late + EXCLUDED.late,
      late_pending = usage_hour.late_pending + EXCLUDED.late_pending, tagged = usage_hour.tagged OR EXCLUDED.tagged`
}

const plannedRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  state: z.enum(hourStates),
  used: numericColumn,
  late_pending: numericColumn,
  tagged: z.boolean(),
})

/** The hours of some meters about which something is to be decided. */
export async function hoursToPlan(
  scope: Scope,
  meters: readonly MeterKey[],
): Promise<Map<string, (PlannedHour & HourKey & { tagged: boolean })[]>> {
  const rows = await scope.tx.$queryRaw`
    SELECT agreement_id, dimension, hour, state, used, late_pending, tagged FROM usage_hour
    WHERE organisation_id = ${scope.organisation_id} AND (state = 'open' OR late_pending <> 0)
      AND (agreement_id, dimension) IN (SELECT * FROM unnest(
        ${meters.map(({ agreement_id }) => agreement_id)}::text[], ${meters.map(({ dimension }) => dimension)}::text[]))`
  return Map.groupBy(z.array(plannedRow).parse(rows), meterText)
}

const sumRow = z.object({ agreement_id: z.string(), dimension: z.string(), drawn: numericColumn })

/** What was drawn from included quantities so far. */
export async function drawnOf(scope: Scope, meters: readonly MeterKey[]): Promise<Map<string, Decimal>> {
  const rows = await scope.tx.$queryRaw`
    SELECT agreement_id, dimension, sum(drawn) AS drawn FROM usage_hour
    WHERE organisation_id = ${scope.organisation_id} AND (agreement_id, dimension) IN (SELECT * FROM unnest(
      ${meters.map(({ agreement_id }) => agreement_id)}::text[], ${meters.map(({ dimension }) => dimension)}::text[]))
    GROUP BY agreement_id, dimension`
  return new Map(
    z
      .array(sumRow)
      .parse(rows)
      .map((row) => [meterText(row), row.drawn]),
  )
}

/** Late usage of these meters has been given its place or has joined the carry. */
export async function clearLate(scope: Scope, meters: readonly MeterKey[]): Promise<void> {
  await scope.tx.$executeRaw`
    UPDATE usage_hour SET late_pending = 0
    WHERE organisation_id = ${scope.organisation_id} AND late_pending <> 0 AND (agreement_id, dimension) IN (
      SELECT * FROM unnest(
        ${meters.map(({ agreement_id }) => agreement_id)}::text[], ${meters.map(({ dimension }) => dimension)}::text[]))`
}
