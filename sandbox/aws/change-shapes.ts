import { z } from 'zod'

// The parts that the details of change types are made of.

export const date = z
  .string()
  .regex(/^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a date YYYY-MM-DD')
export const duration = z.string().regex(/^P(?=.)(\d+Y)?(\d+M)?(\d+D)?$/, 'must be a duration such as P12M')
export const text = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .regex(/^\S+[\S\s]*$/, 'must not start with a space')
export const account = z.string().regex(/^\d{12}$/, 'must be an account id of 12 digits')
export const amount = (places: number) =>
  z.string().regex(new RegExp(`^\\d{1,9}(\\.\\d{0,${places}})?$`), 'must be a decimal')
export const currency = z.enum(['USD', 'EUR', 'GBP', 'AUD', 'JPY', 'CAD'])
export const dimensionKey = z.string().min(1).max(100)
export const maybe = <T extends z.ZodType>(type: T) => type.nullish()

// The cloud takes https only. A loopback address is let through as well, so that a seller can be tested here.
export const fulfilmentUrl = z
  .string()
  .min(8)
  .max(2048)
  .refine((url) => {
    if (!URL.canParse(url)) return false
    const { protocol, hostname } = new URL(url)
    const loopback = hostname === '127.0.0.1' || hostname === 'localhost' || hostname.endsWith('.localhost')
    return loopback || (protocol === 'https:' && hostname.includes('.'))
  }, 'must be an https address')

export const constraint = z.enum(['Allowed', 'Disallowed'])
export const rate = z.strictObject({ DimensionKey: dimensionKey, Price: amount(8) })
export const selector = z.strictObject({ Type: z.literal('Duration'), Value: duration })
export const constraints = z.strictObject({
  MultipleDimensionSelection: constraint,
  QuantityConfiguration: constraint,
})
export const grants = z
  .array(z.strictObject({ DimensionKey: dimensionKey, MaxQuantity: maybe(z.int().min(1).max(2147483646)) }))
  .min(1)
  .max(800)
export const usageCards = z
  .array(z.strictObject({ RateCard: z.array(rate).min(1).max(800) }))
  .min(1)
  .max(1)
export const upfrontCard = z.strictObject({
  Selector: selector,
  Constraints: constraints,
  RateCard: z.array(rate).min(1).max(800),
})
export const schedule = z
  .array(z.strictObject({ ChargeDate: date, ChargeAmount: amount(2) }))
  .min(1)
  .max(60)

export const usageTerm = (Type: string) =>
  z.strictObject({ Type: z.literal(Type), CurrencyCode: currency, RateCards: usageCards })
export const configurableTerm = (Type: string) =>
  z.strictObject({
    Type: z.literal(Type),
    CurrencyCode: currency,
    RateCards: z.array(upfrontCard).min(1).max(5),
  })
export const fixedTerm = (Type: string) =>
  z.strictObject({
    Type: z.literal(Type),
    CurrencyCode: currency,
    Price: amount(3),
    Duration: maybe(duration),
    Grants: grants,
  })
export const scheduleTerm = (Type: string) =>
  z.strictObject({ Type: z.literal(Type), CurrencyCode: currency, Schedule: schedule })

export const offerPricingTerm = z.discriminatedUnion('Type', [
  usageTerm('UsageBasedPricingTerm'),
  configurableTerm('ConfigurableUpfrontPricingTerm'),
  fixedTerm('FixedUpfrontPricingTerm'),
  z.strictObject({ Type: z.literal('ByolPricingTerm') }),
  z.strictObject({ Type: z.literal('FreeTrialPricingTerm'), Duration: duration, Grants: grants }),
  z.strictObject({
    Type: z.literal('RecurringPaymentTerm'),
    CurrencyCode: currency,
    BillingPeriod: z.literal('Monthly'),
    Price: amount(3),
  }),
])

export const documentOf = (types: [string, ...string[]]) =>
  z.strictObject({ Type: z.enum(types), Url: maybe(z.url().max(32000)), Version: maybe(z.string()) })

export const preExisting = maybe(
  z.strictObject({
    AcquisitionChannel: z.enum(['AwsMarketplace', 'External']),
    PricingModel: z.enum(['Byol', 'Free', 'Usage', 'Contract']),
  }),
)
export const buyers = (maximum: number) => z.array(account).min(1).max(maximum)
export const empty = z.strictObject({})
export const terms = <T extends z.ZodType>(term: T, minimum: number, maximum: number) =>
  z.strictObject({ Terms: z.array(term).min(minimum).max(maximum) })
