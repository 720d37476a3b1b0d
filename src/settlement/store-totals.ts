// What reports say in sums, and whose account files were written for.
import { z } from 'zod'
import { bigintColumn, type Scope } from '../store/index.ts'
import type { ReadItem } from './read.ts'
import type { Statement } from './store.ts'
import { assetColumn } from './sums.ts'

/** Writes what a report says of each sale. Of reports of one kind the one that came last stands. */
export async function insertTotals(scope: Scope, statement: Statement, items: ReadItem[]): Promise<void> {
  const rows = items.flatMap((item) => {
    if (item.is !== 'total') return []
    const { invoiced, collected, disbursed, ...names } = item.total
    const amounts = {
      invoiced: String(invoiced),
      collected: collected === null ? null : String(collected),
      disbursed: String(disbursed),
    }
    return [{ ...names, ...amounts }]
  })
  if (rows.length === 0) return
  await scope.tx.$executeRaw`
    INSERT INTO statement_total (organisation_id, connection_id, format, cloud_agreement_id, reference, asset, invoiced,
      collected, disbursed, as_of, statement_id)
    SELECT ${scope.organisation_id}, ${statement.connection_id}, ${statement.format}, t.agreement_id, t.reference, t.asset,
      sum(t.invoiced), sum(t.collected), sum(t.disbursed), ${statement.received_at}, ${statement.id}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS t (agreement_id text, reference text, asset text, invoiced bigint, collected bigint, disbursed bigint)
    GROUP BY t.agreement_id, t.reference, t.asset
    ON CONFLICT (organisation_id, connection_id, format, cloud_agreement_id, reference, asset) DO UPDATE SET
      invoiced = CASE WHEN statement_total.statement_id = EXCLUDED.statement_id THEN statement_total.invoiced ELSE 0 END
        + EXCLUDED.invoiced,
      collected = CASE WHEN statement_total.statement_id = EXCLUDED.statement_id THEN statement_total.collected ELSE 0 END
        + EXCLUDED.collected,
      disbursed = CASE WHEN statement_total.statement_id = EXCLUDED.statement_id THEN statement_total.disbursed ELSE 0 END
        + EXCLUDED.disbursed,
      as_of = EXCLUDED.as_of, statement_id = EXCLUDED.statement_id
    WHERE statement_total.statement_id <= EXCLUDED.statement_id`
}

/** An imported file that speaks against one of this source being of that account. */
export async function otherOwner(
  { organisation_id, tx }: Scope,
  source: string,
  written_for: string,
): Promise<{ source: string; written_for: string | null } | undefined> {
  const own = await tx.connection.findUnique({
    where: { organisation_id_id: { organisation_id, id: source } },
  })
  // The same account may have been connected twice.
  const same = await tx.connection.findMany({
    where: { organisation_id, cloud: own?.cloud ?? '', account_id: own?.account_id ?? '' },
    select: { id: true },
  })
  const found = await tx.statement.findFirst({
    where: {
      organisation_id,
      state: { in: ['importing', 'imported'] },
      OR: [
        { source, written_for: { not: written_for } },
        { source: { notIn: [source, ...same.map(({ id }) => id)] }, written_for },
      ],
    },
    select: { source: true, written_for: true },
    orderBy: { id: 'asc' },
  })
  return found ?? undefined
}

const amount = bigintColumn
const comparedRow = z.object({
  agreement_id: z.string(),
  cloud_agreement_id: z.string(),
  format: z.string(),
  asset: assetColumn,
  /** What the report says of the sales that differ, and what their lines come to. */
  said: amount,
  booked: amount,
  sales: amount,
  different: amount,
})
export type ComparedTotals = z.infer<typeof comparedRow>

/** How long before a report reached us it may have been made. */
const AGE_DAYS = 2

/**
 * What reports say against the lines of the same sales, by agreement and report. A sale differs where none of the days in
 * which the report may have been made has its numbers; reports that are younger than `settled_before` wait for late lines, and those of connections
 * `without` lines have nothing to be held against.
 */
