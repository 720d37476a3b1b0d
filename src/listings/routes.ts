import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import {
  body,
  currency,
  json,
  makeRouter,
  orderedQuery,
  pageOf,
  positiveDecimalText,
  refusals,
  requiredIdempotencyHeader,
  searchText,
  write,
} from '../door/index.ts'
import { cloudOptionsSchema } from '../offers/model.ts'
import * as timeline from '../timeline/index.ts'
import { listingStates } from './model.ts'
import { publishListing } from './publish-listing.ts'
import { find, findListings, type Listing, listingOrders } from './store.ts'

const tags = ['Listings']

const pricesSchema = z.strictObject({
  currency,
  term_months: z.number().int().min(1).max(60),
  entitled: z.record(z.string(), positiveDecimalText).default({}),
  metered: z.record(z.string(), positiveDecimalText).default({}),
})

const listing = z
  .object({
    id: z.string(),
    product_id: z.string(),
    connection_id: z.string(),
    state: z.enum(listingStates),
    cloud_product_id: z.string().nullable(),
    cloud_offer_id: z.string().nullable(),
    product_code: z.string().nullable(),
    prices: pricesSchema,
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Listing')

const create = createRoute({
  method: 'post',
  path: '/v1/listings',
  tags,
  summary: 'Publish a product on a connection',
  description: 'Answers at once with state "publishing"; the cloud takes its time.',
  request: {
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        product_id: z.string(),
        connection_id: z.string(),
        prices: pricesSchema,
        options: cloudOptionsSchema.optional().openapi({
          description: "What only this connection's cloud knows about a listing, such as Azure's offer_id.",
        }),
      }),
    ),
  },
  responses: { 202: json(listing, 'The listing being published'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/listings',
  tags,
  summary: 'The listings of this organisation',
  request: {
    query: orderedQuery(listingOrders).extend({
      product_id: z.string().max(60).optional(),
      connection_id: z.string().max(60).optional(),
      state: z.enum(listingStates).optional(),
      q: searchText.openapi({ description: "Found in its id and the cloud's." }),
    }),
  },
  responses: { 200: json(pageOf(listing), 'A page of listings'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/listings/{id}',
  tags,
  summary: 'One listing with its timeline',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(listing.extend({ timeline: timeline.timelineSchema }), 'The listing'), ...refusals },
})

export function listingRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => ({
        status: 202 as const,
        body: toShown(await publishListing(context, scope, door.req.valid('json'))),
      })),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(listingOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) =>
        findListings(scope, filter, slice),
      )
      return door.json(pageOfSlice(rows, slice, toShown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const shown = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => ({
        ...toShown(await find(scope, id)),
        timeline: await timeline.read(scope, id),
      }))
      return door.json(shown, 200)
    })
}

function toShown(found: Listing) {
  return { ...found, created_at: found.created_at.toISOString(), updated_at: found.updated_at.toISOString() }
}
