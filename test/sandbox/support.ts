import { MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement'
import {
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  MarketplaceCatalogClient,
  StartChangeSetCommand,
} from '@aws-sdk/client-marketplace-catalog'
import { MarketplaceEntitlementServiceClient } from '@aws-sdk/client-marketplace-entitlement-service'
import { MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import type { SandboxOptions } from '../../sandbox/sandbox.ts'
import { type SandboxServer, startServer } from '../../sandbox/server.ts'

export type Keys = {
  account_id: string
  access_key_id: string
  secret_access_key: string
  feed_bucket?: string
}

/** The control API, for tests that expect it to work. */
export function controlOf(server: SandboxServer) {
  return async <T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    method = body ? 'POST' : 'GET',
  ) => {
    const response = await fetch(`${server.urls.control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${text}`)
    const parsed: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    return parsed as T
  }
}

/** The official clients, changed in nothing but their endpoint. */
export function clientsOf(server: SandboxServer, keys: Keys) {
  const common = {
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: keys.access_key_id, secretAccessKey: keys.secret_access_key },
  }
  const { aws } = server.urls
  return {
    catalog: new MarketplaceCatalogClient({ ...common, endpoint: aws.catalog }),
    metering: new MarketplaceMeteringClient({ ...common, endpoint: aws.metering }),
    agreement: new MarketplaceAgreementClient({ ...common, endpoint: aws.agreement }),
    entitlement: new MarketplaceEntitlementServiceClient({ ...common, endpoint: aws.entitlement }),
    s3: new S3Client({ ...common, endpoint: aws.s3, forcePathStyle: true }),
    sts: new STSClient({ ...common, endpoint: aws.sts }),
  }
}
export type Clients = ReturnType<typeof clientsOf>

export const vendor = '100000000001'
export const reseller = '200000000002'
export const buyer = '300000000003'

/** A sandbox with a vendor, a reseller and a buyer, its clock standing at the first of November 2026. */
export async function openMarket(options: SandboxOptions = {}) {
  const server = await startServer({ port: 0, start: '2026-11-01T00:00:00Z', ...options })
  const control = controlOf(server)
  const register = (account_id: string, name: string, role: string, more = {}) =>
    control<Keys>('/aws/accounts', { account_id, name, role, ...more })
  const keys = {
    vendor: await register(vendor, 'Vendor Inc', 'seller'),
    reseller: await register(reseller, 'Reseller LLC', 'seller'),
    buyer: await register(buyer, 'Buyer Corp', 'buyer'),
  }
  const market = {
    server,
    control,
    keys,
    vendor: clientsOf(server, keys.vendor),
    reseller: clientsOf(server, keys.reseller),
    by: (duration: string) => control<{ now: string; happened: number }>('/clock', { by: duration }),
    to: (instant: string) => control<{ now: string; happened: number }>('/clock', { to: instant }),
  }
  return market
}
export type Market = Awaited<ReturnType<typeof openMarket>>

export type Change = [change: string, entity: string, details: unknown, name?: string | undefined]

const types: Record<string, string> = {
  prod: 'SaaSProduct@1.0',
  offer: 'Offer@1.0',
  resaleauthz: 'ResaleAuthorization@1.0',
}

export function changesOf(changes: Change[]) {
  return changes.map(([ChangeType, entity, DetailsDocument, ChangeName]) => {
    const [kind = '', identifier] = entity.split(':')
    const Type = types[kind] ?? kind
    return {
      ChangeType,
      Entity: identifier === undefined ? { Type } : { Type, Identifier: identifier },
      DetailsDocument: DetailsDocument as never,
      ...(ChangeName === undefined ? {} : { ChangeName }),
    }
  })
}

/** Starts a change set, lets it finish, and describes it. */
export async function change(
  market: Market,
  clients: Clients,
  changes: Change[],
): Promise<DescribeChangeSetCommandOutput> {
  const started = await clients.catalog.send(
    new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet: changesOf(changes) }),
  )
  await market.by('PT40S')
  return clients.catalog.send(
    new DescribeChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSetId: started.ChangeSetId ?? '' }),
  )
}

export function problemsOf(changeSet: DescribeChangeSetCommandOutput): string[] {
  return (changeSet.ChangeSet ?? []).flatMap((item) =>
    (item.ErrorDetailList ?? []).map((error) => `${item.ChangeType}: ${error.ErrorCode}`),
  )
}

