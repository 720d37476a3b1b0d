import { z } from 'zod'
import {
  account,
  authorizationPricingTerm,
  buyers,
  date,
  documentOf,
  duration,
  empty,
  maybe,
  preExisting,
  scheduleTerm,
  terms,
  text,
} from './change-shapes.ts'

/** The details of every change type of a resale authorization. */
export const authorizationChanges = {
  CreateResaleAuthorization: z.strictObject({
    ProductId: text(50),
    Name: text(100),
    Description: maybe(z.string().min(1).max(255)),
    ResellerAccountId: account,
    BulkRequestId: maybe(z.uuid()),
    ResellerRole: maybe(z.enum(['ChannelPartner', 'Distributor'])),
  }),
  UpdateInformation: z.strictObject({
    Name: maybe(text(100)),
    Description: maybe(z.string().min(1).max(255)),
    PreExistingBuyerAgreement: preExisting,
  }),
  UpdateBuyerTargetingTerms: terms(
    z.strictObject({
      Type: z.literal('BuyerTargetingTerm'),
      PositiveTargeting: z.strictObject({ BuyerAccounts: maybe(buyers(25)) }),
    }),
    1,
    1,
  ),
  UpdateAvailability: z.strictObject({
    AvailabilityEndDate: maybe(date),
    OffersMaxQuantity: maybe(z.literal(1)),
  }),
  UpdateBuyerValidityTerms: terms(
    z.strictObject({ Type: z.literal('BuyerValidityTerm'), MaximumAgreementStartDate: date }),
    1,
    1,
  ),
  UpdateLegalTerms: z.strictObject({
    Terms: z
      .array(
        z.strictObject({
          Type: z.enum(['BuyerLegalTerm', 'ResaleLegalTerm']),
          Documents: z
            .array(
              documentOf([
                'StandardEula',
                'CustomEula',
                'StandardResellerContract',
                'CustomResellerContract',
              ]),
            )
            .min(1),
        }),
      )
      .min(1),
  }),
  UpdatePricingTerms: z.strictObject({
    PricingModel: z.enum(['Free', 'Usage', 'Contract']),
    Terms: z.array(authorizationPricingTerm),
  }),
  UpdatePaymentScheduleTerms: terms(scheduleTerm('ResalePaymentScheduleTerm'), 0, 1),
  UpdateNetPaymentTerms: terms(
    z.strictObject({ Type: z.literal('ResaleNetPaymentTerm'), PaymentDuePeriod: duration }),
    0,
    1,
  ),
  ReleaseResaleAuthorization: empty,
  RestrictResaleAuthorization: empty,
}
