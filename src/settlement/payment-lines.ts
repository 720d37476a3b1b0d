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

const disbursementRow = z.object({
  id: z.string(),
  key: z.string(),
  kind: z.string(),
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
      SELECT d.id, d.key, d.kind, d.asset, d.minor, coalesce(sum(-r.minor), 0) AS rows, count(r.id) AS lines
      FROM statement_line d
      LEFT JOIN statement_line r ON r.organisation_id = d.organisation_id AND r.source = d.source
        AND r.disbursement_key = d.key AND r.current AND NOT r.deleted AND r.state <> 'not_counted' AND r.id <> d.id
        AND r.stage = 'disbursed' AND r.asset = d.asset
      WHERE d.organisation_id = ${scope.organisation_id} AND d.current AND NOT d.deleted
        AND d.kind IN ('disbursement', 'disbursement_failure') AND d.state IN ('new', 'waiting', 'exception')
      GROUP BY d.id, d.key, d.kind, d.asset, d.minor ORDER BY d.id`,
  )
}

const bankRow = z.object({
  bank_id: z.string(),
  disbursement_id: z.string(),
  disbursement_key: z.string(),
  disbursed: bigintColumn,
  asset: z.string().transform((text) => text as Asset),
})
export type BankCandidate = z.infer<typeof bankRow>

/** References shorter than this are too likely to be in a sentence by chance. */
const REFERENCE_MIN = 6

/** Bank lines that nobody has explained, with the pay-outs whose trace is in their reference. */
export async function bankCandidates(scope: Scope): Promise<BankCandidate[]> {
  return z.array(bankRow).parse(
    await scope.tx.$queryRaw`
      SELECT b.id AS bank_id, d.id AS disbursement_id, d.key AS disbursement_key, d.minor AS disbursed, d.asset
      FROM statement_line b
      JOIN statement_line d ON d.organisation_id = b.organisation_id AND d.current AND NOT d.deleted
        AND d.kind = 'disbursement' AND length(d.bank_reference) >= ${REFERENCE_MIN}
        AND position(upper(d.bank_reference) IN upper(b.bank_reference)) > 0
      WHERE b.organisation_id = ${scope.organisation_id} AND b.current AND b.kind = 'bank'
        AND b.state IN ('new', 'waiting', 'exception')
      ORDER BY b.id, length(d.bank_reference) DESC, d.id`,
  )
}

export async function openBankLines(scope: Scope): Promise<ReturnType<typeof fromLineRow>[]> {
  const rows = await scope.tx.statement_line.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...LIVE,
      kind: 'bank',
      state: { in: ['new', 'waiting', 'exception'] },
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromLineRow)
}

/** Remembers which pay-out each bank line is. */
export async function linkBank(
  scope: Scope,
  pairs: readonly { bank_id: string; disbursement_key: string }[],
): Promise<void> {
  await scope.tx.$executeRaw`
    UPDATE statement_line l SET disbursement_key = b.disbursement_key
    FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS b (bank_id text, disbursement_key text)
    WHERE l.organisation_id = ${scope.organisation_id} AND l.id = b.bank_id`
}

const bankedRow = z.object({ disbursement_key: z.string(), minor: bigintColumn })

/** What all bank lines of some pay-outs come to, in the pay-out's own currency. */
export async function bankedOf(
  scope: Scope,
  asset: Asset,
  disbursement_keys: readonly string[],
): Promise<Map<string, bigint>> {
  const rows = z.array(bankedRow).parse(
    await scope.tx.$queryRaw`
      SELECT disbursement_key, sum(minor) AS minor FROM statement_line
      WHERE organisation_id = ${scope.organisation_id} AND kind = 'bank' AND current AND NOT deleted
        AND asset = ${asset} AND disbursement_key = ANY(${[...disbursement_keys]})
      GROUP BY disbursement_key`,
  )
  return new Map(rows.map((row) => [row.disbursement_key, row.minor]))
}
