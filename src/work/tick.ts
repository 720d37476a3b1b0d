import type { Context } from '../context.ts'
import { Fault, judge, retryDelayMs } from '../core/fault.ts'
import { plus } from '../core/time.ts'
import type { WorkHandlers, WorkItem, WorkOutcome } from './model.ts'
import { claim, settle } from './store.ts'

/** How much one tick may take: wall milliseconds and pieces of work. */
export type Budget = { milliseconds: number; pieces: number }

export const TICK_BUDGET: Budget = { milliseconds: 5000, pieces: 1000 }

/**
 * Does due work, the soonest deadline first, until nothing is due or the budget is spent. Node's timer, a Workers
 * cron and the tests call the same function; several processes may call it at once.
 */
export async function tick(
  context: Pick<Context, 'store' | 'clocks' | 'log'>,
  handlers: WorkHandlers,
  owner: string,
  budget: Budget = TICK_BUDGET,
): Promise<{ pieces: number; more: boolean }> {
  const until = context.clocks.wall.now().getTime() + budget.milliseconds
  let pieces = 0
  while (pieces < budget.pieces && context.clocks.wall.now().getTime() < until) {
    const item = await claim(context.store, owner)
    if (item === undefined) return { pieces, more: false }
    await settle(context.store, item, owner, await run(context, handlers, item))
    pieces += 1
  }
  return { pieces, more: true }
}

async function run(
  { clocks, log }: Pick<Context, 'clocks' | 'log'>,
  handlers: WorkHandlers,
  item: WorkItem,
): Promise<WorkOutcome> {
  try {
    return await handlers[item.kind](item)
  } catch (error) {
    const again_at = plus(
      clocks.business.now(),
      retryDelayMs(item.attempts, error instanceof Fault ? error.retryAfterMs : 0),
    )
    if (error instanceof Fault && judge(error.code).retry) {
      log('work.delayed', {
        kind: item.kind,
        key: item.key,
        attempts: item.attempts,
        fault: error.code,
        reason: error.message,
      })
      return { done: false, again_at, reason: error.message }
    }
    // A handler that throws has met something nobody foresaw: the work stays, is seen, and is tried again later.
    const reason = error instanceof Error ? error.message : String(error)
    log('work.failed', {
      kind: item.kind,
      key: item.key,
      attempts: item.attempts,
      reason,
      stack: error instanceof Error ? error.stack : undefined,
    })
    return { done: false, again_at, reason }
  }
}
