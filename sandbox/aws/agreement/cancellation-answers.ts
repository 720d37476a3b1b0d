import { Refusal } from '../../problem.ts'
import { endAgreement } from '../acceptance.ts'
import type { World } from '../world.ts'
import { closeCancellation, shownCancellation } from './cancellation-requests.ts'
import { type CancellationRequest, cancellationRequests } from './model.ts'

/** Approves a request by the buyer's word, or because its time is over. */
export function approveCancellation(world: World, requestId: string): CancellationRequest | undefined {
  const request = cancellationRequests(world).get(requestId)
  if (request?.status !== 'PENDING_APPROVAL') return request
  const changed = closeCancellation(world, request, 'APPROVED')
  endAgreement(world, request.agreement_id, 'CANCELLED')
  return changed
}

/** The buyer's answer to a request that waits for it. */
export function answerCancellation(
  world: World,
  buyer: string,
  requestId: string,
  answer: { decision: 'approve' | 'reject'; reason?: string | undefined },
): object {
  const request = cancellationRequests(world).get(requestId)
  if (!request || world.agreements.get(request.agreement_id)?.acceptor !== buyer) {
    throw new Refusal(404, 'id', 'names a cancellation request to this buyer', `There is no ${requestId}.`)
  }
  if (request.status !== 'PENDING_APPROVAL') {
    throw new Refusal(409, 'id', 'waits for the buyer', `The request is ${request.status}.`)
  }
  if (answer.decision === 'approve') {
    return shownCancellation(approveCancellation(world, requestId) ?? request)
  }
  const words = answer.reason ?? 'The buyer keeps the agreement.'
  return shownCancellation(closeCancellation(world, request, 'REJECTED', words))
}
