import { z } from 'zod'
import type { Asset, Money } from '../core/money.ts'
import { decodeCursor } from '../core/page.ts'
import { Refusal } from '../core/problem.ts'
import type { Prisma, Scope } from '../store/index.ts'
import {
  type ExceptionDraft,
  type ExceptionItem,
  type ExceptionKind,
  type ExceptionState,
  exceptionKinds,
  exceptionStates,
} from './model.ts'

export type Row = Prisma.exception_itemGetPayload<Record<string, never>>

function fromRow(row: Row): ExceptionItem {
  return {
    ...row,
    kind: z.enum(exceptionKinds).catch('other').parse(row.kind),
    state: z.enum(exceptionStates).parse(row.state),
    amount: moneyOf(row),
  }
}

/** The money a row is about, if it is about money. */
export function moneyOf({ asset, amount }: Pick<Row, 'asset' | 'amount'>): Money | null {
  if (asset === null || amount === null) return null
  return { asset: asset as Asset, amount }
}

/**
 * Opens an exception, or brings the known one of this kind and subject up to date; a resolved one opens again when
 * what it says has changed. Harmless to repeat.
 */
export async function openException(scope: Scope, draft: ExceptionDraft): Promise<void> {
  const { organisation_id, tx } = scope
  const asset = draft.amount?.asset ?? null
  const amount = draft.amount?.amount ?? null
  await tx.$executeRaw`
    INSERT INTO exception_item (organisation_id, id, kind, subject_id, sentence, fix, asset, amount, state, created_at)
    VALUES (${organisation_id}, ${scope.id('exception')}, ${draft.kind}, ${draft.subject_id}, ${draft.sentence},
            ${draft.fix}, ${asset}, ${amount}::bigint, 'open', ${scope.now()})
    ON CONFLICT (organisation_id, kind, subject_id) DO UPDATE SET
      sentence = EXCLUDED.sentence, fix = EXCLUDED.fix, asset = EXCLUDED.asset, amount = EXCLUDED.amount,
      state = 'open', note = NULL, resolved_at = NULL,
      created_at = CASE WHEN exception_item.state = 'open' THEN exception_item.created_at ELSE EXCLUDED.created_at END
    WHERE exception_item.state = 'open' AND exception_item.sentence IS DISTINCT FROM EXCLUDED.sentence
       OR exception_item.state = 'resolved'
          AND (exception_item.note IS NULL OR exception_item.sentence IS DISTINCT FROM EXCLUDED.sentence)`
}

/** Closes the exceptions of one kind for some subjects: what they said is explained now. No-op where none is open. */
export async function resolveException(
  scope: Scope,
  kind: ExceptionKind,
  subject_ids: string | readonly string[],
): Promise<void> {
  const subjects = typeof subject_ids === 'string' ? [subject_ids] : [...subject_ids]
  if (subjects.length === 0) return
  await scope.tx.exception_item.updateMany({
    where: {
      organisation_id: scope.organisation_id,
      kind,
      subject_id: { in: subjects },
      state: 'open',
    },
    data: { state: 'resolved', resolved_at: scope.now() },
  })
}

/** The subjects of one kind's open exceptions. */
export async function openSubjects(scope: Scope, kind: ExceptionKind): Promise<string[]> {
  const rows = await scope.tx.exception_item.findMany({
    where: { organisation_id: scope.organisation_id, kind, state: 'open' },
    select: { subject_id: true },
  })
  return rows.map(({ subject_id }) => subject_id)
}

/** A person closes an exception and says why. Throws not-found, or conflict when it is closed already. */
export async function resolveByHand(scope: Scope, id: string, note: string): Promise<ExceptionItem> {
  const { organisation_id, tx } = scope
  const where = { organisation_id_id: { organisation_id, id } }
  const row = await tx.exception_item.findUnique({ where })
  if (row === null) throw new Refusal('not-found', `There is no exception ${id}.`)
  if (row.state === 'resolved') throw new Refusal('conflict', `Exception ${id} is resolved already.`)
  const data = { state: 'resolved', note, resolved_at: scope.now() }
  return fromRow(await tx.exception_item.update({ where, data }))
}

/** Exceptions, newest first; returns one more than asked so that the caller sees whether there is a next page. */
export async function readExceptions(
  scope: Scope,
  asked: { state?: ExceptionState; kind?: ExceptionKind; limit: number; cursor?: string | undefined },
): Promise<ExceptionItem[]> {
  const before = asked.cursor === undefined ? undefined : decodeCursor(asked.cursor)
  const rows = await scope.tx.exception_item.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...(asked.state === undefined ? {} : { state: asked.state }),
      ...(asked.kind === undefined ? {} : { kind: asked.kind }),
      ...(before === undefined ? {} : { id: { lt: before } }),
    },
    orderBy: { id: 'desc' },
    take: asked.limit + 1,
  })
  return rows.map(fromRow)
}
