import type { Collection } from '../../journal.ts'
import type { World } from '../world.ts'

type Request = {
  id: string
  agreement_id: string
  message?: string | undefined
  description?: string | undefined
  created_at: number
  updated_at: number
}

export type PaymentRequest = Request & {
  status: 'VALIDATING' | 'VALIDATION_FAILED' | 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'CANCELLED'
  name: string
  amount: string
  currency: string
  charge_id?: string | undefined
}

export type CancellationRequest = Request & {
  status: 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'CANCELLED' | 'VALIDATION_FAILED'
  reason: string
}

export type BillingAdjustment = Request & {
  status: 'PENDING' | 'VALIDATION_FAILED' | 'COMPLETED'
  reason: string
  invoice_id: string
  amount: string
  currency: string
}

/** What a client token stood for, and what came of it. */
export type KnownToken = { fingerprint: string; made: string }

export const paymentRequests = (world: World): Collection<PaymentRequest> =>
  world.store.collection('aws.payment_requests')
export const cancellationRequests = (world: World): Collection<CancellationRequest> =>
  world.store.collection('aws.cancellation_requests')
export const billingAdjustments = (world: World): Collection<BillingAdjustment> =>
  world.store.collection('aws.billing_adjustments')
const tokens = (world: World): Collection<KnownToken> => world.store.collection('aws.agreement_tokens')

type Asked = { operation: string; account: string; token: string | undefined; request: unknown }

/** What a token made before: the same token with another request is a conflict. */
export function madeBefore(world: World, asked: Asked): string | 'other_request' | undefined {
  const known = asked.token === undefined ? undefined : tokens(world).get(keyOf(asked))
  if (!known) return undefined
  return known.fingerprint === JSON.stringify(asked.request) ? known.made : 'other_request'
}

const keyOf = ({ operation, account, token }: Asked) => `${operation}/${account}/${token}`

/** Makes something unless its token made it before. */
export function once(world: World, asked: Asked, make: () => string): string | 'other_request' {
  const before = madeBefore(world, asked)
  if (before !== undefined) return before
  const made = make()
  if (asked.token !== undefined) {
    tokens(world).put(keyOf(asked), { fingerprint: JSON.stringify(asked.request), made })
  }
  return made
}
