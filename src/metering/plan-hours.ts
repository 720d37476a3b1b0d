// Which hours a record may name.
import { HOUR_MS, hourOf, plus } from '../core/time.ts'
import { closesAt, deadlineOf, hourIsInside, MARGIN_MS, type Span } from './model.ts'
import type { PlanInput } from './plan-model.ts'

/** Hours that have a record, by their time. */
type Taken = { taken: ReadonlyMap<number, unknown> }
type Bounds = Pick<PlanInput, 'now' | 'rules' | 'span'>

/** An hour that a new record may name: closed, inside the agreement, in time, and not reported yet. */
export function canTake({ now, rules, span }: Bounds, { taken }: Taken, hour: Date): boolean {
  return (
    hourIsInside(span, hour) &&
    closesAt(rules, span, hour) <= now &&
    inTime({ now, rules, span }, hour) &&
    (rules.grain === 'additive' || !taken.has(hour.getTime()))
  )
}

/** Once the agreement is over no later hour can take it, so the last minutes before the deadline are used too. */
export function inTime({ now, rules, span }: Bounds, hour: Date): boolean {
  return deadlineOf(rules, span, hour) > (isOver(span, now) ? now : plus(now, MARGIN_MS))
}

export function isOver(span: Span, now: Date): boolean {
  return span.ends_at !== null && span.ends_at <= now
}

/** Every hour of the reporting window that could take a record now, oldest first. */
export function acceptableHours(input: Bounds, draft: Taken): Date[] {
  const found: Date[] = []
  const first = hourOf(plus(input.now, -input.rules.window_ms))
  for (let hour = first; hour <= input.now; hour = plus(hour, HOUR_MS)) {
    if (canTake(input, draft, hour)) found.push(hour)
  }
  return found
}
