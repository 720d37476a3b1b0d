// The questions that matching asks of the table of lines: all of them about sets.
import { z } from 'zod'
import { plus } from '../core/time.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import type { Line, LineState } from './model.ts'
import { fromLineRow } from './store.ts'

/** Lines that take part: the newest version of their key, in a file that was read to its end. */
export const LIVE = { current: true, deleted: false } as const

type Named = {
  id: string
  connection_id: string
  cloud_agreement_id: string
  cloud_offer_id: string | null
  plan: string | null
}

/**
 * Gives lines their agreement, now that it is known: from the cloud's id, else from the plan that was made for its offer
 * (where the seller sees the offer only and no order), else from the line they follow. A pay-out that was imported while a
 * run was under way may be settled before it is linked.
 */
export async function linkLines(scope: Scope, agreements: readonly Named[]): Promise<void> {
  const { organisation_id, tx } = scope
  const known = agreements.map(({ id, connection_id, cloud_agreement_id }) => ({
    id,
    connection_id,
    cloud_agreement_id,
  }))
  const offered = agreements.flatMap(({ id, connection_id, cloud_agreement_id, cloud_offer_id, plan }) =>
    plan !== null && cloud_agreement_id === cloud_offer_id ? [{ id, connection_id, plan }] : [],
  )
  await tx.$executeRaw`
    UPDATE statement_line l SET agreement_id = a.id
    FROM jsonb_to_recordset(${JSON.stringify(known)}::jsonb)
      AS a (id text, connection_id text, cloud_agreement_id text)
    WHERE l.organisation_id = ${organisation_id} AND l.agreement_id IS NULL
      AND (l.state IN ('new', 'waiting') OR l.kind = 'disbursement')
      AND l.connection_id = a.connection_id AND l.cloud_agreement_id = a.cloud_agreement_id`
  // A line may still name its agreement as it was called in earlier days.
  await tx.$executeRaw`
    UPDATE statement_line l SET agreement_id = a.id
    FROM description d
    JOIN agreement a ON a.organisation_id = d.organisation_id AND a.connection_id = d.connection_id
      AND a.cloud_agreement_id = d.told->>'id'
    WHERE l.organisation_id = ${organisation_id} AND l.agreement_id IS NULL AND l.state IN ('new', 'waiting')
      AND d.organisation_id = l.organisation_id AND d.connection_id = l.connection_id AND d.kind = 'alias'
      AND d.about = l.cloud_agreement_id AND NOT d.deleted`
  await tx.$executeRaw`
    UPDATE statement_line l SET agreement_id = a.id
    FROM jsonb_to_recordset(${JSON.stringify(offered)}::jsonb) AS a (id text, connection_id text, plan text)
    WHERE l.organisation_id = ${organisation_id} AND l.agreement_id IS NULL AND l.state IN ('new', 'waiting')
      AND l.connection_id = a.connection_id AND l.plan = a.plan`
  await tx.$executeRaw`
    UPDATE statement_line l SET agreement_id = p.agreement_id
    FROM statement_line p
    WHERE l.organisation_id = ${organisation_id} AND l.agreement_id IS NULL AND l.state IN ('new', 'waiting')
      AND p.organisation_id = l.organisation_id AND p.source = l.source AND p.key = l.parent_key AND p.current
      AND p.agreement_id IS NOT NULL`
}

/** Sets apart what never counts: tax the cloud remits itself, rows the cloud says do not count, and what follows them. */
export async function setApart(scope: Scope): Promise<void> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`
    UPDATE statement_line SET state = 'not_counted'
    WHERE organisation_id = ${organisation_id} AND state IN ('new', 'waiting') AND current
      AND (deleted OR kind = 'tax_remitted_by_cloud' OR (stage IN ('invoiced', 'forgiven') AND NOT counts))`
  await tx.$executeRaw`
    UPDATE statement_line l SET state = 'not_counted'
    FROM statement_line p
    WHERE l.organisation_id = ${organisation_id} AND l.state IN ('new', 'waiting') AND l.current
      AND p.organisation_id = l.organisation_id AND p.source = l.source AND p.key = l.parent_key AND p.current
      AND p.state = 'not_counted'`
  // A row whose stage is unknown is kept and shown; it is booked by nobody.
  await tx.$executeRaw`
    UPDATE statement_line SET state = 'exception'
    WHERE organisation_id = ${organisation_id} AND state IN ('new', 'waiting') AND current AND stage = 'unknown'`
  await tx.$executeRaw`
    UPDATE statement_line SET state = 'waiting'
    WHERE organisation_id = ${organisation_id} AND state = 'new' AND current AND agreement_id IS NULL
      AND kind NOT IN ('bank', 'disbursement', 'disbursement_failure')`
}

