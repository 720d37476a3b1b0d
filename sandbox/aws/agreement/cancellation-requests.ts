import { z } from 'zod'
import { day } from '../../time.ts'
import type { Agreement, Json } from '../model.ts'
import type { World } from '../world.ts'
import { type CancellationRequest, cancellationRequests, once } from './model.ts'
import {
  agreementFor,
  agreementOfProposer,
  conflict,
  invalid,
  notFound,
  paged,
  readBody,
} from './problems.ts'
import { emitCancellationRequest } from './request-events.ts'
import { cancellationRequestId, clientToken, id, paging, partyType, scope, text } from './shapes.ts'

// A seller asks its buyer to let an agreement go. Source: the API model of the agreement service (2020-03-01).

/** A buyer who says nothing for this long has agreed, says the seller guide. */
const approvalTime = 7 * day

const reasonCode = z.enum([
  'INCORRECT_TERMS_ACCEPTED',
  'REPLACING_AGREEMENT',
  'TEST_AGREEMENT',
  'ALTERNATIVE_PROCUREMENT_CHANNEL',
  'PRODUCT_DISCONTINUED',
  'UNINTENDED_RENEWAL',
  'BUYER_DISSATISFACTION',
  'OTHER',
])
const sendSchema = z.object({
  agreementId: id,
  reasonCode,
  clientToken: clientToken.optional(),
  description: text(2000).optional(),
})
const oneSchema = z.object({ agreementId: id, agreementCancellationRequestId: cancellationRequestId })
const cancelSchema = oneSchema.extend({ cancellationReason: text(2000) })
const status = z.enum(['PENDING_APPROVAL', 'APPROVED', 'REJECTED', 'CANCELLED', 'VALIDATION_FAILED'])
const listSchema = z.object({ partyType, ...scope, status: status.optional(), ...paging })

export function sendCancellationRequest(world: World, account: string, body: Json): object {
  const { clientToken: token, ...request } = readBody(sendSchema, body)
  const agreement = agreementOfProposer(world, account, request.agreementId)
  if (request.reasonCode === 'OTHER' && request.description === undefined) {
    throw invalid('MISSING_DESCRIPTION', 'description', 'The reason OTHER needs a description.')
  }
  const key = { operation: 'SendAgreementCancellationRequest', account, token, request }
  const made = once(world, key, () => {
    if (agreement.status !== 'ACTIVE') {
      throw invalid('INACTIVE_AGREEMENT', 'agreementId', `The agreement is ${agreement.status}.`)
    }
    const open = pendingOf(world, agreement)
    if (open) {
      throw conflict('AgreementCancellationRequest', open.id, 'Another cancellation request is open.')
    }
    return create(world, agreement, request)
  })
  const found = cancellationRequests(world).get(made)
  if (made === 'other_request' || !found) {
    const message = 'The client token was used for another request.'
    throw conflict('AgreementCancellationRequest', request.agreementId, message)
  }
  return shownCancellation({ ...found, status: 'PENDING_APPROVAL', updated_at: found.created_at })
}

function pendingOf(world: World, agreement: Agreement): CancellationRequest | undefined {
  return cancellationRequests(world)
    .all()
    .find((item) => item.agreement_id === agreement.id && item.status === 'PENDING_APPROVAL')
}

function create(world: World, agreement: Agreement, request: z.infer<typeof sendSchema>): string {
  const now = world.clock.now()
  const made: CancellationRequest = {
    id: world.id('acr', 20),
    agreement_id: agreement.id,
    status: 'PENDING_APPROVAL',
    reason: request.reasonCode,
    description: request.description,
    created_at: now,
    updated_at: now,
  }
  cancellationRequests(world).put(made.id, made)
  world.schedule.plan(`cancellation_request/${made.id}`, now + approvalTime, 'cancellation_request', made.id)
  emitCancellationRequest(world, agreement, made)
  return made.id
}

export function shownCancellation(request: CancellationRequest) {
  return {
    agreementId: request.agreement_id,
    agreementCancellationRequestId: request.id,
    status: request.status,
    reasonCode: request.reason,
    ...(request.description === undefined ? {} : { description: request.description }),
    createdAt: request.created_at / 1000,
    updatedAt: request.updated_at / 1000,
  }
}

const message = (request: CancellationRequest) =>
  request.message === undefined ? {} : { statusMessage: request.message }

/** Ends the wait of a request, and tells it. */
export function closeCancellation(
  world: World,
  request: CancellationRequest,
  outcome: CancellationRequest['status'],
  words?: string,
): CancellationRequest {
  world.schedule.cancel(`cancellation_request/${request.id}`)
  const changed: CancellationRequest = {
    ...request,
    status: outcome,
    message: words,
    updated_at: world.clock.now(),
  }
  cancellationRequests(world).put(request.id, changed)
  const agreement = world.agreements.get(request.agreement_id)
  if (agreement) emitCancellationRequest(world, agreement, changed)
  return changed
}

/** What ended by itself cannot be cancelled any more. */
export function closeCancellationRequests(world: World, agreement: Agreement): void {
  const open = pendingOf(world, agreement)
  if (open) closeCancellation(world, open, 'VALIDATION_FAILED', `The agreement is ${agreement.status}.`)
}

function requestOf(world: World, agreementId: string, requestId: string): CancellationRequest {
  const found = cancellationRequests(world).get(requestId)
  if (found?.agreement_id !== agreementId) throw notFound('AgreementCancellationRequest', requestId)
  return found
}

export function cancelCancellationRequest(world: World, account: string, body: Json): object {
  const asked = readBody(cancelSchema, body)
  agreementOfProposer(world, account, asked.agreementId)
  const request = requestOf(world, asked.agreementId, asked.agreementCancellationRequestId)
  if (request.status !== 'PENDING_APPROVAL') {
    throw conflict('AgreementCancellationRequest', request.id, `The request is ${request.status}.`)
  }
  const changed = closeCancellation(world, request, 'CANCELLED', asked.cancellationReason)
  return { ...shownCancellation(changed), ...message(changed) }
}

export function getCancellationRequest(world: World, account: string, body: Json): object {
  const asked = readBody(oneSchema, body)
  agreementFor(world, account, asked.agreementId)
  const request = requestOf(world, asked.agreementId, asked.agreementCancellationRequestId)
  return { ...shownCancellation(request), ...message(request) }
}

export function listCancellationRequests(world: World, account: string, body: Json): object {
  const asked = readBody(listSchema, body)
  const party = asked.partyType === 'Proposer' ? 'proposer' : 'acceptor'
  const found = cancellationRequests(world)
    .all()
    .filter((request) => world.agreements.get(request.agreement_id)?.[party] === account)
    .filter((request) => asked.agreementId === undefined || request.agreement_id === asked.agreementId)
    .filter((request) => asked.status === undefined || request.status === asked.status)
  return paged('items', found, asked, (request) => {
    const { description: _description, ...summary } = shownCancellation(request)
    return { ...summary, agreementType: 'PurchaseAgreement', catalog: 'AWSMarketplace' }
  })
}
