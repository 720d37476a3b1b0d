import * as agreements from '../agreements/index.ts'
import type { Agreement } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import {
  add,
  compare,
  type Decimal,
  decimal,
  isZero,
  multiply,
  roundTo,
  subtract,
  zero,
} from '../core/decimal.ts'
import { dimensionsOf } from '../products/index.ts'
import type { Aggregation, ProductDimension } from '../products/model.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { countShares } from './count-shares.ts'
import { of, productsOf } from './ingest.ts'
import { closesAt, deadlineOf, earliest, meterText, QUANTITY_SCALE, rulesOf, spanOf } from './model.ts'
import { type EventGroup, type HourValue, recount, takeEvents } from './store-events.ts'
import {
  type CountedHour,
  findHours,
  type HourCount,
  hourText,
  lockMeters,
  type Meter,
  writeCounts,
  writeMeters,
} from './store-hours.ts'

/** Events one piece of work counts: a piece stays well under 200 ms. */
export const EVENTS_PER_PIECE = 5000

type Parts = Pick<Context, 'store' | 'connectors'>

/** The handler of `metering.roll_up`: counts new events into their hours, piece by piece. */
export async function rollUp(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const counted = await context.store.inTenant(item.organisation_id, async (scope) => ({
    events: await rollUpPiece(context, scope),
    now: scope.now(),
  }))
  return counted.events < EVENTS_PER_PIECE ? done : { done: false, again_at: counted.now }
}

/** Counts up to a piece of events; answers how many. Hours that got usage are scheduled to be closed. */
export async function rollUpPiece(context: Pick<Context, 'connectors'>, scope: Scope): Promise<number> {
  const groups = await takeEvents(scope, EVENTS_PER_PIECE)
  if (groups.length === 0) return 0
  const known = await agreements.findMany(scope, [...new Set(groups.map((group) => group.agreement_id))])
  const dimensions = await dimensionsOf(scope, productsOf(known))
  const meters = await lockMeters(scope, metersOf(groups, known))
  const before = await findHours(scope, groups)
  const measured = await measure(scope, groups, before, (group) => {
    const agreement = known.get(group.agreement_id)
    return of(dimensions, agreement).find(({ key }) => key === group.dimension)
  })
  const counted = groups.map((group) => {
    const { rule, last } = measured.get(hourText(group)) ?? unmeasured
    return { group, rule, last, count: count(context, group, known, before, measured) }
  })
  const counts = counted.map(({ count }) => count)
  await writeCounts(scope, counts)
  await countShares(scope, counted, before)
  await hurry(context, scope, counts, known, meters)
  return groups.reduce((total, { events }) => total + events, 0)
}

function metersOf(groups: readonly EventGroup[], known: ReadonlyMap<string, Agreement>) {
  const meters = new Map<string, { agreement_id: string; dimension: string; connection_id: string }>()
  for (const { agreement_id, dimension } of groups) {
    const { connection_id } = agreementOf(known, agreement_id)
    meters.set(meterText({ agreement_id, dimension }), { agreement_id, dimension, connection_id })
  }
  return [...meters.values()]
}

/** Events were taken for this agreement, and agreements are never removed. */
export function agreementOf(known: ReadonlyMap<string, Agreement>, agreement_id: string): Agreement {
  const agreement = known.get(agreement_id)
  if (agreement === undefined) throw new Error(`Usage names an agreement that is gone: ${agreement_id}`)
  return agreement
}

type Measure = { measured: Decimal; multiplier: Decimal; rule: Aggregation; last: string | null }
type Measured = Map<string, Measure>
const unmeasured: Measure = { measured: zero, multiplier: zero, rule: 'sum', last: null }

