import { createRoute, z } from '@hono/zod-openapi'
import { find as findConnection } from '../../connections/index.ts'
import type { Context } from '../../context.ts'
import { Refusal } from '../../core/problem.ts'
import { body, idempotencyHeader, json, makeRouter, refusals, write } from '../../door/index.ts'
import { find } from '../store.ts'
import { checkPage, pageSchema } from './model.ts'
import { findPage, keepPage } from './store.ts'
import { forgetContact, takeVisit } from './visits.ts'

const params = z.object({ id: z.string() })
const tags = ['Agreements']

const read = createRoute({
  method: 'get',
  path: '/v1/connections/{id}/sign-up-page',
  tags,
  summary: 'How the page looks that buyers come to from the marketplace',
  request: { params },
  responses: { 200: json(pageSchema, 'The page'), ...refusals },
})

const change = createRoute({
  method: 'put',
  path: '/v1/connections/{id}/sign-up-page',
  tags,
  summary: 'Set the name, logo, colour and text of the page, its form, or where it leads',
  description: 'Replaces all of it: what is left out is unset.',
  request: { params, headers: idempotencyHeader, body: body(pageSchema) },
  responses: { 200: json(pageSchema, 'The page'), ...refusals },
})

const came = z
  .object({
    connection_id: z.string(),
    buyer_account_id: z.string(),
    agreement_id: z.string().nullable().openapi({ description: 'null while it is not known yet.' }),
    license: z.string().nullable(),
    product_code: z.string().nullable(),
    came_at: z.string(),
  })
  .openapi('SignedUp')

const exchange = createRoute({
  method: 'post',
  path: '/v1/sign-ups/exchange',
  tags,
  summary: 'Who is it that the sign-up page led to your own page?',
  description: 'Takes the code of the redirect, within ten minutes, once.',
  request: { headers: idempotencyHeader, body: body(z.strictObject({ code: z.string().min(1).max(200) })) },
  responses: { 200: json(came, 'The buyer'), ...refusals },
})

const forget = createRoute({
  method: 'post',
  path: '/v1/agreements/{id}/forget-contact',
  tags,
  summary: 'Forget what the buyer told on the sign-up page',
  description: 'What the cloud said of the sign-up stays.',
  request: { params, headers: idempotencyHeader },
  responses: {
    200: json(z.object({ forgotten: z.int() }), 'How often they had told something'),
    ...refusals,
  },
})

export function signUpPageRoutes(context: Context) {
  const { store } = context
  return makeRouter()
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const page = await store.inTenant(door.get('caller').organisation_id, async (scope) => {
        await findConnection(scope, id)
        return findPage(scope, id)
      })
      return door.json(page, 200)
    })
    .openapi(change, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const page = door.req.valid('json')
        await findConnection(scope, id)
        checkPage(page)
        const before = await findPage(scope, id)
        await keepPage(scope, id, page)
        return { status: 200 as const, body: page, audit: { subject_id: id, before } }
      }),
    )
    .openapi(exchange, (door) =>
      write(context, door, async (scope) => {
        const visit = await takeVisit(scope, 'redirect', null, door.req.valid('json').code)
        if (visit === undefined) {
          throw new Refusal('not-found', 'There is no such code, or it was used already, or is too old.')
        }
        const { id, connection_id, buyer_account_id, agreement_id, license, product_code, created_at } = visit
        const who = { connection_id, buyer_account_id, agreement_id, license, product_code }
        const body = { ...who, came_at: created_at.toISOString() }
        return { status: 200 as const, body, audit: { subject_id: id } }
      }),
    )
    .openapi(forget, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        if ((await find(scope, id)) === undefined) {
          throw new Refusal('not-found', `There is no agreement ${id}.`)
        }
        const forgotten = await forgetContact(scope, id)
        return { status: 200 as const, body: { forgotten }, audit: { subject_id: id } }
      }),
    )
}
