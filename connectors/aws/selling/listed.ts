/**
 * A product and its public offer as the catalog shows them, in the terms of our draft. `fromAws…` takes whatever AWS may
 * send. Source of the shapes: the entity documents of SaaSProduct@1.0 and Offer@1.0 in AWS's public shape library.
 */
import { z } from 'zod'
import { type Decimal, parseDecimal } from '../../../src/core/decimal.ts'
import type { DimensionKind, ListingDraft } from '../../connector.ts'
import type { Listed, ListedPrices } from '../../listed.ts'

const text = z.string().nullish()
const texts = z.array(z.string()).nullish()
const dimensionShape = z.looseObject({
  Key: text,
  Name: text,
  Description: text,
  Unit: text,
  Types: texts,
})
export const productShape = z.looseObject({
  Description: z
    .looseObject({
      ProductTitle: text,
      ProductCode: text,
      ProductState: text,
      ShortDescription: text,
      LongDescription: text,
      Highlights: texts,
      Categories: texts,
      SearchKeywords: texts,
      Visibility: text,
    })
    .nullish(),
  Dimensions: z.array(dimensionShape).nullish(),
  Targeting: z
    .looseObject({ PositiveTargeting: z.looseObject({ BuyerAccounts: texts }).nullish() })
    .nullish(),
  PromotionalResources: z.looseObject({ LogoUrl: text }).nullish(),
  SupportInformation: z.looseObject({ Description: text }).nullish(),
  Versions: z
    .array(
      z.looseObject({
        DeliveryOptions: z
          .array(z.looseObject({ Id: text, Type: text, FulfillmentUrl: text, Visibility: text }))
          .nullish(),
      }),
    )
    .nullish(),
})
export type AwsProduct = z.infer<typeof productShape>
export type AwsDimension = z.infer<typeof dimensionShape>

