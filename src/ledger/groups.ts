// The books in short: what stands in each row of the chart of accounts, however many accounts it has below it.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import type { LocalDate } from '../core/time.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { chart, readAsset } from './model.ts'

/** One row of the chart in one asset. accounts: how many it has, those at zero included. */
export type Group = {
  name: string
  asset: Asset
  accounts: number
  open: number
  debits: bigint
  credits: bigint
}

const groupRow = z.object({
  name: z.string(),
  asset: z.string(),
  accounts: bigintColumn.transform(Number),
  open: bigintColumn.transform(Number),
  debits: bigintColumn,
  credits: bigintColumn,
})

/** Rows of the chart that are accounts themselves; of all others the last segment is left out. */
const single = chart.filter(({ below }) => !below).map(({ name }) => name)

/**
 * Every row of the chart that has something, now or at the end of a day. A day's sums are those of now less what was
 * booked after it; only now is told how many accounts there are.
 */
export async function readGroups(scope: Scope, until?: LocalDate): Promise<Group[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
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
    SELECT CASE WHEN account = ANY(${single}) THEN account
        ELSE left(account, length(account) - position(':' IN reverse(account))) END AS name,
      asset, count(*) AS accounts, count(*) FILTER (WHERE debits <> credits) AS open, sum(debits) AS debits,
      sum(credits) AS credits
    FROM standing GROUP BY 1, 2`
  const now = z.array(groupRow).parse(rows)
  const later = until === undefined ? new Map<string, Sides>() : await bookedAfter(scope, until)
  const groups = now.map(({ asset, ...row }) => {
    const after = later.get(`${row.name} ${asset}`) ?? { debits: 0n, credits: 0n }
    const debits = row.debits - after.debits
    return { ...row, asset: readAsset(asset), debits, credits: row.credits - after.credits }
  })
  const place = new Map(chart.map(({ name }, index) => [name, index]))
  return groups.sort(
    (left, right) =>
      (place.get(left.name) ?? chart.length) - (place.get(right.name) ?? chart.length) ||
      (left.asset < right.asset ? -1 : 1),
  )
}

type Sides = { debits: bigint; credits: bigint }

async function bookedAfter({ organisation_id, tx }: Scope, until: LocalDate): Promise<Map<string, Sides>> {
  const rows = await tx.$queryRaw`
    WITH sides AS (
      SELECT from_account, to_account, asset, sum(amount) AS amount FROM posting
      WHERE organisation_id = ${organisation_id} AND book_date > ${until} GROUP BY 1, 2, 3
    ), legs AS (
      SELECT to_account AS account, asset, amount AS debits, 0 AS credits FROM sides
      UNION ALL SELECT from_account, asset, 0, amount FROM sides
    )
    SELECT CASE WHEN account = ANY(${single}) THEN account
        ELSE left(account, length(account) - position(':' IN reverse(account))) END AS name,
      asset, sum(debits) AS debits, sum(credits) AS credits
    FROM legs GROUP BY 1, 2`
  const found = z.array(groupRow.pick({ name: true, asset: true, debits: true, credits: true })).parse(rows)
  return new Map(found.map((row) => [`${row.name} ${row.asset}`, row]))
}
