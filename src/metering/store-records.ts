import { z } from 'zod'
import { decimal, formatDecimal } from '../core/decimal.ts'
import { fromNumeric, numericColumn, type Prisma, type Scope } from '../store/index.ts'
import { allocationTexts, type MeterKey, meterText, recordStates, type UsageRecord } from './model.ts'
import type { PlannedRecord, RecordDraft } from './plan-model.ts'

type Row = Prisma.usage_recordGetPayload<Record<string, never>>

const allocationsColumn = z
  .array(z.object({ tags: z.record(z.string(), z.string()), quantity: z.string().transform(decimal) }))
  .nullable()

export function fromRecordRow({ organisation_id: _, ...row }: Row): UsageRecord {
  return {
    ...row,
    state: z.enum(recordStates).parse(row.state),
    quantity: fromNumeric(row.quantity),
    allocations: allocationsColumn.parse(row.allocations),
  }
}

function allocationsText(record: Pick<UsageRecord, 'allocations'>): string | null {
  const shown = allocationTexts(record)
  return shown === null ? null : JSON.stringify(shown)
}

const plannedRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  id: z.string(),
  hour: z.date(),
  quantity: numericColumn,
  state: z.enum(recordStates),
  allocations: allocationsColumn,
  attempts: z.number(),
})

/** The records of some meters since an hour; those that were not sent yet are locked until the plan is written. */
export async function recordsToPlan(
  scope: Scope,
  meters: readonly MeterKey[],
  since: Date,
): Promise<Map<string, PlannedRecord[]>> {
  const { organisation_id, tx } = scope
  const agreements = meters.map(({ agreement_id }) => agreement_id)
  const dimensions = meters.map(({ dimension }) => dimension)
  await tx.$queryRaw`
    SELECT id FROM usage_record
    WHERE organisation_id = ${organisation_id} AND hour >= ${since} AND state = 'pending'
      AND (agreement_id, dimension) IN (SELECT * FROM unnest(${agreements}::text[], ${dimensions}::text[]))
    ORDER BY id FOR UPDATE`
  const rows = await tx.$queryRaw`
    SELECT agreement_id, dimension, id, hour, quantity, state, attempts,
           CASE WHEN state = 'pending' THEN allocations END AS allocations
    FROM usage_record
    WHERE organisation_id = ${organisation_id} AND hour >= ${since}
      AND (agreement_id, dimension) IN (SELECT * FROM unnest(${agreements}::text[], ${dimensions}::text[]))`
  return Map.groupBy(z.array(plannedRow).parse(rows), meterText)
}

export type NewRecord = RecordDraft & MeterKey & { id: string; connection_id: string }

export async function insertRecords(scope: Scope, records: readonly NewRecord[]): Promise<void> {
  if (records.length === 0) return
  const { organisation_id, tx } = scope
  const now = scope.now()
  const replaced = records.map(({ supersedes }) => supersedes).filter((id) => id !== null)
  if (replaced.length > 0) {
    const gone = await tx.usage_record.updateMany({
      where: { organisation_id, id: { in: replaced }, state: 'pending' },
      data: { state: 'superseded', reason: 'late usage joined it before it was sent', settled_at: now },
    })
    if (gone.count !== replaced.length) throw new Error('A record was sent while its plan was made')
  }
  await tx.$executeRaw`
    INSERT INTO usage_record (organisation_id, id, connection_id, agreement_id, dimension, hour, source_hour, quantity,
                              allocations, state, attempts, deadline_at, created_at)
    SELECT ${organisation_id}, id, connection_id, agreement_id, dimension, hour::timestamptz, source_hour::timestamptz,
           quantity::numeric, allocations::jsonb, 'pending', 0, deadline_at::timestamptz, ${now}
    FROM unnest(
      ${records.map(({ id }) => id)}::text[], ${records.map(({ connection_id }) => connection_id)}::text[],
      ${records.map(({ agreement_id }) => agreement_id)}::text[], ${records.map(({ dimension }) => dimension)}::text[],
      ${records.map(({ hour }) => hour.toISOString())}::text[],
      ${records.map(({ source_hour }) => source_hour.toISOString())}::text[],
      ${records.map(({ quantity }) => formatDecimal(quantity))}::text[],
      ${records.map(allocationsText)}::text[],
      ${records.map(({ deadline_at }) => deadline_at.toISOString())}::text[]
    ) AS drafted (id, connection_id, agreement_id, dimension, hour, source_hour, quantity, allocations, deadline_at)`
}

