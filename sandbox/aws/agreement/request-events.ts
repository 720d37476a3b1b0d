import { decimal, format } from '../../money.ts'
import { isoSeconds } from '../../time.ts'
import { everybody, parties, tell } from '../events/agreement-events.ts'
import { delays, emit } from '../events/events.ts'
import type { Agreement } from '../model.ts'
import type { World } from '../world.ts'
import type { BillingAdjustment, CancellationRequest } from './model.ts'

// What EventBridge tells about requests and adjustments. Source: the seller guide's page on EventBridge events, 2026.

const outcomes: Record<CancellationRequest['status'], string> = {
  PENDING_APPROVAL: 'Pending Approval',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  CANCELLED: 'Cancelled',
  VALIDATION_FAILED: 'Validation Failed',
}

export function emitCancellationRequest(
  world: World,
  agreement: Agreement,
  request: CancellationRequest,
): void {
  tell(world, agreement, {
    name: `Agreement Cancellation Request ${outcomes[request.status]}`,
    delay: delays.catalog,
    roles: request.status === 'VALIDATION_FAILED' ? ['Proposer'] : everybody,
    detail: {
      agreement: {
        id: agreement.id,
        acceptorId: agreement.acceptor,
        productId: agreement.product_id,
        offerId: agreement.offer_id,
      },
      agreementCancellationRequest: {
        id: request.id,
        reasonCode: request.reason,
        reasonMessage: request.description ?? null,
        statusCode: request.status,
        statusMessage: request.message ?? null,
        createdAt: isoSeconds(request.created_at),
        updatedAt: isoSeconds(request.updated_at),
      },
    },
  })
}

/** The amount is negative in the event, though it is positive in the API. */
export function emitBillingAdjustment(
  world: World,
  agreement: Agreement,
  adjustment: BillingAdjustment,
): void {
  const done = adjustment.status === 'COMPLETED'
  tell(world, agreement, {
    name: `Purchase Agreement Billing Adjustment ${done ? 'Completed' : 'Failed'}`,
    delay: delays.catalog,
    roles: done ? everybody : ['Proposer'],
    detail: {
      agreement: { id: agreement.id },
      billingAdjustmentRequest: {
        id: adjustment.id,
        adjustmentAmount: format(-decimal(adjustment.amount)),
        currencyCode: adjustment.currency,
        adjustmentReasonCode: adjustment.reason,
      },
      invoice: { originalInvoiceId: adjustment.invoice_id },
    },
  })
}

/** A vendor hears that AWS gave it advice on an agreement, and later that it is settled. */
export function emitAdvisory(world: World, agreement: Agreement, news: 'Issued' | 'Resolved'): void {
  const account = agreement.manufacturer
  const at = isoSeconds(world.clock.now())
  emit(world, account, {
    source: 'aws.agreement-marketplace',
    type: `Purchase Agreement Advisory ${news} - Manufacturer`,
    resources: [`arn:aws:aws-marketplace::aws:agreement:${agreement.id}`],
    delay: delays.catalog,
    detail: {
      catalog: 'AWSMarketplace',
      agreement: { id: agreement.id },
      product: { id: agreement.product_id },
      ...parties(agreement),
      offer: { id: agreement.offer_id },
      advisory: news === 'Issued' ? { issuedAt: at } : { resolvedAt: at },
    },
  })
}
