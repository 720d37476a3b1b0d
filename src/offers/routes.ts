import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import {
  body,
  json,
  localDate,
  makeRouter,
  orderedQuery,
  orNull,
  pageOf,
  refusals,
  requiredIdempotencyHeader,
  searchText,
  write,
} from '../door/index.ts'
import * as timeline from '../timeline/index.ts'
import { expireOffer } from './expire-offer.ts'
import { cloudOptionsSchema, offerStates, termsSchema } from './model.ts'
import { createOffer } from './record-offer.ts'
import { findOffer, findOffers, offerOrders, shownOffer } from './store.ts'

/** The terms under their name in the API's description. */
export const terms = termsSchema.openapi('Terms')

export const offerSchema = z
  .object({
    id: z.string(),
    vendor_organisation_id: z.string(),
    deal_id: z.string().nullable(),
    connection_id: z.string(),
    authorization_id: z.string().nullable(),
    channel: z.enum(['direct', 'reseller']),
    name: z.string(),
    state: z.enum(offerStates),
    terms,
    wholesale: orNull(terms),
    markup_percent: z.string().nullable(),
    expires_on: z.string(),
    buyer_account_ids: z.array(z.string()),
    cloud_product_id: z.string(),
    cloud_offer_id: z.string().nullable(),
    replaces_agreement_id: z.string().nullable(),
    offer_set_id: z.string().nullable().openapi({ description: 'The set that it was made for.' }),
    options: z.unknown().openapi({ description: 'What only its cloud knows of it, as it was asked for.' }),
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Offer')

const params = z.object({ id: z.string() })

const createRequest = z.strictObject({
  deal_id: z.string(),
  connection_id: z.string(),
  name: z.string().trim().min(1).max(150).optional(),
  expires_on: localDate,
  options: cloudOptionsSchema.optional().openapi({
    description: "What only this connection's cloud knows about an offer, such as Google's deal_type.",
  }),
})

const create = createRoute({
  method: 'post',
  path: '/v1/offers',
  tags: ['Offers'],
  summary: 'Make a direct private offer on a cloud',
  description:
    'The deal is checked first; all findings come back at once and nothing is sent while there is one.',
  request: { headers: requiredIdempotencyHeader, body: body(createRequest) },
  responses: { 202: json(offerSchema, 'The offer being made'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/offers',
  tags: ['Offers'],
  summary: 'The offers of this organisation',
  request: {
    query: orderedQuery(offerOrders).extend({
      deal_id: z.string().max(60).optional(),
      offer_set_id: z.string().max(60).optional(),
      connection_id: z.string().max(60).optional(),
      authorization_id: z.string().max(60).optional(),
      state: z.enum(offerStates).optional(),
      channel: z.enum(['direct', 'reseller']).optional(),
      q: searchText.openapi({ description: "Found in its name, its id and the cloud's." }),
    }),
  },
  responses: { 200: json(pageOf(offerSchema), 'A page of offers'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/offers/{id}',
  tags: ['Offers'],
  summary: "One offer with its timeline and the cloud's own words",
  request: { params },
  responses: {
    200: json(offerSchema.extend({ timeline: timeline.timelineSchema }), 'The offer'),
    ...refusals,
  },
})

const expiry = createRoute({
  method: 'post',
  path: '/v1/offers/{id}/expiry',
  tags: ['Offers'],
  summary: "Move an offer's last day, or withdraw it",
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        expires_on: localDate.nullable().openapi({ description: 'null withdraws the offer' }),
      }),
    ),
  },
  responses: { 202: json(offerSchema, 'The offer; the change is on its way'), ...refusals },
})

export function offerRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => ({
        status: 202 as const,
        body: shownOffer(await createOffer(context, scope, door.req.valid('json'))),
      })),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(offerOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) => findOffers(scope, filter, slice))
      return door.json(pageOfSlice(rows, slice, shownOffer), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const shown = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => ({
        ...shownOffer(await findOffer(scope, id)),
        timeline: await timeline.read(scope, id),
      }))
      return door.json(shown, 200)
    })
    .openapi(expiry, (door) =>
      write(context, door, async (scope) => {
        const offer = await expireOffer(scope, door.req.valid('param').id, door.req.valid('json').expires_on)
        return { status: 202 as const, body: shownOffer(offer) }
      }),
    )
}
