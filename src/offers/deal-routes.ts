import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { invalid } from '../core/problem.ts'
import {
  body,
  idempotencyHeader,
  json,
  localDate,
  makeRouter,
  orderedQuery,
  pageOf,
  refusals,
  searchText,
  write,
} from '../door/index.ts'
import * as products from '../products/index.ts'
import { checkOn, prepare } from './create-offer.ts'
import { buyerContactSchema, type CloudOptions, cloudOptionsSchema } from './model.ts'
import { findReplaced } from './replaced.ts'
import { terms } from './routes.ts'
import { type Deal, type DealDraft, dealOrders, findDeal, findDeals, insertDeal } from './store-deals.ts'

const accounts = z.record(z.string(), z.array(z.string().min(1)).min(1))

const buyer = z.strictObject({
  name: z.string().trim().min(1).max(200),
  accounts,
  contact: buyerContactSchema.optional().openapi({
    description: 'Who buys there: Google prints it on the offer and asks for a name and an e-mail address.',
  }),
})

const dealDraft = z.strictObject({
  name: z.string().trim().min(1).max(150),
  product_id: z.string(),
  buyer,
  terms,
  replaces_agreement_id: z.string().max(60).optional().openapi({
    description:
      'An agreement of this organisation whose place an offer of this deal takes when it is accepted.',
  }),
})

const deal = dealDraft.extend({ id: z.string(), state: z.string(), created_at: z.string() }).openapi('Deal')

const finding = z
  .object({ rule: z.string(), field: z.string(), reason: z.string(), fix: z.string() })
  .openapi('Finding')
const params = z.object({ id: z.string() })

const createDeal = createRoute({
  method: 'post',
  path: '/v1/deals',
  tags: ['Deals'],
  summary: 'Write a deal once; offers on clouds carry it',
  request: { headers: idempotencyHeader, body: body(dealDraft) },
  responses: { 201: json(deal, 'The deal'), ...refusals },
})

const listDeals = createRoute({
  method: 'get',
  path: '/v1/deals',
  tags: ['Deals'],
  summary: 'The deals of this organisation',
  request: {
    query: orderedQuery(dealOrders).extend({
      product_id: z.string().max(60).optional(),
      q: searchText.openapi({ description: "Found in its name, the buyer's name and its id." }),
    }),
  },
  responses: { 200: json(pageOf(deal), 'A page of deals'), ...refusals },
})

const readDeal = createRoute({
  method: 'get',
  path: '/v1/deals/{id}',
  tags: ['Deals'],
  summary: 'One deal',
  request: { params },
  responses: { 200: json(deal, 'The deal'), ...refusals },
})

const checkDeal = createRoute({
  method: 'get',
  path: '/v1/deals/{id}/check',
  tags: ['Deals'],
  summary: 'Every rule a deal would break on a connection',
  description: 'Nothing is sent. An empty list means that nothing known stands in the way.',
  request: {
    params,
    query: z.object({
      connection_id: z.string(),
      expires_on: localDate,
      options: z.string().max(20_000).optional().openapi({
        description: "What only the connection's cloud knows of the offer, as JSON text.",
      }),
    }),
  },
  responses: { 200: json(z.object({ findings: z.array(finding) }), 'What stands in the way'), ...refusals },
})

const OPTIONS = cloudOptionsSchema.optional().openapi({
  description: "What only the connection's cloud knows of it.",
})
const CONNECTIONS_MAX = 20

const checkDraft = createRoute({
  method: 'post',
  path: '/v1/deals/check',
  tags: ['Deals'],
  summary: 'Every rule that a deal would break, before it is saved',
  description:
    'Nothing is written and nothing is sent. The names may still be empty. One answer per connection, in their order.',
  request: {
    body: body(
      z.strictObject({
        deal: dealDraft.extend({
          name: z.string().trim().max(150),
          buyer: buyer.extend({ name: z.string().trim().max(200) }),
        }),
        connection_ids: z.array(z.string().max(60)).min(1).max(CONNECTIONS_MAX),
        expires_on: localDate.nullable().openapi({
          description: 'null: without end, which only some clouds take of what is opened to a reseller.',
        }),
        options: OPTIONS,
        single_use: z.boolean().optional().openapi({
          description: 'Of what is opened to a reseller: for one offer only, which it is if nothing is said.',
        }),
        channel: z.enum(['direct', 'reseller']).default('direct').openapi({
          description: 'direct: as an offer to the buyer. reseller: as wholesale terms for a reseller.',
        }),
      }),
    ),
  },
  responses: {
    200: json(
      z.object({
        connections: z.array(
          z.object({
            connection_id: z.string(),
            cloud: z.string(),
            findings: z.array(finding),
            source: z.string().openapi({ description: "Where the cloud's limits are taken from." }),
          }),
        ),
      }),
      'What stands in the way, by connection',
    ),
    ...refusals,
  },
})

export function dealRoutes(context: Context) {
  return makeRouter()
    .openapi(createDeal, (door) =>
      write(context, door, async (scope) => {
        const draft = toDraft(door.req.valid('json'))
        await products.findProduct(scope, draft.product_id)
        if (draft.replaces_agreement_id !== null) await findReplaced(scope, draft.replaces_agreement_id)
        const made = await insertDeal(scope, { id: scope.id('deal'), ...draft })
        return { status: 201 as const, body: shownDeal(made) }
      }),
    )
    .openapi(listDeals, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(dealOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) => findDeals(scope, filter, slice))
      return door.json(pageOfSlice(rows, slice, shownDeal), 200)
    })
    .openapi(readDeal, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        findDeal(scope, id),
      )
      return door.json(shownDeal(found), 200)
    })
    .openapi(checkDeal, async (door) => {
      const { options, ...query } = door.req.valid('query')
      const wanted = { deal_id: door.req.valid('param').id, ...query, options: readOptions(options) }
      const { findings } = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        prepare(context, scope, wanted),
      )
      return door.json({ findings }, 200)
    })
    .openapi(checkDraft, async (door) => {
      const { deal: given, connection_ids, ...wanted } = door.req.valid('json')
      const connections = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const found = []
        // One after the other: a transaction has one connection to the database.
        for (const connection_id of new Set(connection_ids)) {
          const { connection, findings, source } = await checkOn(context, scope, toDraft(given), {
            ...wanted,
            connection_id,
          })
          found.push({ connection_id, cloud: connection.cloud, findings, source })
        }
        return found
      })
      return door.json({ connections }, 200)
    })
}

/** Options that come in an address. */
function readOptions(text: string | undefined): CloudOptions | undefined {
  if (text === undefined) return undefined
  try {
    return cloudOptionsSchema.parse(JSON.parse(text))
  } catch {
    throw invalid('options', 'is no JSON object', 'Write it like {"name": "value"}, or leave it out')
  }
}

function toDraft({
  buyer: { name, accounts: own, contact },
  replaces_agreement_id,
  ...given
}: z.infer<typeof dealDraft>): DealDraft {
  return {
    ...given,
    replaces_agreement_id: replaces_agreement_id ?? null,
    buyer_name: name,
    buyer_accounts: own,
    buyer_contact: contact ?? null,
  }
}

function shownDeal({
  buyer_name,
  buyer_accounts,
  buyer_contact,
  replaces_agreement_id,
  created_at,
  ...rest
}: Deal) {
  return {
    ...rest,
    ...(replaces_agreement_id === null ? {} : { replaces_agreement_id }),
    buyer: {
      name: buyer_name,
      accounts: buyer_accounts,
      ...(buyer_contact === null ? {} : { contact: buyer_contact }),
    },
    created_at: created_at.toISOString(),
  }
}
