/**
 * Private offers, free trials and replacements as change sets. Source of the shapes: the change types of Offer@1.0 in
 * AWS's public shape library and developer guide.
 */
import type { LocalDate } from '../../../src/core/time.ts'
import type { OfferDraft } from '../../connector.ts'
import { type CatalogChange, type CatalogDocument, changeOf, created, creation } from '../wire/documents.ts'
import type { OfferOptions } from './options.ts'
import { toAwsRenewal } from './renewal.ts'
import {
  toAwsDuration,
  toAwsNetPayment,
  toAwsOfferEula,
  toAwsPrivatePricing,
  toAwsSchedule,
} from './terms.ts'

/** A change, or none where there is nothing to say. */
type Maybe = CatalogDocument | undefined

/** A private offer of any pricing, a replacement of an agreement, or a free trial that everybody may take. */
export function toAwsOffer(draft: OfferDraft, options: OfferOptions): CatalogChange[] {
  const offer = changeOf('Offer@1.0', created('PrivateOffer'))
  const some = (type: string, details: Maybe) => (details === undefined ? [] : [offer(type, details)])
  const { replaces_agreement_id: replaced } = draft
  const trial = draft.trial_days !== undefined
  const { net_payment_days: net, renewal } = options
  return [
    replaced === undefined
      ? creation('CreateOffer', 'PrivateOffer', 'Offer@1.0', {
          ProductId: draft.product_id,
          ...inSet({ offer_set_id: draft.offer_set_id ?? options.offer_set_id }),
        })
      : creation('CreateReplacementOffer', 'PrivateOffer', 'Offer@1.0', { AgreementId: replaced }),
    offer('UpdateInformation', { Name: draft.name, Description: draft.description }),
    // A replacement is for the buyer of the agreement it replaces, and a trial is for everybody.
    ...some(
      'UpdateTargeting',
      replaced === undefined && !trial
        ? { PositiveTargeting: { BuyerAccounts: draft.buyer_account_ids } }
        : undefined,
    ),
    offer('UpdatePricingTerms', toAwsPrivatePricing('', draft, options.choice)),
    ...toAwsSchedule('', draft.currency, draft.instalments).map((terms) =>
      offer('UpdatePaymentScheduleTerms', terms),
    ),
    ...some('UpdateValidityTerms', validityOf(draft, options)),
    ...some('UpdateRenewalTerms', renewal && toAwsRenewal(renewal, draft.instalments)),
    ...some('UpdateNetPaymentTerms', net === undefined ? undefined : toAwsNetPayment('', net)),
    offer('UpdateAvailability', { AvailabilityEndDate: draft.expires_on }),
    offer('UpdateLegalTerms', {
      Terms: [{ Type: 'LegalTerm', Documents: [toAwsOfferEula(options.eula ?? draft.eula)] }],
    }),
    offer('ReleaseOffer', {}),
  ]
}

/** Where the buyer chooses the length, or a trial has its own, there is nothing to say of it. */
function validityOf(draft: OfferDraft, { starts_on, ends_on }: OfferOptions): Maybe {
  if (draft.rates !== undefined || draft.trial_days !== undefined) return undefined
  const period =
    ends_on === undefined
      ? { AgreementDuration: toAwsDuration(draft.duration_months) }
      : { ...(starts_on === undefined ? {} : { AgreementStartDate: starts_on }), AgreementEndDate: ends_on }
  return { Terms: [{ Type: 'ValidityTerm', ...period }] }
}

export function inSet({ offer_set_id }: { offer_set_id?: string | undefined }): CatalogDocument {
  return offer_set_id === undefined ? {} : { OfferSetId: offer_set_id }
}

export function toAwsExpiry(offer_id: string, expires_on: LocalDate): CatalogChange[] {
  return [changeOf('Offer@1.0', offer_id)('UpdateAvailability', { AvailabilityEndDate: expires_on })]
}
