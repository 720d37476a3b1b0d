import { z } from 'zod'

// The shapes that the operations of the agreement service share, with the bounds of its published model.

export const id = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_/-]+$/, 'is not an id')
export const paymentRequestId = z
  .string()
  .max(64)
  .regex(/^pr-[a-zA-Z0-9]+$/, 'is not the id of a payment request')
export const cancellationRequestId = z
  .string()
  .max(64)
  .regex(/^acr-[a-zA-Z0-9]+$/, 'is not the id of a cancellation request')
export const adjustmentId = z
  .string()
  .max(64)
  .regex(/^ba-[a-zA-Z0-9]+$/, 'is not the id of a billing adjustment request')
export const clientToken = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z0-9-]+$/, 'is not a client token')
/** A positive decimal with up to eight places. */
export const amount = z.string().regex(/^(?=.*\d)\d*(\.\d{0,8})?$/, 'is not a positive amount')
export const text = (maximum: number) => z.string().min(1).max(maximum)
export const instant = z.number().transform((seconds) => seconds * 1000)

export const paging = {
  maxResults: z.int().min(1).max(50).optional(),
  nextToken: z
    .string()
    .max(8192)
    .regex(/^[a-zA-Z0-9+/=_-]+$/, 'is not a token')
    .optional(),
}
/** What every list of requests may be narrowed by; there is one catalog and one type of agreement. */
export const scope = {
  catalog: z.literal('AWSMarketplace').optional(),
  agreementType: z.literal('PurchaseAgreement').optional(),
  agreementId: id.optional(),
}
export const partyType = z.enum(['Proposer', 'Acceptor'])
