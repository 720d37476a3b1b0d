// What the commitments' door shows.
import { z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import { formatDecimal } from '../core/decimal.ts'
import { moneyText } from '../core/money.ts'
import { moneySchema, orNull, pageOf } from '../door/index.ts'
import type { BurnMonth } from './burn-down.ts'
import { commitmentKinds } from './model.ts'
import type { Figure } from './standing.ts'
import type { Commitment, Drawdown } from './store.ts'

export const commitment = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(commitmentKinds),
    cloud: z.enum(clouds).nullable(),
    buyer_account_id: z.string(),
    amount: moneySchema,
    starts_on: z.string(),
    ends_on: z.string(),
    eligible_percent: z.string(),
    cap_percent: z.string(),
    source: z.string(),
    created_at: z.string(),
  })
  .openapi('Commitment')

const figure = z.object({ amount: moneySchema, basis: z.enum(['evidence', 'estimate', 'given']) })
export const drawdown = z.object({
  line_key: z.string(),
  agreement_id: z.string(),
  occurred_at: z.string(),
  invoiced: moneySchema,
  eligible: moneySchema,
  drawn: moneySchema,
})
const burnMonth = z.object({
  month: z.string(),
  drawn: orNull(moneySchema).openapi({ description: 'null: the month has not come yet.' }),
  remaining: z
    .union([moneySchema, z.null()])
    .openapi({ description: 'Of the promise, at the end of the month.' }),
  drawable: z
    .union([moneySchema, z.null()])
    .openapi({ description: 'What marketplace sales could still draw of it.' }),
  even: moneySchema.openapi({ description: 'The same, if every day of the promise drew alike.' }),
})

/** A promise in a list, with how far it is drawn. */
export const listedCommitment = commitment
  .extend({ drawn: figure, remaining: figure })
  .openapi('ListedCommitment')

export const commitmentWithBalance = commitment
  .extend({
    balance: z.object({
      promised: figure,
      invoiced: figure,
      eligible_invoiced: figure,
      drawn: figure,
      remaining: figure,
      drawable: figure,
    }),
    burn_down: z.array(burnMonth).openapi({ description: 'Month by month, from the first to the last.' }),
    drawdowns: pageOf(drawdown),
  })
  .openapi('CommitmentWithBalance')

export function shownFigure({ amount, basis }: Figure) {
  return { amount: moneyText(amount), basis }
}

export function shownCommitment(row: Commitment): z.infer<typeof commitment> {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    cloud: row.cloud,
    buyer_account_id: row.buyer_account_id,
    amount: moneyText(row.amount),
    starts_on: row.starts_on,
    ends_on: row.ends_on,
    eligible_percent: formatDecimal(row.eligible_percent),
    cap_percent: formatDecimal(row.cap_percent),
    source: row.source,
    created_at: row.created_at.toISOString(),
  }
}

export function shownListed(row: Commitment, drawn: bigint): z.infer<typeof listedCommitment> {
  const { asset, amount } = row.amount
  const estimate = (value: bigint) => ({
    amount: moneyText({ asset, amount: value }),
    basis: 'estimate' as const,
  })
  return { ...shownCommitment(row), drawn: estimate(drawn), remaining: estimate(amount - drawn) }
}

export function shownBurn(row: BurnMonth, { amount: { asset } }: Commitment): z.infer<typeof burnMonth> {
  const shown = (amount: bigint | null) => (amount === null ? null : moneyText({ asset, amount }))
  return {
    month: row.month,
    drawn: shown(row.drawn),
    remaining: shown(row.remaining),
    drawable: shown(row.drawable),
    even: moneyText({ asset, amount: row.even }),
  }
}

export function shownDrawdown(row: Drawdown, { amount: { asset } }: Commitment): z.infer<typeof drawdown> {
  return {
    line_key: row.line_key,
    agreement_id: row.agreement_id,
    occurred_at: row.occurred_at.toISOString(),
    invoiced: moneyText({ asset, amount: row.invoiced }),
    eligible: moneyText({ asset, amount: row.eligible }),
    drawn: moneyText({ asset, amount: row.drawn }),
  }
}
