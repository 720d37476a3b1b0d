// The questions about the bank: its open lines, the pay-outs they may be, and what of each has arrived.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { LIVE } from './lines.ts'
import { fromLineRow } from './store.ts'

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

const payerRow = bankRow.extend({ same: z.boolean(), exchanged: z.boolean() })
export type PayerCandidate = z.infer<typeof payerRow>
/** Whose pay-outs a bank line may be that names no reference: a connection, and how its cloud is named as a payer. */
export type Payer = { connection_id: string; payer: string }

/** How long a pay-out may be on its way before a bank line is no longer taken for it, in days. */
const ON_ITS_WAY_DAYS = 45

/**
 * Bank lines that nobody has explained, with the pay-outs without a reference that they may be: of the payer they name,
 * not at the bank yet, told before they arrived. `same`: amount and currency are
 * the pay-out's; `exchanged`: its currency is another. The nearest come first.
 */
export async function payerCandidates(scope: Scope, payers: readonly Payer[]): Promise<PayerCandidate[]> {
  const { organisation_id, tx } = scope
  return z.array(payerRow).parse(
    await tx.$queryRaw`
      SELECT b.id AS bank_id, d.id AS disbursement_id, d.key AS disbursement_key, d.minor AS disbursed, d.asset,
        b.minor = d.minor AND b.asset = d.asset AS same, b.asset <> d.asset AS exchanged
      FROM statement_line b
      JOIN statement_line d ON d.organisation_id = b.organisation_id AND d.current AND NOT d.deleted
        AND d.kind = 'disbursement' AND d.bank_reference IS NULL AND d.minor > 0
        AND d.occurred_at < b.occurred_at + interval '1 day'
        AND b.occurred_at < d.occurred_at + make_interval(days => ${ON_ITS_WAY_DAYS}::int)
      JOIN jsonb_to_recordset(${JSON.stringify(payers)}::jsonb) AS p (connection_id text, payer text)
        ON p.connection_id = d.connection_id
        AND position(upper(p.payer) IN upper(concat_ws(' ', b.bank_reference, b.raw->>'counterparty',
          b.raw->>'description'))) > 0
      WHERE b.organisation_id = ${organisation_id} AND b.current AND b.kind = 'bank' AND b.minor > 0
        AND b.state IN ('new', 'waiting', 'exception')
        AND NOT EXISTS (SELECT 1 FROM statement_line o WHERE o.organisation_id = d.organisation_id
          AND o.kind = 'bank' AND o.current AND NOT o.deleted AND o.disbursement_key = d.key)
      ORDER BY b.occurred_at - d.occurred_at, b.id, d.id`,
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
