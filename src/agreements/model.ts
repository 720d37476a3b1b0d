import { z } from 'zod'
import type { Cloud } from '../../connectors/connector.ts'
import type { Terms } from '../offers/model.ts'

export const agreementStates = [
  'pending',
  'active',
  'suspended',
  'ended',
  'cancelled',
  'replaced',
  'unknown',
] as const
export type AgreementState = (typeof agreementStates)[number]

export const agreementRoles = ['seller', 'manufacturer'] as const

/** What a buyer accepted, as one of our connections sees it. */
export type Agreement = {
  organisation_id: string
  id: string
  connection_id: string
  cloud: Cloud
  cloud_agreement_id: string
  cloud_offer_id: string | null
  cloud_authorization_id: string | null
  cloud_product_id: string | null
  product_code: string | null
  license: string | null
  /** The plan the buyer is on, on clouds whose products have plans. */
  plan: string | null
  product_id: string | null
  deal_id: string | null
  offer_id: string | null
  authorization_id: string | null
  /** The agreement of ours that it took the place of. */
  replaces_agreement_id: string | null
  /** seller: we are the seller of record. manufacturer: we made what a reseller sold; our terms are wholesale. */
  role: 'seller' | 'manufacturer'
  state: AgreementState
  cloud_state: string
  buyer_account_id: string
  seller_account_id: string
  currency: string | null
  /** What this organisation is owed: the offer's terms for a seller, the authorization's wholesale terms for a manufacturer. */
  terms: Terms
  /** For a reseller's own sale: what it owes the vendor. */
  wholesale: Terms | null
  accepted_at: Date | null
  starts_at: Date | null
  ends_at: Date | null
  ended_at: Date | null
  signed_up_at: Date | null
  /** When the cloud itself last changed it, as far as it tells. */
  cloud_updated_at: Date | null
}

/** An agreement with what people call its buyer and its product, as far as this organisation knows. */
export type NamedAgreement = Agreement & {
  buyer_name: string | null
  product_name: string | null
}

/** When an agreement was first and last written here. */
export type Written = { created_at: Date; updated_at: Date }

/** Over for good: a cloud makes a new agreement rather than revive one. */
export function isOver(state: AgreementState): boolean {
  return state === 'ended' || state === 'cancelled' || state === 'replaced'
}

/** Whether a cloud takes usage of an agreement now: not before it is activated, nor while it is suspended. */
export function takesUsage(state: AgreementState): boolean {
  return state !== 'pending' && state !== 'suspended'
}

/** What a buyer wants changed, as it is kept. */
export const wishSchema = z.object({
  agreement_id: z.string(),
  wish_id: z.string(),
  action: z.enum(['plan', 'quantity']),
  plan: z.string().nullable(),
  quantity: z.number().int().nullable(),
})

const when = z.coerce.date().nullable()

/** What a verified message told of an agreement. It is kept as JSON, so its times are read again. */
export const toldSchema = z.object({
  role: z.enum(['seller', 'manufacturer']),
  offer_id: z.string().nullable(),
  authorization_id: z.string().nullable(),
  buyer_account_id: z.string().nullable(),
  seller_account_id: z.string().nullable(),
  state: z.enum(agreementStates),
  cloud_state: z.string(),
  accepted_at: when,
  starts_at: when,
  ends_at: when,
})
