// The questions about payments: what was collected and paid out, and what the bank shows.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { LIVE, linesById } from './lines.ts'
import type { Line } from './model.ts'
import { fromLineRow } from './store.ts'

/** Collected and disbursed lines that can be booked: their agreement and the line they follow are known. */
export async function paymentsToBook(scope: Scope, limit: number): Promise<Line[]> {
  const ids = z.array(z.object({ id: z.string() })).parse(
    await scope.tx.$queryRaw`
      SELECT l.id FROM statement_line l
      LEFT JOIN statement_line p ON p.organisation_id = l.organisation_id AND p.source = l.source
        AND p.key = l.parent_key AND p.current
      WHERE l.organisation_id = ${scope.organisation_id} AND l.current AND NOT l.deleted
        AND l.state IN ('new', 'waiting') AND l.agreement_id IS NOT NULL
        AND (l.stage = 'collected' OR l.stage = 'disbursed' AND l.disbursement_key IS NOT NULL)
        AND l.kind NOT IN ('disbursement', 'disbursement_failure')
        AND (l.parent_key IS NULL OR p.state IN ('explained', 'exception'))
      ORDER BY l.id LIMIT ${limit}`,
  )
  return linesById(
    scope,
    ids.map(({ id }) => id),
  )
}

/** Lines that came into being with a pay-out: they belong to no agreement and follow no other line. */
export async function ownPayoutLines(scope: Scope, limit: number): Promise<Line[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...LIVE,
      stage: 'disbursed',
      state: { in: ['new', 'waiting'] },
      kind: { notIn: ['disbursement', 'disbursement_failure', 'bank'] },
      agreement_id: null,
      cloud_agreement_id: null,
      parent_key: null,
      disbursement_key: { not: null },
    },
    orderBy: { id: 'asc' },
    take: limit,
  })
  return rows.map(fromLineRow)
}

/** Pay-outs whose lines changed are compared with them once more. */
export async function lookAgain(scope: Scope, disbursement_keys: readonly string[]): Promise<void> {
  if (disbursement_keys.length === 0) return
  await scope.tx.statement_line.updateMany({
    where: {
      organisation_id: scope.organisation_id,
      ...LIVE,
      key: { in: [...new Set(disbursement_keys)] },
      kind: { in: ['disbursement', 'disbursement_failure'] },
      state: 'explained',
    },
    data: { state: 'new' },
  })
}

const disbursementRow = z.object({
  id: z.string(),
  key: z.string(),
  kind: z.string(),
  source: z.string(),
  version: z.string(),
  parent_key: z.string().nullable(),
  occurred_at: z.date(),
  asset: z.string().transform((text) => text as Asset),
  minor: bigintColumn,
  rows: bigintColumn,
  lines: bigintColumn,
})
export type Disbursement = z.infer<typeof disbursementRow>

/** Pay-outs that are not settled, each with the sum of the lines that went into it. */
export async function openDisbursements(scope: Scope): Promise<Disbursement[]> {
  return z.array(disbursementRow).parse(
    await scope.tx.$queryRaw`
      SELECT d.id, d.key, d.kind, d.source, d.version, d.parent_key, d.occurred_at, d.asset, d.minor, coalesce(sum(-coalesce(r.paid_minor, r.minor)), 0) AS rows,
        count(r.id) AS lines
      FROM statement_line d
      LEFT JOIN statement_line r ON r.organisation_id = d.organisation_id AND r.source = d.source
        AND r.disbursement_key = d.key AND r.current AND NOT r.deleted AND r.state <> 'not_counted' AND r.id <> d.id
        AND r.stage = 'disbursed' AND coalesce(r.paid_asset, r.asset) = d.asset
      WHERE d.organisation_id = ${scope.organisation_id} AND d.current AND NOT d.deleted
        AND d.kind IN ('disbursement', 'disbursement_failure') AND d.state IN ('new', 'waiting', 'exception')
      GROUP BY d.organisation_id, d.id ORDER BY d.id`,
  )
}