export async function comparedTotals(
  { organisation_id, tx }: Scope,
  settled_before: Date,
  without: readonly string[],
): Promise<ComparedTotals[]> {
  return z.array(comparedRow).parse(
    await tx.$queryRaw`
      WITH said AS (
        SELECT t.*, a.id AS agreement_id, t.as_of - make_interval(days => ${AGE_DAYS}::int) AS made_after
        FROM statement_total t
        JOIN agreement a ON a.organisation_id = t.organisation_id AND a.connection_id = t.connection_id
          AND a.cloud_agreement_id = t.cloud_agreement_id
        WHERE t.organisation_id = ${organisation_id} AND t.as_of < ${settled_before}
          AND t.connection_id <> ALL(${[...without]})
      ), booked AS (
        SELECT s.agreement_id, s.cloud_agreement_id, s.format, s.reference, s.asset, s.invoiced, s.collected, s.disbursed,
          coalesce(sum(l.minor) FILTER (WHERE l.stage IN ('invoiced', 'forgiven')), 0) AS invoiced_now,
          coalesce(sum(l.minor) FILTER (WHERE l.stage IN ('invoiced', 'forgiven') AND l.occurred_at < s.made_after), 0) AS invoiced_before,
          coalesce(sum(l.minor) FILTER (WHERE l.stage = 'collected'), 0) AS collected_now,
          coalesce(sum(l.minor) FILTER (WHERE l.stage = 'collected' AND l.occurred_at < s.made_after), 0) AS collected_before,
          coalesce(-sum(l.minor) FILTER (WHERE l.stage = 'disbursed'), 0) AS disbursed_now,
          coalesce(-sum(l.minor) FILTER (WHERE l.stage = 'disbursed' AND l.occurred_at < s.made_after), 0) AS disbursed_before
        FROM said s LEFT JOIN statement_line l ON l.organisation_id = ${organisation_id}
          AND l.agreement_id = s.agreement_id AND l.reference = s.reference AND l.asset = s.asset AND l.current
          AND NOT l.deleted AND l.state IN ('explained', 'exception') AND l.occurred_at <= s.as_of
        GROUP BY s.agreement_id, s.cloud_agreement_id, s.format, s.reference, s.asset, s.invoiced, s.collected, s.disbursed
      ), judged AS (
        SELECT *, (invoiced IN (invoiced_now, invoiced_before)
          AND (collected IS NULL OR collected IN (collected_now, collected_before))
          AND disbursed IN (disbursed_now, disbursed_before)) AS same,
          -- The first stage that differs is what a person looks at.
          CASE WHEN invoiced NOT IN (invoiced_now, invoiced_before) THEN invoiced
            WHEN collected NOT IN (collected_now, collected_before) THEN collected ELSE disbursed END AS theirs,
          CASE WHEN invoiced NOT IN (invoiced_now, invoiced_before) THEN invoiced_now
            WHEN collected NOT IN (collected_now, collected_before) THEN collected_now ELSE disbursed_now END AS ours
        FROM booked
      )
      SELECT agreement_id, cloud_agreement_id, format, asset, count(*) AS sales,
        count(*) FILTER (WHERE NOT same) AS different,
        coalesce(sum(theirs) FILTER (WHERE NOT same), 0)::bigint AS said,
        coalesce(sum(ours) FILTER (WHERE NOT same), 0)::bigint AS booked
      FROM judged GROUP BY agreement_id, cloud_agreement_id, format, asset
      ORDER BY agreement_id, format, asset`,
  )
}

/** Connections with reports and without a single line of their own: there is nothing to hold a report against. */
export async function reportsAlone({ organisation_id, tx }: Scope): Promise<string[]> {
  const rows = await tx.$queryRaw`
    SELECT DISTINCT t.connection_id FROM statement_total t
    WHERE t.organisation_id = ${organisation_id} AND NOT EXISTS (
      SELECT 1 FROM statement_line l WHERE l.organisation_id = t.organisation_id AND l.source = t.connection_id)`
  return z
    .array(z.object({ connection_id: z.string() }))
    .parse(rows)
    .map(({ connection_id }) => connection_id)
}
