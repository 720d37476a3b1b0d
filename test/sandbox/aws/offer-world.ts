import { buyer, type Change, change, type Market, madeBy, openMarket, productChanges } from '../support.ts'

export type Rate = { DimensionKey: string; Price: string }
export type Card = {
  Selector?: { Type: string; Value: string }
  Constraints?: { MultipleDimensionSelection: string; QuantityConfiguration: string }
  RateCard: Rate[]
}
export type PricingTerm = {
  Type: string
  CurrencyCode?: string
  Price?: string
  Duration?: string | undefined
  Grants?: { DimensionKey: string; MaxQuantity?: number }[]
  RateCards?: Card[] | undefined
}
export type Instalment = { ChargeDate: string; ChargeAmount: string }
export type Renewal = {
  Type: string
  LockoutPeriod?: string
  AdjustmentDeadline?: string
  MaxRenewals?: number
  PriceIncrease?: {
    Type: string
    Value?: string
    Range?: { MinValue: string; MaxValue: string; DefaultValue: string }
  }
  TermTemplates?: {
    Type: string
    Schedule: { ChargeDateOffset: string; ChargePercentage: string; DayOfMonth?: number }[]
  }[]
}

type Changes = {
  CreateOffer: { ProductId: string; Name?: string | null }
  CreateReplacementOffer: { AgreementId: string; Name?: string }
  UpdateInformation: { Name?: string | null; Description?: string | null; PreExistingAgreement?: unknown }
  UpdateTargeting: unknown
  UpdatePricingTerms: { PricingModel: string; Terms: PricingTerm[] }
  UpdatePaymentScheduleTerms: { Terms: { Type: string; CurrencyCode: string; Schedule: Instalment[] }[] }
  UpdateValidityTerms: { Terms: Record<string, string | null>[] }
  UpdateAvailability: { AvailabilityEndDate: string }
  UpdateLegalTerms: { Terms: { Type: string; Documents: Record<string, string | null>[] }[] }
  UpdateSupportTerms: { Terms: { Type: string; RefundPolicy: string }[] }
  UpdateRenewalTerms: { Terms: Renewal[] }
  UpdateNetPaymentTerms: { Terms: { Type: string; PaymentDuePeriod: string }[] }
  UpdateCustomerVerificationTerms: { Terms: Record<string, string>[] }
  ReleaseOffer: Record<string, never>
}

/** An offer by its change types; what is left out is not sent. */
export type OfferBody = { [Type in keyof Changes]?: Changes[Type] | undefined }

export const usageTerm = (CurrencyCode = 'USD', key = 'calls'): PricingTerm => ({
  Type: 'UsageBasedPricingTerm',
  CurrencyCode,
  RateCards: [{ RateCard: [{ DimensionKey: key, Price: '0.00000125' }] }],
})
export const fixedTerm = (CurrencyCode = 'USD'): PricingTerm => ({
  Type: 'FixedUpfrontPricingTerm',
  CurrencyCode,
  Price: '0',
  Duration: 'P12M',
  Grants: [{ DimensionKey: 'seats', MaxQuantity: 25 }],
})
export const card = (Value: string, Price = '150'): Card => ({
  Selector: { Type: 'Duration', Value },
  Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
  RateCard: [{ DimensionKey: 'seats', Price }],
})
export const configurableTerm = (cards: Card[], CurrencyCode = 'USD'): PricingTerm => ({
  Type: 'ConfigurableUpfrontPricingTerm',
  CurrencyCode,
  RateCards: cards,
})
export const on = (ChargeDate: string, ChargeAmount = '10.00'): Instalment => ({ ChargeDate, ChargeAmount })
export const schedule = (Schedule: Instalment[], CurrencyCode = 'USD') => ({
  Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode, Schedule }],
})
export const validity = (term: Record<string, string | null>) => ({
  Terms: [{ Type: 'ValidityTerm', ...term }],
})
export const renewal = (term: Omit<Renewal, 'Type'>) => ({ Terms: [{ Type: 'RenewalTerm', ...term }] })
export const document = (item: Record<string, string | null>) => ({
  Terms: [{ Type: 'LegalTerm', Documents: [item] }],
})
export const atSamePrice = { Type: 'FixedPercentage', Value: '0.00' }

