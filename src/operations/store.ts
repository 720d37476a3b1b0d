import { z } from 'zod'
import type { ChangeProblem, HumanTask } from '../../connectors/connector.ts'
import { canonicalJson } from '../core/canonical.ts'
import { notYetCodes } from '../core/fault.ts'
import { Refusal } from '../core/problem.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import {
  finishedStates,
  type Operation,
  type OperationKind,
  type OperationState,
  operationKinds,
  operationStates,
} from './model.ts'

type Row = Prisma.operationGetPayload<Record<string, never>>

const problems = z.array(
  z.object({
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    plain: z.string().optional(),
  }),
)
const task = z.object({ title: z.string(), steps: z.array(z.string()), evidence: z.string() })

export function fromRow(row: Row): Operation {
  return {
    ...row,
    kind: z.enum(operationKinds).parse(row.kind),
    state: z.enum(operationStates).parse(row.state),
    target: row.target === null ? null : z.record(z.string(), z.string()).parse(row.target),
    problems: problems.parse(row.problems) as ChangeProblem[],
    human_task: row.human_task === null ? null : task.parse(row.human_task),
  }
}

export type OperationRequest = {
  connection_id: string
  kind: OperationKind
  subject_id: string
  key: string
  request: unknown
  deadline_at?: Date
}

/**
 * Writes a change down in the transaction that decided it and schedules its sending. The same key with the same
 * request is a replay and changes nothing; with another request it throws a conflict.
 */
export async function enqueue(scope: Scope, wanted: OperationRequest): Promise<Operation> {
  const { organisation_id, tx } = scope
  const now = scope.now()
  // Claiming the key is the insert itself: of two at once, the second waits here and then meets the first one's row.
  const written = await tx.operation.createMany({
    data: [
      {
        organisation_id,
        id: scope.id('operation'),
        connection_id: wanted.connection_id,
        kind: wanted.kind,
        subject_id: wanted.subject_id,
        key: wanted.key,
        request: toJson(wanted.request),
        state: 'written',
        problems: [],
        attempts: 0,
        created_at: now,
        updated_at: now,
      },
    ],
    skipDuplicates: true,
  })
  const row = await tx.operation.findUniqueOrThrow({
    where: { organisation_id_key: { organisation_id, key: wanted.key } },
  })
  if (written.count === 0) {
    if (canonicalJson(row.request) !== canonicalJson(toJson(wanted.request))) {
      throw new Refusal('conflict', `The operation with key ${wanted.key} exists with another request.`)
    }
    return fromRow(row)
  }
  await schedule(scope, {
    kind: 'operation.send',
    key: row.id,
    payload: { operation_id: row.id },
    ...(wanted.deadline_at === undefined ? {} : { deadline_at: wanted.deadline_at }),
  })
  return fromRow(row)
}

export async function find(scope: Scope, id: string): Promise<Operation | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.operation.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  return row === null ? undefined : fromRow(row)
}

