import { z } from 'zod'
import {
  date,
  empty,
  maybe,
  preExisting,
  referenceOr,
  terms,
  text,
  within,
} from '../catalog/change-shapes.ts'
import {
  legalTerm,
  netPaymentTerm,
  offerPricingTerm,
  offerScheduleTerm,
  pricingModel,
  renewalTerm,
  supportTerm,
  targeting,
  validityTerm,
  verificationTerm,
} from './offer-shapes.ts'

/** The details of every change type of an offer. */
export const offerChanges = {
  CreateOffer: z.strictObject({
    ProductId: referenceOr(within(2, 50).regex(/^[a-zA-Z0-9][.a-zA-Z0-9/-]+[a-zA-Z0-9]$/, 'must be an id')),
    Name: maybe(text(150)),
    OfferSetId: maybe(z.string()),
  }),
  CreateReplacementOffer: z.strictObject({
    AgreementId: within(1, 64).regex(/^\S+$/, 'must have no spaces'),
    Name: maybe(text(150)),
  }),
  UpdateInformation: z.strictObject({
    Name: maybe(text(150)),
    Description: maybe(text(255)),
    PreExistingAgreement: preExisting,
  }),
  UpdateTargeting: targeting,
  UpdatePricingTerms: z.strictObject({ PricingModel: pricingModel, Terms: z.array(offerPricingTerm).min(1) }),
  UpdatePaymentScheduleTerms: terms(offerScheduleTerm, 0, 1),
  UpdateNetPaymentTerms: terms(netPaymentTerm, 0, 1),
  UpdateLegalTerms: terms(legalTerm, 1, 1),
  UpdateSupportTerms: terms(supportTerm, 0, 1),
  UpdateRenewalTerms: terms(renewalTerm, 0, 1),
  UpdateValidityTerms: terms(validityTerm, 0, 1),
  UpdateCustomerVerificationTerms: terms(verificationTerm, 0, 1),
  UpdateAvailability: z.strictObject({ AvailabilityEndDate: date }),
  ReleaseOffer: empty,
}
