// Offer sets and solutions. Source of the rules and codes: developer guide, "Work with offer sets".
import { ListEntitiesCommand } from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buyer,
  type Change,
  change,
  type Market,
  madeBy,
  privateOfferChanges,
  publish,
  vendor,
} from '../support.ts'
import { Catalog, documentOf, openChannel, outcome } from './support.ts'

let market: Market
const products: string[] = []
beforeAll(async () => {
  const opened = await openChannel()
  market = opened.market
  products.push(opened.productId, (await publish(market)).productId)
})
afterAll(() => market.server.stop())

const S = (id: string) => `OfferSet@1.0:${id}`
const does = (id: string, type: string, details: object) =>
  outcome(market, market.vendor, [[type, S(id), details]])

async function newSet(): Promise<string> {
  const made = await change(market, market.vendor, [['CreateOfferSet', 'OfferSet@1.0', { Name: 'Set' }, 'S']])
  return madeBy(made, 'S')
}

async function offerFor(
  offerSetId: string | undefined,
  product: string | undefined = products[0],
  replace: Record<string, unknown> = {},
): Promise<string> {
  const changes = privateOfferChanges(product ?? '', {
    CreateOffer: { ProductId: product, OfferSetId: offerSetId },
    ...replace,
  })
  return madeBy(await change(market, market.vendor, changes), 'O')
}

const offers = (...ids: string[]) => ({ Offers: ids.map((OfferId) => ({ OfferId })) })
const solution = (name = 'Solution'): Change[] => [
  ['CreateSolution', 'Solution@1.0', { Name: name, Title: 'Title' }, 'L'],
]
const shown = {
  ShortDescription: 's',
  LongDescription: 'l',
  LogoUrl: 'https://s3.amazonaws.com/logos/sample.png',
}

