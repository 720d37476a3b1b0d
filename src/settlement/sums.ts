// The sums behind the reconciliation: sets over expectations, lines and matches. They leave the database as text: there are
// many, and exact numbers as objects are dear.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { said } from './expected.ts'
import { type CauseName, causeNames, expectationKinds } from './model.ts'

const asset = z.string().transform((text) => text as Asset)
const count = bigintColumn.transform(Number)

const expectedRow = z.object({ agreement_id: z.string(), asset, amount: bigintColumn })

/** `of`: one agreement only; undefined: all; null, where lines may belong to none: those. */
export async function expectedSums(scope: Scope, of?: string): Promise<z.infer<typeof expectedRow>[]> {
  return z.array(expectedRow).parse(
    await scope.tx.$queryRaw`
      SELECT agreement_id, asset, sum(amount)::text AS amount FROM expectation
      WHERE organisation_id = ${scope.organisation_id}
        AND (${of ?? null}::text IS NULL OR agreement_id = ${of ?? null}::text)
      GROUP BY agreement_id, asset`,
  )
}

const lineRow = z.object({
  agreement_id: z.string().nullable(),
  asset,
  lines: count,
  invoiced: bigintColumn,
  collected: bigintColumn,
  disbursed: bigintColumn,
  banked: bigintColumn,
  waiting: bigintColumn,
  left: bigintColumn,
  came: bigintColumn,
})

/**
 * What lines say, by stage. Lines that wait for their agreement count under none. What was paid in another currency left
 * its own (`left`) and came in the other (`came`). A line that came into being with its pay-out passes all stages at once.
 * Lines are added up by what they have in common first, as there are many of them.
 */
export async function lineSums(scope: Scope, of?: string | null): Promise<z.infer<typeof lineRow>[]> {
  const { organisation_id } = scope
  return z.array(lineRow).parse(
    await scope.tx.$queryRaw`
      WITH arrived AS (
        SELECT DISTINCT disbursement_key FROM statement_line
        WHERE organisation_id = ${organisation_id} AND kind = 'bank' AND current AND state = 'explained'
          AND disbursement_key IS NOT NULL
      ), live AS (
        SELECT CASE WHEN l.state IN ('explained', 'exception') THEN l.agreement_id END AS owner,
          l.asset, l.paid_asset, l.stage, l.paid_asset IS NOT NULL AS exchanged,
          l.agreement_id IS NULL AND l.cloud_agreement_id IS NULL AND l.parent_key IS NULL AND l.stage = 'disbursed'
            AND l.state IN ('explained', 'exception') AS own,
          a.disbursement_key IS NOT NULL AS at_bank,
          count(*) AS lines, sum(l.minor) AS minor, sum(l.paid_minor) AS paid_minor
        FROM statement_line l LEFT JOIN arrived a ON a.disbursement_key = l.disbursement_key
        WHERE l.organisation_id = ${organisation_id} AND l.current AND NOT l.deleted
          AND l.state IN ('new', 'waiting', 'explained', 'exception') AND l.stage <> 'unknown'
          AND l.kind NOT IN ('bank', 'disbursement', 'disbursement_failure')
          AND (${of ?? null}::text IS NULL OR l.agreement_id = ${of ?? null}::text)
          AND (NOT ${of === null} OR l.agreement_id IS NULL OR l.state NOT IN ('explained', 'exception'))
        GROUP BY 1, 2, 3, 4, 5, 6, 7
      ), sides AS (
        SELECT owner, asset, stage, own, at_bank, exchanged, lines, minor, false AS came FROM live
        UNION ALL
        SELECT owner, paid_asset, stage, own, at_bank, false, 0, paid_minor, true FROM live
        WHERE exchanged AND stage = 'disbursed'
      )
      SELECT owner AS agreement_id, asset, sum(lines)::text AS lines,
        coalesce(sum(CASE WHEN own THEN -minor ELSE minor END) FILTER (
          WHERE own OR stage IN ('invoiced', 'forgiven')), 0)::text AS invoiced,
        coalesce(sum(CASE WHEN own THEN -minor ELSE minor END) FILTER (WHERE own OR stage = 'collected'), 0)
          ::text AS collected,
        coalesce(sum(-minor) FILTER (WHERE stage = 'disbursed'), 0)::text AS disbursed,
        coalesce(sum(-minor) FILTER (WHERE stage = 'disbursed' AND at_bank AND NOT exchanged), 0)::text AS banked,
        coalesce(sum(minor) FILTER (WHERE owner IS NULL AND NOT own AND stage IN ('invoiced', 'forgiven')), 0)
          ::text AS waiting,
        coalesce(sum(-minor) FILTER (WHERE stage = 'disbursed' AND exchanged), 0)::text AS left,
        coalesce(sum(-minor) FILTER (WHERE came), 0)::text AS came
      FROM sides GROUP BY owner, asset`,
  )
}

const causeRow = z.object({
  agreement_id: z.string().nullable(),
  asset,
  cause: z.enum(causeNames),
  amount: bigintColumn,
  lines: count,
  sentences: z.array(z.string()),
})

