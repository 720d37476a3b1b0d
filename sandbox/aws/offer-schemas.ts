import { z } from 'zod'
import {
  buyers,
  date,
  documentOf,
  duration,
  empty,
  maybe,
  offerPricingTerm,
  preExisting,
  scheduleTerm,
  terms,
  text,
} from './change-shapes.ts'

const priceIncrease = z.strictObject({
  Type: z.enum(['FixedPercentage', 'PercentageRange']),
  Value: maybe(z.string()),
  Range: maybe(z.strictObject({ MinValue: z.string(), MaxValue: z.string(), DefaultValue: z.string() })),
})

/** The details of every change type of an offer. */
export const offerChanges = {
  CreateOffer: z.strictObject({ ProductId: text(50), Name: maybe(text(150)), OfferSetId: maybe(z.string()) }),
  CreateReplacementOffer: z.strictObject({ AgreementId: text(64), Name: maybe(text(150)) }),
  UpdateInformation: z.strictObject({
    Name: maybe(text(150)),
    Description: maybe(text(255)),
    PreExistingAgreement: preExisting,
  }),
  UpdateTargeting: z.strictObject({
    PositiveTargeting: maybe(
      z.strictObject({
        BuyerAccounts: maybe(buyers(26)),
        CountryCodes: maybe(z.array(z.string().length(2)).min(1).max(244)),
      }),
    ),
    NegativeTargeting: maybe(z.strictObject({ CountryCodes: z.array(z.string().length(2)).min(1).max(244) })),
  }),
  UpdatePricingTerms: z.strictObject({
    PricingModel: z.enum(['Byol', 'Free', 'Usage', 'Contract']),
    Terms: z.array(offerPricingTerm).min(1),
  }),
  UpdatePaymentScheduleTerms: terms(scheduleTerm('PaymentScheduleTerm'), 0, 1),
  UpdateNetPaymentTerms: terms(
    z.strictObject({ Type: z.literal('NetPaymentTerm'), PaymentDuePeriod: duration }),
    0,
    1,
  ),
  UpdateLegalTerms: terms(
    z.strictObject({
      Type: z.literal('LegalTerm'),
      Documents: z.array(documentOf(['CustomEula', 'StandardEula', 'CustomDsa', 'StandardDsa'])).length(1),
    }),
    1,
    1,
  ),
  UpdateSupportTerms: terms(
    z.strictObject({ Type: z.literal('SupportTerm'), RefundPolicy: z.string().min(1).max(500) }),
    0,
    1,
  ),
  UpdateRenewalTerms: terms(
    z.strictObject({
      Type: z.literal('RenewalTerm'),
      LockoutPeriod: maybe(duration),
      AdjustmentDeadline: maybe(duration),
      MaxRenewals: maybe(z.int().min(1)),
      PriceIncrease: maybe(priceIncrease),
      TermTemplates: maybe(z.array(z.looseObject({ Type: z.literal('PaymentScheduleTermTemplate') }))),
    }),
    0,
    1,
  ),
  UpdateValidityTerms: terms(
    z.strictObject({
      Type: z.literal('ValidityTerm'),
      AgreementDuration: maybe(duration),
      AgreementStartDate: maybe(date),
      AgreementEndDate: maybe(date),
    }),
    0,
    1,
  ),
  UpdateAvailability: z.strictObject({ AvailabilityEndDate: date }),
  ReleaseOffer: empty,
}
