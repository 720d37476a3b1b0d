import { z } from 'zod'
import { formatDecimal } from '../core/decimal.ts'
import { type Asset, type Money, moneyDecimal } from '../core/money.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { fromNumeric, type Prisma, type Scope } from '../store/index.ts'
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
    weight: formatDecimal(fromNumeric(row.weight)),
  }
}

/** The money a row is about, if it is about money. */
export function moneyOf({ asset, amount }: Pick<Row, 'asset' | 'amount'>): Money | null {
  if (asset === null || amount === null) return null
  return { asset: asset as Asset, amount }
}

/** What an exception is ordered by: the size of its amount, whichever way it goes and whatever its currency. */
function weightOf(amount: Money | undefined): string {
  if (amount === undefined) return '0'
  const size = { asset: amount.asset, amount: amount.amount < 0n ? -amount.amount : amount.amount }
  return formatDecimal(moneyDecimal(size))
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
    INSERT INTO exception_item (organisation_id, id, kind, subject_id, sentence, fix, asset, amount, weight, state,
                                created_at)
    VALUES (${organisation_id}, ${scope.id('exception')}, ${draft.kind}, ${draft.subject_id}, ${draft.sentence},
            ${draft.fix}, ${asset}, ${amount}::bigint, ${weightOf(draft.amount)}::numeric, 'open', ${scope.now()})
    ON CONFLICT (organisation_id, kind, subject_id) DO UPDATE SET
      sentence = EXCLUDED.sentence, fix = EXCLUDED.fix, asset = EXCLUDED.asset, amount = EXCLUDED.amount,
      weight = EXCLUDED.weight, state = 'open', note = NULL, resolved_at = NULL,
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
  const item = await findException(scope, id)
  if (item.state === 'resolved') throw new Refusal('conflict', `Exception ${id} is resolved already.`)
  const data = { state: 'resolved', note, resolved_at: scope.now() }
  return fromRow(await tx.exception_item.update({ where, data }))
}

/** One exception. Throws not-found. */
export async function findException(scope: Scope, id: string): Promise<ExceptionItem> {
  const { organisation_id, tx } = scope
  const row = await tx.exception_item.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no exception ${id}.`)
  return fromRow(row)
}

/** What exceptions can be ordered by: their age, and how much money they are about. */
export const exceptionOrders = {
  created_at: { column: 'created_at', holds: 'time' },
  amount: { column: 'weight', holds: 'decimal' },
} as const

export type ExceptionFilter = {
  state?: ExceptionState | undefined
  kind?: ExceptionKind | undefined
  subject_id?: string | undefined
  q?: string | undefined
}

export async function readExceptions(
  scope: Scope,
  { q, ...filter }: ExceptionFilter,
  slice: Slice,
): Promise<ExceptionItem[]> {
  const rows = await scope.tx.exception_item.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['sentence', 'subject_id', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRow)
}
