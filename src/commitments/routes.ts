import { createRoute, z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { compare, decimal, formatDecimal, parseDecimal } from '../core/decimal.ts'
import { moneyText, parseMoney } from '../core/money.ts'
import { decodeCursor, toPage } from '../core/page.ts'
import { invalid, Refusal } from '../core/problem.ts'
import {
  body,
  idempotencyHeader,
  json,
  localDate,
  makeRouter,
  moneySchema,
  pageOf,
  pageQuery,
  positiveDecimalText,
  refusals,
  write,
} from '../door/index.ts'
import { createCommitment } from './create-commitment.ts'
import { commitmentKinds } from './model.ts'
import { type Figure, standing } from './standing.ts'
import { type Commitment, type Drawdown, findCommitment, readCommitments, readDrawdowns } from './store.ts'

const percentText = positiveDecimalText
  .refine((text) => {
    const value = parseDecimal(text)
    return value !== undefined && value.scale <= 8 && compare(value, decimal(100)) <= 0
  }, 'must be between 0 and 100 with at most 8 decimals')
  .openapi({ example: '25' })

const draft = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: z.enum(commitmentKinds).default('cloud'),
  cloud: z.enum(clouds).optional(),
  buyer_account_id: z.string().trim().min(1).max(120),
  amount: moneySchema,
  starts_on: localDate,
  ends_on: localDate,
  eligible_percent: percentText.default('100'),
  cap_percent: percentText.default('100'),
  source: z.string().trim().min(1).max(400).openapi({ example: 'Order form of 3 March 2026, page 2' }),
})

const commitment = z
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
const drawdown = z.object({
  line_key: z.string(),
  agreement_id: z.string(),
  occurred_at: z.string(),
  invoiced: moneySchema,
  eligible: moneySchema,
  drawn: moneySchema,
})
const commitmentWithBalance = commitment
  .extend({
    balance: z.object({
      promised: figure,
      invoiced: figure,
      eligible_invoiced: figure,
      drawn: figure,
      remaining: figure,
      drawable: figure,
    }),
    drawdowns: pageOf(drawdown),
  })
  .openapi('CommitmentWithBalance')

const create = createRoute({
  method: 'post',
  path: '/v1/commitments',
  tags: ['Commitments'],
  summary: "Write down a buyer's promise to spend",
  request: { headers: idempotencyHeader, body: body(draft) },
  responses: { 201: json(commitment, 'The commitment'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/commitments',
  tags: ['Commitments'],
  summary: 'Promises to spend',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(commitment), 'Commitments'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/commitments/{id}',
  tags: ['Commitments'],
  summary: 'One promise: what of it is drawn and left, and by which sales',
  description: 'No cloud tells a seller what a buyer has drawn: every figure says where it comes from.',
  request: { params: z.object({ id: z.string().max(60) }), query: pageQuery },
  responses: { 200: json(commitmentWithBalance, 'The commitment'), ...refusals },
})

export function commitmentsRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => {
        const wanted = door.req.valid('json')
        const amount = parseMoney(wanted.amount.currency, wanted.amount.amount)
        if (amount === undefined) {
          throw invalid('amount.amount', 'has more digits than the currency', 'Leave out the extra digits')
        }
        const made = await createCommitment(scope, {
          ...wanted,
          amount,
          eligible_percent: decimal(wanted.eligible_percent),
          cap_percent: decimal(wanted.cap_percent),
        })
        return { status: 201 as const, body: shownCommitment(made) }
      }),
    )
    .openapi(list, async (door) => {
      const { limit, cursor } = door.req.valid('query')
      const after = afterOf(cursor)
      const rows = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        readCommitments(scope, { after, limit: limit + 1 }),
      )
      return door.json(
        toPage(rows, limit, (row) => row.id, shownCommitment),
        200,
      )
    })
    .openapi(read, async (door) => {
      const { limit, cursor } = door.req.valid('query')
      const { id } = door.req.valid('param')
      const after = afterOf(cursor)
      const shown = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const found = await findCommitment(scope, id)
        if (found === undefined) throw new Refusal('not-found', `There is no commitment ${id}.`)
        const rows = await readDrawdowns(scope, { commitment_id: id, after, limit: limit + 1 })
        const { promised, invoiced, eligible_invoiced, drawn, remaining, drawable } = await standing(
          scope,
          found,
        )
        return {
          ...shownCommitment(found),
          balance: {
            promised: shownFigure(promised),
            invoiced: shownFigure(invoiced),
            eligible_invoiced: shownFigure(eligible_invoiced),
            drawn: shownFigure(drawn),
            remaining: shownFigure(remaining),
            drawable: shownFigure(drawable),
          },
          drawdowns: toPage(
            rows,
            limit,
            (row) => row.line_key,
            (row) => shownDrawdown(row, found),
          ),
        }
      })
      return door.json(shown, 200)
    })
}

function afterOf(cursor: string | undefined): string {
  return cursor === undefined ? '' : decodeCursor(cursor)
}

function shownFigure({ amount, basis }: Figure) {
  return { amount: moneyText(amount), basis }
}

function shownCommitment(row: Commitment): z.infer<typeof commitment> {
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

function shownDrawdown(row: Drawdown, { amount: { asset } }: Commitment): z.infer<typeof drawdown> {
  return {
    line_key: row.line_key,
    agreement_id: row.agreement_id,
    occurred_at: row.occurred_at.toISOString(),
    invoiced: moneyText({ asset, amount: row.invoiced }),
    eligible: moneyText({ asset, amount: row.eligible }),
    drawn: moneyText({ asset, amount: row.drawn }),
  }
}
