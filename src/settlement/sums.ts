// The sums behind the reconciliation: sets over expectations, lines and matches. They leave the database as text and are
// checked as text: there are many, and exact numbers as objects are dear, and so is a transformation per cell.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { said } from './expected.ts'
import { type CauseName, causeNames, expectationKinds } from './model.ts'

/** Columns of many rows: said what they are, and not looked into. */
export const assetColumn = z.custom<Asset>((value) => typeof value === 'string')
export const sumColumn = z.string()

const expectedRow = z.object({ agreement_id: z.string(), asset: assetColumn, amount: sumColumn })
type Expected = { agreement_id: string; asset: Asset; amount: bigint }

/** `of`: one agreement only; undefined: all; null, where something may belong to none: that. */
export async function expectedSums(scope: Scope, of?: string): Promise<Expected[]> {
  const rows = z.array(expectedRow).parse(
    await scope.tx.$queryRaw`
      SELECT agreement_id, asset, sum(amount)::text AS amount FROM expectation
      WHERE organisation_id = ${scope.organisation_id}
        AND (${of ?? null}::text IS NULL OR agreement_id = ${of ?? null}::text)
      GROUP BY agreement_id, asset`,
  )
  return rows.map(({ agreement_id, asset, amount }) => ({ agreement_id, asset, amount: BigInt(amount) }))
}

const causeRow = z.object({
  agreement_id: z.string().nullable(),
  asset: assetColumn,
  cause: z.enum(causeNames),
  amount: sumColumn,
  lines: sumColumn,
  sentences: z.array(z.string()),
})

type MatchedCause = Omit<z.infer<typeof causeRow>, 'amount' | 'lines'> & { amount: bigint; lines: number }

/** The named causes of every explained line, added up per agreement. */
export async function matchedCauses(scope: Scope, of?: string | null): Promise<MatchedCause[]> {
  const rows = z.array(causeRow).parse(
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
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount), lines: Number(row.lines) }))
}

const openRow = z.object({
  agreement_id: z.string(),
  asset: assetColumn,
  kind: z.enum(expectationKinds),
  usage: z.boolean(),
  late: z.boolean(),
  amount: sumColumn,
  count: sumColumn,
  since: z.string(),
})

type OpenExpectations = Omit<z.infer<typeof openRow>, 'amount' | 'count'> & { amount: bigint; count: number }

/** Expectations that no line has met, apart by whether they are late. */
export async function openExpectations(
  scope: Scope,
  late_before: string,
  of?: string,
): Promise<OpenExpectations[]> {
  const rows = z.array(openRow).parse(
    await scope.tx.$queryRaw`
      SELECT e.agreement_id, e.asset, e.kind, e.dimension IS NOT NULL AS usage, e.due_on < ${late_before} AS late,
        sum(e.amount)::text AS amount, count(*)::text AS count, min(e.due_on) AS since
      FROM expectation e
      WHERE e.organisation_id = ${scope.organisation_id}
        AND (${of ?? null}::text IS NULL OR e.agreement_id = ${of ?? null}::text) AND NOT EXISTS (
        SELECT 1 FROM match m WHERE m.organisation_id = e.organisation_id AND m.expectation_id = e.id AND m.current)
      GROUP BY 1, 2, 3, 4, 5`,
  )
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount), count: Number(row.count) }))
}

export type BankDifference = { asset: Asset; amount: bigint; cause: CauseName; sentence: string }

const bankRow = z.object({
  key: z.string(),
  asset: assetColumn,
  bank_asset: assetColumn,
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

const unmatchedRow = z.object({ asset: assetColumn, amount: bigintColumn, reference: z.string().nullable() })

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