/** What each hour's events say by the rule of their dimension. */
async function measure(
  scope: Scope,
  groups: readonly EventGroup[],
  before: ReadonlyMap<string, CountedHour>,
  dimensionOf: (group: EventGroup) => ProductDimension | undefined,
): Promise<Measured> {
  const ruled = groups.map((group) => ({ group, dimension: dimensionOf(group) }))
  const counted = new Map<string, HourValue>()
  for (const rule of ['last', 'unique'] as const) {
    const asked = ruled.filter(({ dimension }) => dimension?.aggregation === rule).map(({ group }) => group)
    for (const row of await recount(scope, rule, asked)) counted.set(hourText(row), row)
  }
  return new Map(
    ruled.map(({ group, dimension }) => {
      const known = before.get(hourText(group))?.measured ?? zero
      const multiplier = dimension?.multiplier ?? decimal(1)
      const rule = dimension?.aggregation ?? 'sum'
      const value = counted.get(hourText(group))
      const measured = joined(known, group, rule, value?.value)
      return [hourText(group), { measured, multiplier, rule, last: value?.tags ?? null }]
    }),
  )
}

function joined(
  known: Decimal,
  group: EventGroup,
  rule: Aggregation,
  recounted: Decimal | undefined,
): Decimal {
  switch (rule) {
    case 'sum':
      return add(known, group.total)
    case 'count':
      return add(known, decimal(group.events))
    case 'max':
      return compare(group.highest, known) > 0 ? group.highest : known
    case 'last':
    case 'unique':
      return recounted ?? known
  }
}

function count(
  context: Pick<Context, 'connectors'>,
  group: EventGroup,
  known: ReadonlyMap<string, Agreement>,
  before: ReadonlyMap<string, CountedHour>,
  measures: Measured,
): HourCount {
  const { agreement_id, dimension, hour, events } = group
  const agreement = agreementOf(known, agreement_id)
  const { measured, multiplier } = measures.get(hourText(group)) ?? unmeasured
  // Rounded from the whole hour, so that the pieces in which its events came make no difference.
  const used = toScale(multiply(measured, multiplier))
  const stored = before.get(hourText(group))
  const added = subtract(used, stored?.used ?? zero)
  return {
    agreement_id,
    dimension,
    hour,
    events,
    measured,
    used,
    added,
    late: stored?.state === 'closed' ? added : zero,
    deadline_at: deadlineOf(rulesOf(context, agreement.cloud), spanOf(agreement), hour),
    tagged: group.tagged.size > 0 || stored?.tagged === true,
  }
}

function toScale(value: Decimal): Decimal {
  return add({ coefficient: roundTo(value, QUANTITY_SCALE, 'half_even'), scale: QUANTITY_SCALE }, zero)
}

/** Late usage joins the carry at once; every touched meter learns when it is to be looked at next. */
async function hurry(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  counts: readonly HourCount[],
  known: ReadonlyMap<string, Agreement>,
  meters: ReadonlyMap<string, Meter>,
): Promise<void> {
  const now = scope.now()
  const changed = new Map(meters)
  const urgency = new Map<string, { due_at: Date; deadline_at: Date }>()
  for (const one of counts) {
    const agreement = agreementOf(known, one.agreement_id)
    const meter = changed.get(meterText(one))
    if (meter === undefined) throw new Error(`No meter for ${meterText(one)}`)
    const due_at = isZero(one.late)
      ? closesAt(rulesOf(context, agreement.cloud), spanOf(agreement), one.hour)
      : now
    const next_close_at = earliest([due_at, meter.next_close_at].filter((at) => at !== null))
    const tagged = meter.tagged || one.tagged
    changed.set(meterText(one), { ...meter, carry: add(meter.carry, one.late), next_close_at, tagged })
    const asked = urgency.get(meter.connection_id)
    urgency.set(meter.connection_id, {
      due_at: earliest([due_at, asked?.due_at ?? due_at]) ?? due_at,
      deadline_at: earliest([one.deadline_at, asked?.deadline_at ?? one.deadline_at]) ?? one.deadline_at,
    })
  }
  await writeMeters(scope, [...changed.values()])
  // In one order, so that two pieces that hurry the same connections cannot wait for each other.
  for (const [key, when] of [...urgency].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    await schedule(scope, { kind: 'metering.close', key, ...when })
  }
}
