import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import {
  body,
  json,
  makeRouter,
  orderedQuery,
  pageOf,
  refusals,
  requiredIdempotencyHeader,
  searchText,
  write,
} from '../door/index.ts'
import { cloudOptionsSchema } from '../offers/model.ts'
import * as timeline from '../timeline/index.ts'
import { listingStates } from './model.ts'
import { publishListing } from './publish-listing.ts'
import { listingSchema, oneListingSchema, pricesSchema, toShown, toShownOne } from './shown.ts'
import { find, findListings, listingOrders } from './store.ts'

const tags = ['Listings']

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
  responses: { 202: json(listingSchema, 'The listing being published'), ...refusals },
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
      differs: z
        .enum(['true', 'false'])
        .optional()
        .openapi({ description: 'Whether the cloud shows it in another way than it was published.' }),
      q: searchText.openapi({ description: "Found in its id and the cloud's." }),
    }),
  },
  responses: { 200: json(pageOf(listingSchema), 'A page of listings'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/listings/{id}',
  tags,
  summary: 'One listing with its timeline',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: json(oneListingSchema.extend({ timeline: timeline.timelineSchema }), 'The listing'),
    ...refusals,
  },
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
        ...toShownOne(await find(scope, id)),
        timeline: await timeline.read(scope, id),
      }))
      return door.json(shown, 200)
    })
}
