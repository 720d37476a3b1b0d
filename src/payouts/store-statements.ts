// What was stated to partners, and what was not yet.
import { z } from 'zod'
import type { Asset, Money } from '../core/money.ts'
import { type Slice, stated } from '../core/order.ts'
import type { Month } from '../core/time.ts'
import { bigintColumn, type Prisma, type Scope, toJson } from '../store/index.ts'
import type { StatementLine } from './model.ts'

export type StatementRow = Omit<Prisma.partner_statementGetPayload<Record<string, never>>, 'asset'> & {
  asset: Asset
}

const asStatement = (row: Prisma.partner_statementGetPayload<Record<string, never>>): StatementRow => ({
  ...row,
  asset: row.asset as Asset,
})

export async function insertStatement(
  scope: Scope,
  wanted: Omit<StatementRow, 'organisation_id' | 'lines' | 'created_at'> & { lines: StatementLine[] },
): Promise<StatementRow> {
  const { organisation_id, tx } = scope
  const row = await tx.partner_statement.create({
    data: { ...wanted, organisation_id, lines: toJson(wanted.lines), created_at: scope.now() },
  })
  return asStatement(row)
}

/** The statements this tenant gave, and those it got from vendors as their reseller. */
function visible(scope: Scope): Prisma.partner_statementWhereInput {
  const { organisation_id } = scope
  return { OR: [{ organisation_id }, { reseller_organisation_id: organisation_id }] }
}

/** What statements can be ordered by. */
export const statementOrders = {
  created_at: { column: 'id', holds: 'text' },
  month: { column: 'month', holds: 'text' },
} as const

export type StatementFilter = {
  partner_id?: string | undefined
  month?: Month | undefined
  side?: 'given' | 'received' | undefined
}

/** Statements without their lines, of which one may have many. */
export type StatementHead = Omit<StatementRow, 'lines'>

export async function readStatements(
  scope: Scope,
  { side, ...filter }: StatementFilter,
  slice: Slice,
): Promise<StatementHead[]> {
  const { organisation_id } = scope
  const sides = { given: { organisation_id }, received: { reseller_organisation_id: organisation_id } }
  const rows = await scope.tx.partner_statement.findMany({
    where: { AND: [visible(scope), stated(filter), side === undefined ? {} : sides[side], slice.where] },
    omit: { lines: true },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map((row) => ({ ...row, asset: row.asset as Asset }))
}

/** The statements that one month of a partner has. */
export async function statementsOfMonth(
  scope: Scope,
  partner_id: string,
  month: Month,
): Promise<StatementRow[]> {
  const { organisation_id } = scope
  const rows = await scope.tx.partner_statement.findMany({
    where: { organisation_id, partner_id, month },
    orderBy: { id: 'asc' },
  })
  return rows.map(asStatement)
}

export async function findStatement(scope: Scope, id: string): Promise<StatementRow | undefined> {
  const row = await scope.tx.partner_statement.findFirst({ where: { AND: [visible(scope), { id }] } })
  return row === null ? undefined : asStatement(row)
}

const unstatedRow = z.object({
  partner_id: z.string(),
  asset: z.string().transform((text) => text as Asset),
  amount: bigintColumn,
  due: bigintColumn,
})

/** What no statement has, by partner and asset: in all, and how many of those shares belong to a month or an earlier one. */
export async function unstatedShares(
  scope: Scope,
  partner_ids: readonly string[],
  month = '9999-12',
): Promise<{ partner_id: string; money: Money; due: bigint }[]> {
  const rows = await scope.tx.$queryRaw`
    SELECT partner_id, asset, sum(rounded) AS amount, count(*) FILTER (WHERE month <= ${month}) AS due
    FROM partner_share
    WHERE organisation_id = ${scope.organisation_id} AND partner_id = ANY(${[...partner_ids]}::text[])
      AND statement_id IS NULL
    GROUP BY partner_id, asset ORDER BY partner_id, asset`
  return z
    .array(unstatedRow)
    .parse(rows)
    .map(({ partner_id, asset, amount, due }) => ({ partner_id, money: { asset, amount }, due }))
}

/** What partners' statements say in all, by partner and asset. */
export async function statedTotals(
  scope: Scope,
  partner_ids: readonly string[],
): Promise<{ partner_id: string; money: Money }[]> {
  const rows = await scope.tx.partner_statement.groupBy({
    by: ['partner_id', 'asset'],
    where: { organisation_id: scope.organisation_id, partner_id: { in: [...partner_ids] } },
    _sum: { total: true },
    orderBy: [{ partner_id: 'asc' }, { asset: 'asc' }],
  })
  return rows.map((row) => ({
    partner_id: row.partner_id,
    money: { asset: row.asset as Asset, amount: row._sum.total ?? 0n },
  }))
}
