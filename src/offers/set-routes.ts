import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
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
import * as timeline from '../timeline/index.ts'
import { cloudOptionsSchema, offerSetStates } from './model.ts'
import { addOffer, createSet, expireSet, releaseSet } from './offer-set.ts'
import { offerSchema } from './routes.ts'
import { findSetOffers, shownOffer } from './store.ts'
import { findSet, findSets, offerSetOrders, shownSet } from './store-sets.ts'

const offerSet = z
  .object({
    id: z.string(),
    connection_id: z.string(),
    name: z.string(),
    buyer_notes: z.string(),
    state: z.enum(offerSetStates),
    expires_on: z.string(),
    cloud_offer_set_id: z.string().nullable(),
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('OfferSet')

const wantedOffer = z.strictObject({
  deal_id: z.string().max(60),
  name: z.string().trim().min(1).max(150).optional(),
  options: cloudOptionsSchema.optional().openapi({ description: 'What only the cloud knows of the offer.' }),
})

const tags = ['Offers']
const params = z.object({ id: z.string() })
const OFFERS_MAX = 50

const create = createRoute({
  method: 'post',
  path: '/v1/offer-sets',
  tags,
  summary: 'Make several private offers for one buyer that are shown together',
  description:
    'On clouds that have offer sets (GET /v1/clouds says which). All findings come back at once and nothing is sent while there is one. The set is made, then its offers are, and it is released when all of them are live.',
  request: {
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        connection_id: z.string().max(60),
        name: z.string().trim().min(1).max(300),
        buyer_notes: z
          .string()
          .trim()
          .min(1)
          .max(5000)
          .openapi({ description: 'What the buyer reads about it.' }),
        expires_on: localDate.openapi({ description: 'The last day of all of them.' }),
        offers: z.array(wantedOffer).min(1).max(OFFERS_MAX),
      }),
    ),
  },
  responses: { 202: json(offerSet, 'The set being made'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/offer-sets',
  tags,
  summary: 'The offer sets of this organisation',
  request: {
    query: orderedQuery(offerSetOrders).extend({
      state: z.enum(offerSetStates).optional(),
      q: searchText.openapi({ description: "Found in its name, its id and the cloud's." }),
    }),
  },
  responses: { 200: json(pageOf(offerSet), 'A page of offer sets'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/offer-sets/{id}',
  tags,
  summary: 'One offer set with its offers and its timeline',
  request: { params },
  responses: {
    200: json(
      offerSet.extend({ offers: z.array(offerSchema), timeline: timeline.timelineSchema }),
      'The offer set',
    ),
    ...refusals,
  },
})

const add = createRoute({
  method: 'post',
  path: '/v1/offer-sets/{id}/offers',
  tags,
  summary: 'Make one more offer for a set of which an offer was not made',
  description: 'It takes the place of the offer of its product that was not made, or that ran out.',
  request: { params, headers: requiredIdempotencyHeader, body: body(wantedOffer) },
  responses: { 202: json(offerSet, 'The set; the offer is being made'), ...refusals },
})

const release = createRoute({
  method: 'post',
  path: '/v1/offer-sets/{id}/release',
  tags,
  summary: 'Release an incomplete set with the offers that can be accepted',
  request: { params, headers: requiredIdempotencyHeader },
  responses: { 202: json(offerSet, 'The set being released'), ...refusals },
})

const expiry = createRoute({
  method: 'post',
  path: '/v1/offer-sets/{id}/expiry',
  tags,
  summary: "Move the last day of a set's offers, or withdraw them",
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        expires_on: localDate.nullable().openapi({ description: 'null withdraws all its offers' }),
      }),
    ),
  },
  responses: { 202: json(offerSet, 'The set; the changes are on their way'), ...refusals },
})

export function offerSetRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => ({
        status: 202 as const,
        body: shownSet(await createSet(context, scope, door.req.valid('json'))),
      })),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(offerSetOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) => findSets(scope, filter, slice))
      return door.json(pageOfSlice(rows, slice, shownSet), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const shown = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => ({
        ...shownSet(await findSet(scope, id)),
        offers: (await findSetOffers(scope, id)).map(shownOffer),
        timeline: await timeline.read(scope, id),
      }))
      return door.json(shown, 200)
    })
    .openapi(add, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const set = await addOffer(context, scope, id, door.req.valid('json'))
        return { status: 202 as const, body: shownSet(set) }
      }),
    )
    .openapi(release, (door) =>
      write(context, door, async (scope) => {
        const set = await releaseSet(context, scope, door.req.valid('param').id)
        return { status: 202 as const, body: shownSet(set) }
      }),
    )
    .openapi(expiry, (door) =>
      write(context, door, async (scope) => {
        const set = await expireSet(scope, door.req.valid('param').id, door.req.valid('json').expires_on)
        return { status: 202 as const, body: shownSet(set) }
      }),
    )
}
