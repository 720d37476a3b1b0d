import { createRoute, z } from '@hono/zod-openapi'
import { requestKinds } from '../../connectors/connector.ts'
import { approvalSchema, writeOrAsk } from '../approvals/index.ts'
import type { Context } from '../context.ts'
import {
  body,
  json,
  makeRouter,
  moneySchema,
  orNull,
  refusals,
  requiredIdempotencyHeader,
  write,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { askFor, listRequests, requestsOf, withdraw } from './ask.ts'
import { invoicesOf } from './invoices.ts'
import { requestStates } from './model.ts'

const tags = ['Agreements']
const params = z.object({ id: z.string().max(60) })
const words = z.string().trim().min(1).max(2000)
const reason = z
  .string()
  .max(100)
  .openapi({ description: "One of the cloud's own codes: GET requests lists them." })

const request = z
  .object({
    id: z.string().openapi({ description: 'Also the id of its operation.' }),
    kind: z.enum(requestKinds),
    state: z.enum(requestStates),
    reason: z.string().nullable(),
    name: z.string().nullable(),
    invoice_id: z.string().nullable(),
    amount: orNull(moneySchema),
    words: z.string().nullable(),
    can_be_withdrawn: z.boolean(),
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    created_at: z.string(),
    ended_at: z.string().nullable(),
  })
  .openapi('AgreementRequest')

const reasonList = z.array(z.object({ code: z.string(), title: z.string() }))

const list = createRoute({
  method: 'get',
  path: '/v1/agreements/{id}/requests',
  tags,
  summary: 'What was asked about an agreement, and the reasons its cloud takes',
  request: { params },
  responses: {
    200: json(
      z.object({
        items: z.array(request),
        reasons: orNull(z.object({ cancellation: reasonList, refund: reasonList })).openapi({
          description: 'Null where the cloud takes no such requests from a program, or not from this seller.',
        }),
        cancellation_granted_after_days: z.number().int().nullable(),
      }),
      'The requests, newest first',
    ),
    ...refusals,
  },
})

const invoices = createRoute({
  method: 'get',
  path: '/v1/agreements/{id}/invoices',
  tags,
  summary: 'What the buyer was billed, asked at the cloud now',
  request: { params },
  responses: {
    200: json(
      z.object({
        told: z.boolean().openapi({ description: 'False where the cloud does not tell this seller.' }),
        items: z.array(
          z.object({
            invoice_id: z.string(),
            kind: z.enum(['invoice', 'credit_memo']),
            amount: moneySchema,
            refundable: orNull(moneySchema),
            month: z.string().nullable(),
            issued_at: z.string().nullable(),
            issuer: z.string().nullable(),
          }),
        ),
      }),
      'The invoices, newest first',
    ),
    ...refusals,
  },
})

const headers = requiredIdempotencyHeader
const asked = { 202: json(request, 'The request, on its way'), ...refusals }

const cancellation = createRoute({
  method: 'post',
  path: '/v1/agreements/{id}/cancellations',
  tags,
  summary: 'Ask the buyer to agree that the agreement ends early',
  request: { params, headers, body: body(z.strictObject({ reason, words: words.optional() })) },
  responses: asked,
})

const payment = createRoute({
  method: 'post',
  path: '/v1/agreements/{id}/payments',
  tags,
  summary: 'Ask the buyer to pay a further amount',
  description: 'For agreements with a variable payment term: the buyer approves each charge.',
  request: {
    params,
    headers,
    body: body(
      z.strictObject({
        name: z.string().trim().min(5).max(64),
        amount: moneySchema,
        words: words.optional(),
      }),
    ),
  },
  responses: asked,
})

const refund = createRoute({
  method: 'post',
  path: '/v1/agreements/{id}/refunds',
  tags,
  summary: "Give back some of an invoice's money",
  description: 'Where the organisation asks for it, a second person has to agree first.',
  request: {
    params,
    headers,
    body: body(
      z.strictObject({
        invoice_id: z.string().min(1).max(255),
        amount: moneySchema,
        reason,
        words: words.max(500).optional(),
      }),
    ),
  },
  responses: {
    201: json(request, 'The request, on its way'),
    202: json(approvalSchema, 'It waits for a second person'),
    ...refusals,
  },
})

const withdrawal = createRoute({
  method: 'post',
  path: '/v1/agreements/{id}/requests/{request_id}/withdraw',
  tags,
  summary: 'Take back what the buyer has not decided yet',
  request: {
    params: params.extend({ request_id: z.string().max(60) }),
    headers,
    body: body(z.strictObject({ words })),
  },
  responses: asked,
})

export function requestRoutes(context: Context) {
  return makeRouter()
    .openapi(list, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, async (scope) => {
        const { agreement, requests } = await requestsOf(context, scope, id)
        const taken = agreement.role === 'seller' ? requests : undefined
        return {
          items: await listRequests(scope, id),
          reasons: taken === undefined ? null : copied(taken.reasons),
          cancellation_granted_after_days: taken?.cancellation_granted_after_days ?? null,
        }
      })
      return door.json(found, 200)
    })
    .openapi(invoices, async (door) => {
      const { id } = door.req.valid('param')
      return door.json(await invoicesOf(context, door.get('caller').organisation_id, id), 200)
    })
    .openapi(cancellation, (door) =>
      write(context, door, async (scope) => {
        const { reason, words = null } = door.req.valid('json')
        const { id } = door.req.valid('param')
        const made = await askFor(context, scope, id, { kind: 'cancellation', reason, words })
        return { status: 202 as const, body: made, audit: { subject_id: id } }
      }),
    )
    .openapi(payment, (door) =>
      write(context, door, async (scope) => {
        const { name, amount, words = null } = door.req.valid('json')
        const { id } = door.req.valid('param')
        const made = await askFor(context, scope, id, { kind: 'payment', name, amount, words })
        return { status: 202 as const, body: made, audit: { subject_id: id } }
      }),
    )
    .openapi(refund, (door) => {
      const { words = null, ...rest } = door.req.valid('json')
      const { id } = door.req.valid('param')
      const wanted = { kind: 'refund' as const, ...rest, words }
      const request = { agreement_id: id, asked: wanted }
      const run = async (scope: Scope) => {
        const made = await askFor(context, scope, id, wanted)
        return { status: 201 as const, body: made, audit: { subject_id: id } }
      }
      return writeOrAsk(context, door, { act: 'agreements.refund', subject_id: id, request }, { run })
    })
    .openapi(withdrawal, (door) =>
      write(context, door, async (scope) => {
        const { id, request_id } = door.req.valid('param')
        const made = await withdraw(scope, id, request_id, door.req.valid('json').words)
        return { status: 202 as const, body: made, audit: { subject_id: id } }
      }),
    )
}

const copied = <T>({ cancellation, refund }: { cancellation: readonly T[]; refund: readonly T[] }) => ({
  cancellation: [...cancellation],
  refund: [...refund],
})
