// Open exceptions, as Home tells them. A refused file is told apart: it is mended by another file.
import type { Need, Needs } from '../home/model.ts'
import type { Scope } from '../store/index.ts'
import { type ExceptionKind, exceptionKinds } from './model.ts'
import { moneyOf, type Row } from './store.ts'

/** Usage at risk is told by its deadline, out of the hours themselves. */
const TOLD_ELSEWHERE: readonly ExceptionKind[] = ['metering_at_risk']
const OF_FILES: readonly ExceptionKind[] = ['statement_refused']
const OTHERS = exceptionKinds.filter((kind) => ![...TOLD_ELSEWHERE, ...OF_FILES].includes(kind))

/** What could not be explained, the most money first. */
export function exceptionNeeds(scope: Scope, limit: number): Promise<Needs> {
  return read(scope, limit, OTHERS, ({ id }) => id)
}

/** Files that could not be read; their subject is the file. */
export function statementNeeds(scope: Scope, limit: number): Promise<Needs> {
  return read(scope, limit, OF_FILES, ({ subject_id }) => subject_id)
}

async function read(
  { organisation_id, tx }: Scope,
  limit: number,
  kinds: readonly ExceptionKind[],
  subject: (row: Row) => string,
): Promise<Needs> {
  const where = { organisation_id, state: 'open', kind: { in: [...kinds] } }
  const rows = await tx.exception_item.findMany({
    where,
    orderBy: [{ amount: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
    take: limit,
  })
  const sums = await tx.exception_item.groupBy({
    by: ['asset'],
    where,
    _count: true,
    _sum: { amount: true },
    orderBy: { asset: 'asc' },
  })
  const need = (row: Row): Need => ({
    subject_id: subject(row),
    sentence: row.sentence,
    money: moneyOf(row),
    deadline_at: null,
    since: row.created_at,
  })
  return {
    items: rows.map(need),
    count: sums.reduce((all, { _count }) => all + _count, 0),
    sums: sums.flatMap(({ asset, _sum }) => moneyOf({ asset, amount: _sum.amount }) ?? []),
  }
}