/** The named causes of every explained line, added up per agreement. */
export async function matchedCauses(scope: Scope, of?: string | null): Promise<z.infer<typeof causeRow>[]> {
  return z.array(causeRow).parse(
    await scope.tx.$queryRaw`
      SELECT m.agreement_id, m.asset, c->>'cause' AS cause, sum((c->>'amount')::numeric)::text AS amount, count(*)::text AS lines,
        (array_agg(c->>'sentence' ORDER BY abs((c->>'amount')::numeric) DESC, m.id))[1:5] AS sentences
      FROM match m CROSS JOIN LATERAL jsonb_array_elements(m.causes) c
      WHERE m.organisation_id = ${scope.organisation_id} AND m.current AND m.causes <> '[]'::jsonb
        AND (${of ?? null}::text IS NULL OR m.agreement_id = ${of ?? null}::text)
        AND (NOT ${of === null} OR m.agreement_id IS NULL)
        AND m.stage IN ('key', 'amount', 'period', 'none', 'payout')
      GROUP BY m.agreement_id, m.asset, c->>'cause'`,
  )
}

const openRow = z.object({
  agreement_id: z.string(),
  asset,
  kind: z.enum(expectationKinds),
  usage: z.boolean(),
  late: z.boolean(),
  amount: bigintColumn,
  count,
  since: z.string(),
})

/** Expectations that no line has met, apart by whether they are late. */
export async function openExpectations(
  scope: Scope,
  late_before: string,
  of?: string,
): Promise<z.infer<typeof openRow>[]> {
  return z.array(openRow).parse(
    await scope.tx.$queryRaw`
      SELECT e.agreement_id, e.asset, e.kind, e.dimension IS NOT NULL AS usage, e.due_on < ${late_before} AS late,
        sum(e.amount)::text AS amount, count(*)::text AS count, min(e.due_on) AS since
      FROM expectation e
      WHERE e.organisation_id = ${scope.organisation_id}
        AND (${of ?? null}::text IS NULL OR e.agreement_id = ${of ?? null}::text) AND NOT EXISTS (
        SELECT 1 FROM match m WHERE m.organisation_id = e.organisation_id AND m.expectation_id = e.id AND m.current)
      GROUP BY 1, 2, 3, 4, 5`,
  )
}

export type BankDifference = { asset: Asset; amount: bigint; cause: CauseName; sentence: string }

const bankRow = z.object({
  key: z.string(),
  asset,
  bank_asset: asset,
  lines: bigintColumn,
  bank: bigintColumn,
})

/**
 * What the bank shows beyond (or short of) the lines of its pay-outs, and money in that no pay-out explains: positive
 * where more was received.
 */
export async function bankDifferences(scope: Scope): Promise<BankDifference[]> {
  const { organisation_id } = scope
  const rows = z.array(bankRow).parse(
    await scope.tx.$queryRaw`
      SELECT d.key, d.asset, b.asset AS bank_asset, b.minor AS bank,
        coalesce((SELECT sum(-coalesce(r.paid_minor, r.minor)) FROM statement_line r
          WHERE r.organisation_id = d.organisation_id AND r.disbursement_key = d.key AND r.current AND NOT r.deleted
            AND r.stage = 'disbursed' AND r.kind NOT IN ('disbursement', 'disbursement_failure')
            AND r.state IN ('new', 'waiting', 'explained', 'exception')
            AND coalesce(r.paid_asset, r.asset) = d.asset), 0) AS lines
      FROM (
        SELECT disbursement_key, asset, sum(minor) AS minor FROM statement_line
        WHERE organisation_id = ${organisation_id} AND kind = 'bank' AND current AND state = 'explained'
          AND disbursement_key IS NOT NULL
        GROUP BY disbursement_key, asset
      ) b
      JOIN statement_line d ON d.organisation_id = ${organisation_id} AND d.key = b.disbursement_key AND d.current
        AND d.kind = 'disbursement'`,
  )
  const differences = rows.flatMap((row): BankDifference[] => {
    if (row.asset === row.bank_asset) {
      const sentence = `The bank shows ${said(row.asset, row.bank)} for pay-out ${row.key}, whose lines come to ${said(row.asset, row.lines)}.`
      return [{ asset: row.asset, amount: row.bank - row.lines, cause: 'unknown', sentence }]
    }
    const sentence = `Pay-out ${row.key} of ${said(row.asset, row.lines)} arrived as ${said(row.bank_asset, row.bank)}.`
    return [
      { asset: row.asset, amount: -row.lines, cause: 'exchange', sentence },
      { asset: row.bank_asset, amount: row.bank, cause: 'exchange', sentence },
    ]
  })
  return [...differences, ...(await unmatchedBank(scope))].filter(({ amount }) => amount !== 0n)
}

const unmatchedRow = z.object({ asset, amount: bigintColumn, reference: z.string().nullable() })

async function unmatchedBank(scope: Scope): Promise<BankDifference[]> {
  const rows = z.array(unmatchedRow).parse(
    await scope.tx.$queryRaw`
      SELECT l.asset, l.minor AS amount, l.bank_reference AS reference FROM statement_line l
      JOIN exception_item e ON e.organisation_id = l.organisation_id AND e.kind = 'bank_unmatched'
        AND e.subject_id = l.id AND e.state = 'open'
      WHERE l.organisation_id = ${scope.organisation_id} AND l.kind = 'bank' AND l.current AND l.state = 'exception'`,
  )
  return rows.map((row) => ({
    asset: row.asset,
    amount: row.amount,
    cause: 'unknown',
    sentence: `The bank shows ${said(row.asset, row.amount)} with the reference "${row.reference ?? ''}", which no pay-out has.`,
  }))
}
