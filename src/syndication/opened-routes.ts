// The reseller's doors: what vendors opened to it.
import { createRoute, z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { compare, decimal } from '../core/decimal.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { dateOf } from '../core/time.ts'
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
import { connectorFor, offerSchema, shownOffer } from '../offers/index.ts'
import { cloudOptionsSchema, grants, instalment } from '../offers/model.ts'
import * as timeline from '../timeline/index.ts'
import { acceptAuthorization } from './accept.ts'
import { declineAuthorization } from './decline.ts'
import { economicsOf } from './economics.ts'
import { standings } from './model.ts'
import { readOpened } from './opened.ts'
import { economics, opened, percentText } from './schemas.ts'
import { ownConnection, shown } from './store.ts'
import { findOpened, type Opened, openedOrders } from './store-opened.ts'

const tags = ['Syndication']
const params = z.object({ id: z.string() })
const ALL = 'all'

const list = createRoute({
  method: 'get',
  path: '/v1/opened-authorizations',
  tags,
  summary: 'What vendors opened to this reseller',
  description: 'Those it can still accept, unless another standing is asked for.',
  request: {
    query: orderedQuery(openedOrders).extend({
      standing: z.enum([...standings, ALL]).default('open'),
      cloud: z.enum(clouds).optional(),
      q: searchText.openapi({ description: 'Found in its name and its id.' }),
    }),
  },
  responses: { 200: json(pageOf(opened), 'A page of what was opened'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/opened-authorizations/{id}',
  tags,
  summary: "One of them, with this reseller's own timeline",
  request: { params },
  responses: {
    200: json(
      opened.extend({
        own_connection_id: z.string().nullable().openapi({
          description: 'The connection that an acceptance goes over; null: the account is not connected.',
        }),
        by_hand: z.boolean().openapi({
          description: 'The cloud has no interface for accepting: a person is told the steps.',
        }),
        timeline: timeline.timelineSchema,
      }),
      'What was opened',
    ),
    ...refusals,
  },
})

const MARKUPS_MAX = 20

const readEconomics = createRoute({
  method: 'get',
  path: '/v1/opened-authorizations/{id}/economics',
  tags,
  summary: 'What the buyer pays, the cloud keeps, the vendor is owed and is left, for a markup or several',
  description:
    "Computed as this reseller's books will expect it, with each step and its sources. Without a markup: for both ends of the vendor's band. The fee is that of a new deal, by today's table.",
  request: {
    params,
    query: z.object({
      markup_percent: z
        .union([percentText, z.array(percentText).min(1).max(MARKUPS_MAX)])
        .optional()
        .openapi({ description: 'May be repeated.' }),
    }),
  },
  responses: { 200: json(economics, 'What it is worth'), ...refusals },
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
        markup_percent: percentText.optional().openapi({
          description: 'On every wholesale price. Without it, instalments are needed.',
        }),
        instalments: z.array(instalment).min(1).max(60).optional().openapi({
          description:
            "A schedule of the reseller's own in place of a markup, where the cloud takes it: dates and what the buyer pays. Prices of usage then stay the vendor's.",
        }),
        duration_months: z.number().int().min(1).max(84).optional().openapi({
          description: 'With instalments over a price list: which of its lengths is sold.',
        }),
        grants: grants.optional().openapi({
          description: 'With instalments over a price list: how much of what is sold.',
        }),
        expires_on: localDate,
        name: z.string().trim().min(1).max(150).optional(),
        buyer_account_ids: z.array(z.string().trim().min(1).max(120)).max(100).optional().openapi({
          description:
            'Needed where the vendor named nobody; else all whom it named, unless some are chosen.',
        }),
        replaces_agreement_id: z.string().max(60).optional().openapi({
          description: "An agreement of this reseller's whose place the offer takes when it is accepted.",
        }),
        options: cloudOptionsSchema.optional().openapi({ description: 'What only the cloud knows.' }),
      }),
    ),
  },
  responses: { 202: json(offerSchema, "The reseller's offer being made"), ...refusals },
})

const decline = createRoute({
  method: 'post',
  path: '/v1/opened-authorizations/{id}/decline',
  tags,
  summary: 'Decline what a vendor opened, and say why',
  description: 'The vendor sees the reason. No cloud is told, and it is not undone here.',
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(z.strictObject({ reason: z.string().trim().min(1).max(500) })),
  },
  responses: { 200: json(opened, 'What was declined'), ...refusals },
})

export function openedRoutes(context: Context) {
  const { store } = context
  return makeRouter()
    .openapi(list, async (door) => {
      const { limit, cursor, sort, standing, ...filter } = door.req.valid('query')
      const slice = sliceOf(openedOrders, { sort, cursor, limit })
      const asked = { ...filter, standing: standing === ALL ? undefined : standing }
      const { organisation_id } = door.get('caller')
      const rows = await store.inTenant(organisation_id, (scope) => findOpened(scope, asked, slice))
      return door.json(pageOfSlice(rows, slice, shown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const one = await readOpened(scope, id)
        const { syndication } = connectorFor(context, one.cloud)
        return {
          ...shown(one),
          own_connection_id: await ownConnection(scope, one.cloud, one.reseller_account_id),
          by_hand: syndication?.by_hand?.includes('createOffer') ?? false,
          timeline: await timeline.read(scope, id),
        }
      })
      return door.json(found, 200)
    })
    .openapi(readEconomics, async (door) => {
      const { id } = door.req.valid('param')
      const { markup_percent } = door.req.valid('query')
      const { organisation_id } = door.get('caller')
      const [one, today] = await store.inTenant(organisation_id, async (scope) => [
        await readOpened(scope, id),
        dateOf(scope.now()),
      ])
      return door.json(worth(context, one, today, markup_percent), 200)
    })
    .openapi(accept, (door) =>
      write(context, door, async (scope) => {
        const { markup_percent, ...rest } = door.req.valid('json')
        const authorization_id = door.req.valid('param').id
        const markup = markup_percent === undefined ? {} : { markup_percent: decimal(markup_percent) }
        const wanted = { authorization_id, ...markup, ...rest }
        return { status: 202 as const, body: shownOffer(await acceptAuthorization(context, scope, wanted)) }
      }),
    )
    .openapi(decline, (door) =>
      write(context, door, async (scope) => {
        const wanted = { id: door.req.valid('param').id, ...door.req.valid('json') }
        return { status: 200 as const, body: shown(await declineAuthorization(scope, wanted)) }
      }),
    )
}

/** The economics of what was opened, for the markups that are asked or for both ends of the band. */
function worth(
  context: Pick<Context, 'connectors'>,
  found: Opened,
  on: string,
  asked: string | string[] | undefined,
) {
  const { id, terms, markup_min_percent: low, markup_max_percent: high } = found
  const { cloud, offers, settlements } = connectorFor(context, found.cloud)
  const question = {
    cloud,
    on,
    wholesale: terms,
    usage_price_digits: offers?.rules.usage_price_digits ?? 0,
    resale_pays: settlements?.rules.resale_pays ?? 'gross_and_cost',
  }
  const markups = asked === undefined ? [low, high] : [asked].flat().map(decimal)
  const items = markups.map((markup) => ({
    ...economicsOf(question, markup),
    in_band: compare(markup, low) >= 0 && compare(markup, high) <= 0,
  }))
  return { authorization_id: id, cloud, currency: terms.currency, on, items }
}
