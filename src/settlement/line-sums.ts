// What lines come to for each agreement, for the reconciliation: there are more of them than of anything else in it.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import type { Scope } from '../store/index.ts'
import { assetColumn, sumColumn } from './sums.ts'

/** What lines come to at each stage; what was paid in another currency left its own (`left`) and came in the other (`came`). */
export type StageSums = Record<'invoiced' | 'collected' | 'disbursed' | 'banked' | 'left' | 'came', bigint>

const lineRow = z.object({
  agreement_id: z.string(),
  asset: assetColumn,
  paid_asset: assetColumn.nullable(),
  invoiced: sumColumn,
  collected: sumColumn,
  disbursed: sumColumn,
  paid: sumColumn.nullable(),
  arrived: sumColumn,
})

type AgreementLines = { agreement_id: string; asset: Asset; sums: StageSums }

/**
 * What the explained lines of agreements say. An agreement that was paid in another currency may have two rows of one. Read
 * from the index statement_line_sums alone and in its order, as long as nothing is asked that it does not hold.
 */
export async function lineSums(scope: Scope, of?: string): Promise<AgreementLines[]> {
  const { organisation_id } = scope
  const rows = z.array(lineRow).parse(
    await scope.tx.$queryRaw`
      SELECT agreement_id, asset, paid_asset,
        coalesce(sum(minor) FILTER (WHERE stage IN ('invoiced', 'forgiven')), 0)::text AS invoiced,
        coalesce(sum(minor) FILTER (WHERE stage = 'collected'), 0)::text AS collected,
        coalesce(-sum(minor) FILTER (WHERE stage = 'disbursed'), 0)::text AS disbursed,
        (-sum(paid_minor) FILTER (WHERE stage = 'disbursed'))::text AS paid,
        coalesce(-sum(coalesce(paid_minor, minor)) FILTER (WHERE stage = 'disbursed' AND disbursement_key IN (
          SELECT bank.disbursement_key FROM statement_line bank
          WHERE bank.organisation_id = ${organisation_id} AND bank.kind = 'bank' AND bank.current
            AND bank.state = 'explained' AND bank.disbursement_key IS NOT NULL)), 0)::text AS arrived
      FROM statement_line
      WHERE organisation_id = ${organisation_id} AND current AND NOT deleted AND agreement_id IS NOT NULL
        AND state IN ('explained', 'exception') AND stage <> 'unknown'
        AND kind NOT IN ('bank', 'disbursement', 'disbursement_failure')
        AND (${of ?? null}::text IS NULL OR agreement_id = ${of ?? null}::text)
      GROUP BY agreement_id, asset, paid_asset`,
  )
  return rows.flatMap(sidesOf)
}

/** What was paid in another currency has two sides: what left its own, and what came in the other. */
function sidesOf(row: z.infer<typeof lineRow>): AgreementLines[] {
  const { agreement_id, asset, paid_asset } = row
  const sums: StageSums = {
    invoiced: BigInt(row.invoiced),
    collected: BigInt(row.collected),
    disbursed: BigInt(row.disbursed),
    banked: 0n,
    left: 0n,
    came: 0n,
  }
  const arrived = BigInt(row.arrived)
  if (paid_asset === null) {
    sums.banked = arrived
    return [{ agreement_id, asset, sums }]
  }
  sums.left = sums.disbursed
  if (row.paid === null) return [{ agreement_id, asset, sums }]
  const paid = BigInt(row.paid)
  const came = { invoiced: 0n, collected: 0n, disbursed: paid, banked: arrived, left: 0n, came: paid }
  return [
    { agreement_id, asset, sums },
    { agreement_id, asset: paid_asset, sums: came },
  ]
}

const ownerlessRow = z.object({
  asset: assetColumn,
  lines: sumColumn,
  waiting: sumColumn,
  invoiced: sumColumn,
  collected: sumColumn,
  disbursed: sumColumn,
  banked: sumColumn,
  left: sumColumn,
  came: sumColumn,
})
type OwnerlessLines = { asset: Asset; lines: number; waiting: bigint; sums: StageSums }

/**
 * The same of lines that wait for their agreement, and of those that are about whole pay-outs: such a one came into being
 * with its pay-out and passes all stages at once (`own`).
 */
export async function ownerlessSums(scope: Scope): Promise<OwnerlessLines[]> {
  const { organisation_id } = scope
  const rows = z.array(ownerlessRow).parse(
    await scope.tx.$queryRaw`
      WITH arrived AS (
        SELECT DISTINCT disbursement_key FROM statement_line
        WHERE organisation_id = ${organisation_id} AND kind = 'bank' AND current AND state = 'explained'
          AND disbursement_key IS NOT NULL
      ), live AS (
        SELECT l.asset, l.minor, l.paid_asset, l.paid_minor, l.stage, l.paid_asset IS NOT NULL AS exchanged,
          l.agreement_id IS NULL AND l.cloud_agreement_id IS NULL AND l.parent_key IS NULL AND l.stage = 'disbursed'
            AND l.state IN ('explained', 'exception') AS own,
          a.disbursement_key IS NOT NULL AS at_bank
        FROM statement_line l LEFT JOIN arrived a ON a.disbursement_key = l.disbursement_key
        WHERE l.organisation_id = ${organisation_id} AND l.current AND NOT l.deleted AND l.stage <> 'unknown'
          AND l.kind NOT IN ('bank', 'disbursement', 'disbursement_failure')
          AND (l.state IN ('new', 'waiting') OR l.agreement_id IS NULL AND l.state IN ('explained', 'exception'))
      ), sides AS (
        SELECT asset, stage, own, at_bank, exchanged, 1 AS line, minor, false AS came FROM live
        UNION ALL
        SELECT paid_asset, stage, own, at_bank, false, 0, paid_minor, true FROM live WHERE exchanged AND stage = 'disbursed'
      )
      SELECT asset, sum(line)::text AS lines,
        coalesce(sum(CASE WHEN own THEN -minor ELSE minor END) FILTER (
          WHERE own OR stage IN ('invoiced', 'forgiven')), 0)::text AS invoiced,
        coalesce(sum(CASE WHEN own THEN -minor ELSE minor END) FILTER (WHERE own OR stage = 'collected'), 0)
          ::text AS collected,
        coalesce(sum(-minor) FILTER (WHERE stage = 'disbursed'), 0)::text AS disbursed,
        coalesce(sum(-minor) FILTER (WHERE stage = 'disbursed' AND at_bank AND NOT exchanged), 0)::text AS banked,
        coalesce(sum(minor) FILTER (WHERE NOT own AND stage IN ('invoiced', 'forgiven')), 0)::text AS waiting,
        coalesce(sum(-minor) FILTER (WHERE stage = 'disbursed' AND exchanged), 0)::text AS left,
        coalesce(sum(-minor) FILTER (WHERE came), 0)::text AS came
      FROM sides GROUP BY asset`,
  )
  return rows.map((row) => ({
    asset: row.asset,
    lines: Number(row.lines),
    waiting: BigInt(row.waiting),
    sums: {
      invoiced: BigInt(row.invoiced),
      collected: BigInt(row.collected),
      disbursed: BigInt(row.disbursed),
      banked: BigInt(row.banked),
      left: BigInt(row.left),
      came: BigInt(row.came),
    },
  }))
}
