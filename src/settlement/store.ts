import { z } from 'zod'
import type { StatementProblem } from '../../connectors/connector.ts'
import { formatDecimal } from '../core/decimal.ts'
import type { Asset } from '../core/money.ts'
import { fromNumeric, type Prisma, type Scope, toJson } from '../store/index.ts'
import type { StoredFile } from './files.ts'
import {
  type Line,
  lineKinds,
  lineStages,
  lineStates,
  type StatementState,
  statementStates,
} from './model.ts'
import type { ReadItem } from './read.ts'

type StatementRow = Prisma.statementGetPayload<Record<string, never>>
type LineRow = Prisma.statement_lineGetPayload<Record<string, never>>

const problemSchema = z.object({
  row: z.number().nullable(),
  column: z.string().nullable(),
  rule: z.string(),
  fix: z.string(),
})

export type Statement = Omit<StatementRow, 'state' | 'problem' | 'parts'> & {
  state: StatementState
  problem: StatementProblem | null
  parts: string[]
}

export function fromStatementRow(row: StatementRow): Statement {
  return {
    ...row,
    state: z.enum(statementStates).parse(row.state),
    problem: row.problem === null ? null : problemSchema.parse(row.problem),
    parts: z.array(z.string()).parse(row.parts),
  }
}

/** A line with all that its file said of it. */
export type StoredLine = Line & {
  amount: string
  raw: Record<string, string>
  cloud_offer_id: string | null
  reference: string | null
}

export function fromLineRow(row: LineRow): StoredLine {
  return {
    ...row,
    kind: z.enum(lineKinds).parse(row.kind),
    stage: z.enum(lineStages).parse(row.stage),
    state: z.enum(lineStates).parse(row.state),
    asset: row.asset as Asset,
    paid_asset: row.paid_asset === null ? null : (row.paid_asset as Asset),
    amount: formatDecimal(fromNumeric(row.amount)),
    raw: z.record(z.string(), z.string()).parse(row.raw),
  }
}

/** Writes a file down as received; the same bytes under the same name again are the statement we have. */
export async function receive(
  scope: Scope,
  file: { connection_id: string | null; source: string; name: string; version: string; stored: StoredFile },
): Promise<{ statement: Statement; known: boolean }> {
  const { organisation_id, tx } = scope
  const { stored, ...named } = file
  const key = { organisation_id, source: file.source, name: file.name, sha256: stored.sha256 }
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${Object.values(key).join(' ')}, 0))`
  const known = await tx.statement.findUnique({ where: { organisation_id_source_name_sha256: key } })
  if (known !== null) {
    // Whoever was given a statement decides by its state what becomes of it: that state must not change meanwhile.
    const statement = (await findStatementLocked(scope, known.id)) ?? fromStatementRow(known)
    return { statement, known: true }
  }
  const row = await tx.statement.create({
    data: {
      organisation_id,
      id: scope.id('statement'),
      ...named,
      sha256: stored.sha256,
      parts: stored.parts,
      bytes: BigInt(stored.bytes),
      state: 'received',
      lines_read: 0,
      lines_new: 0,
      received_at: scope.now(),
    },
  })
  return { statement: fromStatementRow(row), known: false }
}

export async function findStatement(scope: Scope, id: string): Promise<Statement | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.statement.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  return row === null ? undefined : fromStatementRow(row)
}

/** The same, and nobody else changes it until this transaction ends. */
export async function findStatementLocked(scope: Scope, id: string): Promise<Statement | undefined> {
  const { organisation_id, tx } = scope
  await tx.$queryRaw`
    SELECT 1 FROM statement WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  return findStatement(scope, id)
}

export async function updateStatement(
  scope: Scope,
  id: string,
  change: {
    state?: StatementState
    format?: string
    written_for?: string | null
    problem?: StatementProblem | null
    lines_read?: number
    lines_new?: number
    imported?: boolean
  },
): Promise<void> {
  const { organisation_id, tx } = scope
  const { problem, imported, ...plain } = change
  await tx.statement.update({
    where: { organisation_id_id: { organisation_id, id } },
    data: {
      ...plain,
      ...(problem === undefined || problem === null ? {} : { problem: toJson(problem) }),
      ...(imported === true ? { imported_at: scope.now() } : {}),
    },
  })
  if (problem === null) {
    await tx.$executeRaw`
      UPDATE statement SET problem = NULL WHERE organisation_id = ${organisation_id} AND id = ${id}`
  }
}

