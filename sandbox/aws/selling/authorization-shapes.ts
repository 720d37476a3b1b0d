import { z } from 'zod'

// The details of a resale authorization's change types, member by member as AWS's public shape library for
// ResaleAuthorization@1.0 (change types) has them: an optional member may also be null, and an unknown one is refused.

const optional = <T extends z.ZodType>(type: T) => type.nullish()
const matching = (pattern: RegExp, rule: string) => z.string().regex(pattern, rule)

const lastDays: Record<string, number> = { '02': 28, '04': 30, '06': 30, '09': 30, '11': 30 }

function isDay(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^([1-9]\d{3})-(0[1-9]|1[0-2])-(\d{2})$/.exec(text) ?? []
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0)
  const last = month === '02' && leap ? 29 : (lastDays[month] ?? 31)
  return year !== '' && Number(day) >= 1 && Number(day) <= last
}

const date = z.string().refine(isDay, 'must be a day of the calendar, YYYY-MM-DD')
const duration = matching(/^P(?=.)(\d+Y)?(\d+M)?(\d+D)?$/, 'must be a duration such as P12M')
const name = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\S[\S\s]*$/, 'must not start with a space')
const description = z.string().min(1).max(255)
const key = z.string().min(1).max(100)

/** From 0 to one hundred million, with so many places at most. */
const amount = (places: number) =>
  matching(
    new RegExp(`^(100000000(\\.0{0,${places}})?|\\d{1,8}(\\.\\d{0,${places}})?)$`),
    `must be a decimal with at most ${places} places, up to 100000000`,
  )

const currency = z.enum(['USD', 'AUD', 'EUR', 'GBP', 'JPY'])
const constraint = z.enum(['Allowed', 'Disallowed'])

const rateCards = z.strictObject({
  Selector: optional(z.strictObject({ Type: z.literal('Duration'), Value: duration })),
  Constraints: optional(
    z.strictObject({ MultipleDimensionSelection: constraint, QuantityConfiguration: constraint }),
  ),
  RateCard: z
    .array(z.strictObject({ DimensionKey: key, Price: amount(8) }))
    .min(1)
    .max(800),
})

const pricingTerm = z.strictObject({
  Type: z.enum([
    'ResaleUsageBasedPricingTerm',
    'ResaleConfigurableUpfrontPricingTerm',
    'ResaleFixedUpfrontPricingTerm',
  ]),
  CurrencyCode: currency,
  Price: optional(amount(3)),
  Duration: optional(duration),
  Grants: optional(
    z
      .array(z.strictObject({ DimensionKey: key, MaxQuantity: z.int().min(1).max(2147483646) }))
      .min(1)
      .max(200),
  ),
  RateCards: optional(z.array(rateCards).min(1).max(5)),
})

const legalTerm = z.strictObject({
  Type: optional(z.enum(['BuyerLegalTerm', 'ResaleLegalTerm'])),
  Documents: optional(
    z
      .array(
        z.strictObject({
          Type: z.enum(['StandardEula', 'CustomEula', 'StandardResellerContract', 'CustomResellerContract']),
          Url: optional(
            matching(
              /https?:\/\/(www\.)?[-a-zA-Z0-9@._]{1,256}\.[a-zA-Z0-9()]{1,6}\b([-a-zA-Z0-9@_+./]*)/,
              'must be an address of the web',
            ),
          ),
        }),
      )
      .min(1),
  ),
})

const scheduleTerm = z.strictObject({
  Type: z.literal('ResalePaymentScheduleTerm'),
  CurrencyCode: currency,
  Schedule: z
    .array(z.strictObject({ ChargeDate: date, ChargeAmount: amount(2) }))
    .min(1)
    .max(60),
})

/** Change type → its details. Two members and one change type come from the developer guide alone. */
export const authorizationShapes = {
  CreateResaleAuthorization: z.strictObject({
    ProductId: z.string().min(1).max(50),
    Name: name,
    Description: optional(description),
    ResellerAccountId: matching(/^\d{12}$/, 'must be an account id of 12 digits'),
    BulkRequestId: optional(z.guid()),
    ResellerRole: optional(z.enum(['ChannelPartner', 'Distributor'])),
  }),
  UpdateInformation: z.strictObject({
    Name: optional(name),
    Description: optional(description),
    PreExistingBuyerAgreement: optional(
      z.strictObject({
        AcquisitionChannel: z.enum(['AwsMarketplace', 'External']),
        PricingModel: z.enum(['Byol', 'Free', 'Usage', 'Contract']),
      }),
    ),
  }),
  UpdateBuyerTargetingTerms: z.strictObject({
    Terms: optional(
      z
        .array(
          z.strictObject({
            Type: z.literal('BuyerTargetingTerm'),
            PositiveTargeting: z.strictObject({
              BuyerAccounts: optional(z.array(z.string()).min(1).max(25)),
            }),
          }),
        )
        .length(1),
    ),
  }),
  UpdateAvailability: z.strictObject({
    AvailabilityEndDate: optional(date),
    OffersMaxQuantity: optional(z.literal(1)),
  }),
  UpdateBuyerValidityTerms: z.strictObject({
    Terms: z
      .array(z.strictObject({ Type: z.literal('BuyerValidityTerm'), MaximumAgreementStartDate: date }))
      .length(1),
  }),
  UpdateLegalTerms: z.strictObject({ Terms: z.array(legalTerm).min(1) }),
  UpdatePricingTerms: z.strictObject({
    PricingModel: z.enum(['Free', 'Usage', 'Contract']),
    Terms: z.array(pricingTerm),
  }),
  UpdatePaymentScheduleTerms: z.strictObject({ Terms: z.array(scheduleTerm).max(1) }),
  UpdateNetPaymentTerms: z.strictObject({
    Terms: z
      .array(
        z.strictObject({
          Type: z.literal('ResaleNetPaymentTerm'),
          PaymentDuePeriod: z.enum(['P15D', 'P30D', 'P45D', 'P60D', 'P90D', 'P120D']),
        }),
      )
      .max(1),
  }),
  ReleaseResaleAuthorization: z.strictObject({}),
  RestrictResaleAuthorization: z.strictObject({}),
}
