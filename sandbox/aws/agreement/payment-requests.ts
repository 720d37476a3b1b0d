import { z } from 'zod'
import { decimal, format, sum } from '../../money.ts'
import { Refusal } from '../../problem.ts'
import { addDuration, second } from '../../time.ts'
import type { Agreement, Json } from '../model.ts'
import { issueInvoice, newLine } from '../money/invoices.ts'
import { termOf } from '../selling/pricing-rules.ts'
import type { World } from '../world.ts'
import { once, type PaymentRequest, paymentRequests } from './model.ts'
import {
  agreementFor,
  agreementOfProposer,
  conflict,
  invalid,
  notFound,
  paged,
  readBody,
} from './problems.ts'
import { amount, clientToken, id, paging, partyType, paymentRequestId, scope, text } from './shapes.ts'

// Payment requests under a variable payment term. Source: the API model of the agreement service (2020-03-01).

/** A request is looked at for this long before the buyer sees it. Our default. */
const validationTime = 5 * second

const sendSchema = z.object({
  clientToken: clientToken.optional(),
  agreementId: id,
  termId: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9+=;,.@\-_]+$/, 'is not the id of a term'),
  name: z.string().min(5).max(64),
  chargeAmount: amount,
  description: text(2000).optional(),
})
const oneSchema = z.object({ paymentRequestId, agreementId: id })
const status = z.enum([
  'VALIDATING',
  'VALIDATION_FAILED',
  'PENDING_APPROVAL',
  'APPROVED',
  'REJECTED',
  'CANCELLED',
])
const listSchema = z.object({ partyType, ...scope, status: status.optional(), ...paging })

function variableTerm(agreement: Agreement) {
  const term = termOf(agreement.terms, 'VariablePaymentTerm')
  const read = z
    .object({
      MaxTotalChargeAmount: z.string(),
      Configuration: z.object({
        PaymentRequestApprovalStrategy: z.string(),
        ExpirationDuration: z.string().optional(),
      }),
    })
    .safeParse(term).data
  return term && read ? { id: term.Id, ...read } : undefined
}

/** What was asked for and not refused yet counts against the maximum of the term. */
function remaining(world: World, agreement: Agreement, maximum: string): bigint {
  const taken = paymentRequests(world)
    .all()
    .filter((item) => item.agreement_id === agreement.id)
    .filter((item) => ['VALIDATING', 'PENDING_APPROVAL', 'APPROVED'].includes(item.status))
  return decimal(maximum) - sum(taken.map((item) => decimal(item.amount)))
}

export function sendPaymentRequest(world: World, account: string, body: Json): object {
  const { clientToken: token, ...request } = readBody(sendSchema, body)
  const agreement = agreementOfProposer(world, account, request.agreementId)
  const key = { operation: 'SendAgreementPaymentRequest', account, token, request }
  const made = once(world, key, () => {
    if (agreement.status !== 'ACTIVE') {
      throw invalid('INACTIVE_AGREEMENT', 'agreementId', `The agreement is ${agreement.status}.`)
    }
    const term = variableTerm(agreement)
    if (!term || term.id !== request.termId) {
      throw invalid('INVALID_TERM_ID', 'termId', 'The termId must be that of a VariablePaymentTerm.')
    }
    const asked = decimal(request.chargeAmount)
    const left = remaining(world, agreement, term.MaxTotalChargeAmount)
    if (asked <= 0n || asked > left) {
      const message = `The chargeAmount must be above 0 and not above the remaining ${format(left)}.`
      throw invalid('INVALID_CHARGE_AMOUNT', 'chargeAmount', message)
    }
    return create(world, agreement, request)
  })
  if (made === 'other_request') {
    throw conflict('PaymentRequest', request.agreementId, 'The client token was used for another request.')
  }
  const found = paymentRequests(world).get(made)
  if (!found) throw notFound('PaymentRequest', made)
  // The answer is that of the first call, whatever became of the request since.
  const { updatedAt: _updated, ...answer } = shown({ ...found, status: 'VALIDATING' })
  return answer
}

function create(world: World, agreement: Agreement, request: z.infer<typeof sendSchema>): string {
  const now = world.clock.now()
  const made: PaymentRequest = {
    id: world.id('pr', 20),
    agreement_id: agreement.id,
    status: 'VALIDATING',
    name: request.name,
    description: request.description,
    amount: request.chargeAmount,
    currency: agreement.currency,
    created_at: now,
    updated_at: now,
  }
  paymentRequests(world).put(made.id, made)
  world.schedule.plan(`payment_request/${made.id}`, now + validationTime, 'payment_request', made.id)
  return made.id
}

function shown(request: PaymentRequest) {
  return {
    paymentRequestId: request.id,
    agreementId: request.agreement_id,
    status: request.status,
    name: request.name,
    ...(request.description === undefined ? {} : { description: request.description }),
    chargeAmount: request.amount,
    currencyCode: request.currency,
    createdAt: request.created_at / 1000,
    updatedAt: request.updated_at / 1000,
  }
}

