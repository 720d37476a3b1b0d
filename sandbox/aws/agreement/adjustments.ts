import { z } from 'zod'
import { cents, decimal, format } from '../../money.ts'
import { minute } from '../../time.ts'
import type { Json } from '../model.ts'
import type { Invoice } from '../money/finance-model.ts'
import { refundable, refundInvoice } from '../money/refunds.ts'
import type { World } from '../world.ts'
import { type BillingAdjustment, billingAdjustments, madeBefore, once } from './model.ts'
import { agreementOfProposer, denied, invalid, notFound, paged, readBody } from './problems.ts'
import { emitBillingAdjustment } from './request-events.ts'
import { adjustmentId, amount, clientToken, id, instant, paging, scope, text } from './shapes.ts'

// A seller gives money back. Source: the API model of the agreement service (2020-03-01).

/** An adjustment is worked on for this long, and a batch has so many entries at most. Our defaults. */
const workingTime = minute
const entriesMax = 25

const entry = z.object({
  agreementId: id,
  originalInvoiceId: text(255),
  adjustmentAmount: amount,
  currencyCode: z.string().regex(/^[A-Z]{3}$/, 'is not a currency'),
  adjustmentReasonCode: z.enum([
    'INCORRECT_TERMS_ACCEPTED',
    'INCORRECT_METERING',
    'TEST_ENVIRONMENT_CHARGES',
    'ALTERNATIVE_PROCUREMENT_CHANNEL',
    'UNINTENDED_RENEWAL',
    'BUYER_DISSATISFACTION',
    'OTHER',
  ]),
  description: text(500).optional(),
  clientToken,
})
type Entry = z.infer<typeof entry>
const batchSchema = z.object({ billingAdjustmentRequestEntries: z.array(entry) })
const oneSchema = z.object({ agreementId: id, billingAdjustmentRequestId: adjustmentId })
const listSchema = z.object({
  ...scope,
  status: z.enum(['PENDING', 'VALIDATION_FAILED', 'COMPLETED']).optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
  ...paging,
})

const field = 'billingAdjustmentRequestEntries'

/** Every entry stands for itself: those that are taken are in `items`, the others in `errors`. */
export function createAdjustments(world: World, account: string, body: Json): object {
  const { billingAdjustmentRequestEntries: entries } = readBody(batchSchema, body)
  checkBatch(entries)
  const items: object[] = []
  const errors: object[] = []
  for (const item of entries) {
    const outcome = take(world, account, item)
    if ('code' in outcome) errors.push({ ...outcome, clientToken: item.clientToken })
    else items.push({ billingAdjustmentRequestId: outcome.made, clientToken: item.clientToken })
  }
  return { items, errors }
}

function checkBatch(entries: Entry[]): void {
  if (entries.length === 0) throw invalid('MISSING_BILLING_ADJUSTMENTS', field, 'There is no entry.')
  if (entries.length > entriesMax) {
    throw invalid('BILLING_ADJUSTMENTS_LIMIT_EXCEEDED', field, `There are more than ${entriesMax} entries.`)
  }
  if (new Set(entries.map((item) => item.agreementId)).size > 1) {
    throw invalid('MULTIPLE_AGREEMENT_IDS', field, 'All entries must be of one agreement.')
  }
  if (new Set(entries.map((item) => item.clientToken)).size < entries.length) {
    throw invalid('INVALID_CLIENT_TOKEN', field, 'Each entry needs a client token of its own.')
  }
}

type Outcome = { made: string } | { code: string; message: string }

function take(world: World, account: string, item: Entry): Outcome {
  const agreement = world.agreements.get(item.agreementId)
  if (agreement && agreement.proposer !== account) {
    throw denied(`The account ${account} is not the proposer of ${agreement.id}.`)
  }
  const invoice = world.invoices.get(item.originalInvoiceId)
  if (!agreement || invoice?.agreement_id !== agreement.id) {
    const message = `The agreement ${item.agreementId} has no invoice ${item.originalInvoiceId}.`
    return { code: 'RESOURCE_NOT_FOUND_EXCEPTION', message }
  }
  const { clientToken: token, ...request } = item
  const key = { operation: 'BatchCreateBillingAdjustmentRequest', account, token, request }
  const problem = madeBefore(world, key) === undefined ? amountProblem(item, invoice) : undefined
  if (problem !== undefined) return { code: 'VALIDATION_EXCEPTION', message: problem }
  const made = once(world, key, () => create(world, item))
  if (made !== 'other_request') return { made }
  return { code: 'CONFLICT_EXCEPTION', message: 'The client token was used for another entry.' }
}

