/**
 * What a seller asks about an agreement. A cancellation and a charge wait for the buyer, a refund for AWS's own check.
 * Source: the API model of the agreement service (2020-03-01) and the seller guide on cancellations (granted after seven
 * days without an answer), read in 2026.
 */
import {
  type Change,
  type Connection,
  DECLINED,
  type Evidence,
  type Requests,
  WITHDRAWN,
} from '../../connector.ts'
import type { Aws } from '../clients.ts'
import { missing } from '../faults.ts'
import { marksOf } from '../wire/changesets.ts'
import { readInvoices } from './asking/invoices.ts'
import { reasons } from './asking/reasons.ts'
import {
  ASK_AGAIN_MS,
  problem,
  REFUND_AGAIN_MS,
  type Reference,
  readReference,
  refused,
} from './asking/reference.ts'
import { sendRequest } from './asking/send.ts'

export function awsRequests(aws: Aws): Requests {
  return {
    reasons,
    cancellation_granted_after_days: 7,
    resolution: 'send_identical',
    async send(connection, request, key) {
      const { token } = await marksOf(request.kind, key)
      try {
        return await sendRequest(aws, connection, request, token)
      } catch (error) {
        return refused(error)
      }
    },
    async check(connection, text) {
      const reference = readReference(text)
      return ended(text, reference, await read(aws, connection, reference))
    },
    withdraw: (connection, text, words) => withdraw(aws, connection, text, words),
    invoices: (connection, agreement_id) => readInvoices(aws, connection, agreement_id),
  }
}

type Found = { status: string | undefined; words: string | undefined; evidence: Evidence }

async function read(aws: Aws, connection: Connection, reference: Reference): Promise<Found> {
  const { kind, agreement_id: agreementId, request_id } = reference
  const client = await (await aws.clients(connection)).agreement()
  if (kind === 'cancellation') {
    const request = { agreementId, agreementCancellationRequestId: request_id }
    const answer = await aws.guard(connection, 'GetAgreementCancellationRequest', (abortSignal) =>
      client.getAgreementCancellationRequest(request, { abortSignal }),
    )
    return { status: answer.status, words: answer.statusMessage, evidence: aws.evidence(request, answer) }
  }
  if (kind === 'payment') {
    const request = { agreementId, paymentRequestId: request_id }
    const answer = await aws.guard(connection, 'GetAgreementPaymentRequest', (abortSignal) =>
      client.getAgreementPaymentRequest(request, { abortSignal }),
    )
    return { status: answer.status, words: answer.statusMessage, evidence: aws.evidence(request, answer) }
  }
  const request = { agreementId, billingAdjustmentRequestId: request_id }
  const answer = await aws.guard(connection, 'GetBillingAdjustmentRequest', (abortSignal) =>
    client.getBillingAdjustmentRequest(request, { abortSignal }),
  )
  return { status: answer.status, words: answer.statusMessage, evidence: aws.evidence(request, answer) }
}

function ended(text: string, { kind, request_id }: Reference, { status, words, evidence }: Found): Change {
  const failed = (code: string): Change => ({
    status: 'failed',
    reference: text,
    problems: [problem(code, words ?? '')],
    evidence,
  })
  switch (status) {
    case 'PENDING':
    case 'VALIDATING':
      return { status: 'accepted', reference: text, again_ms: REFUND_AGAIN_MS, evidence }
    case 'PENDING_APPROVAL':
      return { status: 'accepted', reference: text, again_ms: ASK_AGAIN_MS, evidence }
    case 'APPROVED':
    case 'COMPLETED':
      return { status: 'succeeded', reference: text, target: { request_id }, evidence }
    case 'REJECTED':
      return failed(DECLINED)
    case 'CANCELLED':
      return failed(WITHDRAWN)
    case 'VALIDATION_FAILED':
      return failed('VALIDATION_FAILED')
    default:
      throw missing(kind, 'status that we know', evidence.received)
  }
}

/** AWS takes no token with a withdrawal, so a refusal is looked at: what is withdrawn already was withdrawn by us. */
async function withdraw(aws: Aws, connection: Connection, text: string, words: string): Promise<Change> {
  const reference = readReference(text)
  const { kind, agreement_id: agreementId, request_id } = reference
  if (kind === 'refund') throw new Error('A refund cannot be withdrawn')
  const client = await (await aws.clients(connection)).agreement()
  const target = { request_id }
  try {
    if (kind === 'payment') {
      const request = { agreementId, paymentRequestId: request_id }
      const answer = await aws.guard(connection, 'CancelAgreementPaymentRequest', (abortSignal) =>
        client.cancelAgreementPaymentRequest(request, { abortSignal }),
      )
      return { status: 'succeeded', target, evidence: aws.evidence(request, answer) }
    }
    const request = {
      agreementId,
      agreementCancellationRequestId: request_id,
      cancellationReason: words,
    }
    const answer = await aws.guard(connection, 'CancelAgreementCancellationRequest', (abortSignal) =>
      client.cancelAgreementCancellationRequest(request, { abortSignal }),
    )
    return { status: 'succeeded', target, evidence: aws.evidence(request, answer) }
  } catch (error) {
    const refusal = refused(error)
    const found = await read(aws, connection, reference)
    return found.status === 'CANCELLED' ? { status: 'succeeded', target, evidence: found.evidence } : refusal
  }
}
