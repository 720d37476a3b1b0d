import { DescribeEntityCommand } from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Change, change, type Market, madeBy, problemsOf } from '../support.ts'
import { openCatalog, releaseProduct } from './offer-world.ts'

const Catalog = 'AWSMarketplace'
let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await releaseProduct(market)
})
afterAll(() => market.server.stop())

type Option = { Id: string; Type: string; [field: string]: unknown }
type Document = {
  Description: Record<string, unknown>
  Dimensions: { Key: string; Types: string[] }[]
  Versions: { DeliveryOptions: Option[] }[]
  PromotionalResources: Record<string, unknown>
}

async function read(id: string) {
  const found = await market.vendor.catalog.send(new DescribeEntityCommand({ Catalog, EntityId: id }))
  return { identifier: found.EntityIdentifier, document: found.DetailsDocument as Document }
}
const run = async (...changes: [type: string, details: unknown, id?: string][]) =>
  change(
    market,
    market.vendor,
    changes.map(([type, details, id = productId]): Change => [type, `prod:${id}`, details]),
  )
const problems = async (type: string, details: unknown) => problemsOf(await run([type, details]))
const dimension = (Key: string, ...Types: string[]) => ({
  Key,
  Name: Key,
  Description: Key,
  Types,
  Unit: 'Units',
})

describe('a product is read back', () => {
  test('with every field of its information, and nulls for what was never said', async () => {
    const draft = madeBy(await change(market, market.vendor, [['CreateProduct', 'prod', {}, 'P']]), 'P')
    expect((await read(draft)).document.Description).toMatchObject({
      ProductTitle: null,
      Sku: null,
      ReplacementProductId: null,
      ProductState: 'Draft',
      Visibility: 'Draft',
      Highlights: [],
    })
    const information = {
      ProductTitle: 'Ledger',
      Sku: 'L-1',
      Highlights: ['', 'two'],
      AdditionalResources: [{ Text: 'Guide', Url: 'https://example.com/guide?x=1#y' }],
      VideoUrls: ['https://example.com/video'],
      LongDescription: null,
    }
    expect(problemsOf(await run(['UpdateInformation', information, draft]))).toEqual([])
    const { identifier, document } = await read(draft)
    expect(identifier).toBe(`${draft}@2`)
    expect(document.Description).toMatchObject({
      ProductTitle: 'Ledger',
      Sku: 'L-1',
      Highlights: ['', 'two'],
    })
    expect(document.PromotionalResources).toEqual({
      LogoUrl: null,
      Videos: [{ Type: 'Link', Title: null, Url: 'https://example.com/video' }],
      AdditionalResources: [{ Type: 'Link', Text: 'Guide', Url: 'https://example.com/guide?x=1#y' }],
    })
  })

  test('with its options of both kinds', async () => {
    const api = {
      ApiType: 'MCP_SERVER',
      FulfillmentUrl: 'https://example.com/api',
      QuickLaunchEnabled: true,
      Endpoints: [{ EndpointUrl: 'https://example.com/mcp', AuthorizationTypes: ['OAUTH2'], Name: null }],
    }
    const template = {
      Title: 'Launch',
      IamPolicy: '{}',
      CloudFormationDetails: {
        DefaultStackName: 'Launch-1',
        TemplateUrl: 'https://bucket.s3.amazonaws.com/template.yaml',
      },
    }
    const page = {
      FulfillmentUrl: 'https://example.com/page',
      QuickLaunchEnabled: true,
      DeploymentTemplates: [template],
    }
    const draft = madeBy(
      await change(market, market.vendor, [
        ['CreateProduct', 'prod', {}, 'P'],
        [
          'AddDeliveryOptions',
          'prod:$P.Entity.Identifier',
          {
            DeliveryOptions: [
              { Details: { SaaSUrlDeliveryOptionDetails: page } },
              { Details: { ApiDeliveryOptionDetails: api } },
            ],
          },
        ],
      ]),
      'P',
    )
    const { DeliveryOptions = [] } = (await read(draft)).document.Versions[0] ?? {}
    expect(DeliveryOptions).toMatchObject([
      {
        Type: 'SaaSUrlDeliveryOption',
        LaunchUrl: null,
        ApiType: null,
        DeploymentTemplates: [{ Title: 'Launch', Description: null, DefaultStackName: 'Launch-1' }],
      },
      {
        Type: 'ApiDeliveryOption',
        ApiType: 'MCP_SERVER',
        QuickLaunchEnabled: true,
        DeploymentTemplates: null,
      },
    ])
    const changed = await run(
      [
        'UpdateDeliveryOptionsVisibility',
        { DeliveryOptions: [{ Id: DeliveryOptions[1]?.Id, TargetVisibility: 'Unavailable' }] },
        draft,
      ],
      [
        'UpdateDeliveryOptions',
        {
          DeliveryOptions: [
            {
              Id: DeliveryOptions[0]?.Id,
              Details: { SaaSUrlDeliveryOptionDetails: { LaunchUrl: 'https://example.com/launch' } },
            },
          ],
        },
        draft,
      ],
    )
    expect(problemsOf(changed)).toEqual([])
    expect((await read(draft)).document.Versions[0]?.DeliveryOptions).toMatchObject([
      { FulfillmentUrl: 'https://example.com/page', LaunchUrl: 'https://example.com/launch' },
      { Visibility: 'Unavailable' },
    ])
    const wrongKind = await run([
      'UpdateDeliveryOptions',
      { DeliveryOptions: [{ Id: DeliveryOptions[0]?.Id, Details: { ApiDeliveryOptionDetails: {} } }] },
      draft,
    ])
    expect(problemsOf(wrongKind)).toEqual(['UpdateDeliveryOptions: INVALID_DELIVERY_OPTION'])
  })
})

