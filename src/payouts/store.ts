import { z } from 'zod'
import type { Decimal } from '../core/decimal.ts'
import { formatDecimal } from '../core/decimal.ts'
import type { Asset } from '../core/money.ts'
import { containing, type Slice } from '../core/order.ts'
import type { Month } from '../core/time.ts'
import { bigintColumn, fromNumeric, numericColumn, type Prisma, type Scope } from '../store/index.ts'
import type { Share } from './model.ts'

/** A partner: a reseller that gets a share of what its sales bring. */
export type Partner = {
  id: string
  name: string
  reseller_organisation_id: string | null
  reseller_account_id: string | null
  share_percent: Decimal
  created_at: Date
}

type PartnerRow = Prisma.partner_agreementGetPayload<Record<string, never>>

function fromPartnerRow(row: PartnerRow): Partner {
  return { ...row, share_percent: fromNumeric(row.share_percent) }
}

export async function insertPartner(
  scope: Scope,
  wanted: Omit<Partner, 'id' | 'created_at'>,
): Promise<Partner> {
  const { organisation_id, tx } = scope
  const row = await tx.partner_agreement.create({
    data: {
      organisation_id,
      ...wanted,
      id: scope.id('partner'),
      share_percent: formatDecimal(wanted.share_percent),
      created_at: scope.now(),
    },
  })
  return fromPartnerRow(row)
}

/** What partners can be ordered by. */
export const partnerOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
} as const

export async function readPartners(scope: Scope, q: string | undefined, slice: Slice): Promise<Partner[]> {
  const rows = await scope.tx.partner_agreement.findMany({
    where: {
      organisation_id: scope.organisation_id,
      AND: [containing(['name', 'reseller_account_id', 'reseller_organisation_id', 'id'], q), slice.where],
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromPartnerRow)
}

export async function findPartner(scope: Scope, id: string): Promise<Partner | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.partner_agreement.findUnique({
    where: { organisation_id_id: { organisation_id, id } },
  })
  return row === null ? undefined : fromPartnerRow(row)
}

type Named = { account_id: string | null; organisation_id: string | null }

/** The partner who is a reseller's account, or else the one that its whole organisation is. */
export async function findPartnerOf(
  scope: Scope,
  { account_id, organisation_id }: Named,
): Promise<Partner | undefined> {
  const rows = await partnersNamed(scope, { account_id, organisation_id })
  const row =
    rows.find(
      ({ reseller_account_id }) => reseller_account_id !== null && reseller_account_id === account_id,
    ) ?? rows.find(({ reseller_account_id }) => reseller_account_id === null)
  return row === undefined ? undefined : fromPartnerRow(row)
}

/** A partner that a new one would be mistaken for: the same account, or the same organisation as a whole. */
export async function findPartnerLike(scope: Scope, wanted: Named): Promise<Partner | undefined> {
  const name = `partners ${scope.organisation_id}`
  await scope.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
  const row = (await partnersNamed(scope, wanted)).find(
    ({ reseller_account_id: account }) =>
      account === wanted.account_id || account === null || wanted.account_id === null,
  )
  return row === undefined ? undefined : fromPartnerRow(row)
}

async function partnersNamed(scope: Scope, { account_id, organisation_id }: Named): Promise<PartnerRow[]> {
  return scope.tx.partner_agreement.findMany({
    where: {
      organisation_id: scope.organisation_id,
      OR: [
        ...(account_id === null ? [] : [{ reseller_account_id: account_id }]),
        ...(organisation_id === null ? [] : [{ reseller_organisation_id: organisation_id }]),
      ],
    },
    orderBy: { id: 'asc' },
  })
}

/** Keeps two closings of one partner's month apart; answers false where there is no such partner. */
export async function lockPartner(scope: Scope, id: string): Promise<boolean> {
  const rows = await scope.tx.$queryRaw`
    SELECT id FROM partner_agreement WHERE organisation_id = ${scope.organisation_id} AND id = ${id} FOR UPDATE`
  return z.array(z.object({ id: z.string() })).parse(rows).length > 0
}

export type ShareRow = Share & { partner_id: string; asset: Asset; statement_id: string | null }

const shareRow = z.object({
  line_key: z.string(),
  partner_id: z.string(),
  agreement_id: z.string(),
  month: z.string(),
  asset: z.string().transform((text) => text as Asset),
  basis: bigintColumn,
  share_percent: numericColumn,
  rounded: bigintColumn,
  statement_id: z.string().nullable(),
  occurred_at: z.coerce.date(),
})

/** Writes a share down once; answers the one that stands, which is an earlier one for a line that is known. */
export async function keepShare(scope: Scope, share: Omit<ShareRow, 'statement_id'>): Promise<ShareRow> {
  const { organisation_id, tx } = scope
  await tx.partner_share.createMany({
    data: [
      {
        organisation_id,
        ...share,
        share_percent: formatDecimal(share.share_percent),
        recorded_at: scope.now(),
      },
    ],
    skipDuplicates: true,
  })
  const where = { organisation_id_line_key: { organisation_id, line_key: share.line_key } }
  const row = await tx.partner_share.findUniqueOrThrow({ where })
  return { ...row, asset: row.asset as Asset, share_percent: fromNumeric(row.share_percent) }
}

/** Gives every share up to the end of a month that no statement has to one statement, and answers them in order. */
export async function stateShares(
  scope: Scope,
  wanted: { partner_id: string; month: Month; asset: Asset; statement_id: string },
): Promise<ShareRow[]> {
  const rows = await scope.tx.$queryRaw`
    WITH stated AS (
      UPDATE partner_share SET statement_id = ${wanted.statement_id}
      WHERE organisation_id = ${scope.organisation_id} AND partner_id = ${wanted.partner_id}
        AND month <= ${wanted.month} AND asset = ${wanted.asset} AND statement_id IS NULL
      RETURNING *)
    SELECT * FROM stated ORDER BY occurred_at, line_key COLLATE "C"`
  return z.array(shareRow).parse(rows)
}
