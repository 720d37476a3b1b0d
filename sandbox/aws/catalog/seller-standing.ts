import type { ErrorDetail, Term } from '../model.ts'
import { type ApplyContext, refuse } from './change-context.ts'

// What a seller must have settled with AWS before it sells for money. AWS checks people and papers; here the account
// says what it misses. Source of the codes: developer guide, offers and resale authorizations.

export const standings = ['payment_settings', 'verification', 'tax_information'] as const
export type Standing = (typeof standings)[number]

const refusals: Record<Standing, ErrorDetail> = {
  payment_settings: refuse(
    'INCOMPATIBLE_PAYMENT_SETTINGS',
    'The seller account has no disbursement settings for this currency.',
  ),
  verification: refuse(
    'INCOMPATIBLE_SELLER_VERIFICATION',
    'The seller account is not verified to sell paid products.',
  ),
  tax_information: refuse('INVALID_TAX_INFORMATION', 'The tax information of the seller account is missing.'),
}

/** What the calling account misses, where money is asked for. Only a release looks at the tax papers. */
export function standingProblems(
  context: ApplyContext,
  terms: Term[],
  step: 'prices' | 'release',
): ErrorDetail[] {
  if (!terms.some((term) => term.CurrencyCode !== undefined)) return []
  const missing = context.world.accounts.get(context.account_id)?.misses ?? []
  return missing
    .filter((standing) => step === 'release' || standing !== 'tax_information')
    .map((standing) => refusals[standing])
}
