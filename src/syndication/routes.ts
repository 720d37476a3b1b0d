import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { decimal } from '../core/decimal.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import {
  body,
  json,
  localDate,
  makeRouter,
  orderedQuery,
  pageOf,
  refusals,
  requiredIdempotencyHeader,
  searchText,
  write,
} from '../door/index.ts'
import { cloudOptionsSchema, termsSchema } from '../offers/model.ts'
import * as timeline from '../timeline/index.ts'
import { authorize } from './authorize.ts'
import { authorizationStates } from './model.ts'
import { restrict } from './restrict.ts'
import { authorization, percentText } from './schemas.ts'
import { authorizationOrders, find, findAuthorizations, shown } from './store.ts'

const tags = ['Syndication']
const params = z.object({ id: z.string() })

const create = createRoute({
  method: 'post',
  path: '/v1/resale-authorizations',
  tags,
  summary: 'Open a deal to a reseller at wholesale terms',
  request: {
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        deal_id: z.string(),
        connection_id: z.string(),
        reseller_account_id: z.string().min(1),
        terms: termsSchema,
        markup_min_percent: percentText.default('0'),
        markup_max_percent: percentText,
        expires_on: localDate.nullable().openapi({
          description: 'The last day for the reseller. null: without end, where the cloud takes it.',
        }),
        single_use: z.boolean().default(true),
        options: cloudOptionsSchema.optional().openapi({
          description: "What only this connection's cloud knows, such as Azure's partner_name.",
        }),
      }),
    ),
  },
  responses: { 202: json(authorization, 'The authorization being made'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/resale-authorizations',
  tags,
  summary: 'The authorizations this vendor gave',
  request: {
    query: orderedQuery(authorizationOrders).extend({
      deal_id: z.string().max(60).optional(),
      connection_id: z.string().max(60).optional(),
      state: z.enum(authorizationStates).optional(),
      q: searchText.openapi({
        description: "Found in its name, the reseller's account, its id and the cloud's.",
      }),
    }),
  },
  responses: { 200: json(pageOf(authorization), 'A page of authorizations'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/resale-authorizations/{id}',
  tags,
  summary: 'One authorization with its timeline',
  request: { params },
  responses: {
    200: json(authorization.extend({ timeline: timeline.timelineSchema }), 'The authorization'),
    ...refusals,
  },
})

const takeBack = createRoute({
  method: 'post',
  path: '/v1/resale-authorizations/{id}/restrict',
  tags,
  summary: 'Take an authorization back; clouds do not undo this',
  request: { params, headers: requiredIdempotencyHeader },
  responses: { 202: json(authorization, 'The authorization; the change is on its way'), ...refusals },
})

export function syndicationRoutes(context: Context) {
  const { store } = context
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => {
        const { markup_min_percent, markup_max_percent, ...rest } = door.req.valid('json')
        const band = {
          markup_min_percent: decimal(markup_min_percent),
          markup_max_percent: decimal(markup_max_percent),
        }
        return { status: 202 as const, body: shown(await authorize(context, scope, { ...rest, ...band })) }
      }),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(authorizationOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await store.inTenant(organisation_id, (scope) => findAuthorizations(scope, filter, slice))
      return door.json(pageOfSlice(rows, slice, shown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await store.inTenant(door.get('caller').organisation_id, async (scope) => ({
        ...shown(await find(scope, id)),
        timeline: await timeline.read(scope, id),
      }))
      return door.json(found, 200)
    })
    .openapi(takeBack, (door) =>
      write(context, door, async (scope) => ({
        status: 202 as const,
        body: shown(await restrict(scope, door.req.valid('param').id)),
      })),
    )
}