/** The entity a change made, without its revision. */
export function madeBy(changeSet: DescribeChangeSetCommandOutput, name: string): string {
  if (changeSet.Status !== 'SUCCEEDED')
    throw new Error(`${changeSet.Status}: ${JSON.stringify(changeSet.ChangeSet)}`)
  const found = changeSet.ChangeSet?.find((item) => item.ChangeName === name)
  return (found?.Entity?.Identifier ?? '').split('@')[0] ?? ''
}

const P = 'prod:$P.Entity.Identifier'
const O = 'offer:$O.Entity.Identifier'
const A = 'resaleauthz:$A.Entity.Identifier'

export const legal: Change = [
  'UpdateLegalTerms',
  O,
  { Terms: [{ Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] }] },
]

export function productChanges(fulfilment = 'https://vendor.example.com/aws'): Change[] {
  return [
    ['CreateProduct', 'prod', {}, 'P'],
    [
      'UpdateInformation',
      P,
      {
        ProductTitle: 'Ledger',
        ShortDescription: 's',
        LongDescription: 'l',
        Highlights: ['h'],
        SearchKeywords: ['k'],
        Categories: ['Data Catalogs'],
        LogoUrl: 'https://s3.amazonaws.com/logos/sample.png',
        VideoUrls: [],
        AdditionalResources: [],
      },
    ],
    ['UpdateTargeting', P, { PositiveTargeting: { BuyerAccounts: [buyer] } }],
    [
      'AddDeliveryOptions',
      P,
      { DeliveryOptions: [{ Details: { SaaSUrlDeliveryOptionDetails: { FulfillmentUrl: fulfilment } } }] },
    ],
    [
      'AddDimensions',
      P,
      [
        { Key: 'seats', Name: 'Seats', Description: 'Seats', Types: ['Entitled'], Unit: 'Units' },
        { Key: 'calls', Name: 'Calls', Description: 'Calls', Types: ['ExternallyMetered'], Unit: 'Units' },
      ],
    ],
    ['ReleaseProduct', P, {}],
  ]
}

export const publicOfferChanges: Change[] = [
  ['CreateOffer', 'offer', { ProductId: '$P.Entity.Identifier' }, 'O'],
  ['UpdateInformation', O, { Name: 'Public', Description: 'd' }],
  [
    'UpdatePricingTerms',
    O,
    {
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'UsageBasedPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [{ RateCard: [{ DimensionKey: 'calls', Price: '0.15' }] }],
        },
        {
          Type: 'ConfigurableUpfrontPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [
            {
              Selector: { Type: 'Duration', Value: 'P12M' },
              RateCard: [{ DimensionKey: 'seats', Price: '150' }],
              Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
            },
          ],
        },
      ],
    },
  ],
  legal,
  ['UpdateSupportTerms', O, { Terms: [{ Type: 'SupportTerm', RefundPolicy: 'No refunds.' }] }],
  ['ReleaseOffer', O, {}],
]

export async function publish(
  market: Market,
  fulfilment?: string,
): Promise<{ productId: string; publicOfferId: string }> {
  const done = await change(market, market.vendor, [...productChanges(fulfilment), ...publicOfferChanges])
  return { productId: madeBy(done, 'P'), publicOfferId: madeBy(done, 'O') }
}

export type ScheduleItem = { ChargeDate: string; ChargeAmount: string }
export const twoInstalments: ScheduleItem[] = [
  { ChargeDate: '2026-11-20', ChargeAmount: '600.00' },
  { ChargeDate: '2027-02-20', ChargeAmount: '400.01' },
]

