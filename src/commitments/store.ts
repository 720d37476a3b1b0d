import { z } from 'zod'
import { type Cloud, clouds } from '../../connectors/connector.ts'
import type { Asset } from '../core/money.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { dateOf, type LocalDate } from '../core/time.ts'
import { bigintColumn, fromNumeric, type Prisma, type Scope } from '../store/index.ts'
import { type CommitmentKind, type CommitmentTerms, commitmentKinds, type Drawn } from './model.ts'

/** A buyer's promise to spend. */
export type Commitment = CommitmentTerms & {
  id: string
  name: string
  kind: CommitmentKind
  cloud: Cloud | null
  buyer_account_id: string
  starts_on: LocalDate
  ends_on: LocalDate
  /** Who said so: "order form of 3 March", "buyer's mail". */
  source: string
  created_at: Date
}

export type Drawdown = Prisma.commitment_drawdownGetPayload<Record<string, never>>

type Row = Prisma.commitmentGetPayload<Record<string, never>>

function fromRow(row: Row): Commitment {
  const { asset, amount, ...rest } = row
  return {
    ...rest,
    kind: z.enum(commitmentKinds).parse(row.kind),
    cloud: row.cloud === null ? null : z.enum(clouds).parse(row.cloud),
    amount: { asset: asset as Asset, amount },
    eligible_percent: fromNumeric(row.eligible_percent),
    cap_percent: fromNumeric(row.cap_percent),
  }
}

export type CommitmentRow = Omit<
  Row,
  'organisation_id' | 'created_at' | 'eligible_percent' | 'cap_percent'
> & {
  eligible_percent: string
  cap_percent: string
}

export async function insertCommitment(scope: Scope, wanted: CommitmentRow): Promise<Commitment> {
  const { organisation_id, tx } = scope
  return fromRow(
    await tx.commitment.create({ data: { organisation_id, ...wanted, created_at: scope.now() } }),
  )
}

export async function findCommitment(scope: Scope, id: string): Promise<Commitment | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.commitment.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  return row === null ? undefined : fromRow(row)
}

/** What commitments can be ordered by. */
export const commitmentOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  starts_on: { column: 'starts_on', holds: 'text' },
  ends_on: { column: 'ends_on', holds: 'text' },
} as const

/** running: sales may draw on it today. ahead: it has not begun. over: its last day is past. */
export const commitmentStates = ['running', 'ahead', 'over'] as const

export type CommitmentFilter = {
  kind?: CommitmentKind | undefined
  cloud?: Cloud | undefined
  buyer_account_id?: string | undefined
  state?: (typeof commitmentStates)[number] | undefined
  q?: string | undefined
}

export async function readCommitments(
  scope: Scope,
  { q, state, ...filter }: CommitmentFilter,
  slice: Slice,
): Promise<Commitment[]> {
  const today = dateOf(scope.now())
  const spans = {
    running: { starts_on: { lte: today }, ends_on: { gte: today } },
    ahead: { starts_on: { gt: today } },
    over: { ends_on: { lt: today } },
  }
  const rows = await scope.tx.commitment.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...(state === undefined ? {} : spans[state]),
      AND: [containing(['name', 'buyer_account_id', 'source', 'id'], q), slice.where],
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRow)
}

/** The promises a sale may draw on. Locked until the transaction ends, so that two sales cannot spend one remainder. */
export async function lockMatching(
  scope: Scope,
  sale: { buyer_account_id: string; cloud: Cloud; asset: Asset; on: LocalDate },
): Promise<Commitment[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    SELECT id FROM commitment
    WHERE organisation_id = ${organisation_id} AND buyer_account_id = ${sale.buyer_account_id}
      AND asset = ${sale.asset} AND (cloud IS NULL OR cloud = ${sale.cloud})
      AND starts_on <= ${sale.on} AND ends_on >= ${sale.on}
    ORDER BY id FOR UPDATE`
  const ids = z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map(({ id }) => id)
  if (ids.length === 0) return []
  const found = await tx.commitment.findMany({
    where: { organisation_id, id: { in: ids } },
    orderBy: [{ ends_on: 'asc' }, { id: 'asc' }],
  })
  return found.map(fromRow)
}

export async function drawdownsOfLine(scope: Scope, line_key: string): Promise<Drawdown[]> {
  const { organisation_id, tx } = scope
  return tx.commitment_drawdown.findMany({
    where: { organisation_id, line_key },
    orderBy: { commitment_id: 'asc' },
  })
}

/** Which commitments some lines drew on. */
export async function drawsOfLines(
  scope: Scope,
  line_keys: readonly string[],
): Promise<Pick<Drawdown, 'commitment_id' | 'line_key'>[]> {
  return scope.tx.commitment_drawdown.findMany({
    where: { organisation_id: scope.organisation_id, line_key: { in: [...line_keys] } },
    select: { commitment_id: true, line_key: true },
  })
}

export async function insertDrawdown(
  scope: Scope,
  wanted: Omit<Drawdown, 'organisation_id' | 'recorded_at'>,
): Promise<Drawdown> {
  const { organisation_id, tx } = scope
  return tx.commitment_drawdown.create({ data: { organisation_id, ...wanted, recorded_at: scope.now() } })
}

const sumsRow = z.object({
  commitment_id: z.string(),
  invoiced: bigintColumn,
  eligible: bigintColumn,
  drawn: bigintColumn,
  of_agreement: bigintColumn,
})
export type Sums = Drawn & { invoiced: bigint; of_agreement: bigint }

/** What all lines of each promise came to, and how much of that one agreement drew. */
export async function sumDrawdowns(
  scope: Scope,
  commitment_ids: readonly string[],
  agreement_id: string | null,
): Promise<Map<string, Sums>> {
  if (commitment_ids.length === 0) return new Map()
  const rows = await scope.tx.$queryRaw`
    SELECT commitment_id, sum(invoiced) AS invoiced, sum(eligible) AS eligible, sum(drawn) AS drawn,
           coalesce(sum(drawn) FILTER (WHERE agreement_id = ${agreement_id}), 0) AS of_agreement
    FROM commitment_drawdown
    WHERE organisation_id = ${scope.organisation_id} AND commitment_id = ANY(${[...commitment_ids]}::text[])
    GROUP BY commitment_id`
  return new Map(
    z
      .array(sumsRow)
      .parse(rows)
      .map(({ commitment_id, ...sums }) => [commitment_id, sums]),
  )
}

/** The agreements whose sales drew from a commitment. */
export async function drawnAgreements(scope: Scope, commitment_id: string): Promise<string[]> {
  const rows = await scope.tx.commitment_drawdown.findMany({
    where: { organisation_id: scope.organisation_id, commitment_id },
    distinct: ['agreement_id'],
    select: { agreement_id: true },
  })
  return rows.map((row) => row.agreement_id)
}
