/**
 * What an event tells of an agreement that reading it back does not: for the people who look at it.
 * Source: the seller guide's page on EventBridge events, 2026.
 */
import { z } from 'zod'

const text = z.string().nullish().catch(null)
const detailShape = z.looseObject({
  agreement: z
    .looseObject({
      daysBeforeEndTime: z.union([z.number(), z.string()]).nullish().catch(null),
      autoRenewalEnabled: z.boolean().nullish().catch(null),
    })
    .nullish()
    .catch(null),
  renewalSummary: z
    .looseObject({ tcv: z.union([z.string(), z.number()]).nullish().catch(null), currency: text })
    .nullish()
    .catch(null),
  agreementCancellationRequest: z
    .looseObject({ reasonCode: text, statusMessage: text })
    .nullish()
    .catch(null),
  billingAdjustmentRequest: z
    .looseObject({ adjustmentAmount: text, currencyCode: text })
    .nullish()
    .catch(null),
  invoice: z.looseObject({ originalInvoiceId: text }).nullish().catch(null),
})
type Detail = z.infer<typeof detailShape>

const sentences: Readonly<Record<string, (detail: Detail) => string>> = {
  'Purchase Agreement Ending': ({ agreement }) => {
    const days = agreement?.daysBeforeEndTime
    const renewal = { true: ' and is to be renewed', false: ' and is not to be renewed', unknown: '' }
    return `The agreement ends in ${days ?? 'some'} days${renewal[`${agreement?.autoRenewalEnabled ?? 'unknown'}`]}.`
  },
  'Purchase Agreement Renewal Terms Finalized': (detail) =>
    `The terms of the renewal are final${worth(detail)}.`,
  'Purchase Agreement Renewal Upcoming': (detail) =>
    `The renewal is near and can no longer be stopped${worth(detail)}.`,
  'Purchase Agreement Advisory Issued': () =>
    'AWS issued an advisory about this agreement. The AWS Marketplace Management Portal says what it is about.',
  'Purchase Agreement Advisory Resolved': () => 'The advisory of AWS about this agreement is resolved.',
  'Agreement Cancellation Request Pending Approval': (detail) =>
    `The buyer is asked to agree to the cancellation${why(detail)}.`,
  'Agreement Cancellation Request Approved': (detail) => `The cancellation was approved${why(detail)}.`,
  'Agreement Cancellation Request Rejected': (detail) => `The buyer rejected the cancellation${why(detail)}.`,
  'Agreement Cancellation Request Cancelled': (detail) =>
    `The request for cancellation was taken back${why(detail)}.`,
  'Agreement Cancellation Request Validation Failed': (detail) =>
    `AWS did not take the request for cancellation${why(detail)}.`,
  'Purchase Agreement Billing Adjustment Completed': (detail) => `A refund${amount(detail)} is complete.`,
  'Purchase Agreement Billing Adjustment Failed': (detail) =>
    `A refund${amount(detail)} failed: nothing was given back.`,
  'Purchase Agreement Amended': ({ agreement, renewalSummary }) =>
    renewalSummary == null || agreement?.autoRenewalEnabled == null
      ? 'The buyer changed the agreement.'
      : `The buyer changed the agreement: it ${agreement.autoRenewalEnabled ? 'is' : 'is not'} to be renewed.`,
  'License Deprovisioned': () => 'AWS took the licence of this agreement back.',
}

/** A sentence for the history of the agreement; undefined where reading it back tells all. */
export function newsOf(type: string, detail: unknown): string | undefined {
  const name = type.replace(/ - (Proposer|Manufacturer)$/, '')
  const sentence = Object.hasOwn(sentences, name) ? sentences[name] : undefined
  return sentence?.(detailShape.parse(detail))
}

function worth({ renewalSummary }: Detail): string {
  const { tcv, currency } = renewalSummary ?? {}
  return tcv && currency ? `: ${currency} ${tcv} in all` : ''
}

function why({ agreementCancellationRequest }: Detail): string {
  const { reasonCode, statusMessage } = agreementCancellationRequest ?? {}
  const reasons = [reasonCode, statusMessage].filter((item) => item)
  return reasons.length === 0 ? '' : ` (${reasons.join(': ')})`
}

/** The event writes what was given back with a minus. */
function amount({ billingAdjustmentRequest, invoice }: Detail): string {
  const { adjustmentAmount, currencyCode } = billingAdjustmentRequest ?? {}
  const money =
    adjustmentAmount && currencyCode ? ` of ${currencyCode} ${adjustmentAmount.replace(/^-/, '')}` : ''
  return invoice?.originalInvoiceId ? `${money} on the invoice ${invoice.originalInvoiceId}` : money
}
