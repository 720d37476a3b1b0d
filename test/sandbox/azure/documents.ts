import { customer, type Keys } from './accounts.ts'

// A whole SaaS offer and its private offers, as the ingestion API takes them.

type Body = Record<string, unknown>

export const schema = (type: string, version = '2022-03-01-preview3') =>
  `https://schema.mp.microsoft.com/schema/${type}/${version}`

export type Listing = { product: string; plans: Record<string, string> }

const month = { type: 'month', value: 1 }
const year = { type: 'year', value: 1 }
const product = { resourceName: 'P' }

const planParts = (name: string, externalId: string, pricing: Body): Body[] => [
  { $schema: schema('plan'), resourceName: name, product, identity: { externalId }, alias: name },
  {
    $schema: schema('plan-listing', '2022-03-01-preview5'),
    kind: 'azureSaaS-plan',
    product,
    plan: { resourceName: name },
    languageId: 'en-us',
    name: `Plan ${name}`,
    description: 'A plan',
    summary: 'A plan',
  },
  {
    $schema: schema('price-and-availability-plan', '2022-03-01-preview4'),
    product,
    plan: { resourceName: name },
    visibility: 'visible',
    audience: 'public',
    markets: ['us'],
    pricing,
  },
]

const monthly = (price: number) => ({
  recurrentPriceMode: 'flatRate',
  priceInputOption: 'usd',
  prices: [{ billingTerm: month, paymentOption: month, pricePerPaymentInUsd: price }],
})
const calls = (price: number) => ({
  priceInputOption: 'usd',
  meters: {
    calls: {
      pricePerPaymentInUsd: price,
      includedQuantities: [{ billingTerm: month, quantity: 1000, isInfinite: false }],
    },
  },
})

/** A whole SaaS offer: silver and gold with a meter, team by the seat. */
export function productResources(keys: Keys, connection: { landing: string; webhook: string }): Body[] {
  return [
    {
      $schema: schema('product'),
      resourceName: 'P',
      type: 'softwareAsAService',
      identity: { externalId: 'ledger' },
      alias: 'Ledger',
    },
    {
      $schema: schema('commercial-marketplace-setup', '2022-03-01-preview2'),
      product,
      sellThroughMicrosoft: true,
      useMicrosoftLicenseManagementService: false,
    },
    { $schema: schema('property', '2022-03-01-preview5'), product, kind: 'azureSaaS', termsOfUse: 'terms' },
    {
      $schema: schema('listing', '2022-03-01-preview5'),
      product,
      kind: 'azureSaaS',
      languageId: 'en-us',
      title: 'Ledger',
    },
    { $schema: schema('price-and-availability-offer'), product, previewAudiences: [] },
    {
      $schema: schema('software-as-a-service-technical-configuration'),
      product,
      landingPageUrl: connection.landing,
      connectionWebhook: connection.webhook,
      azureAdTenantId: keys.tenant_id,
      azureAdAppId: keys.client_id,
    },
    {
      $schema: schema('price-and-availability-custom-meter'),
      product,
      customMeters: { calls: { displayName: 'Calls', unitOfMeasure: 'call' } },
    },
    ...planParts('silver', 'silver', { recurrentPrice: monthly(100), customMeters: calls(0.05) }),
    ...planParts('gold', 'gold', { recurrentPrice: monthly(300), customMeters: calls(0.02) }),
    ...planParts('team', 'team', {
      recurrentPrice: {
        recurrentPriceMode: 'perUser',
        priceInputOption: 'usd',
        userLimits: { min: 1, max: 100 },
        prices: [{ billingTerm: year, paymentOption: year, pricePerPaymentInUsd: 120 }],
      },
    }),
  ]
}

const offerSchema = schema('private-offer', '2023-07-15')

/** A private offer on an existing plan with a percentage off. */
export function discountOffer(listing: Listing, more: Body = {}): Body {
  return {
    $schema: offerSchema,
    name: 'deal-1',
    state: 'live',
    privateOfferType: 'customerPromotion',
    offerPricingType: 'editExistingOfferPricingOnly',
    preparedBy: 'amy@publisher.example',
    beneficiaries: [{ id: customer, description: 'Buyer' }],
    pricing: [
      {
        product: listing.product,
        plan: listing.plans.silver,
        discountType: 'percentage',
        discountPercentage: 10,
      },
    ],
    variableStartDate: true,
    end: '2027-12-31',
    acceptBy: '2027-01-31',
    notificationContacts: ['ops@publisher.example'],
    ...more,
  }
}

/** A new plan at an absolute price on dates of its own, and the price it refers to. */
export function flexibleOffer(listing: Listing, more: Body = {}): Body[] {
  return [
    {
      $schema: schema('price-and-availability-private-offer-plan', '2023-07-15'),
      resourceName: 'price1',
      product: listing.product,
      plan: listing.plans.silver,
      offerPricingType: 'saasNewCustomizedPlans',
      pricing: {
        recurrentPrice: {
          recurrentPriceMode: 'flatRate',
          priceInputOption: 'usd',
          prices: [
            {
              contractDuration: year,
              billingFrequency: { type: 'month', value: 1 },
              flexibleSchedule: {
                initialCharge: { pricePerPaymentInUsd: 600, note: 'on signing' },
                billingSchedule: [{ chargeDate: '2027-02-20', pricePerPaymentInUsd: 400.01, note: 'second' }],
              },
            },
          ],
        },
        customMeters: {
          priceInputOption: 'usd',
          meters: { calls: { pricePerPaymentInUsd: 0.03, includedQuantities: [] } },
        },
      },
    },
    {
      ...discountOffer(listing, { name: 'deal-2', offerPricingType: 'saasNewCustomizedPlans' }),
      pricing: [
        {
          product: listing.product,
          discountType: 'absolute',
          priceDetails: { resourceName: 'price1' },
          basePlan: listing.plans.silver,
          newPlanDetails: { name: 'Buyer deal', description: 'Negotiated' },
        },
      ],
      ...more,
    },
  ]
}
