import { z } from 'zod'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import {
  type Actor,
  type AuditRecord,
  bodyDigest,
  CHAIN_START,
  type ChainState,
  recordDigest,
} from './model.ts'

type Row = Prisma.audit_recordGetPayload<Record<string, never>>
export type StoredRecord = AuditRecord & { forgotten: boolean }

const actorKinds = z.enum(['key', 'person', 'operator'])

function fromRow(row: Row): StoredRecord {
  const { organisation_id: _, actor_kind, actor_id, before, after, ...rest } = row
  return {
    ...rest,
    actor: { kind: actorKinds.parse(actor_kind), id: actor_id },
    before,
    after,
    forgotten: row.salt === '',
  }
}

export type Act = {
  actor: Actor
  request_id: string
  act: string
  subject_id: string
  before?: unknown
  after?: unknown
}

/**
 * Adds to the chain in the caller's transaction: an act and its record happen together or not at all. One organisation's
 * acts wait for each other here, from now until their transaction ends.
 */
export async function record(
  scope: Scope,
  { actor, request_id, act, subject_id, ...values }: Act,
): Promise<void> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`audit ${organisation_id}`}, 0))`
  const { sequence, digest } = await chainEnd(scope)
  // The digest is of what the database keeps, which knows no undefined.
  const before = plain(values.before)
  const after = plain(values.after)
  const salt = scope.salt()
  const draft = {
    sequence: sequence + 1n,
    at: scope.wall(),
    request_id,
    actor,
    act,
    subject_id,
    before,
    after,
    salt,
    body_digest: await bodyDigest(salt, { before, after }),
    previous_digest: digest,
  }
  const { actor: _, before: __, after: ___, ...columns } = draft
  await tx.audit_record.create({
    data: {
      organisation_id,
      ...columns,
      actor_kind: actor.kind,
      actor_id: actor.id,
      ...(before === null ? {} : { before: toJson(before) }),
      ...(after === null ? {} : { after: toJson(after) }),
      digest: await recordDigest(organisation_id, draft),
    },
  })
}

function plain(value: unknown): unknown {
  return value === undefined || value === null ? null : JSON.parse(JSON.stringify(toJson(value)))
}

export async function chainEnd({ organisation_id, tx }: Scope): Promise<ChainState> {
  const last = await tx.audit_record.findFirst({
    where: { organisation_id },
    orderBy: { sequence: 'desc' },
    select: { sequence: true, digest: true },
  })
  return last ?? { sequence: 0n, digest: CHAIN_START }
}

export type AuditFilter = {
  actor_id?: string | undefined
  act?: string | undefined
  subject_id?: string | undefined
  from?: Date | undefined
  until?: Date | undefined
}

/** A page of acts by when they were done; one more than asked. */
export async function findPage(
  { organisation_id, tx }: Scope,
  { from, until, actor_id, act, subject_id }: AuditFilter,
  { oldest_first, limit, beyond }: { oldest_first: boolean; limit: number; beyond: bigint | undefined },
): Promise<StoredRecord[]> {
  const rows = await tx.audit_record.findMany({
    where: {
      organisation_id,
      ...(actor_id === undefined ? {} : { actor_id }),
      ...(act === undefined ? {} : { act: { contains: act } }),
      ...(subject_id === undefined ? {} : { subject_id }),
      at: { ...(from === undefined ? {} : { gte: from }), ...(until === undefined ? {} : { lt: until }) },
      ...(beyond === undefined ? {} : { sequence: oldest_first ? { gt: beyond } : { lt: beyond } }),
    },
    orderBy: { sequence: oldest_first ? 'asc' : 'desc' },
    take: limit + 1,
  })
  return rows.map(fromRow)
}

/** One act by its number; undefined where there is none. */
export async function findRecord(
  { organisation_id, tx }: Scope,
  sequence: bigint,
): Promise<StoredRecord | undefined> {
  const where = { organisation_id_sequence: { organisation_id, sequence } }
  const row = await tx.audit_record.findUnique({ where })
  return row === null ? undefined : fromRow(row)
}

/** The chain in its order, from behind a place. */
export async function readChain(
  { organisation_id, tx }: Scope,
  after: bigint,
  limit: number,
): Promise<StoredRecord[]> {
  const rows = await tx.audit_record.findMany({
    where: { organisation_id, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take: limit,
  })
  return rows.map(fromRow)
}
