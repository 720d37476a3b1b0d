import { z } from 'zod'
import { add, compare, type Decimal, decimal, formatDecimal } from '../core/decimal.ts'
import { hourOf } from '../core/time.ts'
import { bigintColumn, numericColumn, type Scope } from '../store/index.ts'
import { UNIQUE_ATTRIBUTE, type UsageEvent } from './event.ts'
import type { MeterKey } from './model.ts'

const one = decimal(1)

/**
 * Claims the ids of events and writes those that were free, in one statement: an id is never claimed without its
 * event. The first event of an id in the list wins. Answers the positions that were written. Rows are claimed in the
 * order of their ids, so that requests with the same ids wait for each other instead of blocking each other.
 */
export async function claimAndWrite(scope: Scope, events: readonly UsageEvent[]): Promise<Set<number>> {
  if (events.length === 0) return new Set()
  const { organisation_id } = scope
  const now = scope.now()
  const rows = await scope.tx.$queryRaw`
    WITH given AS (
      SELECT DISTINCT ON (source, event_id) *
      FROM unnest(
        ${events.map(({ source }) => source)}::text[],
        ${events.map(({ id }) => id)}::text[],
        ${events.map(({ agreement_id }) => agreement_id)}::text[],
        ${events.map(({ dimension }) => dimension)}::text[],
        ${events.map(({ time }) => time.toISOString())}::text[],
        ${events.map(({ time }) => hourOf(time).toISOString())}::text[],
        ${events.map(({ quantity }) => formatDecimal(quantity ?? one))}::text[],
        ${events.map(({ quantity }) => (quantity === null ? 'no' : 'yes'))}::text[],
        ${events.map(({ attributes }) => JSON.stringify(attributes))}::text[],
        ${events.map(({ tags }) => tags)}::text[]
      ) WITH ORDINALITY AS sent (source, event_id, agreement_id, dimension, occurred_at, hour, quantity, stated,
                                 attributes, tags, position)
      ORDER BY source, event_id, position
    ), numbered AS MATERIALIZED (
      SELECT given.*, nextval(pg_get_serial_sequence('usage_event', 'sequence')) AS sequence FROM given
    ), claimed AS (
      INSERT INTO usage_claim (organisation_id, source, event_id, sequence, claimed_at)
      SELECT ${organisation_id}, source, event_id, sequence, ${now} FROM numbered ORDER BY source, event_id
      ON CONFLICT DO NOTHING
      RETURNING sequence
    ), written AS (
      INSERT INTO usage_event (organisation_id, sequence, source, event_id, agreement_id, dimension, occurred_at,
                               hour, quantity, quantity_stated, attributes, tags, received_at, rolled_up)
      SELECT ${organisation_id}, numbered.sequence, source, event_id, agreement_id, dimension,
             occurred_at::timestamptz, hour::timestamptz, quantity::numeric, stated = 'yes', attributes::jsonb,
             tags, ${now}, false
      FROM numbered JOIN claimed USING (sequence)
      RETURNING sequence
    )
    SELECT position FROM numbered JOIN written USING (sequence)`
  const positions = z.array(z.object({ position: bigintColumn })).parse(rows)
  return new Set(positions.map(({ position }) => Number(position) - 1))
}

const storedRow = z.object({
  source: z.string(),
  event_id: z.string(),
  agreement_id: z.string(),
  dimension: z.string(),
  occurred_at: z.date(),
  quantity: numericColumn,
  quantity_stated: z.boolean(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  tags: z.string().nullable(),
})

export function eventKey({ source, id }: Pick<UsageEvent, 'source' | 'id'>): string {
  return JSON.stringify([source, id])
}

/** The events that hold these ids. */
export async function findClaimed(
  scope: Scope,
  ids: readonly Pick<UsageEvent, 'source' | 'id'>[],
): Promise<Map<string, UsageEvent>> {
  if (ids.length === 0) return new Map()
  const rows = await scope.tx.$queryRaw`
    SELECT e.source, e.event_id, e.agreement_id, e.dimension, e.occurred_at, e.quantity, e.quantity_stated,
           e.attributes, e.tags
    FROM (SELECT DISTINCT source, event_id FROM unnest(
            ${ids.map(({ source }) => source)}::text[], ${ids.map(({ id }) => id)}::text[]) AS sent (source, event_id)
         ) AS asked
    JOIN usage_claim c ON c.organisation_id = ${scope.organisation_id}
      AND c.source = asked.source AND c.event_id = asked.event_id
    JOIN usage_event e ON e.organisation_id = c.organisation_id AND e.sequence = c.sequence`
  return new Map(
    z
      .array(storedRow)
      .parse(rows)
      .map((row) => [
        eventKey({ source: row.source, id: row.event_id }),
        {
          source: row.source,
          id: row.event_id,
          agreement_id: row.agreement_id,
          dimension: row.dimension,
          time: row.occurred_at,
          quantity: row.quantity_stated ? row.quantity : null,
          attributes: row.attributes,
          tags: row.tags,
        },
      ]),
  )
}

const groupRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  tags: z.string().nullable(),
  events: z.number().int(),
  total: numericColumn,
  highest: numericColumn,
})
/** Events that were counted just now. */
export type Counted = { events: number; total: Decimal; highest: Decimal }
/** One meter's events of one hour, and those of them that have tags by their text. */
export type EventGroup = MeterKey & { hour: Date } & Counted & { tagged: ReadonlyMap<string, Counted> }

