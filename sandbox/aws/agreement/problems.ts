import type { z } from 'zod'
import { AwsError } from '../errors.ts'
import type { Agreement, Json } from '../model.ts'
import { page, readPage } from '../paging.ts'
import type { World } from '../world.ts'

// How the agreement service refuses, with the reasons and resource types of its published model (2020-03-01).

export function invalid(reason: string, name: string, message: string): AwsError {
  return new AwsError('ValidationException', message, 400, { reason, fields: [{ name, message }] })
}

export type ResourceType =
  | 'Agreement'
  | 'PaymentRequest'
  | 'Invoice'
  | 'AgreementCancellationRequest'
  | 'BillingAdjustmentRequest'

export function notFound(resourceType: ResourceType, resourceId: string): AwsError {
  const message = `The ${resourceType} ${resourceId} does not exist.`
  return new AwsError('ResourceNotFoundException', message, 400, { resourceId, resourceType })
}

export function conflict(resourceType: ResourceType, resourceId: string, message: string): AwsError {
  return new AwsError('ConflictException', message, 400, { resourceId, resourceType })
}

export function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', message, 400, { reason: 'INVALID_ACCESS' })
}

/** The part of a reason that a field has; what is not here has no reason of its own. */
const reasonOf: Record<string, string> = {
  agreementId: 'AGREEMENT_ID',
  agreementCancellationRequestId: 'AGREEMENT_CANCELLATION_REQUEST_ID',
  paymentRequestId: 'PAYMENT_REQUEST_ID',
  termId: 'TERM_ID',
  name: 'NAME',
  chargeAmount: 'CHARGE_AMOUNT',
  description: 'DESCRIPTION',
  reasonCode: 'REASON',
  cancellationReason: 'REASON',
  partyType: 'PARTY_TYPE',
  status: 'STATUS',
  clientToken: 'CLIENT_TOKEN',
  catalog: 'CATALOG',
  agreementType: 'AGREEMENT_TYPE',
  maxResults: 'MAX_RESULTS',
  nextToken: 'NEXT_TOKEN',
  filters: 'FILTERS',
  values: 'FILTER_VALUES',
  sortOrder: 'SORT_ORDER',
  originalInvoiceId: 'INVOICE_ID',
  adjustmentAmount: 'ADJUSTMENT_AMOUNT',
  currencyCode: 'CURRENCY_CODE',
  adjustmentReasonCode: 'REASON_CODE',
  billingAdjustmentRequestEntries: 'BILLING_ADJUSTMENT_REQUEST_ENTRY',
}
const withMissing = new Set(
  `AGREEMENT_ID AGREEMENT_CANCELLATION_REQUEST_ID PAYMENT_REQUEST_ID TERM_ID NAME CHARGE_AMOUNT REASON PARTY_TYPE
  INVOICE_ID ADJUSTMENT_AMOUNT CURRENCY_CODE REASON_CODE DESCRIPTION BILLING_ADJUSTMENT_REQUEST_ENTRY`.split(
    /\s+/,
  ),
)
const onlyMissing = new Set(['INVOICE_ID', 'BILLING_ADJUSTMENT_REQUEST_ENTRY'])

function valueAt(body: Json, path: readonly PropertyKey[]): unknown {
  let value: unknown = body
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, part)
  }
  return value
}

/** The body of a call in its shape, or the refusal that names the field that is wrong. */
export function readBody<T>(schema: z.ZodType<T>, body: Json): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const path = issue?.path ?? []
  const field = path.findLast((part) => typeof part === 'string')
  const suffix = reasonOf[String(field)]
  const absent = valueAt(body, path) === undefined
  const message = issue?.message ?? 'The request is not valid.'
  const name = path.join('.') || 'request'
  if (suffix === undefined) throw invalid('OTHER', name, message)
  if (absent && withMissing.has(suffix)) throw invalid(`MISSING_${suffix}`, name, `${name} is missing.`)
  throw invalid(onlyMissing.has(suffix) ? 'OTHER' : `INVALID_${suffix}`, name, message)
}

/** An agreement for one of its two parties: nobody else may read it. */
export function agreementFor(world: World, account: string, id: string): Agreement {
  const found = world.agreements.get(id)
  if (!found) throw notFound('Agreement', id)
  if (found.proposer !== account && found.acceptor !== account) {
    throw denied(`The account ${account} is no party of ${id}.`)
  }
  return found
}

/** An agreement for its seller of record. */
export function agreementOfProposer(world: World, account: string, id: string): Agreement {
  const found = agreementFor(world, account, id)
  if (found.proposer !== account) throw denied(`The account ${account} is not the proposer of ${id}.`)
  return found
}

/** One page of a list under the name its operation gives it. */
export function paged<T>(
  name: string,
  found: T[],
  asked: { maxResults?: number | undefined; nextToken?: string | undefined },
  show: (item: T) => object,
): object {
  const offset = readPage(asked.nextToken)
  if (offset === undefined) throw invalid('INVALID_NEXT_TOKEN', 'nextToken', 'The nextToken is not valid.')
  const { items, next } = page(found, offset, asked.maxResults ?? 50)
  return { [name]: items.map(show), ...(next ? { nextToken: next } : {}) }
}
