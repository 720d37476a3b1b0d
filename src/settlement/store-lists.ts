// Statements, lines, expectations and differences as lists: a page at a time, in the order and with the filters that
// are asked for.
import { z } from 'zod'
import type { Decimal } from '../core/decimal.ts'
import { formatDecimal, negate } from '../core/decimal.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import type { Scope } from '../store/index.ts'
import { findExpectations } from './expectations.ts'
import { LIVE } from './lines.ts'
import { fromMatchRow, type Match } from './matches.ts'
import type { CauseName, Expectation, ExpectationKind, Line, StatementState } from './model.ts'
import { fromLineRow, fromStatementRow, type Statement, type StoredLine } from './store.ts'

/** What statements can be ordered by. Their ids are made when they come in. */
export const statementOrders = {
  received_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  lines_new: { column: 'lines_new', holds: 'count' },
} as const

export type StatementFilter = {
  state?: StatementState | undefined
  source?: string | undefined
  connection_id?: string | undefined
  /** new: files that brought lines nobody had. */
  brought?: 'new' | 'nothing' | undefined
  q?: string | undefined
}

export async function readStatements(
  scope: Scope,
  { q, brought, ...filter }: StatementFilter,
  slice: Slice,
): Promise<Statement[]> {
  const rows = await scope.tx.statement.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...(brought === undefined ? {} : { lines_new: brought === 'new' ? { gt: 0 } : 0 }),
      ...containing(['name', 'id', 'sha256'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromStatementRow)
}

/** What lines can be ordered by; the order of their file is that of their ids. */
export const lineOrders = {
  file: { column: 'id', holds: 'text' },
  occurred_at: { column: 'occurred_at', holds: 'time' },
  amount: { column: 'amount', holds: 'decimal' },
} as const

export type LineFilter = {
  statement_id?: string | undefined
  agreement_id?: string | undefined
  disbursement_key?: string | undefined
  kind?: Line['kind'] | undefined
  stage?: Line['stage'] | undefined
  state?: Line['state'] | undefined
  /** The amount, whichever way it goes. */
  amount?: Decimal | undefined
  q?: string | undefined
}

/** live: only lines that count now, not their older selves. */
export async function readLines(
  scope: Scope,
  { q, amount, ...filter }: LineFilter,
  slice: Slice,
  live: boolean,
): Promise<StoredLine[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...(live ? LIVE : {}),
      ...stated(filter),
      ...(amount === undefined
        ? {}
        : { amount: { in: [formatDecimal(amount), formatDecimal(negate(amount))] } }),
      ...containing(['id', 'key', 'invoice_id', 'bank_reference', 'cloud_agreement_id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromLineRow)
}

/** What was expected, and the line that met it. */
export type Met = { expectation: Expectation; line_id: string | null; received: bigint | null }

export type ExpectationFilter = {
  agreement_id?: string | undefined
  kind?: ExpectationKind | undefined
  /** open: no line has met it. */
  state?: 'open' | 'met' | undefined
  after?: { due_on: string; id: string } | undefined
  descending: boolean
  limit: number
}

const metRow = z.object({ id: z.string(), line_id: z.string().nullable() })

/** Expectations in the order of their due days. */
export async function readMet(scope: Scope, filter: ExpectationFilter): Promise<Met[]> {
  const { organisation_id, tx } = scope
  const { agreement_id = null, kind = null, state = null, after, descending, limit } = filter
  const [due_on, id] = [after?.due_on ?? null, after?.id ?? null]
  const found = z.array(metRow).parse(
    await tx.$queryRaw`
      SELECT e.id, m.line_id FROM expectation e
      LEFT JOIN match m ON m.organisation_id = e.organisation_id AND m.expectation_id = e.id AND m.current
      WHERE e.organisation_id = ${organisation_id}
        AND (${agreement_id}::text IS NULL OR e.agreement_id = ${agreement_id}::text)
        AND (${kind}::text IS NULL OR e.kind = ${kind}::text)
        AND (${state}::text IS NULL OR (m.line_id IS NULL) = (${state}::text = 'open'))
        AND (${id}::text IS NULL OR CASE WHEN ${descending} THEN (e.due_on, e.id) < (${due_on}::text, ${id}::text)
             ELSE (e.due_on, e.id) > (${due_on}::text, ${id}::text) END)
      ORDER BY CASE WHEN ${descending} THEN e.due_on END DESC, CASE WHEN ${descending} THEN e.id END DESC,
        CASE WHEN NOT ${descending} THEN e.due_on END, CASE WHEN NOT ${descending} THEN e.id END
      LIMIT ${limit}`,
  )
  const known = await findExpectations(
    scope,
    found.map((row) => row.id),
  )
  const lines = await tx.statement_line.findMany({
    where: { organisation_id, id: { in: found.flatMap(({ line_id }) => line_id ?? []) } },
    select: { id: true, minor: true },
  })
  const received = new Map(lines.map((line) => [line.id, line.minor]))
  return found.flatMap(({ id: one, line_id }) => {
    const expectation = known.get(one)
    if (expectation === undefined) return []
    return [{ expectation, line_id, received: line_id === null ? null : (received.get(line_id) ?? null) }]
  })
}

/** A line that is not what was expected, with the names of what it is off by. */
export type Different = { match: Match; line: StoredLine; expectation: Expectation | null }

export type DifferenceFilter = {
  agreement_id?: string | undefined
  cause?: CauseName | undefined
  before?: string | undefined
  limit: number
}

/** Differences, the last explained first. */
export async function readDifferences(scope: Scope, filter: DifferenceFilter): Promise<Different[]> {
  const { organisation_id, tx } = scope
  const { agreement_id = null, cause = null, before = null, limit } = filter
  const named = cause === null ? null : JSON.stringify([{ cause }])
  const found = z.array(z.object({ id: z.string() })).parse(
    await tx.$queryRaw`
      SELECT id FROM match
      WHERE organisation_id = ${organisation_id} AND current AND causes <> '[]'::jsonb
        AND stage IN ('key', 'amount', 'period', 'none', 'payout')
        AND (${agreement_id}::text IS NULL OR agreement_id = ${agreement_id}::text)
        AND (${named}::jsonb IS NULL OR causes @> ${named}::jsonb)
        AND (${before}::text IS NULL OR id < ${before}::text)
      ORDER BY id DESC LIMIT ${limit}`,
  )
  const matches = await tx.match.findMany({
    where: { organisation_id, id: { in: found.map(({ id }) => id) } },
    orderBy: { id: 'desc' },
  })
  const lines = await tx.statement_line.findMany({
    where: { organisation_id, id: { in: matches.map(({ line_id }) => line_id) } },
  })
  const expectations = await findExpectations(
    scope,
    matches.flatMap(({ expectation_id }) => expectation_id ?? []),
  )
  const known = new Map(lines.map((line) => [line.id, fromLineRow(line)]))
  return matches.flatMap((row) => {
    const line = known.get(row.line_id)
    if (line === undefined) return []
    return [
      { match: fromMatchRow(row), line, expectation: expectations.get(row.expectation_id ?? '') ?? null },
    ]
  })
}