function change(world: World, request: PaymentRequest, parts: Partial<PaymentRequest>): PaymentRequest {
  const changed = { ...request, ...parts, updated_at: world.clock.now() }
  return paymentRequests(world).put(request.id, changed)
}

/** The cloud's own steps: validated after a moment, approved by itself where the buyer chose that. */
export function advancePaymentRequest(world: World, requestId: string): void {
  const request = paymentRequests(world).get(requestId)
  const agreement = request && world.agreements.get(request.agreement_id)
  if (!request || !agreement) return
  if (request.status === 'PENDING_APPROVAL') approvePayment(world, request)
  if (request.status !== 'VALIDATING') return
  if (agreement.status !== 'ACTIVE') {
    const message = `The agreement is ${agreement.status}.`
    change(world, request, { status: 'VALIDATION_FAILED', message })
    return
  }
  change(world, request, { status: 'PENDING_APPROVAL' })
  const { PaymentRequestApprovalStrategy, ExpirationDuration = '' } =
    variableTerm(agreement)?.Configuration ?? {}
  const due = addDuration(request.created_at, ExpirationDuration)
  if (PaymentRequestApprovalStrategy === 'AUTO_APPROVE_ON_EXPIRATION' && due !== undefined) {
    world.schedule.plan(`payment_request/${request.id}`, due, 'payment_request', request.id)
  }
}

function approvePayment(world: World, request: PaymentRequest): PaymentRequest {
  const agreement = world.agreements.get(request.agreement_id)
  world.schedule.cancel(`payment_request/${request.id}`)
  const now = world.clock.now()
  if (agreement) {
    const line = newLine(world, request.name, decimal(request.amount))
    issueInvoice(world, agreement, 'PAYMENT_REQUEST', [line], { start: now, end: now })
  }
  return change(world, request, { status: 'APPROVED', charge_id: world.id('ch', 20) })
}

/** The buyer's answer to a request that waits for it. */
export function answerPayment(
  world: World,
  buyer: string,
  requestId: string,
  answer: { decision: 'approve' | 'reject'; reason?: string | undefined },
): object {
  const request = paymentRequests(world).get(requestId)
  const agreement = request && world.agreements.get(request.agreement_id)
  if (!request || agreement?.acceptor !== buyer) {
    throw new Refusal(404, 'id', 'names a payment request to this buyer', `There is no ${requestId}.`)
  }
  if (request.status !== 'PENDING_APPROVAL') {
    throw new Refusal(409, 'id', 'waits for the buyer', `The request is ${request.status}.`)
  }
  if (answer.decision === 'approve') return shown(approvePayment(world, request))
  world.schedule.cancel(`payment_request/${request.id}`)
  return shown(change(world, request, { status: 'REJECTED', message: answer.reason }))
}

/** An agreement that ended takes its open requests with it. */
export function closePaymentRequests(world: World, agreement: Agreement): void {
  for (const request of paymentRequests(world).all()) {
    if (request.agreement_id !== agreement.id || request.status !== 'PENDING_APPROVAL') continue
    world.schedule.cancel(`payment_request/${request.id}`)
    change(world, request, { status: 'CANCELLED', message: `The agreement is ${agreement.status}.` })
  }
}

function requestOf(world: World, agreementId: string, requestId: string): PaymentRequest {
  const found = paymentRequests(world).get(requestId)
  if (found?.agreement_id !== agreementId) throw notFound('PaymentRequest', requestId)
  return found
}

export function cancelPaymentRequest(world: World, account: string, body: Json): object {
  const asked = readBody(oneSchema, body)
  agreementOfProposer(world, account, asked.agreementId)
  const request = requestOf(world, asked.agreementId, asked.paymentRequestId)
  if (request.status !== 'PENDING_APPROVAL') {
    throw conflict('PaymentRequest', request.id, `The payment request is ${request.status}.`)
  }
  world.schedule.cancel(`payment_request/${request.id}`)
  return shown(change(world, request, { status: 'CANCELLED' }))
}

const charge = (request: PaymentRequest) =>
  request.charge_id === undefined ? {} : { chargeId: request.charge_id }

export function getPaymentRequest(world: World, account: string, body: Json): object {
  const asked = readBody(oneSchema, body)
  agreementFor(world, account, asked.agreementId)
  const request = requestOf(world, asked.agreementId, asked.paymentRequestId)
  const message = request.message === undefined ? {} : { statusMessage: request.message }
  return { ...shown(request), ...message, ...charge(request) }
}

export function listPaymentRequests(world: World, account: string, body: Json): object {
  const asked = readBody(listSchema, body)
  const party = asked.partyType === 'Proposer' ? 'proposer' : 'acceptor'
  const found = paymentRequests(world)
    .all()
    .filter((request) => world.agreements.get(request.agreement_id)?.[party] === account)
    .filter((request) => asked.agreementId === undefined || request.agreement_id === asked.agreementId)
    .filter((request) => asked.status === undefined || request.status === asked.status)
  return paged('items', found, asked, (request) => {
    const { description: _description, ...summary } = shown(request)
    return { ...summary, ...charge(request) }
  })
}