describe('dimensions', () => {
  test('gain and lose types', async () => {
    expect(await problems('AddDimensions', [dimension('both', 'ExternallyMetered', 'Entitled')])).toEqual([])
    const types = async () =>
      (await read(productId)).document.Dimensions.find(({ Key }) => Key === 'both')?.Types
    expect(await types()).toEqual(['Entitled', 'Metered', 'ExternallyMetered'])
    expect(await problems('RestrictDimensions', [{ Key: 'both', Types: ['Metered'] }])).toEqual([])
    expect(await types()).toEqual(['Entitled'])
    expect(await problems('UpdateDimensions', [{ Key: 'both', Types: ['Metered'], Name: null }])).toEqual([])
    expect(await types()).toEqual(['Entitled', 'Metered'])
  })

  const refusals: [string, string, unknown][] = [
    ['AddDimensions', 'DUPLICATE_DIMENSION_KEYS', [dimension('seats', 'Entitled')]],
    ['AddDimensions', 'DUPLICATE_DIMENSION_KEYS', [dimension('n', 'Entitled'), dimension('n', 'Entitled')]],
    [
      'AddDimensions',
      'TOO_MANY_DIMENSIONS',
      Array.from({ length: 200 }, (_, index) => dimension(`many.${index}`, 'Entitled')),
    ],
    ['UpdateDimensions', 'INVALID_DIMENSION_KEY', [{ Key: 'none', Types: ['Entitled'] }]],
    ['RestrictDimensions', 'INVALID_DIMENSION_KEY', [{ Key: 'none', Types: ['Entitled'] }]],
    ['RestrictDimensions', 'INVALID_DIMENSION_TYPES', [{ Key: 'seats', Types: ['Metered'] }]],
    ['UpdateTargeting', 'INVALID_BUYER_ACCOUNTS', { PositiveTargeting: { BuyerAccounts: ['12'] } }],
    ['AddDeliveryOptions', 'INVALID_DELIVERY_OPTION', { DeliveryOptions: [{ Details: {} }] }],
    [
      'UpdateDeliveryOptionsVisibility',
      'INVALID_DELIVERY_OPTION_ID',
      { DeliveryOptions: [{ Id: 'do-none', TargetVisibility: 'Public' }] },
    ],
    ['ReleaseProduct', 'INCOMPATIBLE_STATUS', {}],
    [
      'UpdateVisibility',
      'INVALID_REPLACEMENT_PRODUCT',
      { TargetVisibility: 'Restricted', ReplacementProductId: 'prod-0000000000000' },
    ],
  ]
  test.each(refusals)('%s is refused with %s (%#)', async (type, code, details) => {
    expect(await problems(type, details)).toEqual([`${type}: ${code}`])
  })
})

test('a product is restricted in favour of another one', async () => {
  const [old, next] = [await releaseProduct(market), await releaseProduct(market)]
  const restrict = (ReplacementProductId: string) =>
    run(['UpdateVisibility', { TargetVisibility: 'Restricted', ReplacementProductId }, old])
  expect(problemsOf(await restrict(old))).toEqual(['UpdateVisibility: INVALID_REPLACEMENT_PRODUCT'])
  expect(problemsOf(await restrict(next))).toEqual([])
  const { document } = await read(old)
  expect(document.Description).toMatchObject({ Visibility: 'Restricted', ReplacementProductId: next })
  expect(document.Versions[0]?.DeliveryOptions).toMatchObject([{ Visibility: 'Restricted' }])
})

test('a draft has no visibility to change, and an unfinished one is not released', async () => {
  const draft = madeBy(await change(market, market.vendor, [['CreateProduct', 'prod', {}, 'P']]), 'P')
  const shown = await run(['UpdateVisibility', { TargetVisibility: 'Public' }, draft])
  expect(problemsOf(shown)).toEqual(['UpdateVisibility: INCOMPATIBLE_STATUS'])
  const released = await run(['ReleaseProduct', {}, draft])
  expect([...new Set(problemsOf(released))]).toEqual([
    'ReleaseProduct: MISSING_MANDATORY_FIELDS',
    'ReleaseProduct: MISSING_DELIVERY_OPTIONS',
    'ReleaseProduct: MISSING_DIMENSIONS',
  ])
})