/** Agreements with invoiced lines that nobody has explained yet. */
export async function agreementsToMatch(scope: Scope): Promise<string[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...LIVE,
      stage: { in: ['invoiced', 'forgiven'] },
      state: { in: ['new', 'waiting', 'exception'] },
      agreement_id: { not: null },
    },
    distinct: ['agreement_id'],
    select: { agreement_id: true },
  })
  return rows.flatMap(({ agreement_id }) => agreement_id ?? [])
}

/** Every line of an agreement that says what was invoiced or forgiven and counts. */
export async function invoicedLines(scope: Scope, agreement_id: string): Promise<Line[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...LIVE,
      agreement_id,
      stage: { in: ['invoiced', 'forgiven'] },
      state: { in: ['new', 'waiting', 'explained', 'exception'] },
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromLineRow)
}

export async function linesById(
  scope: Scope,
  ids: readonly string[],
): Promise<ReturnType<typeof fromLineRow>[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] } },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromLineRow)
}

export async function setStates(scope: Scope, ids: readonly string[], state: LineState): Promise<void> {
  if (ids.length === 0) return
  await scope.tx.statement_line.updateMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] }, state: { not: state } },
    data: { state },
  })
}

/** Lines at a stage this version does not know. */
export async function unknownStages(scope: Scope): Promise<ReturnType<typeof fromLineRow>[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: { organisation_id: scope.organisation_id, ...LIVE, state: 'exception', stage: 'unknown' },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromLineRow)
}

const waitingRow = z.object({
  connection_id: z.string().nullable(),
  cloud_agreement_id: z.string(),
  lines: bigintColumn,
  since: z.date(),
})

/** Agreements that lines have waited for longer than a span. */
export async function longWaiting(
  scope: Scope,
  longer_than_ms: number,
): Promise<z.infer<typeof waitingRow>[]> {
  return z.array(waitingRow).parse(
    await scope.tx.$queryRaw`
      SELECT cloud_agreement_id, min(connection_id) AS connection_id, count(*) AS lines, min(imported_at) AS since FROM statement_line
      WHERE organisation_id = ${scope.organisation_id} AND current AND NOT deleted AND state = 'waiting'
        AND agreement_id IS NULL AND cloud_agreement_id IS NOT NULL
      GROUP BY cloud_agreement_id HAVING min(imported_at) < ${plus(scope.now(), -longer_than_ms)}`,
  )
}

/** The newest versions of lines by the cloud's keys. */
export async function linesByKey(
  scope: Scope,
  keys: readonly string[],
  kinds?: readonly Line['kind'][],
): Promise<ReturnType<typeof fromLineRow>[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      current: true,
      key: { in: [...keys] },
      ...(kinds === undefined ? {} : { kind: { in: [...kinds] } }),
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromLineRow)
}

/** The lines that collect, pay out or take back some lines. */
export async function childrenOf(
  scope: Scope,
  parents: readonly Line[],
): Promise<ReturnType<typeof fromLineRow>[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      current: true,
      parent_key: { in: parents.map(({ key }) => key) },
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromLineRow)
}

/** Lines of some pay-outs: those that went into them, or those of the bank. */
export async function linesOfDisbursement(
  scope: Scope,
  keys: readonly string[],
  { side, limit }: { side: 'cloud' | 'bank'; limit: number },
): Promise<ReturnType<typeof fromLineRow>[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...LIVE,
      disbursement_key: { in: [...keys] },
      kind: side === 'bank' ? 'bank' : { not: 'bank' },
    },
    orderBy: { id: 'asc' },
    take: limit,
  })
  return rows.map(fromLineRow)
}
