// What was booked, invoiced, collected and disbursed in each month, by cloud. It is rolled up with the balances: a year
// of a large organisation is a few hundred rows.
import { z } from 'zod'
import { type Cloud, clouds } from '../../connectors/connector.ts'
import type { Asset } from '../core/money.ts'
import type { Month } from '../core/time.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { readAsset } from './model.ts'

/**
 * booked: offers that were accepted, their fixed total. invoiced, collected, disbursed: what came to us after fees and
 * wholesale cost; from clearing to invoiced, on to collected, and on to a pay-out.
 */
export const flowNames = ['booked', 'invoiced', 'collected', 'disbursed'] as const
export type FlowName = (typeof flowNames)[number]

/** How much of one flow a month had on one cloud, in minor units; below zero where more was taken back. */
export type MonthFlow = { month: Month; flow: FlowName; cloud: Cloud; asset: Asset; amount: bigint }

const flowRow = z.object({
  month: z.string(),
  flow: z.enum(flowNames),
  cloud: z.enum(clouds),
  asset: z.string(),
  amount: bigintColumn,
})

/** The flows from a month on, exact at this moment: what is rolled up and what still waits for it. */
export async function flows(scope: Scope, from: Month): Promise<MonthFlow[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    WITH waiting AS (
      SELECT left(p.book_date, 7) AS month, f.flow, a.cloud, p.asset, f.moved FROM unrolled_entry u
      JOIN posting p ON p.organisation_id = u.organisation_id AND p.entry_id = u.entry_id
      JOIN entry e ON e.organisation_id = u.organisation_id AND e.id = u.entry_id
      CROSS JOIN LATERAL money_flow(coalesce(e.reverses, e.reference), p.from_account, p.to_account, p.amount) f
      JOIN agreement a ON a.organisation_id = u.organisation_id AND a.id = f.agreement_id
      WHERE u.organisation_id = ${organisation_id} AND p.book_date >= ${from}
    )
    SELECT month, flow, cloud, asset, sum(amount) AS amount FROM (
      SELECT month, flow, cloud, asset, amount FROM month_flow
      WHERE organisation_id = ${organisation_id} AND month >= ${from}
      UNION ALL SELECT month, flow, cloud, asset, moved FROM waiting
    ) parts GROUP BY month, flow, cloud, asset ORDER BY month, asset, cloud, flow`
  const found = z.array(flowRow).parse(rows)
  return found.map(({ asset, ...row }) => ({ ...row, asset: readAsset(asset) }))
}

/** The first month whose flow is not what all postings come to, compared at one moment. undefined: there is none. */
export async function firstFlowDifference(
  scope: Scope,
): Promise<(MonthFlow & { recomputed: bigint }) | undefined> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    WITH legs AS (
      SELECT month, flow, cloud, asset, amount AS kept, 0 AS found FROM month_flow
      WHERE organisation_id = ${organisation_id}
      UNION ALL
      SELECT left(p.book_date, 7), f.flow, a.cloud, p.asset, CASE WHEN u.entry_id IS NULL THEN 0 ELSE f.moved END, f.moved
      FROM posting p
      JOIN entry e ON e.organisation_id = p.organisation_id AND e.id = p.entry_id
      CROSS JOIN LATERAL money_flow(coalesce(e.reverses, e.reference), p.from_account, p.to_account, p.amount) f
      JOIN agreement a ON a.organisation_id = p.organisation_id AND a.id = f.agreement_id
      LEFT JOIN unrolled_entry u ON u.organisation_id = p.organisation_id AND u.entry_id = p.entry_id
      WHERE p.organisation_id = ${organisation_id}
    )
    SELECT month, flow, cloud, asset, sum(kept) AS amount, sum(found) AS recomputed FROM legs
    GROUP BY 1, 2, 3, 4 HAVING sum(kept) <> sum(found) ORDER BY 1, 2, 3, 4 LIMIT 1`
  const [row] = z.array(flowRow.extend({ recomputed: bigintColumn })).parse(rows)
  return row === undefined ? undefined : { ...row, asset: readAsset(row.asset) }
}