/** A private offer with instalments, a grant and priced usage; `replace` swaps or drops single changes. */
export function privateOfferChanges(productId: string, replace: Record<string, unknown> = {}): Change[] {
  const changes: Change[] = [
    ['CreateOffer', 'offer', { ProductId: productId }, 'O'],
    ['UpdateInformation', O, { Name: 'Deal', Description: 'A deal' }],
    ['UpdateTargeting', O, { PositiveTargeting: { BuyerAccounts: [buyer] } }],
    [
      'UpdatePricingTerms',
      O,
      {
        PricingModel: 'Contract',
        Terms: [
          {
            Type: 'FixedUpfrontPricingTerm',
            CurrencyCode: 'USD',
            Price: '0',
            Duration: 'P12M',
            Grants: [{ DimensionKey: 'seats', MaxQuantity: 25 }],
          },
          {
            Type: 'UsageBasedPricingTerm',
            CurrencyCode: 'USD',
            RateCards: [{ RateCard: [{ DimensionKey: 'calls', Price: '0.00125' }] }],
          },
        ],
      },
    ],
    [
      'UpdatePaymentScheduleTerms',
      O,
      { Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: 'USD', Schedule: twoInstalments }] },
    ],
    ['UpdateValidityTerms', O, { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] }],
    ['UpdateAvailability', O, { AvailabilityEndDate: '2026-11-30' }],
    legal,
    ['ReleaseOffer', O, {}],
  ]
  return changes
    .map(
      ([type, entity, details, name]): Change => [
        type,
        entity,
        type in replace ? replace[type] : details,
        name,
      ],
    )
    .filter(([, , details]) => details !== undefined)
}

export function authorizationChanges(productId: string): Change[] {
  const usage = { DimensionKey: 'calls', Price: '0.001' }
  return [
    [
      'CreateResaleAuthorization',
      'resaleauthz',
      { ProductId: productId, Name: 'RA', ResellerAccountId: reseller },
      'A',
    ],
    [
      'UpdateBuyerTargetingTerms',
      A,
      { Terms: [{ Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: [buyer] } }] },
    ],
    [
      'UpdatePricingTerms',
      A,
      {
        PricingModel: 'Contract',
        Terms: [
          {
            Type: 'ResaleFixedUpfrontPricingTerm',
            CurrencyCode: 'USD',
            Price: '0.00',
            Duration: 'P12M',
            Grants: [{ DimensionKey: 'seats', MaxQuantity: 10 }],
          },
          { Type: 'ResaleUsageBasedPricingTerm', CurrencyCode: 'USD', RateCards: [{ RateCard: [usage] }] },
        ],
      },
    ],
    [
      'UpdatePaymentScheduleTerms',
      A,
      {
        Terms: [
          {
            Type: 'ResalePaymentScheduleTerm',
            CurrencyCode: 'USD',
            Schedule: [
              { ChargeDate: '2026-12-10', ChargeAmount: '200.00' },
              { ChargeDate: '2027-03-10', ChargeAmount: '250.00' },
            ],
          },
        ],
      },
    ],
    ['UpdateAvailability', A, { AvailabilityEndDate: '2026-11-30', OffersMaxQuantity: 1 }],
    [
      'UpdateLegalTerms',
      A,
      {
        Terms: [
          { Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardEula' }] },
          { Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] },
        ],
      },
    ],
    ['ReleaseResaleAuthorization', A, {}],
  ]
}

export function resellerOfferChanges(authorizationId: string, percentage = '5.0'): Change[] {
  return [
    ['CreateOfferUsingResaleAuthorization', 'offer', { ResaleAuthorizationId: authorizationId }, 'O'],
    ['UpdateInformation', O, { Name: 'Resold', Description: 'A resold deal' }],
    ['UpdateMarkup', O, { Percentage: percentage }],
    ['UpdateTargeting', O, { PositiveTargeting: { BuyerAccounts: [buyer] } }],
    ['UpdateAvailability', O, { AvailabilityEndDate: '2026-11-30' }],
    ['ReleaseOffer', O, {}],
  ]
}

export async function accept(market: Market, offer_id: string, more = {}) {
  return market.control<{ agreement_id: string; license_arn: string }>(`/aws/buyers/${buyer}/accept`, {
    offer_id,
    ...more,
  })
}

export async function readObject(clients: Clients, bucket: string, key: string): Promise<string> {
  const found = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return (await found.Body?.transformToString()) ?? ''
}

/** A feed file as one record per row; the sandbox's test values hold no line breaks. */
export async function readFeed(clients: Clients, bucket: string, feed: string, month: string) {
  const [year, number] = month.split('-')
  const text = await readObject(clients, bucket, `${feed}_v1/year=${year}/month=${number}/data.csv`)
  const [header = '', ...rows] = text.trim().split('\r\n')
  const columns = header.split(',')
  return rows.map((row): Record<string, string> => {
    const cells = [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
    return Object.fromEntries(
      columns.map((column, index) => [column, cells[index]?.[1] ?? cells[index]?.[2] ?? '']),
    )
  })
}
