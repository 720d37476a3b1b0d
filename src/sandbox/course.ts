// Time that passes in the sandbox. A jump would let deadlines pass unseen: so the clock goes in steps, and after each of
// them the service does what fell due. The way is work like any other: it goes on after a restart, and can be watched.
import { z } from 'zod'
import type { Context } from '../context.ts'
import { invalid } from '../core/problem.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, monthOf, nextMonth, plus, startOfMonth } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import {
  done,
  findDue,
  nextDue,
  schedule,
  type WorkItem,
  type WorkKind,
  type WorkOutcome,
} from '../work/index.ts'
import { linkOf } from './link.ts'

/** From where to where the clock is on its way. */
const course = z.object({ from: z.coerce.date(), to: z.coerce.date() })
export type Course = z.infer<typeof course>

const KIND = 'sandbox.move'
/** Everything else that is due comes first: its deadline is sooner. */
const LAST = new Date('9999-12-31T00:00:00.000Z')
/** Nobody waits for more than this at once. */
const FAR_MS = 400 * DAY_MS

/** Clouds take minutes at first: messages, jobs, sign-ups. So the first steps are small. */
const FIRST_STEPS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 240, 480].map((minutes) => minutes * MINUTE_MS)
/** Days are looked at after the clouds' pay-out runs at noon: each of the first ones, later every third. */
const LOOKED_AT_MS = 12.5 * HOUR_MS
const FIRST_DAYS_MS = 2 * DAY_MS
const LATER_DAYS = 3
/** Work whose time somebody waits for; pulls come often and wait for nobody. */
const AWAITED: readonly WorkKind[] = [
  'operation.send',
  'operation.check',
  'inbox.process',
  'agreements.read',
  'metering.roll_up',
  'metering.close',
  'metering.batch',
  'settlement.import',
  'settlement.match',
]
/** A cloud that is asked every few minutes for weeks does not make the way longer than this part of it each time. */
const STEP_PART = 20

/** Where the clock stops next: at the next small step, after noon, when something awaited falls due, or at the end. */
export function nextStop({ from, to }: Course, now: Date, awaited: Date | undefined): Date {
  const steps = FIRST_STEPS_MS.map((length_ms) => plus(from, length_ms))
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const gone_ms = now.getTime() - from.getTime()
  const days = gone_ms < FIRST_DAYS_MS ? 1 : LATER_DAYS
  const noons = [new Date(midnight + LOOKED_AT_MS), new Date(midnight + days * DAY_MS + LOOKED_AT_MS)]
  const least = plus(now, gone_ms / STEP_PART)
  const due = awaited === undefined ? [] : [awaited > least ? awaited : least]
  const ahead = [to, ...steps, ...noons, ...due].filter((stop) => stop > now)
  return new Date(Math.min(...ahead.map((stop) => stop.getTime())))
}

/** The way the clock is on, whoever sent it; undefined when it is on none. */
export async function underWay({ store }: Pick<Context, 'store'>): Promise<Course | undefined> {
  const courses = (await findDue(store, KIND)).map((payload) => course.parse(payload))
  return courses.reduce<Course | undefined>(
    (furthest, one) => (furthest === undefined || one.to > furthest.to ? one : furthest),
    undefined,
  )
}

/** Sends the clock on its way, or further on the way it is on already. Throws invalid-input for a moment that is past. */
export async function sendTo(
  scope: Scope,
  { now, before }: { now: Date; before: Course | undefined },
  to: Date,
): Promise<Course> {
  const here = before?.to ?? now
  if (to <= here) {
    throw invalid(
      'to',
      `is not after ${here.toISOString()}`,
      'Name a later moment: the clock only moves forward',
    )
  }
  if (to > plus(here, FAR_MS)) throw invalid('to', 'is more than 400 days ahead', 'Go there in several steps')
  const made = { from: before?.from ?? now, to }
  await schedule(scope, { kind: KIND, key: 'clock', payload: made, deadline_at: LAST })
  return made
}

/** The day of the second month after it on which the last of a month's money is at the bank, on every cloud. */
const PAID_ON = 18

/**
 * When what is sold and used in a month is invoiced and paid everywhere: usage is invoiced on the 3rd of the next month,
 * Google pays that on its 21st, AWS and Microsoft on the 15th of the month after, and banks take two days.
 */
export function paidAt(now: Date): Date {
  const last = nextMonth(nextMonth(monthOf(now)))
  return plus(startOfMonth(last), (PAID_ON - 1) * DAY_MS + LOOKED_AT_MS)
}

/** The handler of `sandbox.move`: one step, and again as soon as everything else that is due is done. */
export async function moveOn(
  context: Pick<Context, 'store' | 'clocks' | 'sandbox'>,
  item: WorkItem,
): Promise<WorkOutcome> {
  // A service that was set up for the real clouds since has no clock to move.
  if (context.sandbox === undefined) return done
  const { control, refresh } = linkOf(context)
  const way = course.parse(item.payload)
  const now = await control.now()
  if (now >= way.to) return done
  const stop = nextStop(way, now, await nextDue(context.store, AWAITED, now))
  await control.moveTo(stop)
  await refresh()
  return stop >= way.to ? done : { done: false, again_at: context.clocks.business.now() }
}
