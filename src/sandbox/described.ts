// How the panel's doors are described.
import { createRoute, z } from '@hono/zod-openapi'
import { body, idempotencyHeader, instant, json, refusals } from '../door/index.ts'
import { durationMs } from './duration.ts'
import {
  acceptedSchema,
  buyerSchema,
  clockSchema,
  cloudSchema,
  deedSchema,
  faultDraftSchema,
  faultSchema,
  panelSchema,
} from './schemas.ts'

const tags = ['Sandbox']
const headers = idempotencyHeader
const id = z.string().max(80)
const only =
  'There only in sandbox mode; the sandbox is one world that all organisations of the installation share.'

export const panel = createRoute({
  method: 'get',
  path: '/v1/sandbox',
  tags,
  summary: 'The clock, the buyers and what they could do, planned faults, and what happened last',
  description: only,
  responses: { 200: json(panelSchema, 'The sandbox'), ...refusals },
})

export const clock = createRoute({
  method: 'post',
  path: '/v1/sandbox/clock',
  tags,
  summary: 'Let time pass, or stop the clock and let it run',
  description:
    'Time passes in steps, and after each of them the service does what fell due; "moving" says how far it is. A clock ' +
    `that is on its way already goes on from where it would have arrived. It never moves backwards. ${only}`,
  request: {
    headers,
    body: body(
      z.union([
        z.strictObject({
          by: z
            .string()
            .refine((text) => durationMs(text) !== undefined, 'must be a length of time such as PT1H or P1D')
            .openapi({ example: 'PT1H' }),
        }),
        z.strictObject({ to: instant }),
        z.strictObject({ mode: z.enum(['running', 'stopped']) }),
      ]),
    ),
  },
  responses: {
    200: json(clockSchema, 'The clock stands or runs'),
    202: json(clockSchema, 'The clock is on its way'),
    ...refusals,
  },
})

export const closeMonth = createRoute({
  method: 'post',
  path: '/v1/sandbox/months/close',
  tags,
  summary: "Let time pass until this month's money is at the bank on every cloud",
  description: `Usage is invoiced on the 3rd of the next month; the last cloud pays in the middle of the month after. ${only}`,
  request: { headers },
  responses: {
    202: json(clockSchema.extend({ month: z.string() }), 'The clock is on its way'),
    ...refusals,
  },
})

export const accept = createRoute({
  method: 'post',
  path: '/v1/sandbox/accept',
  tags,
  summary: 'As its buyer, accept a live offer and sign up',
  description: `The cloud's message about it comes within two minutes of its time. Again, it signs up once more. ${only}`,
  request: {
    headers,
    body: body(z.strictObject({ offer_id: id, buyer_account_id: z.string().max(120).optional() })),
  },
  responses: { 200: json(acceptedSchema, 'What came of it'), ...refusals },
})

export const cancel = createRoute({
  method: 'post',
  path: '/v1/sandbox/cancel',
  tags,
  summary: 'As its buyer, cancel an agreement at once',
  description: only,
  request: { headers, body: body(z.strictObject({ agreement_id: id })) },
  responses: {
    200: json(z.object({ agreement_id: z.string(), cloud_agreement_id: z.string() }), 'It is cancelled'),
    ...refusals,
  },
})

export const after = createRoute({
  method: 'post',
  path: '/v1/sandbox/deeds',
  tags,
  summary:
    'Do what else a buyer or the cloud can: decline, renew or not, take more, answer a request, forgive',
  description: `For what GET /v1/sandbox shows as open. Not every cloud of the sandbox has it. ${only}`,
  request: { headers, body: body(deedSchema) },
  responses: {
    200: json(z.object({ deed: z.string(), subject_id: z.string() }), 'It is done'),
    ...refusals,
  },
})

export const pay = createRoute({
  method: 'post',
  path: '/v1/sandbox/pay',
  tags,
  summary: 'As a buyer, stop paying, or pay again and everything that is overdue',
  description: only,
  request: {
    headers,
    body: body(z.strictObject({ cloud: cloudSchema, account_id: z.string().max(120), pays: z.boolean() })),
  },
  responses: { 200: json(buyerSchema, 'The buyer'), ...refusals },
})

export const addBuyer = createRoute({
  method: 'post',
  path: '/v1/sandbox/buyers',
  tags,
  summary: 'Register a buyer with a cloud',
  description: `Deals name their buyers by these account ids. Its invoices are paid after ten days. ${only}`,
  request: {
    headers,
    body: body(z.strictObject({ cloud: cloudSchema, name: z.string().trim().min(1).max(120) })),
  },
  responses: { 201: json(buyerSchema, 'The buyer'), ...refusals },
})

export const connectOne = createRoute({
  method: 'post',
  path: '/v1/sandbox/connect',
  tags,
  summary: 'Register a seller account with a cloud and connect it',
  description: `The cloud is told where its messages go, and the connection is tested. ${only}`,
  request: { headers, body: body(z.strictObject({ cloud: cloudSchema })) },
  responses: {
    201: json(
      z.object({ id: z.string(), cloud: cloudSchema, name: z.string(), account_id: z.string() }),
      'The connection',
    ),
    ...refusals,
  },
})

export const byHand = createRoute({
  method: 'post',
  path: '/v1/sandbox/by-hand',
  tags,
  summary: "Have a step done in a cloud's own pages, and complete it",
  description: `For the steps that GET /v1/sandbox lists as tasks. Needs operations.manage too. ${only}`,
  request: { headers, body: body(z.strictObject({ operation_id: id })) },
  responses: {
    200: json(
      z.object({ operation_id: z.string(), state: z.string(), evidence: z.string() }),
      'The completed step',
    ),
    ...refusals,
  },
})

export const bank = createRoute({
  method: 'get',
  path: '/v1/sandbox/bank-statement',
  tags,
  summary: "The bank's statement of a connected seller account, as a file",
  description: `Bring it with POST /v1/statements?source=bank. ${only}`,
  request: { query: z.object({ connection_id: id }) },
  responses: {
    200: { description: 'The statement', content: { 'text/csv': { schema: z.string() } } },
    ...refusals,
  },
})

export const faults = createRoute({
  method: 'get',
  path: '/v1/sandbox/faults',
  tags,
  summary: 'What is planned to go wrong',
  description: only,
  responses: { 200: json(z.object({ items: z.array(faultSchema) }), 'The plan'), ...refusals },
})

export const plan = createRoute({
  method: 'post',
  path: '/v1/sandbox/faults',
  tags,
  summary: 'Plan something to go wrong on the next calls to a cloud, or on its messages',
  description: `Without a cloud, service or operation it meets the first call of any. ${only}`,
  request: { headers, body: body(faultDraftSchema) },
  responses: { 201: json(faultSchema, 'The planned fault'), ...refusals },
})

export const unplan = createRoute({
  method: 'delete',
  path: '/v1/sandbox/faults/{id}',
  tags,
  summary: 'Take a planned fault back',
  description: only,
  request: { headers, params: z.object({ id }) },
  responses: { 200: json(faultSchema, 'The fault that is planned no more'), ...refusals },
})