/** Writes one chunk of lines, staged: nobody counts them before the whole file is in. Returns how many are new. */
export async function insertLines(scope: Scope, statement: Statement, items: ReadItem[]): Promise<number> {
  const now = scope.now()
  const rows = items
    .flatMap((item) => (item.is === 'line' ? [item] : []))
    .map(({ line: { paid: _, ...line }, asset, minor, paid }) => ({
      id: scope.id('line'),
      ...line,
      amount: formatDecimal(line.amount),
      asset,
      minor: minor.toString(),
      paid_asset: paid?.asset ?? null,
      paid_minor: paid?.amount.toString() ?? null,
      cloud_agreement_id: line.agreement_id,
      cloud_offer_id: line.offer_id,
    }))
  if (rows.length === 0) return 0
  return scope.tx.$executeRaw`
    INSERT INTO statement_line (organisation_id, id, statement_id, connection_id, source, key, version, current,
      deleted, kind, stage, amount, currency, asset, minor, cloud_agreement_id, cloud_offer_id, plan, dimension,
      invoice_id, parent_key, disbursement_key, paid_asset, paid_minor, bank_reference, reference, occurred_at, period_starts_on,
      period_ends_on, counts, raw, state, imported_at)
    SELECT ${scope.organisation_id}, l.id, ${statement.id}, ${statement.connection_id}, ${statement.source}, l.key,
      l.version, false, l.deleted, l.kind, l.stage, l.amount, l.currency, l.asset, l.minor, l.cloud_agreement_id,
      l.cloud_offer_id, l.plan, l.dimension, l.invoice_id, l.parent_key, l.disbursement_key, l.paid_asset,
      l.paid_minor, l.bank_reference, l.reference, l.occurred_at, l.period_starts_on, l.period_ends_on, l.counts, l.raw, 'staged',
      ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS l (id text, key text, version text, deleted boolean,
      kind text, stage text, amount numeric, currency text, asset text, minor bigint, cloud_agreement_id text,
      cloud_offer_id text, plan text, dimension text, invoice_id text, parent_key text, disbursement_key text,
      paid_asset text, paid_minor bigint, bank_reference text, reference text, occurred_at timestamptz, period_starts_on text, period_ends_on text, counts boolean,
      raw jsonb)
    ON CONFLICT (organisation_id, source, key, version) DO NOTHING`
}

/**
 * The whole file is in: its lines begin to count. Of each key the newest version is current; the others stay and
 * are visible. Two files of one source end one after the other.
 */
export async function finishLines(scope: Scope, statement: Statement): Promise<void> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(${`lines ${organisation_id} ${statement.source}`}, 0))`
  await tx.$executeRaw`
    UPDATE statement_line SET state = 'new'
    WHERE organisation_id = ${organisation_id} AND statement_id = ${statement.id} AND state = 'staged'`
  await tx.$executeRaw`
    UPDATE statement_line l SET current = ranked.place = 1
    FROM (
      SELECT v.id, row_number() OVER (PARTITION BY v.key ORDER BY v.version COLLATE "C" DESC) AS place
      FROM statement_line v
      WHERE v.organisation_id = ${organisation_id} AND v.source = ${statement.source} AND v.state <> 'staged'
        AND v.key IN (SELECT key FROM statement_line
                      WHERE organisation_id = ${organisation_id} AND statement_id = ${statement.id})
    ) ranked
    WHERE l.organisation_id = ${organisation_id} AND l.id = ranked.id AND l.current <> (ranked.place = 1)`
}

/** Whether a file is on its way in: what is told by several of them is not whole before. */
export async function isReading({ organisation_id, tx }: Scope): Promise<boolean> {
  const where = { organisation_id, state: { in: ['received', 'importing'] } }
  return (await tx.statement.findFirst({ where, select: { id: true } })) !== null
}

/** Every version of a statement: the ids of those with its source and name. */
export async function sameName(scope: Scope, { source, name }: Statement): Promise<string[]> {
  const rows = await scope.tx.statement.findMany({
    where: { organisation_id: scope.organisation_id, source, name },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

/**
 * The file of a source that came last before another one, of a format; one that is not read yet may be of any. Files may
 * be imported side by side, so what was imported last need not be what came last.
 */
export async function lastBefore(
  scope: Scope,
  { source, id }: Pick<Statement, 'source' | 'id'>,
  format: string,
): Promise<Statement | undefined> {
  const row = await scope.tx.statement.findFirst({
    where: {
      organisation_id: scope.organisation_id,
      source,
      id: { lt: id },
      OR: [{ format, state: { in: ['importing', 'imported'] } }, { state: 'received' }],
    },
    orderBy: { id: 'desc' },
  })
  return row === null ? undefined : fromStatementRow(row)
}
