import type { ChangeProblem, Connectors } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Fault, isNotYet, judge, retryDelayMs } from '../core/fault.ts'
import { plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import {
  ATTEMPTS_MAX,
  faultWords,
  finishedStates,
  type Operation,
  type OperationHandler,
  type OperationHandlers,
  pollDelayMs,
  type Quota,
  type Sent,
  stillCounts,
} from './model.ts'
import {
  type AttemptEnd,
  type AttemptStart,
  countUnclear,
  endAttempt,
  findLocked,
  startAttempt,
  update,
} from './store.ts'
import { takeToken } from './store-quota.ts'

type Parts = Pick<Context, 'store' | 'clocks' | 'seal' | 'connectors'>

/** The handler of `operation.send`: written down, sent outside any transaction, answered. */
export async function sendOperation(
  context: Parts,
  handlers: OperationHandlers,
  item: WorkItem,
): Promise<WorkOutcome> {
  return attempt(context, handlers, item, 'send')
}

/** The handler of `operation.check`: asks the cloud how an accepted change stands. */
export async function checkOperation(
  context: Parts,
  handlers: OperationHandlers,
  item: WorkItem,
): Promise<WorkOutcome> {
  return attempt(context, handlers, item, 'check')
}

async function attempt(
  context: Parts,
  handlers: OperationHandlers,
  item: WorkItem,
  purpose: 'send' | 'check',
): Promise<WorkOutcome> {
  const { store } = context
  const begun = await store.inTenant(item.organisation_id, (scope) =>
    begin(scope, context, handlers, item.key, purpose),
  )
  if (begun.state === 'nothing') return done
  if (begun.state === 'wait')
    return { done: false, again_at: plus(context.clocks.business.now(), begun.wait_ms) }
  const { operation, started } = begun
  const handler = handlers[operation.kind]
  let sent: Sent | Fault
  try {
    const open = await connections.openConnection(context, operation.organisation_id, operation.connection_id)
    sent =
      purpose === 'send' || operation.reference === null || handler.check === undefined
        ? await handler.send(open, operation)
        : await handler.check(open, operation, operation.reference)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    sent = error
  }
  return store.inTenant(item.organisation_id, async (scope) => {
    const present = await findLocked(scope, operation.id)
    await endAttempt(scope, started, toEnd(sent))
    // Whoever took the work over, or a person, knows more by now: this answer is kept, and nothing follows from it.
    if (present === undefined || isOver(present)) return done
    if (!stillCounts(present, started, sent instanceof Fault ? 'fault' : sent.status)) return done
    return sent instanceof Fault
      ? faulted(scope, handlers, operation, started, sent)
      : answered(scope, handlers, operation, started, sent)
  })
}

/** Nothing more is asked of the cloud. */
function isOver({ state }: Operation): boolean {
  return finishedStates.includes(state) || state === 'waiting_for_person'
}

function toEnd(sent: Sent | Fault): AttemptEnd {
  if (!(sent instanceof Fault)) return { outcome: sent.status, evidence: sent.evidence }
  return {
    outcome: judge(sent.code).outcome === 'unknown' ? 'unknown' : 'refused',
    fault: sent.code,
    message: sent.message,
    evidence: sent.evidence,
    ...(sent.cloudCode === undefined ? {} : { cloud_code: sent.cloudCode }),
  }
}

/** A cloud without a connector here is sent nothing, so its pace does not matter. */
function quotaOf(
  quota: OperationHandler['quota'],
  connectors: Connectors,
  { cloud }: { cloud: string },
): Quota {
  if (typeof quota !== 'function') return quota
  const connector = Object.values(connectors).find((candidate) => candidate.cloud === cloud)
  return connector === undefined ? { name: 'none', per_second: 1, burst: 1 } : quota(connector)
}

type Begun =
  | { state: 'nothing' }
  | { state: 'wait'; wait_ms: number }
  | { state: 'begun'; operation: Operation; started: AttemptStart }

async function begin(
  scope: Scope,
  { connectors }: Pick<Context, 'connectors'>,
  handlers: OperationHandlers,
  id: string,
  purpose: 'send' | 'check',
): Promise<Begun> {
  const operation = await findLocked(scope, id)
  if (operation === undefined || isOver(operation)) return { state: 'nothing' }
  const { connection_id, kind } = operation
  const quota = quotaOf(handlers[kind].quota, connectors, await connections.find(scope, connection_id))
  const wait_ms = await takeToken(scope, connection_id, quota)
  if (wait_ms > 0) return { state: 'wait', wait_ms }
  const number = operation.attempts + 1
  const started = { operation_id: id, number, purpose }
  await startAttempt(scope, started)
  await update(scope, id, { state: purpose === 'send' ? 'sending' : operation.state, attempts: number })
  return { state: 'begun', operation: { ...operation, attempts: number }, started }
}

async function answered(
  scope: Scope,
  handlers: OperationHandlers,
  operation: Operation,
  started: AttemptStart,
  sent: Sent,
): Promise<WorkOutcome> {
  const now = scope.now()
  switch (sent.status) {
    case 'accepted': {
      await update(scope, operation.id, { state: 'accepted', reference: sent.reference, problems: [] })
      const asked = started.purpose === 'check' ? operation.attempts : 0
      const again_at = plus(now, sent.again_ms ?? pollDelayMs(asked))
      if (started.purpose === 'check') return { done: false, again_at }
      await schedule(scope, { kind: 'operation.check', key: operation.id, due_at: again_at })
      return done
    }
    case 'human':
      await update(scope, operation.id, { state: 'waiting_for_person', human_task: sent.task })
      return done
    case 'succeeded':
      await update(scope, operation.id, {
        state: 'succeeded',
        target: sent.target,
        problems: [],
        finished: true,
        ...(sent.reference === undefined ? {} : { reference: sent.reference }),
      })
      await handlers[operation.kind].ended(scope, operation, {
        state: 'succeeded',
        target: sent.target,
        answer: sent.answer,
      })
      return done
    case 'failed':
      await fail(scope, handlers, operation, sent.problems, sent.answer)
      return done
  }
}

async function faulted(
  scope: Scope,
  handlers: OperationHandlers,
  operation: Operation,
  started: AttemptStart,
  fault: Fault,
): Promise<WorkOutcome> {
  const { retry, outcome } = judge(fault.code)
  const plain = faultWords[fault.code]
  const problem: ChangeProblem = {
    code: fault.cloudCode ?? fault.code,
    message: fault.message,
    ...(plain === undefined ? {} : { plain }),
  }
  // A refusal now says nothing about a request that was taken, or may have been, before: a person must look.
  const doubtful = started.purpose === 'check' || mayHaveArrived(operation)
  if (!retry && !doubtful) {
    await fail(scope, handlers, operation, [problem])
    return done
  }
  const may_have_arrived = started.purpose === 'send' && mayHaveArrived(operation)
  const waits = isNotYet(fault.code) && !may_have_arrived
  const unclear = !waits && (await countUnclear(scope, operation, may_have_arrived)) >= ATTEMPTS_MAX
  if (!retry || unclear) {
    await update(scope, operation.id, {
      state: 'waiting_for_person',
      problems: [problem],
      human_task: {
        title: `Find out whether "${operation.kind}" happened`,
        steps: [
          `Look in the cloud's own console for ${operation.subject_id} (our key: ${operation.key}).`,
          'Complete this task with the ids if it is there, or with "failed" if it is not.',
        ],
        evidence: `${operation.attempts} attempts brought no clear answer; the last one said: ${fault.message}`,
      },
    })
    return done
  }
  const state =
    started.purpose === 'check'
      ? 'accepted'
      : outcome === 'unknown' || mayHaveArrived(operation)
        ? 'unknown'
        : 'written'
  await update(scope, operation.id, { state, problems: [problem] })
  return {
    done: false,
    again_at: plus(scope.now(), retryDelayMs(operation.attempts, fault.retryAfterMs)),
    reason: fault.message,
  }
}

/** True when an earlier sending had no answer: a crash left "sending", a lost answer left "unknown". */
function mayHaveArrived({ state }: Operation): boolean {
  return state === 'sending' || state === 'unknown'
}

async function fail(
  scope: Scope,
  handlers: OperationHandlers,
  operation: Operation,
  problems: ChangeProblem[],
  answer?: unknown,
): Promise<void> {
  await update(scope, operation.id, { state: 'failed', problems, finished: true })
  await handlers[operation.kind].ended(scope, operation, {
    state: 'failed',
    problems,
    ...(answer === undefined ? {} : { answer }),
  })
}