export const publicOfferShape = z.looseObject({
  Terms: z
    .array(
      z.looseObject({
        Type: text,
        CurrencyCode: text,
        RefundPolicy: text,
        Documents: z.array(z.looseObject({ Type: text, Url: text })).nullish(),
        RateCards: z
          .array(
            z.looseObject({
              Selector: z.looseObject({ Type: text, Value: text }).nullish(),
              RateCard: z.array(z.looseObject({ DimensionKey: text, Price: text })).nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
})
export type AwsPublicOffer = z.infer<typeof publicOfferShape>
type Term = NonNullable<AwsPublicOffer['Terms']>[number]

/** The product alone where its public offer is not known: its prices and terms are then not compared. */
export function fromAwsListing(
  product: AwsProduct,
  offer: AwsPublicOffer | undefined,
  draft: ListingDraft,
): Listed {
  const terms = offer?.Terms ?? []
  const eula = fromAwsEula(terms, draft)
  const refund_policy = terms.find(({ Type }) => Type === 'SupportTerm')?.RefundPolicy
  const prices = fromAwsPrices(terms, draft)
  const buyers = product.Targeting?.PositiveTargeting?.BuyerAccounts
  return {
    texts: {
      ...fromAwsTexts(product, draft),
      ...(offer === undefined ? {} : { refund_policy: refund_policy ?? '' }),
    },
    dimensions: (product.Dimensions ?? []).map(({ Key, Name, Description, Unit, Types }) => ({
      key: Key ?? '',
      name: Name ?? '',
      description: Description ?? '',
      unit: Unit ?? '',
      kinds: fromAwsTypes(Types ?? []),
    })),
    ...(offer === undefined || prices === undefined ? {} : { prices }),
    options: {
      ...(buyers ? { limited_to: buyers } : {}),
      ...(offer === undefined || eula === undefined ? {} : { eula }),
    },
  }
}

function fromAwsTexts(product: AwsProduct, draft: ListingDraft): Listed['texts'] {
  const { Description: told, PromotionalResources, SupportInformation } = product
  const logo_url = PromotionalResources?.LogoUrl
  const option = deliveryOption(product)
  return {
    title: told?.ProductTitle ?? '',
    short_description: told?.ShortDescription ?? '',
    long_description: told?.LongDescription ?? '',
    highlights: told?.Highlights ?? [],
    keywords: told?.SearchKeywords ?? [],
    categories: told?.Categories ?? [],
    support: SupportInformation?.Description ?? '',
    fulfilment_url: option?.FulfillmentUrl ?? '',
    ...(isCopy(logo_url, draft.logo_url) ? {} : { logo_url: logo_url ?? '' }),
  }
}

/** AWS may show the address of a copy that it made of a picture; it says nothing of where the picture came from. */
function isCopy(shown: string | null | undefined, ours: string): boolean {
  const host = (address: string) => (URL.canParse(address) ? new URL(address).hostname : '')
  return (
    !!shown && shown !== ours && host(shown).startsWith('awsmp-') && host(shown).endsWith('.amazonaws.com')
  )
}

/** The one option of ours: the address that the buyer is sent to. */
export function deliveryOption(product: AwsProduct) {
  const options = (product.Versions ?? []).flatMap(({ DeliveryOptions }) => DeliveryOptions ?? [])
  return options.find(({ FulfillmentUrl }) => !!FulfillmentUrl)
}

/** Usage that the seller reports is "ExternallyMetered", and reads back together with "Metered". */
export function fromAwsTypes(types: readonly string[]): DimensionKind[] {
  const metered = types.some((type) => type === 'Metered' || type === 'ExternallyMetered')
  return [
    ...(metered ? (['metered'] as const) : []),
    ...(types.includes('Entitled') ? (['entitled'] as const) : []),
  ]
}

/** AWS keeps a copy of an agreement's text under an address of its own, so only its kind can be compared. */
function fromAwsEula(terms: readonly Term[], { options = {} }: ListingDraft): string | undefined {
  const [document] = terms.find(({ Type }) => Type === 'LegalTerm')?.Documents ?? []
  if (document === undefined) return undefined
  if (document.Type === 'StandardEula') return 'standard'
  const ours = options.eula
  return typeof ours === 'string' && ours !== 'standard' ? ours : (document.Url ?? 'custom')
}

/** Undefined where the offer has no price that can be read. */
function fromAwsPrices(terms: readonly Term[], draft: ListingDraft): ListedPrices | undefined {
  const usage = terms.find(({ Type }) => Type === 'UsageBasedPricingTerm')
  const contract = terms.find(({ Type }) => Type === 'ConfigurableUpfrontPricingTerm')
  const currency = contract?.CurrencyCode ?? usage?.CurrencyCode
  if (!currency) return undefined
  const cards = (contract?.RateCards ?? []).flatMap((card) => {
    const months = fromAwsDuration(card.Selector?.Value)
    return months === undefined ? [] : [{ months, card }]
  })
  const wanted = cards.find(({ months }) => months === draft.prices.term_months) ?? cards[0]
  return {
    currency,
    terms_months: cards.map(({ months }) => months),
    term_months: wanted?.months ?? draft.prices.term_months,
    entitled: fromAwsRates(wanted?.card.RateCard),
    metered: fromAwsRates(usage?.RateCards?.[0]?.RateCard),
  }
}

function fromAwsDuration(value: string | null | undefined): number | undefined {
  const [, count, unit] = /^P(\d{1,3})([MY])$/.exec(value ?? '') ?? []
  return count === undefined ? undefined : Number(count) * (unit === 'Y' ? 12 : 1)
}

type Rate = { DimensionKey?: string | null | undefined; Price?: string | null | undefined }
function fromAwsRates(rates: readonly Rate[] | null | undefined): Record<string, Decimal> {
  return Object.fromEntries(
    (rates ?? []).flatMap(({ DimensionKey, Price }) => {
      const price = parseDecimal(Price ?? '')
      return !DimensionKey || price === undefined ? [] : [[DimensionKey, price] as const]
    }),
  )
}