/**
 * Locks records that wait to be sent, the earliest deadline first; `full` when there may be more behind them. Those in
 * other hands are waited for: were they passed over and left after all, nobody would look at them before their deadline
 * is near. All are locked in the order of their ids, as closing locks them.
 */
export async function takePending(
  scope: Scope,
  connection_id: string,
  limit: number,
  skip: number,
): Promise<{ records: UsageRecord[]; full: boolean }> {
  const { organisation_id, tx } = scope
  const first = await tx.usage_record.findMany({
    where: { organisation_id, connection_id, state: 'pending' },
    orderBy: [{ deadline_at: 'asc' }, { id: 'asc' }],
    select: { id: true },
    take: limit,
    skip,
  })
  const ids = first.map(({ id }) => id)
  await tx.$queryRaw`
    SELECT id FROM usage_record WHERE organisation_id = ${organisation_id} AND id = ANY(${ids}) AND state = 'pending'
    ORDER BY id FOR UPDATE`
  const found = await tx.usage_record.findMany({
    where: { organisation_id, id: { in: ids }, state: 'pending' },
    orderBy: [{ deadline_at: 'asc' }, { id: 'asc' }],
  })
  return { records: found.map(fromRecordRow), full: first.length === limit }
}

/** The meters of some dimensions that have records to be sent. */
export async function findWaiting(
  { organisation_id, tx }: Scope,
  connection_id: string,
  dimensions: readonly string[],
): Promise<MeterKey[]> {
  return tx.usage_record.findMany({
    where: { organisation_id, connection_id, state: 'pending', dimension: { in: [...dimensions] } },
    select: { agreement_id: true, dimension: true },
    distinct: ['agreement_id', 'dimension'],
  })
}

