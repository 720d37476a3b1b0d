/** A request is asked once: its client token is made of our key. */
import { Fault } from '../../../../src/core/fault.ts'
import { currencyOf, formatMoney } from '../../../../src/core/money.ts'
import type {
  AgreementRequest,
  Change,
  ChangeProblem,
  Connection,
  Evidence,
  RequestKind,
} from '../../../connector.ts'
import type { Aws } from '../../clients.ts'
import { missing } from '../../faults.ts'
import { reasons } from './reasons.ts'
import { ASK_AGAIN_MS, problem, REFUND_AGAIN_MS, writeReference } from './reference.ts'

type Of<K extends RequestKind> = Extract<AgreementRequest, { kind: K }>

export function sendRequest(
  aws: Aws,
  connection: Connection,
  request: AgreementRequest,
  token: string,
): Promise<Change> {
  switch (request.kind) {
    case 'cancellation':
      return sendCancellation(aws, connection, request, token)
    case 'payment':
      return sendPayment(aws, connection, request, token)
    case 'refund':
      return sendRefund(aws, connection, request, token)
  }
}

const described = (words: string | null) => (words === null ? {} : { description: words })

async function sendCancellation(
  aws: Aws,
  connection: Connection,
  request: Of<'cancellation'>,
  clientToken: string,
): Promise<Change> {
  const { kind, agreement_id, words } = request
  const reasonCode = reasons.cancellation.find(({ code }) => code === request.reason)?.code
  if (reasonCode === undefined) return unknownReason(request.reason, reasons.cancellation)
  const client = await (await aws.clients(connection)).agreement()
  const sent = { agreementId: agreement_id, reasonCode, clientToken, ...described(words) }
  const answer = await aws.guard(connection, 'SendAgreementCancellationRequest', (abortSignal) =>
    client.sendAgreementCancellationRequest(sent, { abortSignal }),
  )
  return begun(
    { kind, agreement_id, request_id: answer.agreementCancellationRequestId },
    aws.evidence(sent, answer),
  )
}

async function sendPayment(
  aws: Aws,
  connection: Connection,
  request: Of<'payment'>,
  clientToken: string,
): Promise<Change> {
  const { kind, agreement_id, name, amount, words } = request
  const termId = await variableTermOf(aws, connection, agreement_id)
  if (termId === undefined) {
    const plain =
      'This agreement has no variable payment term, so its buyer cannot be asked for a further payment.'
    return {
      status: 'failed',
      problems: [{ code: 'MISSING_VARIABLE_PAYMENT_TERM', message: plain, plain }],
      evidence: {},
    }
  }
  const client = await (await aws.clients(connection)).agreement()
  const sent = {
    agreementId: agreement_id,
    termId,
    name,
    chargeAmount: formatMoney(amount),
    clientToken,
    ...described(words),
  }
  const answer = await aws.guard(connection, 'SendAgreementPaymentRequest', (abortSignal) =>
    client.sendAgreementPaymentRequest(sent, { abortSignal }),
  )
  return begun({ kind, agreement_id, request_id: answer.paymentRequestId }, aws.evidence(sent, answer))
}

async function variableTermOf(
  aws: Aws,
  connection: Connection,
  agreementId: string,
): Promise<string | undefined> {
  const client = await (await aws.clients(connection)).agreement()
  const answer = await aws.guard(connection, 'GetAgreementTerms', (abortSignal) =>
    client.getAgreementTerms({ agreementId }, { abortSignal }),
  )
  return answer.acceptedTerms?.find((term) => term.variablePaymentTerm)?.variablePaymentTerm?.id
}

async function sendRefund(
  aws: Aws,
  connection: Connection,
  request: Of<'refund'>,
  clientToken: string,
): Promise<Change> {
  const { kind, agreement_id, invoice_id, amount, words } = request
  const adjustmentReasonCode = reasons.refund.find(({ code }) => code === request.reason)?.code
  if (adjustmentReasonCode === undefined) return unknownReason(request.reason, reasons.refund)
  const client = await (await aws.clients(connection)).agreement()
  const entry = {
    agreementId: agreement_id,
    originalInvoiceId: invoice_id,
    adjustmentAmount: formatMoney(amount),
    currencyCode: currencyOf(amount.asset),
    adjustmentReasonCode,
    clientToken,
    ...described(words),
  }
  const call = 'BatchCreateBillingAdjustmentRequest'
  const answer = await aws.guard(connection, call, (abortSignal) =>
    client.batchCreateBillingAdjustmentRequest({ billingAdjustmentRequestEntries: [entry] }, { abortSignal }),
  )
  const evidence = aws.evidence(entry, answer)
  const error = answer.errors?.[0]
  if (error?.code === 'INTERNAL_FAILURE')
    throw new Fault('unavailable', `${call}: ${error.message}`, { cloudCode: error.code, evidence })
  if (error !== undefined)
    return { status: 'failed', problems: [problem(error.code ?? 'UNKNOWN', error.message ?? '')], evidence }
  return begun({ kind, agreement_id, request_id: answer.items?.[0]?.billingAdjustmentRequestId }, evidence)
}

function unknownReason(code: string, taken: readonly { code: string }[]): Change {
  const plain = `"${code}" is no reason that AWS takes. Choose one of ${taken.map((one) => one.code).join(', ')}.`
  const found: ChangeProblem = { code: 'INVALID_REASON', message: plain, field: 'reason', plain }
  return { status: 'failed', problems: [found], evidence: {} }
}

function begun(
  { request_id, ...rest }: { kind: RequestKind; agreement_id: string; request_id: string | undefined },
  evidence: Evidence,
): Change {
  if (!request_id) throw missing(rest.kind, 'id of the request', evidence.received)
  const again_ms = rest.kind === 'refund' ? REFUND_AGAIN_MS : ASK_AGAIN_MS
  return { status: 'accepted', reference: writeReference({ ...rest, request_id }), again_ms, evidence }
}
