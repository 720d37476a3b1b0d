// What was expected against what came: by agreement, line by line, and one cent followed.
import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import * as agreements from '../agreements/index.ts'
import type { Context } from '../context.ts'
import { decimal } from '../core/decimal.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { decodeCursor, encodeCursor, toPage } from '../core/page.ts'
import { invalid } from '../core/problem.ts'
import {
  type DoorEnv,
  decimalText,
  json,
  makeRouter,
  orderedQuery,
  pageOf,
  pageQuery,
  refusals,
  searchText,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { knownOf } from './known.ts'
import { causeNames, expectationKinds, lineKinds, lineStages, lineStates } from './model.ts'
import {
  filtered,
  keyOf,
  type Reconciled,
  reconcile,
  reconciledSorts,
  reconciledStates,
  sorted,
  totals,
} from './reconcile.ts'
import { line, reconciled, shownLine, shownReconciled } from './schemas.ts'
import { lineOrders, readDifferences, readLines, readMet } from './store-lists.ts'
import { trace } from './trace.ts'
import { difference, linesIn, met, shownDifference, shownMet, shownTrace, traced } from './trace-schemas.ts'

const tags = ['Settlement']
const id = z.string().max(60)

/** What lines can be asked for, of one statement and of all. */
export const linesQuery = orderedQuery(lineOrders).extend({
  kind: z.enum(lineKinds).optional(),
  stage: z.enum(lineStages).optional(),
  state: z.enum(lineStates).optional(),
  agreement_id: id.optional(),
  q: searchText.openapi({
    description: "Found in its id and its key, its invoice, its bank reference, and the cloud's agreement.",
  }),
})

const reconciliation = createRoute({
  method: 'get',
  path: '/v1/reconciliation',
  tags,
  summary: 'Expected and received per agreement and in all, with every difference named',
  description:
    'difference = expected − banked = the sum of the causes, to the cent. An item without an agreement holds lines ' +
    'whose agreement is not known yet and differences of whole pay-outs. The totals are of what the filters leave.',
  request: {
    query: pageQuery.extend({
      sort: z.enum(reconciledSorts).optional().openapi({ description: 'difference: the largest last.' }),
      agreement_id: id.optional().openapi({ description: '"none": what belongs to no agreement.' }),
      state: z.enum(reconciledStates).optional().openapi({
        description: 'settled: no difference. explained: all of it has a name. unknown: some of it has none.',
      }),
      cause: z.enum(causeNames).optional(),
    }),
  },
  responses: {
    200: json(
      pageOf(reconciled).extend({ total: z.array(reconciled) }),
      'A page of agreements, and the totals',
    ),
    ...refusals,
  },
})

const lines = createRoute({
  method: 'get',
  path: '/v1/reconciliation/lines',
  tags,
  summary: 'The lines of all statements that count now; newest first if nothing is said',
  request: {
    query: linesQuery.extend({
      disbursement_key: z.string().max(400).optional().openapi({ description: 'The lines of one pay-out.' }),
      amount: decimalText.optional().openapi({ description: 'An amount, whichever way it goes.' }),
    }),
  },
  responses: { 200: json(pageOf(line), 'A page of lines'), ...refusals },
})

const differences = createRoute({
  method: 'get',
  path: '/v1/reconciliation/differences',
  tags,
  summary: 'Lines that are not what was expected, each with its named causes and their arithmetic',
  request: {
    query: pageQuery.extend({ agreement_id: id.optional(), cause: z.enum(causeNames).optional() }),
  },
  responses: {
    200: json(pageOf(difference), 'A page of differences, the last explained first'),
    ...refusals,
  },
})

const expectations = createRoute({
  method: 'get',
  path: '/v1/reconciliation/expectations',
  tags,
  summary: 'What was expected: instalments, usage, wholesale costs and fees, each with the line that met it',
  request: {
    query: pageQuery.extend({
      sort: z.enum(['due_on', '-due_on']).default('due_on'),
      agreement_id: id.optional(),
      kind: z.enum(expectationKinds).optional(),
      state: z.enum(['open', 'met']).optional(),
    }),
  },
  responses: { 200: json(pageOf(met), 'A page of expectations'), ...refusals },
})

const followed = createRoute({
  method: 'get',
  path: '/v1/trace/{id}',
  tags,
  summary: 'A cent followed: bank line, pay-out, its lines, the invoice, the instalment or usage behind it',
  description:
    'In both directions, from a line of a cloud or a bank, a ledger entry, an expectation (its id, or its key such as ' +
    'instalment:agr_…:1:2026-01-20), or a usage record; with the ledger entries that each step booked.',
  request: { params: z.object({ id: z.string().max(300) }) },
  responses: { 200: json(traced, 'The chain'), ...refusals },
})

export function reconciliationRoutes(context: Context) {
  const ask = <T>(door: HonoContext<DoorEnv>, work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(door.get('caller').organisation_id, work)
  return makeRouter()
    .openapi(reconciliation, async (door) => {
      const { limit, cursor, sort, agreement_id, ...filter } = door.req.valid('query')
      return ask(door, async (scope) => {
        const of = agreement_id === 'none' ? null : agreement_id
        const found = filtered(await reconcile(scope, of), filter)
        const place = cursor === undefined ? undefined : placeOf(cursor, sort)
        const page = pageOfReconciled(sorted(found, sort), place, limit)
        const known = await agreements.findMany(
          scope,
          page.items.flatMap(({ agreement_id }) => agreement_id ?? []),
        )
        const names = await agreements.namesOf(scope, known.values())
        const items = page.items.map((item) => {
          const agreement = known.get(item.agreement_id ?? '')
          return shownReconciled(item, agreement && { agreement, name: names.get(agreement.id) })
        })
        const next = page.last === undefined ? null : encodeCursor(`${sort ?? ''}\n${page.last}`)
        const total = totals(found).map((item) => shownReconciled(item))
        return door.json({ items, next, total }, 200)
      })
    })
    .openapi(lines, async (door) => {
      const { limit, cursor, sort = '-occurred_at', amount, ...filter } = door.req.valid('query')
      const slice = sliceOf(lineOrders, { sort, cursor, limit })
      const asked = { ...filter, amount: amount === undefined ? undefined : decimal(amount) }
      return ask(door, async (scope) => {
        const rows = await readLines(scope, asked, slice, true)
        const known = await knownOf(scope, rows)
        return door.json(
          pageOfSlice(rows, slice, (row) => shownLine(row, known)),
          200,
        )
      })
    })
    .openapi(differences, async (door) => {
      const { limit, cursor, ...filter } = door.req.valid('query')
      const before = cursor === undefined ? undefined : decodeCursor(cursor)
      return ask(door, async (scope) => {
        const rows = await readDifferences(scope, { ...filter, before, limit: limit + 1 })
        const known = await knownOf(
          scope,
          rows.map((row) => row.line),
        )
        const page = toPage(
          rows,
          limit,
          (row) => row.match.id,
          (row) => shownDifference(row, known),
        )
        return door.json(page, 200)
      })
    })
    .openapi(expectations, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const [due_on = '', last = ''] = cursor === undefined ? [] : decodeCursor(cursor).split(' ')
      const after = cursor === undefined ? undefined : { due_on, id: last }
      const descending = sort === '-due_on'
      const rows = await ask(door, (scope) =>
        readMet(scope, { ...filter, after, descending, limit: limit + 1 }),
      )
      const key = ({ expectation }: (typeof rows)[number]) => `${expectation.due_on} ${expectation.id}`
      return door.json(toPage(rows, limit, key, shownMet), 200)
    })
    .openapi(followed, async (door) => {
      const wantedId = door.req.valid('param').id
      return ask(door, async (scope) => {
        const found = await trace(context, scope, wantedId)
        const known = await knownOf(scope, linesIn(found))
        return door.json(shownTrace(wantedId, found, known), 200)
      })
    })
}

/** The order stands in the cursor, too: in another one it would begin anywhere. */
function placeOf(cursor: string, sort: string | undefined): string {
  const [order, key] = decodeCursor(cursor).split('\n')
  if (order === (sort ?? '') && key !== undefined) return key
  throw invalid(
    'query.cursor',
    'is not a cursor of this list in this order',
    'Begin with the first page again',
  )
}

/** The page behind an item. What is gone meanwhile has no place: the list then begins again. */
function pageOfReconciled(
  all: readonly Reconciled[],
  after: string | undefined,
  limit: number,
): { items: Reconciled[]; last: string | undefined } {
  const begin = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1
  const items = all.slice(begin, begin + limit)
  const last = items.at(-1)
  return { items, last: begin + limit < all.length && last !== undefined ? keyOf(last) : undefined }
}