/** Locks records of some meters that wait to be sent, in the order of their ids as all do. */
export async function takeWaiting(
  scope: Scope,
  connection_id: string,
  meters: readonly MeterKey[],
  limit: number,
): Promise<UsageRecord[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    SELECT id FROM usage_record
    WHERE organisation_id = ${organisation_id} AND connection_id = ${connection_id} AND state = 'pending'
      AND (agreement_id, dimension) IN (SELECT * FROM unnest(
        ${meters.map(({ agreement_id }) => agreement_id)}::text[], ${meters.map(({ dimension }) => dimension)}::text[]))
    ORDER BY id LIMIT ${limit} FOR UPDATE`
  const ids = z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map(({ id }) => id)
  const found = await tx.usage_record.findMany({
    where: { organisation_id, id: { in: ids }, state: 'pending' },
    orderBy: { id: 'asc' },
  })
  return found.map(fromRecordRow)
}

export async function markSending(
  scope: Scope,
  ids: readonly string[],
  by: { operation_id: string; named_by: 'license' | 'code' | null },
): Promise<void> {
  const marked = await scope.tx.usage_record.updateMany({
    where: {
      organisation_id: scope.organisation_id,
      id: { in: [...ids] },
      state: { in: ['pending', 'sending'] },
    },
    data: { state: 'sending', ...by, attempts: { increment: 1 } },
  })
  if (marked.count !== ids.length) throw new Error('A record of the batch was settled meanwhile')
}

/** Records of one request that wait for its answer, locked in the order of their ids. */
export async function findSending(scope: Scope, operation_id: string): Promise<Map<string, UsageRecord>> {
  await scope.tx.$queryRaw`
    SELECT id FROM usage_record
    WHERE organisation_id = ${scope.organisation_id} AND operation_id = ${operation_id} AND state = 'sending'
    ORDER BY id FOR UPDATE`
  const rows = await scope.tx.usage_record.findMany({
    where: { organisation_id: scope.organisation_id, operation_id, state: 'sending' },
  })
  return new Map(rows.map((row) => [row.id, fromRecordRow(row)]))
}

/** Records wait again. Those that may be at the cloud keep the name they were sent by, so that they can be told apart. */
export async function backToPending(
  scope: Scope,
  ids: readonly string[],
  reason: string,
  may_have_arrived = false,
): Promise<void> {
  await scope.tx.usage_record.updateMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] }, state: 'sending' },
    data: { state: 'pending', operation_id: null, reason, ...(may_have_arrived ? {} : { named_by: null }) },
  })
}

/** Why records are not sent, for whoever is told of their deadline. */
export async function sayWhy(scope: Scope, ids: readonly string[], reason: string): Promise<void> {
  if (ids.length === 0) return
  await scope.tx.usage_record.updateMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] }, state: 'pending' },
    data: { reason },
  })
}

export type Settled = { id: string; cloud_record_id: string | null; reason: string | null }

export async function settleRecords(
  scope: Scope,
  state: 'accepted' | 'refused' | 'expired' | 'written_off',
  settled: readonly Settled[],
): Promise<void> {
  if (settled.length === 0) return
  const changed = await scope.tx.$executeRaw`
    UPDATE usage_record SET state = ${state}, cloud_record_id = ended.cloud_record_id, reason = ended.reason,
      settled_at = ${scope.now()}
    FROM unnest(
      ${settled.map(({ id }) => id)}::text[], ${settled.map(({ cloud_record_id }) => cloud_record_id)}::text[],
      ${settled.map(({ reason }) => reason)}::text[]) AS ended (id, cloud_record_id, reason)
    WHERE usage_record.organisation_id = ${scope.organisation_id} AND usage_record.id = ended.id
      AND usage_record.state IN ('pending', 'sending')`
  if (changed !== settled.length) throw new Error('A record was settled twice')
}

/** When an agreement ends early, what is not reported yet becomes unbillable earlier. Locked in the order of all. */
export async function shortenDeadlines(scope: Scope, agreement_id: string, limit: Date): Promise<void> {
  const where = { organisation_id: scope.organisation_id, agreement_id, deadline_at: { gt: limit } }
  await scope.tx.$queryRaw`
    SELECT id FROM usage_record
    WHERE organisation_id = ${scope.organisation_id} AND agreement_id = ${agreement_id} AND deadline_at > ${limit}
      AND state IN ('pending', 'sending')
    ORDER BY id FOR UPDATE`
  await scope.tx.$queryRaw`
    SELECT hour FROM usage_hour
    WHERE organisation_id = ${scope.organisation_id} AND agreement_id = ${agreement_id} AND deadline_at > ${limit}
      AND state = 'open'
    ORDER BY dimension, hour FOR UPDATE`
  await scope.tx.usage_record.updateMany({
    where: { ...where, state: { in: ['pending', 'sending'] } },
    data: { deadline_at: limit },
  })
  await scope.tx.usage_hour.updateMany({ where: { ...where, state: 'open' }, data: { deadline_at: limit } })
}

/** Records not settled yet whose deadline is near, and the time at which to look again. */
export async function nearDeadline(
  scope: Scope,
  connection_id: string,
  until: Date,
): Promise<{ near: UsageRecord[]; next: Date | null; last: Date | null }> {
  const { organisation_id, tx } = scope
  const where = { organisation_id, connection_id, state: { in: ['pending', 'sending'] } }
  const near = await tx.usage_record.findMany({
    where: { ...where, deadline_at: { lte: until } },
    orderBy: [{ deadline_at: 'asc' }, { id: 'asc' }],
    take: 500,
  })
  const later = await tx.usage_record.findFirst({
    where: { ...where, deadline_at: { gt: until } },
    orderBy: { deadline_at: 'asc' },
  })
  const pending = await tx.usage_record.findFirst({
    where: { ...where, state: 'pending' },
    orderBy: { deadline_at: 'asc' },
  })
  return {
    near: near.map(fromRecordRow),
    next: later?.deadline_at ?? null,
    last: pending?.deadline_at ?? null,
  }
}
