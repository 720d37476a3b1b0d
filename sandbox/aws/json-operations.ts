import type { Fault } from '../faults.ts'
import { createAdjustments, getAdjustment, listAdjustments } from './agreement/adjustments.ts'
import {
  cancelCancellationRequest,
  getCancellationRequest,
  listCancellationRequests,
  sendCancellationRequest,
} from './agreement/cancellation-requests.ts'
import { listInvoiceLineItems } from './agreement/invoice-lines.ts'
import {
  cancelPaymentRequest,
  getPaymentRequest,
  listPaymentRequests,
  sendPaymentRequest,
} from './agreement/payment-requests.ts'
import { describeAgreement, searchAgreements } from './agreement/search.ts'
import { agreementTerms } from './agreement/terms.ts'
import { meterUsage, resolveCustomer } from './customers.ts'
import { getEntitlements } from './entitlement.ts'
import { batchMeterUsage } from './metering.ts'
import type { Json } from './model.ts'
import type { World } from './world.ts'

export type JsonOperation = (world: World, account: string, body: Json, fault: Fault | undefined) => object
type JsonService = { target: string; type: string; operations: Record<string, JsonOperation> }

/** The services that speak JSON over one address, with the content type of their protocol. */
export const jsonServices: Record<string, JsonService> = {
  meteringmarketplace: {
    target: 'AWSMPMeteringService',
    type: 'application/x-amz-json-1.1',
    operations: {
      BatchMeterUsage: (world, account, body, fault) =>
        batchMeterUsage(world, account, body, fault?.fault === 'partial_batch'),
      MeterUsage: meterUsage,
      ResolveCustomer: resolveCustomer,
    },
  },
  'marketplace-entitlement': {
    target: 'AWSMPEntitlementService',
    type: 'application/x-amz-json-1.1',
    operations: { GetEntitlements: getEntitlements },
  },
  'marketplace-agreement': {
    target: 'AWSMPCommerceService_v20200301',
    type: 'application/x-amz-json-1.0',
    operations: {
      SearchAgreements: searchAgreements,
      DescribeAgreement: describeAgreement,
      GetAgreementTerms: agreementTerms,
      SendAgreementPaymentRequest: sendPaymentRequest,
      CancelAgreementPaymentRequest: cancelPaymentRequest,
      GetAgreementPaymentRequest: getPaymentRequest,
      ListAgreementPaymentRequests: listPaymentRequests,
      SendAgreementCancellationRequest: sendCancellationRequest,
      CancelAgreementCancellationRequest: cancelCancellationRequest,
      GetAgreementCancellationRequest: getCancellationRequest,
      ListAgreementCancellationRequests: listCancellationRequests,
      ListAgreementInvoiceLineItems: listInvoiceLineItems,
      BatchCreateBillingAdjustmentRequest: createAdjustments,
      GetBillingAdjustmentRequest: getAdjustment,
      ListBillingAdjustmentRequests: listAdjustments,
    },
  },
}
