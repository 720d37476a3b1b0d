import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { approvalSchema, writeOrAsk } from '../approvals/index.ts'
import type { Context } from '../context.ts'
import { decimal } from '../core/decimal.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import {
  body,
  type DoorEnv,
  idempotencyHeader,
  json,
  makeRouter,
  month,
  orderedQuery,
  pageOf,
  refusals,
  searchText,
  write,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { closeStatement } from './close-statement.ts'
import { createPartner } from './create-partner.ts'
import { payable, payables } from './payable.ts'
import {
  partner,
  partnerWithPayable,
  percentText,
  shownHead,
  shownPartner,
  shownStatement,
  shownWithPayable,
  statement,
  statementHead,
} from './schemas.ts'
import { findPartner, partnerOrders, readPartners } from './store.ts'
import { findStatement, readStatements, statementOrders } from './store-statements.ts'

const id = z.object({ id: z.string().max(60) })

const create = createRoute({
  method: 'post',
  path: '/v1/partners',
  tags: ['Partners'],
  summary: 'Agree on a share with a reseller',
  description: 'Names the reseller by its account on the cloud, its organisation here, or both.',
  request: {
    headers: idempotencyHeader,
    body: body(
      z
        .strictObject({
          name: z.string().trim().min(1).max(120),
          reseller_account_id: z.string().trim().min(1).max(120).optional(),
          reseller_organisation_id: z.string().trim().min(1).max(60).optional(),
          share_percent: percentText,
        })
        .refine(
          (value) => value.reseller_account_id !== undefined || value.reseller_organisation_id !== undefined,
          { path: ['reseller_account_id'], message: 'is needed unless reseller_organisation_id is given' },
        ),
    ),
  },
  responses: { 201: json(partner, 'The partner'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/partners',
  tags: ['Partners'],
  summary: 'Partners, their shares, and what each is owed',
  request: {
    query: orderedQuery(partnerOrders).extend({
      q: searchText.openapi({
        description: 'Found in its name, its id, and the account or organisation it is.',
      }),
    }),
  },
  responses: { 200: json(pageOf(partnerWithPayable), 'Partners'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/partners/{id}',
  tags: ['Partners'],
  summary: 'One partner, what it is owed, and whether its statements say the same as the books',
  request: { params: id },
  responses: { 200: json(partnerWithPayable, 'The partner'), ...refusals },
})

const close = createRoute({
  method: 'post',
  path: '/v1/partner-statements',
  tags: ['Partners'],
  summary: "Close a partner's month into statements, one per currency",
  description:
    'The same month again answers the same statements. Shares that come later are in the next one.',
  request: {
    headers: idempotencyHeader,
    body: body(z.strictObject({ partner_id: z.string().min(1).max(60), month })),
  },
  responses: {
    200: json(z.object({ items: z.array(statement) }), 'The statements this month has already'),
    201: json(z.object({ items: z.array(statement) }), 'The statements'),
    202: json(approvalSchema, 'It waits for a second person'),
    ...refusals,
  },
})

const listStatements = createRoute({
  method: 'get',
  path: '/v1/partner-statements',
  tags: ['Partners'],
  summary: 'Statements given to partners, and those received as a reseller',
  request: {
    query: orderedQuery(statementOrders).extend({
      partner_id: z.string().max(60).optional(),
      month: month.optional(),
      side: z.enum(['given', 'received']).optional(),
    }),
  },
  responses: { 200: json(pageOf(statementHead), 'Statements, without their lines'), ...refusals },
})

const readStatement = createRoute({
  method: 'get',
  path: '/v1/partner-statements/{id}',
  tags: ['Partners'],
  summary: 'One statement with the arithmetic of every line',
  request: { params: id },
  responses: { 200: json(statement, 'The statement'), ...refusals },
})

export function payoutsRoutes(context: Context) {
  const ask = <T>(door: HonoContext<DoorEnv>, work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(door.get('caller').organisation_id, work)
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => {
        const wanted = door.req.valid('json')
        const made = await createPartner(scope, { ...wanted, share_percent: decimal(wanted.share_percent) })
        return { status: 201 as const, body: shownPartner(made) }
      }),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, q } = door.req.valid('query')
      const slice = sliceOf(partnerOrders, { sort, cursor, limit })
      const { rows, owed } = await ask(door, async (scope) => {
        const found = await readPartners(scope, q, slice)
        return {
          rows: found,
          owed: await payables(
            scope,
            found.map((row) => row.id),
          ),
        }
      })
      return door.json(
        pageOfSlice(rows, slice, (row) => shownWithPayable(row, owed.get(row.id) ?? [])),
        200,
      )
    })
    .openapi(read, async (door) => {
      const wanted = door.req.valid('param').id
      return door.json(await ask(door, (scope) => partnerOwed(scope, wanted)), 200)
    })
    .openapi(close, (door) => closeOrAsk(context, door, door.req.valid('json')))
    .openapi(listStatements, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const { organisation_id } = door.get('caller')
      const slice = sliceOf(statementOrders, { sort, cursor, limit })
      const rows = await ask(door, (scope) => readStatements(scope, filter, slice))
      return door.json(
        pageOfSlice(rows, slice, (row) => shownHead(row, organisation_id)),
        200,
      )
    })
    .openapi(readStatement, async (door) => {
      const { organisation_id } = door.get('caller')
      const wanted = door.req.valid('param').id
      const row = await ask(door, (scope) => findStatement(scope, wanted))
      if (row === undefined) throw new Refusal('not-found', `There is no statement ${wanted}.`)
      return door.json(shownStatement(row, organisation_id), 200)
    })
}

/** A month that is stated already is answered again: nobody is asked about it. */
function closeOrAsk(
  context: Context,
  door: HonoContext<DoorEnv>,
  request: { partner_id: string; month: string },
) {
  const subject_id = `${request.partner_id} ${request.month}`
  return writeOrAsk(
    context,
    door,
    { act: 'partner_statements.close', subject_id, request },
    {
      run: async (scope) => {
        const { statements, replayed } = await closeStatement(scope, request)
        const items = statements.map((row) => shownStatement(row, scope.organisation_id))
        return { status: replayed ? (200 as const) : (201 as const), body: { items }, audit: { subject_id } }
      },
      idle: ({ status }) => status === 200,
      foresee: ({ items }) =>
        items.map(({ total, late_lines, content }) => ({ total, late_lines, lines: content.lines.length })),
    },
  )
}

async function partnerOwed(scope: Scope, id: string) {
  const found = await findPartner(scope, id)
  if (found === undefined) throw new Refusal('not-found', `There is no partner ${id}.`)
  return shownWithPayable(found, await payable(scope, found.id))
}
