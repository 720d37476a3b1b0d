import { createRoute, z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import {
  describe,
  describedSchema,
  findParties,
  partyKey,
  partySchema,
  shownDescribed,
} from '../descriptions/index.ts'
import {
  dayOrInstant,
  json,
  makeRouter,
  orderedQuery,
  orNull,
  pageOf,
  refusals,
  requiredIdempotencyHeader,
  searchText,
  spanOf,
  write,
} from '../door/index.ts'
import { termsSchema } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { activate } from './activate.ts'
import { agreementOrders, findPage, withNames } from './list.ts'
import {
  type Agreement,
  agreementRoles,
  agreementStates,
  type NamedAgreement,
  type Written,
} from './model.ts'
import { findContact } from './page/visits.ts'
import { find, findExtras } from './store.ts'

const tags = ['Agreements']
const terms = termsSchema.openapi('AgreementTerms')

const agreement = z
  .object({
    id: z.string(),
    connection_id: z.string(),
    cloud: z.enum(clouds),
    cloud_agreement_id: z.string(),
    cloud_offer_id: z.string().nullable(),
    cloud_authorization_id: z.string().nullable(),
    cloud_product_id: z.string().nullable(),
    product_code: z.string().nullable(),
    license: z.string().nullable(),
    plan: z.string().nullable(),
    product_id: z.string().nullable(),
    deal_id: z.string().nullable(),
    offer_id: z.string().nullable(),
    authorization_id: z.string().nullable(),
    replaces_agreement_id: z.string().nullable(),
    role: z.enum(agreementRoles),
    state: z.enum(agreementStates),
    cloud_state: z.string(),
    buyer_account_id: z.string(),
    buyer_name: z.string().nullable().openapi({
      description:
        "As the deal names the buyer; where no deal of this organisation is behind it, as the cloud's files do.",
    }),
    product_name: z.string().nullable(),
    seller_account_id: z.string(),
    currency: z.string().nullable(),
    terms,
    wholesale: orNull(terms),
    accepted_at: z.string().nullable(),
    starts_at: z.string().nullable(),
    ends_at: z.string().nullable(),
    ended_at: z.string().nullable(),
    signed_up_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Agreement')

const contact = z
  .object({ name: z.string(), email: z.string(), company: z.string(), at: z.string() })
  .openapi('SignUpContact', {
    description: 'What the buyer told on the sign-up page; "" for what they left out.',
  })

const id = z.string().max(60)
const asked = z.object({ operation_id: z.string(), state: z.string() })

const list = createRoute({
  method: 'get',
  path: '/v1/agreements',
  tags,
  summary: 'What buyers accepted',
  request: {
    query: orderedQuery(agreementOrders).extend({
      state: z.enum(agreementStates).optional(),
      cloud: z.enum(clouds).optional(),
      role: z.enum(agreementRoles).optional(),
      connection_id: id.optional(),
      product_id: id.optional(),
      deal_id: id.optional(),
      offer_id: id.optional(),
      authorization_id: id.optional(),
      ends_from: dayOrInstant.optional(),
      ends_until: dayOrInstant.optional(),
      q: searchText.openapi({
        description: "Found in the buyer's name and account, the cloud's id of it, and its id.",
      }),
    }),
  },
  responses: { 200: json(pageOf(agreement), 'A page of agreements'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/agreements/{id}',
  tags,
  summary: 'One agreement with its entitlements and timeline',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: json(
      agreement.extend({
        entitlements: z.unknown(),
        sign_up: z.unknown(),
        contact: orNull(contact),
        buyer: orNull(partySchema),
        seller: orNull(partySchema),
        described: orNull(describedSchema),
        timeline: timeline.timelineSchema,
      }),
      'The agreement',
    ),
    ...refusals,
  },
})

const activation = createRoute({
  method: 'post',
  path: '/v1/agreements/{id}/activate',
  tags,
  summary: 'Tell the cloud that the seller is ready, so that the buyer is charged',
  description:
    'Needed only where the connection leaves it to people ("activation": "by_hand"), or after the cloud refused.',
  request: { params: z.object({ id: z.string() }), headers: requiredIdempotencyHeader },
  responses: { 202: json(asked, 'The operation that does it'), ...refusals },
})

export function agreementRoutes(context: Context) {
  return makeRouter()
    .openapi(activation, (door) =>
      write(context, door, async (scope) => {
        const { id, state } = await activate(scope, door.req.valid('param').id)
        return { status: 202 as const, body: { operation_id: id, state } }
      }),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ends_from, ends_until, ...wanted } = door.req.valid('query')
      const slice = sliceOf(agreementOrders, { sort, cursor, limit })
      const filter = { ...wanted, ends: spanOf(ends_from, ends_until) }
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, async (scope) =>
        withNames(scope, await findPage(scope, filter, slice)),
      )
      return door.json(pageOfSlice(rows, slice, shown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const one = await find(scope, id)
        if (one === undefined) throw new Refusal('not-found', `There is no agreement ${id}.`)
        const { entitlements, sign_up, ...written } = await findExtras(scope, id)
        const [named] = await withNames(scope, [{ ...one, ...written }])
        if (named === undefined) throw new Error('Names are added, and nothing is left out')
        return {
          ...shown(named),
          entitlements,
          sign_up,
          contact: await findContact(context, scope, id),
          ...(await toldOf(scope, one)),
          timeline: await timeline.read(scope, id),
        }
      })
      return door.json(found, 200)
    })
}

/** Who the two sides are and what was sold, as far as the cloud's files tell. */
async function toldOf(scope: Scope, of: Agreement) {
  const { id, connection_id, buyer_account_id, seller_account_id, cloud_agreement_id, cloud_offer_id } = of
  const accounts = [buyer_account_id, seller_account_id].map((account_id) => ({ connection_id, account_id }))
  const parties = await findParties(scope, accounts)
  const asked = {
    id,
    connection_id,
    agreement_id: cloud_agreement_id,
    offer_id: cloud_offer_id,
    at: scope.now(),
  }
  const described = await describe(scope, [asked])
  return {
    buyer: parties.get(partyKey(connection_id, buyer_account_id)) ?? null,
    seller: parties.get(partyKey(connection_id, seller_account_id)) ?? null,
    described: shownDescribed(described.get(id)),
  }
}

function shown({ organisation_id: _, cloud_updated_at: __, ...rest }: NamedAgreement & Written) {
  const text = (instant: Date | null) => instant?.toISOString() ?? null
  return {
    ...rest,
    accepted_at: text(rest.accepted_at),
    starts_at: text(rest.starts_at),
    ends_at: text(rest.ends_at),
    ended_at: text(rest.ended_at),
    signed_up_at: text(rest.signed_up_at),
    created_at: rest.created_at.toISOString(),
    updated_at: rest.updated_at.toISOString(),
  }
}
