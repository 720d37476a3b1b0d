import { z } from 'zod'
import {
  amount,
  constraints,
  currency,
  date,
  duration,
  maybe,
  selector,
  within,
} from '../catalog/change-shapes.ts'

// The terms of an offer. How many rates, grants, charges or buyers there may be has codes of its own and is
// checked while the change set is applied, so no shape here bounds those lists from above.

const dimensionKey = within(1, 100)
const rate = z.strictObject({ DimensionKey: dimensionKey, Price: amount(8) })
const rates = z.array(rate).min(1)
const grants = z
  .array(z.strictObject({ DimensionKey: dimensionKey, MaxQuantity: maybe(z.int().min(1).max(2147483646)) }))
  .min(1)

export const pricingModel = z.enum(['Byol', 'Free', 'Usage', 'Contract'])

export const offerPricingTerm = z.discriminatedUnion('Type', [
  z.strictObject({
    Type: z.literal('UsageBasedPricingTerm'),
    CurrencyCode: currency,
    RateCards: z.array(z.strictObject({ RateCard: maybe(rates) })).min(1),
  }),
  z.strictObject({
    Type: z.literal('ConfigurableUpfrontPricingTerm'),
    CurrencyCode: currency,
    RateCards: maybe(
      z.array(z.strictObject({ Selector: selector, Constraints: constraints, RateCard: rates })).min(1),
    ),
  }),
  z.strictObject({
    Type: z.literal('FixedUpfrontPricingTerm'),
    CurrencyCode: currency,
    Price: amount(3),
    Duration: maybe(duration),
    Grants: grants,
  }),
  z.strictObject({ Type: z.literal('ByolPricingTerm') }),
  z.strictObject({ Type: z.literal('FreeTrialPricingTerm'), Duration: duration, Grants: grants }),
  z.strictObject({
    Type: z.literal('RecurringPaymentTerm'),
    CurrencyCode: currency,
    BillingPeriod: z.literal('Monthly'),
    Price: amount(3),
  }),
])

export const offerScheduleTerm = z.strictObject({
  Type: z.literal('PaymentScheduleTerm'),
  CurrencyCode: currency,
  Schedule: z.array(z.strictObject({ ChargeDate: date, ChargeAmount: amount(2) })).min(1),
})

export const validityTerm = z.strictObject({
  Type: z.literal('ValidityTerm'),
  AgreementDuration: maybe(duration),
  AgreementStartDate: maybe(date),
  AgreementEndDate: maybe(date),
})

/** Which period is one of the allowed ones is told later, by a code of its own. */
export const netPaymentTerm = z.strictObject({
  Type: z.literal('NetPaymentTerm'),
  PaymentDuePeriod: duration,
})

export const legalTerm = z.strictObject({
  Type: z.literal('LegalTerm'),
  Documents: z
    .array(
      z.strictObject({
        Type: z.enum(['CustomEula', 'StandardEula', 'CustomDsa', 'StandardDsa']),
        Url: maybe(
          within(0, 32000).regex(
            /^https?:\/\/[-\w@.]{1,256}\.[a-zA-Z0-9()]{2,63}\b/,
            'must be an http or https address',
          ),
        ),
        Version: maybe(z.enum(['2019-04-24', '2022-07-14', '2019-12-12'])),
      }),
    )
    .length(1),
})

export const supportTerm = z.strictObject({
  Type: z.literal('SupportTerm'),
  RefundPolicy: within(1, 500).regex(
    // Plain ASCII and six signs: ©, ®, ™ and three currency signs.
    /^[\0-~\u00a9\u00ae\u2122\u00a2-\u00a5]+$/,
    'must be plain text',
  ),
})

export const verificationTerm = z.strictObject({
  Type: z.literal('CustomerVerificationTerm'),
  ApprovalStrategy: z.enum(['AutoApproveOnExpiration', 'AutoRejectOnExpiration', 'WaitForApproval']),
  ExpirationDuration: maybe(duration),
})

const percentage = z
  .string()
  .regex(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, 'must be a percentage from 0.00 to 100.00')
const priceIncrease = z.discriminatedUnion('Type', [
  z.strictObject({ Type: z.literal('FixedPercentage'), Value: percentage, Range: z.null().optional() }),
  z.strictObject({
    Type: z.literal('PercentageRange'),
    Value: z.null().optional(),
    Range: z.strictObject({ MinValue: percentage, MaxValue: percentage, DefaultValue: percentage }),
  }),
])

/** Only the kinds of its fields are looked at here: each of its values has a code of its own. */
export const renewalTerm = z.strictObject({
  Type: z.literal('RenewalTerm'),
  LockoutPeriod: maybe(z.string()),
  AdjustmentDeadline: maybe(z.string()),
  MaxRenewals: maybe(z.int().min(1)),
  PriceIncrease: maybe(priceIncrease),
  TermTemplates: maybe(
    z
      .array(
        z.strictObject({
          Type: z.literal('PaymentScheduleTermTemplate'),
          Schedule: z
            .array(
              z.strictObject({
                ChargeDateOffset: z.string(),
                ChargePercentage: z.string(),
                DayOfMonth: maybe(z.int()),
              }),
            )
            .min(1),
        }),
      )
      .min(1)
      .max(10),
  ),
})

const countries = z.array(z.string()).min(1).max(244)
export const targeting = z.strictObject({
  PositiveTargeting: maybe(
    z.strictObject({ BuyerAccounts: maybe(z.array(z.string()).min(1)), CountryCodes: maybe(countries) }),
  ),
  NegativeTargeting: maybe(z.strictObject({ CountryCodes: countries })),
})
