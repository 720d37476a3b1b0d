// A market whose vendor has a released product, and the changes of its channel with single parts swapped.
import {
  DescribeEntityCommand,
  MarketplaceCatalogServiceException,
  StartChangeSetCommand,
} from '@aws-sdk/client-marketplace-catalog'
import {
  buyer,
  type Change,
  type Clients,
  change,
  changesOf,
  type Market,
  openMarket,
  problemsOf,
  publish,
  reseller,
} from '../support.ts'

export const Catalog = 'AWSMarketplace'
const A = 'resaleauthz:$A.Entity.Identifier'
const O = 'offer:$O.Entity.Identifier'

export async function openChannel() {
  const market = await openMarket()
  // Tests start change sets faster than the cloud allows.
  const often = ['StartChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'ListEntities', 'DescribeEntity']
  for (const operation of [...often, 'BatchDescribeEntities']) {
    await market.control('/throttles', { service: 'marketplace-catalog', operation, rate_per_second: null })
  }
  const { productId } = await publish(market)
  return { market, productId }
}

/** Details by change type; undefined leaves the change out. */
export type Details = Record<string, unknown>

const usage = (Price = '0.001') => ({
  Type: 'ResaleUsageBasedPricingTerm',
  CurrencyCode: 'USD',
  RateCards: [{ RateCard: [{ DimensionKey: 'calls', Price }] }],
})
const fixed = {
  Type: 'ResaleFixedUpfrontPricingTerm',
  CurrencyCode: 'USD',
  Price: '0.00',
  Duration: 'P12M',
  Grants: [{ DimensionKey: 'seats', MaxQuantity: 10 }],
}
const configurable = (...durations: string[]) => ({
  Type: 'ResaleConfigurableUpfrontPricingTerm',
  CurrencyCode: 'USD',
  RateCards: durations.map((Value) => ({
    Selector: { Type: 'Duration', Value },
    RateCard: [{ DimensionKey: 'seats', Price: '150' }],
    Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
  })),
})
const pricing = (...Terms: object[]) => ({ PricingModel: 'Contract', Terms })
const schedule = (...items: [string, string][]) => ({
  Terms: [
    {
      Type: 'ResalePaymentScheduleTerm',
      CurrencyCode: 'USD',
      Schedule: items.map(([ChargeDate, ChargeAmount]) => ({ ChargeDate, ChargeAmount })),
    },
  ],
})
const documents = {
  buyer: { Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardEula' }] },
  reseller: { Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] },
}
export const parts = { usage, fixed, configurable, pricing, schedule, documents }

/** The three ways an authorization is given. */
export const modes: Record<string, Details> = {
  'for one offer, paid by instalments': {
    UpdatePricingTerms: pricing(fixed, usage()),
    UpdatePaymentScheduleTerms: schedule(['2026-12-10', '200.00'], ['2027-03-10', '250.00']),
    UpdateAvailability: { AvailabilityEndDate: '2026-11-30', OffersMaxQuantity: 1 },
  },
  'until a date, at list prices': {
    UpdatePricingTerms: pricing(configurable('P12M', 'P24M'), usage()),
    UpdateAvailability: { AvailabilityEndDate: '2026-12-31' },
  },
  'without an end, for usage': { UpdatePricingTerms: { PricingModel: 'Usage', Terms: [usage()] } },
}
export const oneTime = modes['for one offer, paid by instalments'] ?? {}
export const listPrices = modes['until a date, at list prices'] ?? {}

const order = [
  'UpdateInformation',
  'UpdateBuyerTargetingTerms',
  'UpdatePricingTerms',
  'UpdatePaymentScheduleTerms',
  'UpdateNetPaymentTerms',
  'UpdateBuyerValidityTerms',
  'UpdateAvailability',
  'UpdateLegalTerms',
]

/** The changes that give an authorization in a mode, with some details swapped. */
export function authorizationOf(productId: string, mode: Details, swaps: Details = {}): Change[] {
  const details: Details = {
    CreateResaleAuthorization: { ProductId: productId, Name: 'RA', ResellerAccountId: reseller },
    UpdateBuyerTargetingTerms: {
      Terms: [{ Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: [buyer] } }],
    },
    UpdateLegalTerms: { Terms: [documents.buyer, documents.reseller] },
    ReleaseResaleAuthorization: {},
    ...mode,
    ...swaps,
  }
  const changes: Change[] = [
    ['CreateResaleAuthorization', 'resaleauthz', details.CreateResaleAuthorization, 'A'],
    ...order.map((type): Change => [type, A, details[type]]),
    ['ReleaseResaleAuthorization', A, details.ReleaseResaleAuthorization],
  ]
  return changes.filter(([, , body]) => body !== undefined)
}

/** The reseller's offer of an authorization, with some details swapped. */
export function channelOfferOf(authorizationId: string, swaps: Details = {}): Change[] {
  const details: Details = {
    CreateOfferUsingResaleAuthorization: { ResaleAuthorizationId: authorizationId },
    UpdateInformation: { Name: 'Resold', Description: 'A resold deal' },
    UpdateMarkup: { Percentage: '5.0' },
    UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [buyer] } },
    UpdateAvailability: { AvailabilityEndDate: '2026-11-30' },
    ReleaseOffer: {},
    ...swaps,
  }
  return Object.entries(details)
    .filter(([, body]) => body !== undefined)
    .map(([type, body]) => (type.startsWith('Create') ? [type, 'offer', body, 'O'] : [type, O, body]))
}

/** SUCCEEDED, the codes by change type, or the status and class of what was refused at once. */
export async function outcome(market: Market, clients: Clients, changes: Change[]): Promise<string[]> {
  try {
    const done = await change(market, clients, changes)
    return done.Status === 'SUCCEEDED' ? ['SUCCEEDED'] : problemsOf(done)
  } catch (error) {
    if (!(error instanceof MarketplaceCatalogServiceException)) throw error
    return [`${error.$metadata.httpStatusCode} ${error.name}`]
  }
}

export async function documentOf(clients: Clients, EntityId: string) {
  const found = await clients.catalog.send(new DescribeEntityCommand({ Catalog, EntityId }))
  return { ...found, body: found.DetailsDocument as Record<string, unknown> & { Terms: TermDocument[] } }
}
export type TermDocument = { Type: string } & Record<string, unknown>

export function start(clients: Clients, changes: Change[], more: object = {}) {
  return clients.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: changesOf(changes), ...more }))
}