/** The same, and nobody else changes it until this transaction ends. */
export async function findLocked(scope: Scope, id: string): Promise<Operation | undefined> {
  const { organisation_id, tx } = scope
  await tx.$queryRaw`
    SELECT 1 FROM operation WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  return find(scope, id)
}

/** How many attempts since the last clear answer, the newest included, brought none. */
export async function countUnclear(
  scope: Scope,
  operation: Operation,
  /** To be told to come back is no answer where it is not known whether the cloud acted before. */
  doubtful: boolean,
): Promise<number> {
  const clear = await scope.tx.operation_attempt.findFirst({
    where: {
      organisation_id: scope.organisation_id,
      operation_id: operation.id,
      outcome: 'accepted',
    },
    orderBy: { number: 'desc' },
  })
  const since = clear?.number ?? 0
  if (doubtful) return operation.attempts - since
  const told_to_wait = await scope.tx.operation_attempt.count({
    where: {
      organisation_id: scope.organisation_id,
      operation_id: operation.id,
      number: { gt: since },
      fault: { in: [...notYetCodes] },
    },
  })
  return operation.attempts - since - told_to_wait
}

/** A change of this kind that was asked for a subject and has not ended yet. */
export async function findUnderWay(
  scope: Scope,
  subject_id: string,
  kind: OperationKind,
): Promise<Operation | undefined> {
  const { organisation_id, tx } = scope
  const state = { notIn: [...finishedStates] }
  const row = await tx.operation.findFirst({ where: { organisation_id, subject_id, kind, state } })
  return row === null ? undefined : fromRow(row)
}

/** Every change of this kind that was asked for a subject, newest first. */
export async function findBySubject(
  scope: Scope,
  subject_id: string,
  kind: OperationKind,
): Promise<Operation[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.operation.findMany({
    where: { organisation_id, subject_id, kind },
    orderBy: { id: 'desc' },
  })
  return rows.map(fromRow)
}

/** The operation that was written down with a key. */
export async function findByKey(scope: Scope, key: string): Promise<Operation | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.operation.findUnique({ where: { organisation_id_key: { organisation_id, key } } })
  return row === null ? undefined : fromRow(row)
}

/** The operation a cloud's own reference belongs to, on one connection. */
export async function findByReference(
  scope: Scope,
  connection_id: string,
  reference: string,
): Promise<Operation | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.operation.findFirst({ where: { organisation_id, connection_id, reference } })
  return row === null ? undefined : fromRow(row)
}

export type AttemptRow = Omit<
  Prisma.operation_attemptGetPayload<Record<string, never>>,
  'organisation_id' | 'operation_id'
>

/** Every sending and asking of an operation, in order. */
export async function findAttempts(scope: Scope, operation_id: string): Promise<AttemptRow[]> {
  return scope.tx.operation_attempt.findMany({
    where: { organisation_id: scope.organisation_id, operation_id },
    omit: { organisation_id: true, operation_id: true },
    orderBy: { number: 'asc' },
  })
}

export async function update(
  scope: Scope,
  id: string,
  change: {
    state: OperationState
    reference?: string
    target?: unknown
    problems?: ChangeProblem[]
    human_task?: HumanTask
    finished?: boolean
    attempts?: number
  },
): Promise<void> {
  const { organisation_id, tx } = scope
  await tx.operation.update({
    where: { organisation_id_id: { organisation_id, id } },
    data: {
      state: change.state,
      updated_at: scope.now(),
      ...(change.reference === undefined ? {} : { reference: change.reference }),
      ...(change.target === undefined ? {} : { target: toJson(change.target) }),
      ...(change.problems === undefined ? {} : { problems: toJson(change.problems) }),
      ...(change.human_task === undefined ? {} : { human_task: toJson(change.human_task) }),
      ...(change.attempts === undefined ? {} : { attempts: change.attempts }),
      ...(change.finished ? { finished_at: scope.now() } : {}),
    },
  })
}

export type AttemptStart = { operation_id: string; number: number; purpose: 'send' | 'check' }

/** Writes an attempt down before it is made. */
export async function startAttempt(scope: Scope, attempt: AttemptStart): Promise<void> {
  await scope.tx.operation_attempt.create({
    data: { organisation_id: scope.organisation_id, ...attempt, sent_at: scope.now(), outcome: 'sending' },
  })
}

export type AttemptEnd = {
  outcome: string
  fault?: string
  cloud_code?: string
  message?: string
  evidence?: unknown
}

export async function endAttempt(
  scope: Scope,
  { operation_id, number }: AttemptStart,
  end: AttemptEnd,
): Promise<void> {
  await scope.tx.operation_attempt.update({
    where: {
      organisation_id_operation_id_number: { organisation_id: scope.organisation_id, operation_id, number },
    },
    data: {
      answered_at: scope.now(),
      outcome: end.outcome,
      ...(end.fault === undefined ? {} : { fault: end.fault }),
      ...(end.cloud_code === undefined ? {} : { cloud_code: end.cloud_code }),
      ...(end.message === undefined ? {} : { message: end.message }),
      ...(end.evidence === undefined ? {} : { evidence: toJson(end.evidence) }),
    },
  })
}
