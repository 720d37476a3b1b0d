/**
 * Prices, schedules and documents in the catalog's terms. Offers and authorizations have the same ones; those of an
 * authorization begin with "Resale". Source: AWS's public shape library for Offer@1.0 and ResaleAuthorization@1.0.
 */
import { type Decimal, formatDecimal } from '../../../src/core/decimal.ts'
import { formatMoney } from '../../../src/core/money.ts'
import type { Instalment, ListingDraft, OfferDraft } from '../../connector.ts'
import type { CatalogDocument, CatalogValue } from '../wire/documents.ts'

/** AWS's standard contract in its current version; offers name the version, authorizations do not. */
const STANDARD_EULA_VERSION = '2022-07-14'

type Pricing = { PricingModel: 'Contract' | 'Usage' | 'Free'; Terms: CatalogValue[] }

export function toAwsPublicPricing({ prices }: ListingDraft): Pricing {
  const usage = toAwsUsageTerm('UsageBasedPricingTerm', prices.currency, prices.metered)
  if (Object.keys(prices.entitled).length === 0) return { PricingModel: 'Usage', Terms: usage }
  const contract = {
    Type: 'ConfigurableUpfrontPricingTerm',
    CurrencyCode: prices.currency,
    RateCards: [
      {
        Selector: { Type: 'Duration', Value: toAwsDuration(prices.term_months) },
        // AWS wants both of these to be the same.
        Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
        RateCard: toAwsRates(prices.entitled),
      },
    ],
  }
  return { PricingModel: 'Contract', Terms: [...usage, contract] }
}

type Priced = Pick<
  OfferDraft,
  'currency' | 'grants' | 'instalments' | 'usage_prices' | 'duration_months' | 'rates' | 'trial_days'
>
type Prefix = '' | 'Resale'

/** Offers and authorizations have the same terms under two names. */
export function toAwsPrivatePricing(
  prefix: Prefix,
  draft: Priced,
  choice: 'quantities' | 'one' = 'quantities',
): Pricing {
  const usage = toAwsUsageTerm(`${prefix}UsageBasedPricingTerm`, draft.currency, draft.usage_prices)
  const Grants = draft.grants.map((grant) => ({
    DimensionKey: grant.dimension,
    MaxQuantity: grant.quantity,
  }))
  if (draft.trial_days !== undefined) {
    const trial = { Type: 'FreeTrialPricingTerm', Duration: `P${draft.trial_days}D`, Grants }
    return { PricingModel: 'Free', Terms: [trial] }
  }
  if (draft.rates !== undefined)
    return { PricingModel: 'Contract', Terms: [toAwsChoice(prefix, draft, choice), ...usage] }
  if (draft.instalments.length === 0) return { PricingModel: 'Usage', Terms: usage }
  const fixed = {
    Type: `${prefix}FixedUpfrontPricingTerm`,
    CurrencyCode: draft.currency,
    // With a payment schedule the money is in the schedule and AWS wants this to be zero.
    Price: '0',
    Duration: toAwsDuration(draft.duration_months),
    Grants,
  }
  return { PricingModel: 'Contract', Terms: [fixed, ...usage] }
}

/** One list of prices for each length; AWS wants both constraints to be the same. */
function toAwsChoice(
  prefix: Prefix,
  { currency, rates }: Priced,
  choice: 'quantities' | 'one',
): CatalogValue {
  const allowed = choice === 'quantities' ? 'Allowed' : 'Disallowed'
  return {
    Type: `${prefix}ConfigurableUpfrontPricingTerm`,
    CurrencyCode: currency,
    RateCards: (rates ?? []).map(({ duration_months, prices }) => ({
      Selector: { Type: 'Duration', Value: toAwsDuration(duration_months) },
      Constraints: { MultipleDimensionSelection: allowed, QuantityConfiguration: allowed },
      RateCard: toAwsRates(prices),
    })),
  }
}

export function toAwsNetPayment(prefix: Prefix, days: number): CatalogDocument {
  return { Terms: [{ Type: `${prefix}NetPaymentTerm`, PaymentDuePeriod: `P${days}D` }] }
}

export function toAwsSchedule(
  prefix: Prefix,
  currency: string,
  instalments: Instalment[],
): CatalogDocument[] {
  if (instalments.length === 0) return []
  const Schedule = instalments.map(({ due_on, amount }) => ({
    ChargeDate: due_on,
    ChargeAmount: formatMoney(amount),
  }))
  return [{ Terms: [{ Type: `${prefix}PaymentScheduleTerm`, CurrencyCode: currency, Schedule }] }]
}

function toAwsUsageTerm(type: string, currency: string, prices: Record<string, Decimal>): CatalogValue[] {
  if (Object.keys(prices).length === 0) return []
  return [{ Type: type, CurrencyCode: currency, RateCards: [{ RateCard: toAwsRates(prices) }] }]
}

function toAwsRates(prices: Record<string, Decimal>): CatalogValue[] {
  return Object.entries(prices).map(([dimension, price]) => ({
    DimensionKey: dimension,
    Price: formatDecimal(price),
  }))
}

export function toAwsDuration(months: number): string {
  return `P${months}M`
}

export function toAwsOfferEula(eula: string): CatalogValue {
  return eula === 'standard'
    ? { Type: 'StandardEula', Version: STANDARD_EULA_VERSION }
    : { Type: 'CustomEula', Url: eula }
}

export function toAwsResaleDocument(kind: 'Eula' | 'ResellerContract', document: string): CatalogValue {
  return document === 'standard' ? { Type: `Standard${kind}` } : { Type: `Custom${kind}`, Url: document }
}
