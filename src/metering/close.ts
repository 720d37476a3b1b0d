import * as agreements from '../agreements/index.ts'
import type { Agreement } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import { type Decimal, decimal, isNegative, isZero, subtract, zero } from '../core/decimal.ts'
import { isId } from '../core/id.ts'
import { HOUR_MS, hourOf, plus } from '../core/time.ts'
import { grantsOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { tellLosses } from './lose.ts'
import { deadlineOf, earliest, meterText, rulesOf, spanOf } from './model.ts'
import { plan } from './plan.ts'
import { assertPlan, type Plan, type PlanInput } from './plan-model.ts'
import { agreementOf, EVENTS_PER_PIECE, rollUpPiece } from './roll-up.ts'
import {
  clearLate,
  drawnOf,
  hoursToPlan,
  hourText,
  type Meter,
  nextCloseAt,
  takeDueMeters,
  writeMeters,
} from './store-hours.ts'
import { moveHours } from './store-moves.ts'
import { insertRecords, type NewRecord, recordsToPlan, shortenDeadlines } from './store-records.ts'
import { findBuckets, findShares, moveBuckets } from './store-shares.ts'

/** Meters one piece of work closes. */
export const METERS_PER_PIECE = 200

type Parts = Pick<Context, 'store' | 'connectors'>

/**
 * The handler of `metering.close`. Its key is a connection (every meter of it that is due) or an agreement (all of its
 * meters at once: whoever learns that an agreement ended, or that its end moved, schedules this).
 */
export async function close(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { store } = context
  // Events that arrived in time belong into their hour before it is closed.
  const counted = await store.inTenant(item.organisation_id, (scope) => rollUpPiece(context, scope))
  if (counted >= EVENTS_PER_PIECE) return again(context, item, (scope) => scope.now())
  return isId('agreement', item.key) ? closeAgreement(context, item) : closeConnection(context, item)
}

async function again(
  { store }: Parts,
  item: WorkItem,
  when: (scope: Scope) => Date | null | Promise<Date | null>,
): Promise<WorkOutcome> {
  const again_at = await store.inTenant(item.organisation_id, async (scope) => when(scope))
  return again_at === null ? done : { done: false, again_at }
}

async function closeConnection(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  return again(context, item, async (scope) => {
    const meters = await takeDueMeters(scope, { connection_id: item.key }, METERS_PER_PIECE)
    const made = await closeMeters(context, scope, meters)
    const next_at = await nextCloseAt(scope, item.key)
    await askForBatch(scope, item.key, made)
    return next_at
  })
}

async function closeAgreement(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  await context.store.inTenant(item.organisation_id, (scope) => shorten(context, scope, item.key))
  let after = ''
  for (;;) {
    const last = await context.store.inTenant(item.organisation_id, async (scope) => {
      const agreement = await agreements.find(scope, item.key)
      if (agreement === undefined) return undefined
      const of = { agreement_id: agreement.id, after }
      const meters = await takeDueMeters(scope, of, METERS_PER_PIECE)
      await askForBatch(scope, agreement.connection_id, await closeMeters(context, scope, meters))
      const due_at = await nextCloseAt(scope, agreement.connection_id)
      if (due_at !== null)
        await schedule(scope, { kind: 'metering.close', key: agreement.connection_id, due_at })
      return meters.length < METERS_PER_PIECE ? undefined : meters.at(-1)?.dimension
    })
    if (last === undefined) return done
    after = last
  }
}

/** In a transaction of its own: it locks records and hours, which closing locks after its meters. */
async function shorten(context: Parts, scope: Scope, agreement_id: string): Promise<void> {
  const agreement = await agreements.find(scope, agreement_id)
  const ends_at = agreement === undefined ? null : spanOf(agreement).ends_at
  if (agreement === undefined || ends_at === null) return
  const { after_end_ms } = rulesOf(context, agreement.cloud)
  await shortenDeadlines(scope, agreement.id, plus(ends_at, after_end_ms))
  // Deadlines moved: what is pending goes out in its new order, and alarms are set by it.
  await schedule(scope, { kind: 'metering.batch', key: agreement.connection_id })
}

async function askForBatch(scope: Scope, key: string, made: readonly NewRecord[]): Promise<void> {
  const deadline_at = earliest(made.map((record) => record.deadline_at))
  if (deadline_at !== null) await schedule(scope, { kind: 'metering.batch', key, deadline_at })
}

/** Plans each meter by itself and writes all plans in sets. Answers the new records. */
export async function closeMeters(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  meters: readonly Meter[],
): Promise<NewRecord[]> {
  if (meters.length === 0) return []
  const known = await agreements.findMany(scope, [...new Set(meters.map((meter) => meter.agreement_id))])
  const inputs = await readInputs(context, scope, meters, known)
  const plans = inputs.map(({ meter, input }) => {
    const made = plan(input)
    assertPlan(input, made)
    return { meter, input, made }
  })
  const records = plans.flatMap(({ meter, made }) => newRecords(scope, meter, made))
  await moveHours(
    scope,
    plans.flatMap(({ meter, input, made }) =>
      made.movements.map(({ closes: _, ...movement }) => ({
        ...movement,
        agreement_id: meter.agreement_id,
        dimension: meter.dimension,
        deadline_at: deadlineOf(input.rules, input.span, movement.hour),
      })),
    ),
  )
  await clearLate(scope, meters)
  await writeMeters(
    scope,
    plans.map(({ meter, made }) => ({
      agreement_id: meter.agreement_id,
      dimension: meter.dimension,
      carry: made.carry,
      carry_hour: made.carry_hour,
      next_close_at: made.next_close_at,
      tagged: meter.tagged,
    })),
  )
  await moveBuckets(
    scope,
    plans.flatMap(({ meter: { agreement_id, dimension }, made }) =>
      made.buckets.map((move) => ({ ...move, agreement_id, dimension })),
    ),
  )
  await insertRecords(scope, records)
  for (const { meter, made } of plans) {
    await tellLosses(scope, meter, made.losses, agreementOf(known, meter.agreement_id))
  }
  return records
}

function newRecords(scope: Scope, meter: Meter, made: Plan): NewRecord[] {
  const { agreement_id, dimension, connection_id } = meter
  return made.records.map((record) => ({
    ...record,
    id: scope.id('record'),
    agreement_id,
    dimension,
    connection_id,
  }))
}

async function readInputs(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  meters: readonly Meter[],
  known: ReadonlyMap<string, Agreement>,
): Promise<{ meter: Meter; input: PlanInput }[]> {
  const now = scope.now()
  const rulesFor = ({ agreement_id }: Meter) => rulesOf(context, agreementOf(known, agreement_id).cloud)
  const reach_ms = Math.max(...meters.map((meter) => rulesFor(meter).window_ms)) + HOUR_MS
  const hours = await hoursToPlan(scope, meters)
  const opened = [...hours.values()].flat().filter(({ tagged, state }) => tagged && state === 'open')
  const shares = await findShares(scope, opened)
  const buckets = await findBuckets(
    scope,
    meters.filter(({ tagged }) => tagged),
  )
  const records = await recordsToPlan(scope, meters, plus(hourOf(now), -reach_ms))
  const drawing = meters.filter((meter) => rulesFor(meter).draws_included === 'seller')
  const drawn = drawing.length === 0 ? new Map<string, Decimal>() : await drawnOf(scope, drawing)
  return meters.map((meter) => {
    const agreement = agreementOf(known, meter.agreement_id)
    const included = grantsOf(agreement.terms).find(({ dimension }) => dimension === meter.dimension)
    const left = subtract(decimal(included?.quantity ?? 0), drawn.get(meterText(meter)) ?? zero)
    const input: PlanInput = {
      now,
      rules: rulesFor(meter),
      span: spanOf(agreement),
      carry: meter.carry,
      carry_hour: meter.carry_hour,
      carries: buckets.get(meterText(meter)),
      included_left: isNegative(left) || isZero(left) ? zero : left,
      hours: (hours.get(meterText(meter)) ?? []).map((hour) => {
        const parts = shares.get(hourText(hour))
        return parts === undefined
          ? hour
          : { ...hour, shares: new Map(parts.map(({ tags, used }) => [tags, used])) }
      }),
      records: records.get(meterText(meter)) ?? [],
    }
    return { meter, input }
  })
}
