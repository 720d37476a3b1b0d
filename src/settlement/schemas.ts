// How statements, lines and reconciliations look on the wire.
import { z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import type { Agreement } from '../agreements/model.ts'
import { type Asset, type MoneyText, moneyText } from '../core/money.ts'
import { describedSchema, shownDescribed } from '../descriptions/index.ts'
import { moneySchema, orNull } from '../door/index.ts'
import type { Known } from './known.ts'
import { causeNames, lineKinds, lineStages, lineStates, statementStates } from './model.ts'
import type { Reconciled } from './reconcile.ts'
import type { Statement, StoredLine } from './store.ts'

const text = z.string().nullable()

export const statement = z
  .object({
    id: z.string(),
    connection_id: text,
    source: z.string(),
    name: z.string(),
    format: text,
    state: z.enum(statementStates),
    problem: z
      .object({ row: z.number().int().nullable(), column: text, rule: z.string(), fix: z.string() })
      .nullable(),
    sha256: z.string(),
    bytes: z.number().int(),
    lines_read: z.number().int(),
    lines_new: z.number().int(),
    received_at: z.string(),
    imported_at: text,
  })
  .openapi('Statement')

export function shownStatement(row: Statement): z.infer<typeof statement> {
  return {
    id: row.id,
    connection_id: row.connection_id,
    source: row.source,
    name: row.name,
    format: row.format,
    state: row.state,
    problem: row.problem,
    sha256: row.sha256,
    bytes: Number(row.bytes),
    lines_read: row.lines_read,
    lines_new: row.lines_new,
    received_at: row.received_at.toISOString(),
    imported_at: row.imported_at?.toISOString() ?? null,
  }
}

export const line = z
  .object({
    id: z.string(),
    statement_id: z.string(),
    key: z.string(),
    version: z.string(),
    current: z.boolean(),
    deleted: z.boolean(),
    kind: z.enum(lineKinds),
    stage: z.enum(lineStages),
    amount: moneySchema,
    paid: orNull(moneySchema).openapi({
      description: 'What it came to, where it was paid in another currency',
    }),
    counts: z.boolean(),
    state: z.enum(lineStates),
    agreement_id: text,
    agreement_name: text.openapi({ description: 'The offer its agreement came from, or the authorization.' }),
    cloud_agreement_id: text,
    plan: text,
    dimension: text,
    invoice_id: text,
    parent_key: text,
    disbursement_key: text,
    bank_reference: text,
    occurred_at: z.string(),
    period_starts_on: text,
    period_ends_on: text,
    described: orNull(describedSchema).openapi({
      description:
        "What the cloud's other files tell of a line that is of no agreement known here, and the taxes of a tax line.",
    }),
    raw: z.record(z.string(), z.string()),
  })
  .openapi('StatementLine')

export function shownLine(row: StoredLine, { names, described }: Known): z.infer<typeof line> {
  return {
    id: row.id,
    statement_id: row.statement_id,
    key: row.key,
    version: row.version,
    current: row.current,
    deleted: row.deleted,
    kind: row.kind,
    stage: row.stage,
    // The exact amount, as the cloud or the bank wrote it.
    amount: { currency: row.currency, amount: row.amount },
    paid: row.paid_asset === null || row.paid_minor === null ? null : money(row.paid_asset, row.paid_minor),
    counts: row.counts,
    state: row.state,
    agreement_id: row.agreement_id,
    agreement_name: names.get(row.agreement_id ?? '') ?? null,
    cloud_agreement_id: row.cloud_agreement_id,
    plan: row.plan,
    dimension: row.dimension,
    invoice_id: row.invoice_id,
    parent_key: row.parent_key,
    disbursement_key: row.disbursement_key,
    bank_reference: row.bank_reference,
    occurred_at: row.occurred_at.toISOString(),
    period_starts_on: row.period_starts_on,
    period_ends_on: row.period_ends_on,
    described: shownDescribed(described.get(row.id)),
    raw: row.raw,
  }
}

/** An agreement as far as people tell it from others. */
const agreement = z.object({
  cloud: z.enum(clouds),
  cloud_agreement_id: z.string(),
  buyer_account_id: z.string(),
  name: text.openapi({ description: 'The offer it came from, or the resale authorization.' }),
})

export const reconciled = z
  .object({
    agreement_id: text,
    agreement: agreement.nullable(),
    currency: z.string(),
    expected: moneySchema,
    invoiced: moneySchema,
    collected: moneySchema,
    disbursed: moneySchema,
    banked: moneySchema,
    difference: moneySchema,
    causes: z.array(
      z.object({
        cause: z.enum(causeNames),
        amount: moneySchema,
        lines: z.number().int(),
        sentences: z.array(z.string()),
      }),
    ),
    explained: z.boolean(),
  })
  .openapi('Reconciliation')

/** `of`: the agreement and its name, where there is one. */
export function shownReconciled(
  item: Reconciled,
  of?: { agreement: Agreement; name: string | undefined },
): z.infer<typeof reconciled> {
  const shown = (amount: bigint) => money(item.asset, amount)
  return {
    agreement_id: item.agreement_id,
    agreement:
      of === undefined
        ? null
        : {
            cloud: of.agreement.cloud,
            cloud_agreement_id: of.agreement.cloud_agreement_id,
            buyer_account_id: of.agreement.buyer_account_id,
            name: of.name ?? null,
          },
    currency: shown(0n).currency,
    expected: shown(item.expected),
    invoiced: shown(item.invoiced),
    collected: shown(item.collected),
    disbursed: shown(item.disbursed),
    banked: shown(item.banked),
    difference: shown(item.difference),
    causes: item.causes.map((named) => ({ ...named, amount: shown(named.amount) })),
    explained: item.explained,
  }
}

/** Minor units of an asset as money on the wire. */
export function money(asset: Asset, amount: bigint): MoneyText {
  return moneyText({ asset, amount })
}
