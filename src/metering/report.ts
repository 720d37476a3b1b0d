import type { ChangeProblem, Connector, MeterAnswer } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import type { Context } from '../context.ts'
import { retryDelayMs } from '../core/fault.ts'
import { MINUTE_MS, plus } from '../core/time.ts'
import * as exceptions from '../exceptions/index.ts'
import type { Ending, Operation, OperationHandler, Quota } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import { holdBack } from './hold-back.ts'
import { loseRecords, settleAlarms } from './lose.ts'
import type { UsageRecord } from './model.ts'
import { ask, type ReportRequest, requestOf } from './request.ts'
import { answerShape, isLate, sendReport } from './send-report.ts'
import { backToPending, findSending, settleRecords } from './store-records.ts'

/** How long a connection that may not report is left alone. */
const BLOCKED_MS = 5 * MINUTE_MS

/** How `metering.report` is sent and what follows from its answer. */
export function meteringReport(context: Pick<Context, 'clocks'>): OperationHandler {
  return {
    makes: [],
    quota: quotaOf,
    send: (open, operation) => sendReport(open, operation, context.clocks.business.now()),
    ended,
  }
}

/** The cloud's own pace; one that does not meter refuses every report, however fast it comes. */
function quotaOf({ metering }: Connector): Quota {
  const { requests_per_second, burst } = metering?.rules ?? { requests_per_second: 1, burst: 1 }
  return { name: 'metering', per_second: requests_per_second, burst }
}

type Case = {
  scope: Scope
  operation: Operation
  request: ReportRequest
  /** The records that still wait for this request's answer. */
  waiting: ReadonlyMap<string, UsageRecord>
}

/** The consequences: every record of the request is settled, or goes out again. */
async function ended(scope: Scope, operation: Operation, ending: Ending): Promise<void> {
  const request = requestOf(operation)
  const one: Case = { scope, operation, request, waiting: await findSending(scope, operation.id) }
  const problem: ChangeProblem = (ending.state === 'failed' ? ending.problems[0] : undefined) ?? {
    code: 'unknown',
    message: 'The cloud gave no reason.',
  }
  const answer = answerShape.optional().parse(ending.answer)
  if (answer === undefined) return completedByHand(one, ending.state === 'succeeded')
  switch (answer.is) {
    case 'report':
      return reported(one, answer.answers, answer.may_have_arrived)
    case 'not_sent':
      return putBack(one, await expire(one, false), 'A record beside it had passed its deadline.', 0)
    case 'rejected':
      return rejected(one, problem, answer.may_have_arrived)
    case 'blocked':
      return blocked(one, problem, answer.may_have_arrived)
    case 'unanswered':
      return resend(one, await expire(one, answer.may_have_arrived), answer.may_have_arrived)
  }
}

async function reported(
  one: Case,
  answers: readonly MeterAnswer[],
  may_have_arrived: boolean,
): Promise<void> {
  const { scope, operation, waiting } = one
  const given = answers.filter((answer) => waiting.has(answer.id))
  const accepted = given.filter((answer) => answer.status === 'accepted')
  await settleRecords(
    scope,
    'accepted',
    accepted.map(({ id, cloud_record_id }) => ({ id, cloud_record_id, reason: null })),
  )
  await settleAlarms(
    scope,
    accepted.map(({ id }) => id),
  )
  if (accepted.length > 0) {
    await exceptions.resolveException(scope, 'metering_refused', operation.connection_id)
  }
  const all = given.filter((answer) => answer.status === 'refused')
  const held = await holdBack(scope, operation.connection_id, all, waiting, may_have_arrived)
  const refused = all.filter(({ id }) => !held.includes(id))
  await lose(one, 'refused', refused, ({ code, message }) => `${code}: ${message}`)
  // The identical record may be sent again where the cloud did not look at it, and where it said nothing of it: then it
  // may have it.
  const settled = new Set([...accepted, ...refused].map(({ id }) => id).concat(held))
  const rest = [...waiting.keys()].filter((id) => !settled.has(id))
  const said = new Set(given.map(({ id }) => id))
  const [untouched, silent] = [rest.filter((id) => said.has(id)), rest.filter((id) => !said.has(id))]
  const delay_ms = retryDelayMs(Math.max(0, ...rest.map((id) => waiting.get(id)?.attempts ?? 0)))
  await putBack(one, untouched, 'The cloud did not process it.', delay_ms, may_have_arrived)
  await putBack(one, silent, 'The cloud said nothing about it.', delay_ms, true)
}