/**
 * Marks the oldest events that were not rolled up yet, and answers them summed by meter and hour. Events that somebody
 * else is marking are waited for: were they passed over and left after all, nothing would count them.
 */
export async function takeEvents(scope: Scope, limit: number): Promise<EventGroup[]> {
  const rows = await scope.tx.$queryRaw`
    WITH taken AS (
      UPDATE usage_event SET rolled_up = true
      WHERE organisation_id = ${scope.organisation_id} AND sequence IN (
        SELECT sequence FROM usage_event
        WHERE organisation_id = ${scope.organisation_id} AND NOT rolled_up
        ORDER BY sequence LIMIT ${limit} FOR UPDATE)
      RETURNING agreement_id, dimension, hour, tags, quantity
    )
    SELECT agreement_id, dimension, hour, tags, count(*)::int AS events, sum(quantity) AS total,
           max(quantity) AS highest
    FROM taken GROUP BY agreement_id, dimension, hour, tags ORDER BY agreement_id, dimension, hour, tags`
  const groups: EventGroup[] = []
  for (const { tags, ...row } of z.array(groupRow).parse(rows)) {
    const tagged = new Map(tags === null ? [] : [[tags, row]])
    const last = groups.at(-1)
    if (last !== undefined && isSameHour(last, row)) groups[groups.length - 1] = joined(last, row, tagged)
    else groups.push({ ...row, tagged })
  }
  return groups
}

function isSameHour(left: MeterKey & { hour: Date }, right: MeterKey & { hour: Date }): boolean {
  return (
    left.agreement_id === right.agreement_id &&
    left.dimension === right.dimension &&
    left.hour.getTime() === right.hour.getTime()
  )
}

function joined(group: EventGroup, more: Counted, tagged: ReadonlyMap<string, Counted>): EventGroup {
  return {
    ...group,
    events: group.events + more.events,
    total: add(group.total, more.total),
    highest: compare(group.highest, more.highest) < 0 ? more.highest : group.highest,
    tagged: new Map([...group.tagged, ...tagged]),
  }
}

const valueRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  value: numericColumn,
  /** Whose tags a last reading bears. */
  tags: z.string().nullish(),
})
export type HourValue = z.infer<typeof valueRow>

/** The last reading, or the number of different values, of whole hours: those rules cannot be added to. */
export async function recount(
  scope: Scope,
  rule: 'last' | 'unique',
  hours: readonly (MeterKey & { hour: Date })[],
): Promise<HourValue[]> {
  if (hours.length === 0) return []
  const agreements = hours.map(({ agreement_id }) => agreement_id)
  const dimensions = hours.map(({ dimension }) => dimension)
  const times = hours.map(({ hour }) => hour.toISOString())
  const { organisation_id, tx } = scope
  const rows =
    rule === 'last'
      ? await tx.$queryRaw`
          SELECT DISTINCT ON (e.agreement_id, e.dimension, e.hour) e.agreement_id, e.dimension, e.hour, e.quantity AS value,
                 e.tags
          FROM unnest(${agreements}::text[], ${dimensions}::text[], ${times}::text[]) AS asked (agreement_id, dimension, hour)
          JOIN usage_event e ON e.organisation_id = ${organisation_id} AND e.agreement_id = asked.agreement_id
            AND e.dimension = asked.dimension AND e.hour = asked.hour::timestamptz AND e.rolled_up
          ORDER BY e.agreement_id, e.dimension, e.hour, e.occurred_at DESC, e.sequence DESC`
      : await tx.$queryRaw`
          SELECT e.agreement_id, e.dimension, e.hour, count(DISTINCT e.attributes ->> ${UNIQUE_ATTRIBUTE}) AS value
          FROM unnest(${agreements}::text[], ${dimensions}::text[], ${times}::text[]) AS asked (agreement_id, dimension, hour)
          JOIN usage_event e ON e.organisation_id = ${organisation_id} AND e.agreement_id = asked.agreement_id
            AND e.dimension = asked.dimension AND e.hour = asked.hour::timestamptz AND e.rolled_up
          GROUP BY e.agreement_id, e.dimension, e.hour`
  return z.array(valueRow).parse(rows)
}
