import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { invalid, Refusal } from '../core/problem.ts'
import {
  idempotencyHeader,
  json,
  makeRouter,
  orderedQuery,
  pageOf,
  refusals,
  searchText,
  write,
} from '../door/index.ts'
import { knownOf } from './known.ts'
import { statementStates } from './model.ts'
import { linesQuery, reconciliationRoutes } from './reconciliation-routes.ts'
import { line, shownLine, shownStatement, statement } from './schemas.ts'
import { findStatement } from './store.ts'
import { lineOrders, readLines, readStatements, statementOrders } from './store-lists.ts'
import { checkUpload, retryStatement, takeUpload } from './upload.ts'

const tags = ['Settlement']
const fileText = z.string().openapi({ description: 'The file itself' })
const fileForm = z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) })
const byId = z.object({ id: z.string() })

const upload = createRoute({
  method: 'post',
  path: '/v1/statements',
  tags,
  summary: "Bring a cloud's file or a bank statement",
  description:
    'The body is the file (text/csv), or a form with the part "file". A cloud\'s file needs connection_id; a bank ' +
    'statement needs source=bank and bank_account, and the columns booked_on, value_on, amount, currency, reference, ' +
    'counterparty, description. The same file again changes nothing.',
  request: {
    headers: idempotencyHeader,
    query: z.object({
      name: z.string().trim().min(1).max(200).optional(),
      connection_id: z.string().max(60).optional(),
      source: z.enum(['bank']).optional(),
      bank_account: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, 'must be letters, digits, dots and dashes')
        .optional(),
    }),
    body: {
      required: false,
      content: {
        'text/csv': { schema: fileText },
        'multipart/form-data': { schema: fileForm },
      },
    },
  },
  responses: {
    200: json(statement, 'This file is here already'),
    201: json(statement, 'The file is taken and will be imported'),
    ...refusals,
  },
})

const list = createRoute({
  method: 'get',
  path: '/v1/statements',
  tags,
  summary: 'Files of clouds and banks; newest first if nothing is said',
  request: {
    query: orderedQuery(statementOrders).extend({
      state: z.enum(statementStates).optional(),
      source: z
        .string()
        .max(120)
        .optional()
        .openapi({ description: 'A connection, or "bank:" and its account.' }),
      connection_id: z.string().max(60).optional(),
      brought: z.enum(['new', 'nothing']).optional().openapi({
        description: 'new: files with lines that nobody had; nothing: all others.',
      }),
      q: searchText.openapi({ description: 'Found in its name, its id and its hash.' }),
    }),
  },
  responses: { 200: json(pageOf(statement), 'A page of statements'), ...refusals },
})

const one = createRoute({
  method: 'get',
  path: '/v1/statements/{id}',
  tags,
  summary: 'One statement and what became of it',
  request: { params: byId },
  responses: { 200: json(statement, 'The statement'), ...refusals },
})

const lines = createRoute({
  method: 'get',
  path: '/v1/statements/{id}/lines',
  tags,
  summary: 'The lines of a statement, superseded ones included',
  request: { params: byId, query: linesQuery },
  responses: { 200: json(pageOf(line), 'A page of lines'), ...refusals },
})

const retry = createRoute({
  method: 'post',
  path: '/v1/statements/{id}/retry',
  tags,
  summary: 'Read a refused or ignored statement again',
  request: { headers: idempotencyHeader, params: byId },
  responses: { 200: json(statement, 'The statement, to be read again'), ...refusals },
})

type Form = { bytes: Uint8Array; name?: string | undefined }

/** The file of a request: its body, or the part "file" of a form. */
async function fileOf(body: ArrayBuffer, type: string): Promise<Form> {
  if (!type.startsWith('multipart/form-data')) return { bytes: new Uint8Array(body) }
  const form = await new Response(body, { headers: { 'content-type': type } }).formData()
  const file = form.get('file')
  if (file === null)
    throw invalid('file', 'the form has no part "file"', 'Name the part with the file "file"')
  if (typeof file === 'string') return { bytes: new TextEncoder().encode(file) }
  return { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name }
}

export function settlementRoutes(context: Context) {
  const { store } = context
  return makeRouter()
    .openapi(upload, async (door) => {
      const query = door.req.valid('query')
      const type = door.req.header('content-type') ?? ''
      const file = await fileOf(await door.req.arrayBuffer(), type)
      if (query.source === 'bank' && query.bank_account === undefined) {
        throw invalid(
          'query.bank_account',
          'is required for a bank statement',
          'Name the account, such as "main"',
        )
      }
      const { organisation_id } = door.get('caller')
      const checked = await checkUpload(context, organisation_id, {
        name: query.name ?? file.name ?? 'statement.csv',
        bytes: file.bytes,
        connection_id: query.connection_id,
        bank_account: query.bank_account,
      })
      return write(context, door, async (scope) => {
        const { statement: taken, known } = await takeUpload(scope, checked)
        return { status: known ? (200 as const) : (201 as const), body: shownStatement(taken) }
      })
    })
    .openapi(list, async (door) => {
      const { limit, cursor, sort = '-received_at', ...filter } = door.req.valid('query')
      const slice = sliceOf(statementOrders, { sort, cursor, limit })
      const rows = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        readStatements(scope, filter, slice),
      )
      return door.json(pageOfSlice(rows, slice, shownStatement), 200)
    })
    .openapi(one, async (door) => {
      const { id } = door.req.valid('param')
      const found = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        findStatement(scope, id),
      )
      if (found === undefined) throw new Refusal('not-found', `There is no statement ${id}.`)
      return door.json(shownStatement(found), 200)
    })
    .openapi(lines, async (door) => {
      const { id } = door.req.valid('param')
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(lineOrders, { sort, cursor, limit })
      return store.inTenant(door.get('caller').organisation_id, async (scope) => {
        if ((await findStatement(scope, id)) === undefined) {
          throw new Refusal('not-found', `There is no statement ${id}.`)
        }
        const rows = await readLines(scope, { ...filter, statement_id: id }, slice, false)
        const known = await knownOf(scope, rows)
        return door.json(
          pageOfSlice(rows, slice, (row) => shownLine(row, known)),
          200,
        )
      })
    })
    .openapi(retry, (door) =>
      write(context, door, async (scope) => ({
        status: 200 as const,
        body: shownStatement(await retryStatement(scope, door.req.valid('param').id)),
      })),
    )
    .route('/', reconciliationRoutes(context))
}
