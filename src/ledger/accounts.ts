// The names of accounts. Rooms make them here, so that nobody spells one by hand.
import type { Cloud } from '../../connectors/connector.ts'
import { segment } from './model.ts'

export const accounts = {
  income: (of: 'contract' | 'usage' | 'resale') => `income:${of}`,
  listingFee: (cloud: Cloud) => `expense:listing_fee:${cloud}`,
  wholesale: 'expense:wholesale',
  partnerShare: 'expense:partner_share',
  tax: 'liability:tax',
  partner: (partner_id: string) => `liability:partner:${segment(partner_id)}`,
  bank: (name: string) => `asset:bank:${segment(name)}`,
  transit: (disbursement_key: string) => `asset:transit:${segment(disbursement_key)}`,
  bookings: 'bookings:total',
  open: (agreement_id: string) => `bookings:open:${segment(agreement_id)}`,
  clearing: (agreement_id: string) => `clearing:${segment(agreement_id)}`,
  invoiced: (agreement_id: string) => `receivable:invoiced:${segment(agreement_id)}`,
  collected: (agreement_id: string) => `receivable:collected:${segment(agreement_id)}`,
  adjustment: (cause: string) => `adjustment:${segment(cause)}`,
  exchange: (pair: string) => `exchange:${segment(pair)}`,
  promised: (commitment_id: string) => `commitment:promised:${segment(commitment_id)}`,
  remaining: (commitment_id: string) => `commitment:remaining:${segment(commitment_id)}`,
  drawn: (commitment_id: string) => `commitment:drawn:${segment(commitment_id)}`,
} as const