async function lose<T extends { id: string }>(
  { scope, waiting }: Case,
  state: 'refused' | 'expired',
  lost: readonly T[],
  reason: (one: T) => string,
): Promise<void> {
  const records = lost.flatMap((one) => {
    const record = waiting.get(one.id)
    return record === undefined ? [] : [{ record, reason: reason(one) }]
  })
  const known = await agreements.findMany(scope, [
    ...new Set(records.map(({ record }) => record.agreement_id)),
  ])
  await loseRecords(scope, state, records, known)
}

/** Expires what can no longer be taken; answers the ids of the others. */
async function expire(one: Case, may_have_arrived: boolean): Promise<string[]> {
  const now = one.scope.now()
  const waiting = one.request.records.filter(({ id }) => one.waiting.has(id))
  const late = waiting.filter((record) => isLate(record, now))
  const doubt = ' An earlier attempt may have arrived: compare with what the cloud itself reports.'
  await lose(
    one,
    'expired',
    late,
    () => `Its deadline passed without an answer.${may_have_arrived ? doubt : ''}`,
  )
  return waiting.filter((record) => !isLate(record, now)).map(({ id }) => id)
}

/** A refused request is cut in halves until the record that spoils it stands alone. */
async function rejected(one: Case, problem: ChangeProblem, may_have_arrived: boolean): Promise<void> {
  const rest = await expire(one, may_have_arrived)
  const found = rest.length < one.waiting.size
  if (found) return resend(one, rest, may_have_arrived)
  if (rest.length === 1) {
    const doubt = may_have_arrived ? ' An earlier attempt may have arrived.' : ''
    const reason = `${problem.code}: ${problem.message}${doubt}`
    return lose(
      one,
      'refused',
      rest.map((id) => ({ id })),
      () => reason,
    )
  }
  const middle = Math.ceil(rest.length / 2)
  await resend(one, rest.slice(0, middle), may_have_arrived)
  await resend(one, rest.slice(middle), may_have_arrived)
}

/** The same records, byte for byte, in another request. */
async function resend(one: Case, ids: readonly string[], may_have_arrived: boolean): Promise<void> {
  if (ids.length === 0) return
  const records = one.request.records.filter(({ id }) => ids.includes(id))
  await ask(one.scope, one.operation.connection_id, { may_have_arrived, records }, one.operation.id)
}

async function putBack(
  one: Case,
  ids: readonly string[],
  reason: string,
  delay_ms: number,
  may_have_arrived = false,
): Promise<void> {
  if (ids.length === 0) return
  const { scope, operation } = one
  await backToPending(scope, ids, reason, may_have_arrived)
  const due_at = plus(scope.now(), delay_ms)
  await schedule(scope, { kind: 'metering.batch', key: operation.connection_id, due_at })
}

async function blocked(one: Case, problem: ChangeProblem, may_have_arrived: boolean): Promise<void> {
  const { scope, operation, waiting } = one
  await exceptions.openException(scope, {
    kind: 'metering_refused',
    subject_id: operation.connection_id,
    sentence: `The cloud takes no usage from this connection: ${problem.code}: ${problem.message}`,
    fix: "Correct the connection's permissions; the usage waits and is sent again every five minutes",
  })
  const reason = `${problem.code}: ${problem.message}`
  await putBack(one, [...waiting.keys()], reason, BLOCKED_MS, may_have_arrived)
}

async function completedByHand(one: Case, arrived: boolean): Promise<void> {
  if (!arrived) return putBack(one, [...one.waiting.keys()], 'A person found that it had not arrived.', 0)
  const settled = [...one.waiting.keys()].map((id) => ({
    id,
    cloud_record_id: null,
    reason: 'A person found it at the cloud.',
  }))
  await settleRecords(one.scope, 'accepted', settled)
  await settleAlarms(
    one.scope,
    settled.map(({ id }) => id),
  )
}