export const pricing = (PricingModel: string, ...Terms: PricingTerm[]) => ({
  UpdatePricingTerms: { PricingModel, Terms },
})
export const noSchedule = { UpdatePaymentScheduleTerms: undefined }
export const contract = (...cards: ReturnType<typeof card>[]) => ({
  ...pricing('Contract', configurableTerm(cards)),
  ...noSchedule,
  UpdateValidityTerms: undefined,
})
export const template = (
  ...Schedule: { ChargeDateOffset: string; ChargePercentage: string; DayOfMonth?: number }[]
) => [{ Type: 'PaymentScheduleTermTemplate', Schedule }]
export const halves = template(
  { ChargeDateOffset: 'P0M', ChargePercentage: '50', DayOfMonth: 31 },
  { ChargeDateOffset: 'P6M', ChargePercentage: '50.00' },
)
export const range = (MinValue: string, MaxValue: string, DefaultValue: string) => ({
  Type: 'PercentageRange',
  Range: { MinValue, MaxValue, DefaultValue },
})
export const renewing = (term: Parameters<typeof renewal>[0]) => ({ UpdateRenewalTerms: renewal(term) })
export const buyers = (...BuyerAccounts: string[]) => ({
  UpdateTargeting: { PositiveTargeting: { BuyerAccounts } },
})
export const keys = (count: number) => Array.from({ length: count }, (_, index) => `key${index}`)
export const rates = (count: number) => keys(count).map((DimensionKey) => ({ DimensionKey, Price: '1' }))

/** A private contract of a year in two instalments, with usage beside it. */
export function privateOffer(ProductId: string): OfferBody {
  return {
    CreateOffer: { ProductId },
    UpdateInformation: { Name: 'Deal', Description: 'A deal' },
    UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [buyer] } },
    UpdatePricingTerms: { PricingModel: 'Contract', Terms: [fixedTerm(), usageTerm()] },
    UpdatePaymentScheduleTerms: schedule([on('2026-11-20', '600.00'), on('2027-02-20', '400.01')]),
    UpdateValidityTerms: validity({ AgreementDuration: 'P12M' }),
    UpdateAvailability: { AvailabilityEndDate: '2026-11-30' },
    UpdateLegalTerms: document({ Type: 'StandardEula', Version: '2022-07-14' }),
    ReleaseOffer: {},
  }
}

/** A contract for everybody. */
export function publicOffer(ProductId: string): OfferBody {
  return {
    CreateOffer: { ProductId },
    UpdatePricingTerms: {
      PricingModel: 'Contract',
      Terms: [configurableTerm([card('P1M', '15'), card('P12M')]), usageTerm()],
    },
    UpdateLegalTerms: document({ Type: 'StandardEula', Version: '2022-07-14' }),
    ReleaseOffer: {},
  }
}

export function changesOfOffer(body: OfferBody): Change[] {
  return Object.entries(body)
    .filter(([, details]) => details !== undefined)
    .map(([type, details]) =>
      type.startsWith('Create')
        ? [type, 'offer', details, 'O']
        : [type, 'offer:$O.Entity.Identifier', details],
    )
}

export const offerChange = (market: Market, body: OfferBody) =>
  change(market, market.vendor, changesOfOffer(body))

/** A market without throttles: tests start change sets faster than the cloud allows. */
export async function openCatalog(): Promise<Market> {
  const market = await openMarket()
  for (const operation of ['StartChangeSet', 'DescribeChangeSet', 'DescribeEntity']) {
    await market.control('/throttles', { service: 'marketplace-catalog', operation, rate_per_second: null })
  }
  return market
}

/** A released product with two entitled and two metered dimensions. */
export async function releaseProduct(market: Market): Promise<string> {
  const productId = madeBy(await change(market, market.vendor, productChanges()), 'P')
  const dimension = (Key: string, type: string) => ({
    Key,
    Name: Key,
    Description: Key,
    Types: [type],
    Unit: 'Units',
  })
  await change(market, market.vendor, [
    [
      'AddDimensions',
      `prod:${productId}`,
      [dimension('storage', 'Entitled'), dimension('traffic', 'ExternallyMetered')],
    ],
  ])
  return productId
}

/** A product that private offers can be made for. */
export async function publishProduct(market: Market): Promise<string> {
  const productId = await releaseProduct(market)
  madeBy(await offerChange(market, publicOffer(productId)), 'O')
  return productId
}
