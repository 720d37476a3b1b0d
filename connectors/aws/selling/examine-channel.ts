/**
 * What AWS would refuse of an authorization, or of an offer made from one. Source of each rule: the change types and error
 * tables of ResaleAuthorization@1.0 and Offer@1.0 in the AWS Marketplace developer guide, read in 2026.
 */
import type { LocalDate } from '../../../src/core/time.ts'
import type { AuthorizationDraft, DraftFinding, Examined, ResellerOfferDraft } from '../../connector.ts'
import { finding, NEEDS_END, nothingToChoose, pricing, unread } from './examine.ts'
import { limits } from './limits.ts'
import { optionShapes, readOptions } from './options.ts'

export function examineAuthorization(draft: AuthorizationDraft, today: LocalDate): Examined {
  const read = readOptions(optionShapes.authorization, draft.options)
  if (!read.ok) return { findings: [...unread(read), ...openedPricing(draft)] }
  const findings = [...openedPricing(draft), ...nothingToChoose(draft, read.options)]
  const { latest_start_on } = read.options
  if (latest_start_on !== undefined && latest_start_on < today)
    findings.push(
      finding('latest-start-past', 'options.latest_start_on', 'is over', 'Choose a day from today on'),
    )
  if (draft.name.length > limits.opened_name_max) {
    const reason = `has ${draft.name.length} characters; AWS takes ${limits.opened_name_max} for an authorization`
    findings.push(finding('name-too-long', 'name', reason, 'Shorten it'))
  }
  if (draft.buyer_account_ids.length > limits.opened_buyers_max) {
    const reason = `names ${draft.buyer_account_ids.length} accounts; AWS takes ${limits.opened_buyers_max} for an authorization`
    findings.push(
      finding('too-many-buyers', 'buyer_account_ids', reason, 'Open it to any buyer, or open it twice'),
    )
  }
  return { findings }
}

/** Prices that AWS has no terms for, and instalments, which it takes in an authorization for one offer until a day. */
export function openedPricing(draft: AuthorizationDraft): DraftFinding[] {
  const found = pricing(draft)
  if (draft.instalments.length === 0 || (draft.single_use && draft.expires_on !== null)) return found
  const field = draft.single_use ? 'expires_on' : 'single_use'
  const reason = 'does not go with instalments: these are for one offer, until a day'
  const fix = 'Open it for one offer with a last day, or price it by usage or by a price list'
  return [...found, finding('instalments-once', field, reason, fix)]
}

export function examineResellerOffer(draft: ResellerOfferDraft, today: LocalDate): Examined {
  const read = readOptions(optionShapes.reseller_offer, draft.options)
  const findings = ownPricing(draft)
  if (!read.ok) return { findings: [...unread(read), ...findings] }
  const { ends_on } = read.options
  if (draft.replaces_agreement_id !== undefined && ends_on === undefined) findings.push(NEEDS_END)
  if (ends_on !== undefined && ends_on <= today)
    findings.push(finding('end-past', 'options.ends_on', 'is over', 'Choose a later day'))
  return { findings, ...(ends_on === undefined ? {} : { ends_on }) }
}

/** A schedule pays for quantities: those of the authorization, or those that are sold of its price list. */
export function ownPricing({ own_schedule: own }: ResellerOfferDraft): DraftFinding[] {
  const found: DraftFinding[] = []
  if (own?.instalments.length === 0) {
    const reason = 'is empty: a schedule has at least one payment'
    found.push(finding('missing-instalments', 'own_schedule.instalments', reason, 'Give one, or a markup'))
  }
  if (own?.chosen?.grants.length === 0) {
    const reason = 'is empty: a payment schedule on AWS pays for quantities of dimensions'
    found.push(finding('missing-grants', 'own_schedule.chosen.grants', reason, 'Name at least one'))
  }
  return found
}
