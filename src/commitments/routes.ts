import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { clouds } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { compare, decimal, parseDecimal } from '../core/decimal.ts'
import { parseMoney } from '../core/money.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { decodeCursor, toPage } from '../core/page.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import {
  body,
  type DoorEnv,
  idempotencyHeader,
  json,
  localDate,
  makeRouter,
  moneySchema,
  orderedQuery,
  pageOf,
  pageQuery,
  positiveDecimalText,
  refusals,
  searchText,
  write,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { burnDown } from './burn-down.ts'
import { createCommitment } from './create-commitment.ts'
import { commitmentKinds } from './model.ts'
import {
  commitment,
  commitmentWithBalance,
  drawdown,
  listedCommitment,
  shownBurn,
  shownCommitment,
  shownDrawdown,
  shownFigure,
  shownListed,
} from './schemas.ts'
import { standing } from './standing.ts'
import {
  type Commitment,
  commitmentOrders,
  commitmentStates,
  type Drawdown,
  findCommitment,
  readCommitments,
  sumDrawdowns,
} from './store.ts'
import { type DrawdownPlace, drawnByMonth, readDrawdowns } from './store-drawdowns.ts'

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
  summary: 'Promises to spend, and how far each is drawn',
  request: {
    query: orderedQuery(commitmentOrders).extend({
      kind: z.enum(commitmentKinds).optional(),
      cloud: z.enum(clouds).optional(),
      buyer_account_id: z.string().max(120).optional(),
      state: z.enum(commitmentStates).optional().openapi({
        description: 'running: sales may draw on it today.',
      }),
      q: searchText.openapi({
        description: "Found in its name, its source, its id and the buyer's account.",
      }),
    }),
  },
  responses: { 200: json(pageOf(listedCommitment), 'Commitments'), ...refusals },
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

const drawdowns = createRoute({
  method: 'get',
  path: '/v1/commitments/{id}/drawdowns',
  tags: ['Commitments'],
  summary: 'The sales that drew on a promise; oldest first if nothing is said',
  request: {
    params: z.object({ id: z.string().max(60) }),
    query: pageQuery.extend({
      sort: z.enum(['occurred_at', '-occurred_at']).default('occurred_at'),
      agreement_id: z.string().max(60).optional(),
    }),
  },
  responses: { 200: json(pageOf(drawdown), 'A page of drawdowns'), ...refusals },
})

export function commitmentsRoutes(context: Context) {
  const ask = <T>(door: HonoContext<DoorEnv>, work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(door.get('caller').organisation_id, work)
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
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(commitmentOrders, { sort, cursor, limit })
      const { rows, sums } = await ask(door, async (scope) => {
        const found = await readCommitments(scope, filter, slice)
        const ids = found.map(({ id }) => id)
        return { rows: found, sums: await sumDrawdowns(scope, ids, null) }
      })
      const shown = (row: Commitment) => shownListed(row, sums.get(row.id)?.drawn ?? 0n)
      return door.json(pageOfSlice(rows, slice, shown), 200)
    })
    .openapi(read, async (door) => {
      const { limit, cursor } = door.req.valid('query')
      const { id } = door.req.valid('param')
      const after = placeOf(cursor)
      return door.json(await ask(door, (scope) => shownWhole(scope, id, { after, limit })), 200)
    })
    .openapi(drawdowns, async (door) => {
      const { limit, cursor, sort, agreement_id } = door.req.valid('query')
      const { id } = door.req.valid('param')
      const wanted = { agreement_id, after: placeOf(cursor), limit, descending: sort === '-occurred_at' }
      const page = await ask(door, async (scope) => pageOfDrawdowns(scope, await existing(scope, id), wanted))
      return door.json(page, 200)
    })
}

async function existing(scope: Scope, id: string): Promise<Commitment> {
  const found = await findCommitment(scope, id)
  if (found === undefined) throw new Refusal('not-found', `There is no commitment ${id}.`)
  return found
}

type Wanted = {
  after: DrawdownPlace | undefined
  limit: number
  agreement_id?: string | undefined
  descending?: boolean
}

async function pageOfDrawdowns(
  scope: Scope,
  of: Commitment,
  { descending = false, limit, ...wanted }: Wanted,
) {
  const asked = { ...wanted, commitment_id: of.id, descending, limit: limit + 1 }
  const rows = await readDrawdowns(scope, asked)
  const key = ({ occurred_at, line_key }: Drawdown) => `${occurred_at.toISOString()} ${line_key}`
  return toPage(rows, limit, key, (row) => shownDrawdown(row, of))
}

async function shownWhole(scope: Scope, id: string, wanted: Wanted) {
  const found = await existing(scope, id)
  const figures = await standing(scope, found)
  const months = burnDown(found, await drawnByMonth(scope, id), dateOf(scope.now()))
  return {
    ...shownCommitment(found),
    balance: {
      promised: shownFigure(figures.promised),
      invoiced: shownFigure(figures.invoiced),
      eligible_invoiced: shownFigure(figures.eligible_invoiced),
      drawn: shownFigure(figures.drawn),
      remaining: shownFigure(figures.remaining),
      drawable: shownFigure(figures.drawable),
    },
    burn_down: months.map((row) => shownBurn(row, found)),
    drawdowns: await pageOfDrawdowns(scope, found, wanted),
  }
}

/** A cursor of drawdowns: the moment, and the line, whose key may hold anything. */
function placeOf(cursor: string | undefined): DrawdownPlace | undefined {
  if (cursor === undefined) return undefined
  const text = decodeCursor(cursor)
  const at = text.indexOf(' ')
  const occurred_at = new Date(text.slice(0, Math.max(at, 0)))
  if (Number.isNaN(occurred_at.getTime())) {
    throw invalid(
      'query.cursor',
      'is not a cursor of this list',
      'Send the "next" of the page before, unchanged',
    )
  }
  return { occurred_at, line_key: text.slice(at + 1) }
}
