import * as agreements from '../agreements/index.ts'
import type { Agreement } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import { MINUTE_MS, plus } from '../core/time.ts'
import { dimensionsOf } from '../products/index.ts'
import type { ProductDimension } from '../products/model.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import { conflictOf, type EventProblem, judgeEvent, readEvent, type UsageEvent } from './event.ts'
import { meters } from './model.ts'
import { claimAndWrite, eventKey, findClaimed } from './store-events.ts'

export type EventStatus = 'accepted' | 'replayed' | 'conflict' | 'refused'
export type EventAnswer = {
  id: string | null
  source: string | null
  status: EventStatus
  problem?: EventProblem
}

/** One roll-up per organisation: scheduling it again while it waits changes nothing. */
export const ROLL_UP_KEY = 'events'

/**
 * Takes usage events in the caller's transaction; each is answered by itself, in the order they came. An id that was
 * taken before is a replay when everything is equal, and a conflict that names the first field that differs.
 */
export async function takeUsage(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  given: readonly unknown[],
): Promise<EventAnswer[]> {
  const read = given.map(readEvent)
  const events = read.flatMap((one) => (one.ok ? [one.event] : []))
  const refusals = await judge(context, scope, events)
  const good = events.filter((event) => !refusals.has(event))
  const positions = await claimAndWrite(scope, good)
  const written = new Set(good.filter((_, position) => positions.has(position)))
  // Whatever was not written may have been taken before: by an earlier request, or earlier in this one.
  const claimed = await findClaimed(
    scope,
    events.filter((event) => !written.has(event)),
  )
  if (written.size > 0) {
    const now = scope.now()
    await schedule(scope, {
      kind: 'metering.roll_up',
      key: ROLL_UP_KEY,
      deadline_at: plus(now, 5 * MINUTE_MS),
    })
  }
  return read.map((one, position) =>
    one.ok
      ? answer(one.event, written.has(one.event), claimed.get(eventKey(one.event)), refusals.get(one.event))
      : { ...nameOf(given[position]), status: 'refused', problem: one.problem },
  )
}

function answer(
  event: UsageEvent,
  written: boolean,
  stored: UsageEvent | undefined,
  refusal: EventProblem | undefined,
): EventAnswer {
  const { id, source } = event
  if (written) return { id, source, status: 'accepted' }
  // A replay stays one even when its agreement ended meanwhile.
  const conflict = stored === undefined ? undefined : conflictOf(stored, event)
  if (stored !== undefined && conflict === undefined) return { id, source, status: 'replayed' }
  if (refusal !== undefined) return { id, source, status: 'refused', problem: refusal }
  if (conflict === undefined) throw new Error(`Event ${id} of ${source} was neither written nor found`)
  return { id, source, status: 'conflict', problem: conflict }
}

function nameOf(given: unknown): { id: string | null; source: string | null } {
  const members = typeof given === 'object' && given !== null ? given : {}
  const id = 'id' in members && typeof members.id === 'string' ? members.id : null
  const source = 'source' in members && typeof members.source === 'string' ? members.source : null
  return { id, source }
}

async function judge(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  events: readonly UsageEvent[],
): Promise<Map<UsageEvent, EventProblem>> {
  const known = await agreements.findMany(scope, [...new Set(events.map((event) => event.agreement_id))])
  const dimensions = await dimensionsOf(scope, productsOf(known))
  const now = scope.now()
  const refused = new Map<UsageEvent, EventProblem>()
  for (const event of events) {
    const agreement = known.get(event.agreement_id)
    const problem =
      judgeEvent(event, { now, agreement, dimensions: of(dimensions, agreement) }) ??
      judgeCloud(context, agreement)
    if (problem !== undefined) refused.set(event, problem)
  }
  return refused
}

function judgeCloud(context: Pick<Context, 'connectors'>, agreement?: Agreement): EventProblem | undefined {
  if (agreement === undefined || meters(context, agreement.cloud)) return undefined
  const rule = `this installation cannot meter on ${agreement.cloud}`
  const fix = 'Send usage of agreements on a cloud whose connector meters'
  return { code: 'invalid-input', detail: `${rule}.`, errors: [{ field: 'subject', rule, fix }] }
}

export function productsOf(known: ReadonlyMap<string, Agreement>): string[] {
  const products = [...known.values()].map(({ product_id }) => product_id)
  return [...new Set(products.filter((id) => id !== null))]
}

export function of(
  dimensions: ReadonlyMap<string, ProductDimension[]>,
  agreement: Agreement | undefined,
): readonly ProductDimension[] {
  return dimensions.get(agreement?.product_id ?? '') ?? []
}
