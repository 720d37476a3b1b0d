import { type ApplyContext, refuse } from '../catalog/change-context.ts'
import type { Agreement, Authorization, Change, ErrorDetail } from '../model.ts'
import { isExpired } from './authorization-rules.ts'
import { applyMarkup } from './markup.ts'
import { newOffer } from './offer.ts'

// Offers a reseller makes of a resale authorization. Source: developer guide, channel partner private offers.

const problem = (message: string): ErrorDetail[] => [refuse('INCOMPATIBLE_RESALE_AUTHORIZATION', message)]

type Details = { ResaleAuthorizationId?: string; AgreementId?: string; Description?: string | null }

/** Makes the draft of a new offer, or of one that replaces an agreement. */
export function createChannelOffer(context: ApplyContext, id: string, change: Change): ErrorDetail[] {
  const details = change.Details as Details
  const asked = details.ResaleAuthorizationId ?? ''
  const source = context.draft(asked.replace(/@\d+$/, ''))
  if (source?.kind !== 'ResaleAuthorization' || source.reseller !== context.account_id) {
    return problem(`The resale authorization ${asked} is not issued to this account.`)
  }
  const agreement =
    details.AgreementId === undefined ? undefined : context.world.agreements.get(details.AgreementId)
  const refused = [
    ...usableProblems(context, source),
    ...replacementProblems(context, source, details, agreement),
  ]
  if (refused.length > 0) return refused
  const offer = newOffer(context, id, source.product_id, change.Details)
  if (details.Description) offer.description = details.Description
  offer.resale_authorization_id = source.id
  offer.pricing_model = source.pricing_model
  offer.terms = applyMarkup(source.terms, '0')
  offer.buyer_accounts = source.buyer_accounts
  if (agreement) {
    offer.replaces_agreement_id = agreement.id
    offer.buyer_accounts = [agreement.acceptor]
  }
  source.offers_created += 1
  context.create(offer)
  return []
}

function usableProblems(context: ApplyContext, source: Authorization): ErrorDetail[] {
  if (source.status !== 'Active') return problem(`The resale authorization ${source.id} is not active.`)
  if (isExpired(source, context.now)) {
    return problem(`The resale authorization ${source.id} is no longer available.`)
  }
  if (source.offers_max_quantity !== undefined && source.offers_created >= source.offers_max_quantity) {
    return problem(`The resale authorization ${source.id} is used already.`)
  }
  return []
}

function replacementProblems(
  context: ApplyContext,
  source: Authorization,
  details: Details,
  agreement: Agreement | undefined,
): ErrorDetail[] {
  if (details.AgreementId === undefined) return []
  if (agreement?.proposer !== context.account_id || agreement.status !== 'ACTIVE') {
    return problem(`${details.AgreementId} is no longer an active agreement of this account.`)
  }
  if (agreement.product_id !== source.product_id) {
    return problem('The resale authorization must be for the product of the agreement.')
  }
  if (source.buyer_accounts && !source.buyer_accounts.includes(agreement.acceptor)) {
    return problem('The resale authorization must be targeted to the acceptor of the agreement.')
  }
  return []
}