describe('an offer set', () => {
  test('of two offers and a solution is released, told of, listed and described', async () => {
    const soln = madeBy(
      await change(market, market.vendor, [
        ...solution(),
        ['UpdateInformation', 'Solution@1.0:$L.Entity.Identifier', shown],
        [
          'UpdateRelatedProducts',
          'Solution@1.0:$L.Entity.Identifier',
          { AwsMarketplaceProducts: products.map((ProductId) => ({ ProductId })) },
        ],
        ['ReleaseSolution', 'Solution@1.0:$L.Entity.Identifier', {}],
      ]),
      'L',
    )
    const id = await newSet()
    const ids = [await offerFor(id), await offerFor(id, products[1])]
    const released = await outcome(market, market.vendor, [
      ['UpdateInformation', S(id), { BuyerNotes: 'Both at once' }],
      ['AssociateOffers', S(id), offers(...ids)],
      ['AssociateSolution', S(id), { SolutionId: soln }],
      ['ReleaseOfferSet', S(id), {}],
    ])
    expect(released).toEqual(['SUCCEEDED'])
    const { body, EntityType, EntityArn } = await documentOf(market.vendor, id)
    expect(EntityType).toBe('OfferSet@1.0')
    expect(EntityArn).toBe(`arn:aws:aws-marketplace:us-east-1:${vendor}:AWSMarketplace/OfferSet/${id}`)
    expect(body).toMatchObject({
      Id: id,
      Name: 'Set',
      BuyerNotes: 'Both at once',
      State: 'Released',
      SolutionId: soln,
      AssociatedOffers: ids.map((OfferId) => ({ OfferId })),
    })
    const list = (EntityType: string, EntityTypeFilters: object) =>
      market.vendor.catalog.send(
        new ListEntitiesCommand({ Catalog, EntityType, EntityTypeFilters: EntityTypeFilters as never }),
      )
    const sets = await list('OfferSet', { OfferSetFilters: { AssociatedOfferIds: { ValueList: [ids[1]] } } })
    expect(sets.EntitySummaryList).toMatchObject([
      { EntityId: id, OfferSetSummary: { State: 'Released', AssociatedOfferIds: ids, SolutionId: soln } },
    ])
    const found = await list('Offer', { OfferFilters: { OfferSetId: { ValueList: [id] } } })
    expect(found.EntitySummaryList?.map((item) => item.EntityId).sort()).toEqual([...ids].sort())
    await market.by('PT10S')
    const events = await market.control<
      { detail_type: string; event: { detail: unknown; resources: string[] } }[]
    >(`/aws/events?account_id=${vendor}`)
    const told = events.filter((event) => event.detail_type === 'OfferSet Released')
    expect(told).toHaveLength(1)
    expect(told[0]?.event).toMatchObject({
      resources: [EntityArn],
      detail: {
        catalog: 'AWSMarketplace',
        offerSet: { id, arn: EntityArn, name: 'Set' },
        associatedOffers: ids.map((offer) => ({ offer: { id: offer, name: 'Deal' } })),
      },
    })
    for (const [type, details] of [
      ['UpdateInformation', { Name: 'Other' }],
      ['AssociateOffers', offers(ids[0] ?? '')],
      ['DisassociateOffers', offers(ids[0] ?? '')],
      ['DisassociateSolution', { SolutionId: soln }],
      ['ReleaseOfferSet', {}],
    ] as const) {
      expect(await does(id, type, details)).toEqual([`${type}: INVALID_UPDATE_REQUEST`])
    }
  })

  test('is refused in shapes that AWS does not take', async () => {
    const id = await newSet()
    for (const [type, details] of [
      ['UpdateInformation', {}],
      ['UpdateInformation', { BuyerNotes: 'n'.repeat(1001) }],
      ['AssociateOffers', { Offers: [] }],
      ['AssociateOffers', offers(...Array<string>(8).fill('offer-1'))],
      ['AssociateSolution', { SolutionId: 'prod-1' }],
      ['ReleaseOfferSet', { Now: true }],
    ] as const) {
      expect([type, await does(id, type, details)]).toEqual([type, ['422 ValidationException']])
    }
    const created = await outcome(market, market.vendor, [
      ['CreateOffer', 'offer', { ProductId: products[0], OfferSetId: 'offerset-nothere' }, 'O'],
    ])
    expect(created).toEqual(['404 ResourceNotFoundException'])
  })

  test('takes only offers that were made for it, and at most seven', async () => {
    const id = await newSet()
    const foreign = await offerFor(undefined)
    expect(await does(id, 'AssociateOffers', offers(foreign))).toEqual([
      'AssociateOffers: INCOMPATIBLE_OFFER_SET_REFERENCE',
    ])
    const ids: string[] = []
    for (let made = 0; made < 8; made += 1) ids.push(await offerFor(id))
    expect(await does(id, 'AssociateOffers', offers(...ids.slice(0, 7)))).toEqual(['SUCCEEDED'])
    expect(await does(id, 'AssociateOffers', offers(ids[0] ?? ''))).toEqual(['SUCCEEDED'])
    expect(await does(id, 'AssociateOffers', offers(ids[7] ?? ''))).toEqual([
      'AssociateOffers: TOO_MANY_OFFERS',
    ])
    expect(await does(id, 'DisassociateOffers', offers(...ids.slice(1, 7)))).toEqual(['SUCCEEDED'])
    expect((await documentOf(market.vendor, id)).body.AssociatedOffers).toEqual([{ OfferId: ids[0] }])
  })

  test('has one solution, which must be its own and released', async () => {
    const made = await change(market, market.vendor, solution())
    const first = madeBy(made, 'L')
    const second = madeBy(await change(market, market.vendor, solution('Other')), 'L')
    const id = await newSet()
    const associate = (SolutionId: string) => does(id, 'AssociateSolution', { SolutionId })
    expect(await associate(first)).toEqual(['SUCCEEDED'])
    expect(await associate(second)).toEqual(['AssociateSolution: INCOMPATIBLE_SOLUTION_ASSOCIATION'])
    expect(await associate('soln-nothere')).toEqual(['AssociateSolution: INCOMPATIBLE_SOLUTION_ASSOCIATION'])
    expect(await does(id, 'ReleaseOfferSet', {})).toEqual([
      'ReleaseOfferSet: MISSING_BUYER_NOTES',
      'ReleaseOfferSet: MISSING_OFFERS',
      'ReleaseOfferSet: INCOMPATIBLE_SOLUTION_STATE',
    ])
    expect(await does(id, 'DisassociateSolution', { SolutionId: first })).toEqual(['SUCCEEDED'])
    expect(await associate(second)).toEqual(['SUCCEEDED'])
  })

  const late = { UpdateAvailability: { AvailabilityEndDate: '2026-11-29' } }
  const euro = (currency: string) => ({
    UpdatePricingTerms: {
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'FixedUpfrontPricingTerm',
          CurrencyCode: currency,
          Price: '0',
          Duration: 'P12M',
          Grants: [{ DimensionKey: 'seats', MaxQuantity: 25 }],
        },
      ],
    },
    UpdatePaymentScheduleTerms: {
      Terms: [
        {
          Type: 'PaymentScheduleTerm',
          CurrencyCode: currency,
          Schedule: [{ ChargeDate: '2026-11-20', ChargeAmount: '600.00' }],
        },
      ],
    },
  })
  const other = { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [buyer, '300000000004'] } } }
  const mismatches: [string, number, Record<string, unknown>, string][] = [
    ['two offers of one product', 0, {}, 'TOO_MANY_OFFERS_PER_PRODUCT'],
    ['a draft', 1, { ReleaseOffer: undefined }, 'DRAFT_OFFERS'],
    ['another last day', 1, late, 'INCONSISTENT_OFFER_AVAILABILITY_END_DATE'],
    ['another currency', 1, euro('EUR'), 'INCONSISTENT_OFFER_CURRENCY_CODE'],
    ['other buyers', 1, other, 'INCONSISTENT_OFFER_TARGETING_RULE'],
  ]
  test.each(mismatches)('is not released with %s', async (_name, product, replace, code) => {
    await market.control('/aws/accounts', { account_id: '300000000004', name: 'Second', role: 'buyer' })
    const id = await newSet()
    const ids = [await offerFor(id), await offerFor(id, products[product], replace)]
    const released = await outcome(market, market.vendor, [
      ['UpdateInformation', S(id), { BuyerNotes: 'n' }],
      ['AssociateOffers', S(id), offers(...ids)],
      ['ReleaseOfferSet', S(id), {}],
    ])
    expect(released).toEqual([`ReleaseOfferSet: ${code}`])
  })

  test('belongs to its seller alone', async () => {
    const id = await newSet()
    const found = await outcome(market, market.reseller, [['UpdateInformation', S(id), { Name: 'Mine' }]])
    expect(found).toEqual(['403 AccessDeniedException'])
  })
})