function amountProblem(item: Entry, invoice: Invoice): string | undefined {
  const asked = decimal(item.adjustmentAmount)
  if (item.currencyCode !== invoice.currency) return `The invoice is in ${invoice.currency}.`
  if (asked <= 0n || cents(asked) !== asked) return 'The amount must be a positive number of cents.'
  const maximum = refundable(invoice)
  return asked > maximum ? `The amount is above the maximum of ${format(maximum)}.` : undefined
}

function create(world: World, item: Entry): string {
  const now = world.clock.now()
  const made: BillingAdjustment = {
    id: world.id('ba', 20),
    agreement_id: item.agreementId,
    status: 'PENDING',
    reason: item.adjustmentReasonCode,
    description: item.description,
    invoice_id: item.originalInvoiceId,
    amount: item.adjustmentAmount,
    currency: item.currencyCode,
    created_at: now,
    updated_at: now,
  }
  billingAdjustments(world).put(made.id, made)
  world.schedule.plan(`adjustment/${made.id}`, now + workingTime, 'billing_adjustment', made.id)
  return made.id
}

/** The adjustment is made, or fails because others took what was left of the invoice meanwhile. */
export function finishAdjustment(world: World, requestId: string): void {
  answerAdjustment(world, requestId, true)
}

/** What AWS makes of an adjustment: it refuses one for a reason of its own, or because too little is left. */
export function answerAdjustment(
  world: World,
  requestId: string,
  takes: boolean,
  reason = 'AWS did not take the adjustment.',
): BillingAdjustment | undefined {
  const request = billingAdjustments(world).get(requestId)
  const agreement = request && world.agreements.get(request.agreement_id)
  const invoice = request && world.invoices.get(request.invoice_id)
  if (request?.status !== 'PENDING' || !agreement || !invoice) return undefined
  const refund = takes ? refundInvoice(world, invoice, decimal(request.amount)) : undefined
  const left = takes ? `Only ${format(refundable(invoice))} of the invoice is left.` : reason
  const message = refund ? undefined : left
  const changed = billingAdjustments(world).put(request.id, {
    ...request,
    status: refund ? 'COMPLETED' : 'VALIDATION_FAILED',
    message,
    updated_at: world.clock.now(),
  })
  emitBillingAdjustment(world, agreement, changed)
  return changed
}

function shown(request: BillingAdjustment) {
  return {
    billingAdjustmentRequestId: request.id,
    agreementId: request.agreement_id,
    originalInvoiceId: request.invoice_id,
    adjustmentAmount: request.amount,
    currencyCode: request.currency,
    status: request.status,
    createdAt: request.created_at / 1000,
    updatedAt: request.updated_at / 1000,
  }
}

export function getAdjustment(world: World, account: string, body: Json): object {
  const asked = readBody(oneSchema, body)
  agreementOfProposer(world, account, asked.agreementId)
  const found = billingAdjustments(world).get(asked.billingAdjustmentRequestId)
  if (found?.agreement_id !== asked.agreementId) {
    throw notFound('BillingAdjustmentRequest', asked.billingAdjustmentRequestId)
  }
  return {
    ...shown(found),
    adjustmentReasonCode: found.reason,
    ...(found.description === undefined ? {} : { description: found.description }),
    ...(found.message === undefined ? {} : { statusMessage: found.message }),
  }
}

export function listAdjustments(world: World, account: string, body: Json): object {
  const asked = readBody(listSchema, body)
  const { createdAfter = Number.NEGATIVE_INFINITY, createdBefore = Number.POSITIVE_INFINITY } = asked
  const found = billingAdjustments(world)
    .all()
    .filter((request) => world.agreements.get(request.agreement_id)?.proposer === account)
    .filter((request) => asked.agreementId === undefined || request.agreement_id === asked.agreementId)
    .filter((request) => asked.status === undefined || request.status === asked.status)
    .filter((request) => request.created_at > createdAfter && request.created_at < createdBefore)
  return paged('items', found, asked, (request) => ({
    ...shown(request),
    agreementType: 'PurchaseAgreement',
    catalog: 'AWSMarketplace',
  }))
}
