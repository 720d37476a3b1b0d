import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { compare, decimal, formatDecimal, parseDecimal } from '../core/decimal.ts'
import {
  body,
  json,
  localDate,
  makeRouter,
  positiveDecimalText,
  refusals,
  requiredIdempotencyHeader,
  write,
} from '../door/index.ts'
import { offerSchema, shownOffer } from '../offers/index.ts'
import { cloudOptionsSchema, termsSchema } from '../offers/model.ts'
import * as timeline from '../timeline/index.ts'
import { acceptAuthorization, readUsable } from './accept.ts'
import { authorize } from './authorize.ts'
import { authorizationStates } from './model.ts'
import { restrict } from './restrict.ts'
import { find, findAll, shown } from './store.ts'

/** The most of a percentage: a thousand per cent, and as many decimals as are kept. */
const PERCENT_MAX = decimal('1000')
const PERCENT_DECIMALS_MAX = 8

const percentText = positiveDecimalText.refine(
  (text) => {
    const value = parseDecimal(text)
    return value === undefined || (value.scale <= PERCENT_DECIMALS_MAX && compare(value, PERCENT_MAX) <= 0)
  },
  `must be at most ${formatDecimal(PERCENT_MAX)} with at most ${PERCENT_DECIMALS_MAX} decimals`,
)

const tags = ['Syndication']
const params = z.object({ id: z.string() })

const authorization = z
  .object({
    id: z.string(),
    vendor_organisation_id: z.string(),
    deal_id: z.string(),
    connection_id: z.string(),
    cloud: z.string(),
    reseller_organisation_id: z.string().nullable(),
    reseller_account_id: z.string(),
    name: z.string(),
    state: z.enum(authorizationStates),
    terms: termsSchema.openapi('WholesaleTerms'),
    markup_min_percent: z.string(),
    markup_max_percent: z.string(),
    expires_on: z.string(),
    single_use: z.boolean(),
    buyer_account_ids: z.array(z.string()),
    cloud_product_id: z.string(),
    cloud_authorization_id: z.string().nullable(),
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('ResaleAuthorization')

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
        expires_on: localDate,
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
  responses: { 200: json(z.object({ items: z.array(authorization) }), 'All authorizations'), ...refusals },
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

const opened = createRoute({
  method: 'get',
  path: '/v1/opened-authorizations',
  tags,
  summary: 'What vendors opened to this reseller and it can still use',
  responses: { 200: json(z.object({ items: z.array(authorization) }), 'All that is open'), ...refusals },
})

const accept = createRoute({
  method: 'post',
  path: '/v1/opened-authorizations/{id}/accept',
  tags,
  summary: "Accept with a markup inside the vendor's band: makes the reseller's own offer",
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        markup_percent: percentText,
        expires_on: localDate,
        name: z.string().trim().min(1).max(150).optional(),
      }),
    ),
  },
  responses: { 202: json(offerSchema, "The reseller's offer being made"), ...refusals },
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
      const found = await store.inTenant(door.get('caller').organisation_id, findAll)
      return door.json({ items: found.map(shown) }, 200)
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
    .openapi(opened, async (door) => {
      const found = await store.inTenant(door.get('caller').organisation_id, readUsable)
      return door.json({ items: found.map(shown) }, 200)
    })
    .openapi(accept, (door) =>
      write(context, door, async (scope) => {
        const { markup_percent, ...rest } = door.req.valid('json')
        const authorization_id = door.req.valid('param').id
        const wanted = { authorization_id, markup_percent: decimal(markup_percent), ...rest }
        return { status: 202 as const, body: shownOffer(await acceptAuthorization(context, scope, wanted)) }
      }),
    )
}
