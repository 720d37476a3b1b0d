// The books in short: what stands in each row of the chart of accounts, however many accounts it has below it.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import type { LocalDate } from '../core/time.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { chart, readAsset } from './model.ts'

/** One row of the chart in one asset. accounts: how many it has, those at zero included; null for a past day. */
export type Group = {
  name: string
  asset: Asset
  accounts: number | null
  open: number | null
  debits: bigint
  credits: bigint
}

const groupRow = z.object({
  name: z.string(),
  asset: z.string(),
  accounts: bigintColumn.transform(Number).nullable(),
  open: bigintColumn.transform(Number).nullable(),
  debits: bigintColumn,
  credits: bigintColumn,
})

/** Every row of the chart that has something, now or at the end of a day; only now is told how many accounts there are. */
export async function readGroups(scope: Scope, until?: LocalDate): Promise<Group[]> {
  const rows = until === undefined ? await groupsNow(scope) : await groupsAt(scope, until)
  const groups = z
    .array(groupRow)
    .parse(rows)
    .map((row) => ({ ...row, asset: readAsset(row.asset) }))
  const place = new Map(chart.map(({ name }, index) => [name, index]))
  return groups.sort(
    (left, right) =>
      (place.get(left.name) ?? chart.length) - (place.get(right.name) ?? chart.length) ||
      (left.asset < right.asset ? -1 : 1),
  )
}

function groupsNow({ organisation_id, tx }: Scope): Promise<unknown> {
  return tx.$queryRaw`
    WITH waiting AS (
      SELECT p.from_account, p.to_account, p.asset, p.amount FROM unrolled_entry u
      JOIN posting p ON p.organisation_id = u.organisation_id AND p.entry_id = u.entry_id
      WHERE u.organisation_id = ${organisation_id}
    ), moved AS (
      SELECT account, asset, sum(debits) AS debits, sum(credits) AS credits FROM (
        SELECT to_account AS account, asset, amount AS debits, 0 AS credits FROM waiting
        UNION ALL SELECT from_account, asset, 0, amount FROM waiting) legs
      GROUP BY account, asset
    ), standing AS (
      SELECT account, asset, b.debits + coalesce(m.debits, 0) AS debits, b.credits + coalesce(m.credits, 0) AS credits
      FROM account_balance b LEFT JOIN moved m USING (account, asset) WHERE b.organisation_id = ${organisation_id}
      UNION ALL
      SELECT account, asset, debits, credits FROM moved m WHERE NOT EXISTS (SELECT 1 FROM account_balance b
        WHERE b.organisation_id = ${organisation_id} AND b.account = m.account AND b.asset = m.asset)
    )
    SELECT account_group(account) AS name, asset, count(*) AS accounts,
      count(*) FILTER (WHERE debits <> credits) AS open, sum(debits) AS debits, sum(credits) AS credits
    FROM standing GROUP BY 1, 2`
}

function groupsAt({ organisation_id, tx }: Scope, until: LocalDate): Promise<unknown> {
  return tx.$queryRaw`
    WITH waiting AS (
      SELECT p.from_account, p.to_account, p.asset, p.amount FROM unrolled_entry u
      JOIN posting p ON p.organisation_id = u.organisation_id AND p.entry_id = u.entry_id
      WHERE u.organisation_id = ${organisation_id} AND p.book_date <= ${until}
    )
    SELECT name, asset, NULL AS accounts, NULL AS open, sum(debits) AS debits, sum(credits) AS credits FROM (
      SELECT name, asset, debits, credits FROM group_day
      WHERE organisation_id = ${organisation_id} AND book_date <= ${until}
      UNION ALL SELECT account_group(to_account), asset, amount, 0 FROM waiting
      UNION ALL SELECT account_group(from_account), asset, 0, amount FROM waiting) legs
    GROUP BY 1, 2`
}

/** The first row of the chart whose days do not come to its balances; undefined: there is none. */
export async function firstDayDifference({ organisation_id, tx }: Scope): Promise<string | undefined> {
  const rows = await tx.$queryRaw`
    SELECT name FROM (
      SELECT name, asset, debits, credits FROM group_day WHERE organisation_id = ${organisation_id}
      UNION ALL SELECT account_group(account), asset, -debits, -credits FROM account_balance
      WHERE organisation_id = ${organisation_id}) both_ways
    GROUP BY name, asset HAVING sum(debits) <> 0 OR sum(credits) <> 0 ORDER BY name LIMIT 1`
  return z.array(z.object({ name: z.string() })).parse(rows)[0]?.name
}
