// One report to a cloud, and what its answer says before anything follows from it.
import { z } from 'zod'
import type { MeterAnswer, MeterReport } from '../../connectors/connector.ts'
import type { OpenConnection } from '../connections/index.ts'
import { Fault, judge } from '../core/fault.ts'
import type { Operation, Sent } from '../operations/index.ts'
import { requestOf, type SentRecord, toMeterRecord } from './request.ts'

/** After so many attempts without an answer the same records are asked about anew, until their deadline. */
const ATTEMPTS_PER_ROUND = 12

export const answerShape = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('report'),
    answers: z.custom<MeterAnswer[]>(Array.isArray),
    may_have_arrived: z.boolean().default(false),
  }),
  /** A record's deadline had passed, so nothing was sent. */
  z.object({ is: z.literal('not_sent') }),
  /** The cloud refused the request as a whole because of what is in it. */
  z.object({ is: z.literal('rejected'), may_have_arrived: z.boolean() }),
  /** The cloud does not let this connection report. */
  z.object({ is: z.literal('blocked'), may_have_arrived: z.boolean().default(false) }),
  /** No clear answer came. */
  z.object({ is: z.literal('unanswered'), may_have_arrived: z.boolean() }),
])
type ReportAnswer = z.input<typeof answerShape>

/** Sends it, or says why that would be in vain. */
export async function sendReport(open: OpenConnection, operation: Operation, now: Date): Promise<Sent> {
  const request = requestOf(operation)
  const may_have_arrived = request.may_have_arrived || operation.state !== 'written'
  // One record out of its window would take the whole request down. Where an earlier attempt may have arrived, only
  // the identical request can tell.
  if (!may_have_arrived && request.records.some((record) => isLate(record, now))) {
    return failed('out_of_window', 'A deadline passed before the request was sent.', { is: 'not_sent' })
  }
  const { metering } = open.connector
  if (metering === undefined) {
    const message = `The connector of ${open.cloud} does not meter.`
    return failed('no_metering', message, { is: 'blocked', may_have_arrived })
  }
  try {
    const report = await metering.report(open.connection, request.records.map(toMeterRecord))
    return succeeded(report, may_have_arrived)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return faulted(error, operation, may_have_arrived)
  }
}

export function isLate(record: SentRecord, now: Date): boolean {
  return new Date(record.deadline_at) <= now
}

function succeeded({ answers, evidence }: MeterReport, may_have_arrived: boolean): Sent {
  const answer: ReportAnswer = { is: 'report', answers, may_have_arrived }
  return { status: 'succeeded', target: {}, evidence, answer }
}

function failed(code: string, message: string, answer: ReportAnswer, received?: unknown): Sent {
  return {
    status: 'failed',
    problems: [{ code, message }],
    evidence: received === undefined ? {} : { received },
    answer,
  }
}

/** A fault that may pass is thrown on, so that the operation tries again; the others end this request. */
function faulted(fault: Fault, operation: Operation, may_have_arrived: boolean): Sent {
  const code = fault.cloudCode ?? fault.code
  const { retry, outcome } = judge(fault.code)
  if (retry && operation.attempts < ATTEMPTS_PER_ROUND) throw fault
  const arrived = may_have_arrived || outcome === 'unknown'
  const answer: ReportAnswer = retry
    ? { is: 'unanswered', may_have_arrived: arrived }
    : fault.code === 'forbidden' || fault.code === 'not_found'
      ? { is: 'blocked', may_have_arrived }
      : { is: 'rejected', may_have_arrived }
  return failed(code, fault.message, answer, fault.evidence)
}
