// ListChangeSets, ListEntities and the descriptions of entities, as the published service model has them.
import {
  BatchDescribeEntitiesCommand,
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  ListChangeSetsCommand,
  type ListChangeSetsCommandInput,
  ListEntitiesCommand,
  type ListEntitiesCommandInput,
} from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyer, change, type Market, madeBy, privateOfferChanges, reseller, vendor } from '../support.ts'
import { authorizationOf, Catalog, listPrices, oneTime, openChannel, start } from './support.ts'

let market: Market
let productId = ''
const made: Record<string, string> = {}
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
  await market.by('PT1H')
  made.offer = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
  await market.by('PT1H')
  made.first = madeBy(await change(market, market.vendor, authorizationOf(productId, oneTime)), 'A')
  await market.by('PT1H')
  const swaps = { ReleaseResaleAuthorization: undefined }
  made.draft = madeBy(await change(market, market.vendor, authorizationOf(productId, listPrices, swaps)), 'A')
})
afterAll(() => market.server.stop())

const send = (more: object, clients = market.vendor) =>
  clients.catalog.send(new ListEntitiesCommand({ Catalog, ...more } as ListEntitiesCommandInput))
const ids = async (EntityType: string, more: object = {}, clients = market.vendor) =>
  ((await send({ EntityType, ...more }, clients)).EntitySummaryList ?? []).map((item) => item.EntityId)
const refusedAs = (name: string) => expect.objectContaining({ name })

describe('entities', () => {
  test('have summaries of their own type, and nulls in the others', async () => {
    const url = `${market.server.urls.aws.catalog}/ListEntities`
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-date': '20261101T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${market.keys.vendor.access_key_id}/20261101/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
      },
      body: JSON.stringify({
        Catalog,
        EntityType: 'Offer',
        EntityTypeFilters: { OfferFilters: { EntityId: { ValueList: [made.offer] } } },
      }),
    })
    const body = (await answer.json()) as { EntitySummaryList: Record<string, unknown>[]; NextToken: unknown }
    expect(body.NextToken).toBeNull()
    expect(body.EntitySummaryList).toEqual([
      {
        Name: 'Deal',
        EntityType: 'Offer',
        EntityId: made.offer,
        EntityArn: `arn:aws:aws-marketplace:us-east-1:${vendor}:AWSMarketplace/Offer/${made.offer}`,
        LastModifiedDate: expect.stringMatching(/^.{19}Z$/),
        Visibility: null,
        AmiProductSummary: null,
        ContainerProductSummary: null,
        DataProductSummary: null,
        SaaSProductSummary: null,
        ResaleAuthorizationSummary: null,
        MachineLearningProductSummary: null,
        OfferSetSummary: null,
        OfferSummary: {
          Name: 'Deal',
          ProductId: productId,
          ResaleAuthorizationId: null,
          ReleaseDate: expect.stringMatching(/^.{19}Z$/),
          AvailabilityEndDate: '2026-11-30T23:59:59Z',
          BuyerAccounts: [buyer],
          State: 'Released',
          Targeting: ['BuyerAccounts'],
          OfferSetId: null,
          TargetAgreementId: null,
          TargetAgreementIntent: null,
          CreatedBySource: 'Seller',
        },
      },
    ])
  })

  const offers: [string, object, boolean][] = [
    ['Name', { ValueList: ['Deal'] }, true],
    ['Name', { WildCardValue: 'eAL' }, true],
    ['Name', { WildCardValue: 'no' }, false],
    ['State', { ValueList: ['Draft', 'Released'] }, true],
    ['State', { ValueList: ['Draft'] }, false],
    ['BuyerAccounts', { WildCardValue: buyer }, true],
    ['BuyerAccounts', { WildCardValue: reseller }, false],
    ['Targeting', { ValueList: ['BuyerAccounts'] }, true],
    ['Targeting', { ValueList: ['CountryCodes'] }, false],
    ['AvailabilityEndDate', { DateRange: { AfterValue: '2026-11-30T00:00:00Z' } }, true],
    ['AvailabilityEndDate', { DateRange: { BeforeValue: '2026-11-30T00:00:00Z' } }, false],
    [
      'ReleaseDate',
      { DateRange: { AfterValue: '2026-11-01T01:00:00Z', BeforeValue: '2026-11-01T02:00:00Z' } },
      true,
    ],
    ['LastModifiedDate', { DateRange: { AfterValue: '2026-11-01T02:00:00Z' } }, false],
    ['ResaleAuthorizationId', { ValueList: ['resaleauthz-1'] }, false],
    ['OfferSetId', { ValueList: ['offerset-1abc'] }, false],
    ['TargetAgreementId', { ValueList: ['agmt-1'] }, false],
    ['TargetAgreementIntent', { ValueList: ['Renew'] }, false],
    ['CreatedBySource', { ValueList: ['Seller'] }, true],
  ]
  test.each(offers)('offers by %s %j: %s', async (name, filter, found) => {
    const OfferFilters = { ProductId: { ValueList: [productId] }, [name]: filter }
    const seen = await ids('Offer', { EntityTypeFilters: { OfferFilters } })
    expect(seen.includes(made.offer)).toBe(found)
  })

  const authorizations: [string, object, ('first' | 'draft')[]][] = [
    ['Status', { ValueList: ['Active'] }, ['first']],
    ['Status', { ValueList: ['Draft', 'Active'] }, ['draft', 'first']],
    ['ResellerAccountID', { ValueList: [reseller] }, ['draft', 'first']],
    ['ResellerLegalName', { WildCardValue: 'reseller' }, ['draft', 'first']],
    ['ManufacturerLegalName', { ValueList: ['Nobody'] }, []],
    ['ProductName', { WildCardValue: 'edge' }, ['draft', 'first']],
    ['OfferExtendedStatus', { ValueList: ['Not Started'] }, ['draft', 'first']],
    ['AvailabilityEndDate', { ValueList: ['2026-11-30T23:59:59Z'] }, ['first']],
    ['CreatedDate', { DateRange: { AfterValue: '2026-11-01T03:00:00Z' } }, ['draft']],
    ['ResellerRole', { ValueList: ['Distributor'] }, []],
    ['IssuerAccountId', { ValueList: [vendor] }, ['draft', 'first']],
    ['SourceAuthorization', { ValueList: ['resaleauthz-1'] }, []],
  ]
  test.each(authorizations)('authorizations by %s %j: %j', async (name, filter, found) => {
    const EntityTypeFilters = { ResaleAuthorizationFilters: { [name]: filter } }
    expect(await ids('ResaleAuthorization', { EntityTypeFilters })).toEqual(found.map((key) => made[key]))
  })

  test('are sorted as asked, in pages, and nobody sees a draft that is shared', async () => {
    const sorted = (SortOrder: string) =>
      ids('ResaleAuthorization', {
        EntityTypeSort: { ResaleAuthorizationSort: { SortBy: 'CreatedDate', SortOrder } },
      })
    expect(await sorted('ASCENDING')).toEqual([made.first, made.draft])
    expect(await sorted('DESCENDING')).toEqual([made.draft, made.first])
    const page = await send({ EntityType: 'ResaleAuthorization', MaxResults: 1 })
    const next = await send({ EntityType: 'ResaleAuthorization', MaxResults: 1, NextToken: page.NextToken })
    expect([page, next].map((one) => one.EntitySummaryList?.map((item) => item.EntityId))).toEqual([
      [made.draft],
      [made.first],
    ])
    expect(next.NextToken).toBeUndefined()
    const shared = { OwnershipType: 'SHARED' }
    expect(await ids('ResaleAuthorization', shared, market.reseller)).toEqual([made.first])
    expect(await ids('ResaleAuthorization', {}, market.reseller)).toEqual([])
    expect(await ids('ResaleAuthorization', shared)).toEqual([])
    expect(await ids('Offer', shared, market.reseller)).toEqual([])
    expect(await ids('AmiProduct')).toEqual([])
  })

  const wrong: [string, object, string][] = [
    ['an unknown type', { EntityType: 'Nothing' }, 'ResourceNotFoundException'],
    ['a type with a version', { EntityType: 'Offer@1.0' }, 'ValidationException'],
    ['51 results', { EntityType: 'Offer', MaxResults: 51 }, 'ValidationException'],
    ['a page of its own invention', { EntityType: 'Offer', NextToken: 'abc' }, 'ValidationException'],
    [
      'another order',
      { EntityType: 'Offer', EntityTypeSort: { OfferSort: { SortBy: 'Price' } } },
      'ValidationException',
    ],
    [
      'filters of another type',
      {
        EntityType: 'Offer',
        EntityTypeFilters: { SaaSProductFilters: { ProductTitle: { ValueList: ['x'] } } },
      },
      'ValidationException',
    ],
    [
      'a state that is none',
      { EntityType: 'Offer', EntityTypeFilters: { OfferFilters: { State: { ValueList: ['Live'] } } } },
      'ValidationException',
    ],
    [
      'eleven values',
      {
        EntityType: 'Offer',
        EntityTypeFilters: { OfferFilters: { Name: { ValueList: Array<string>(11).fill('n') } } },
      },
      'ValidationException',
    ],
    [
      'a day for an instant',
      {
        EntityType: 'Offer',
        EntityTypeFilters: { OfferFilters: { ReleaseDate: { DateRange: { AfterValue: '2026-11-01' } } } },
      },
      'ValidationException',
    ],
    [
      'a filter that offers lack',
      { EntityType: 'Offer', FilterList: [{ Name: 'Price', ValueList: ['1'] }] },
      'ValidationException',
    ],
    ['another catalog', { Catalog: 'Other', EntityType: 'Offer' }, 'ValidationException'],
  ]
  test.each(wrong)('are not listed for %s', async (_name, request, error) => {
    await expect(send(request)).rejects.toEqual(refusedAs(error))
  })

  test('are described in batches, each missing one with its own error', async () => {
    const batch = (entities: string[]) =>
      market.reseller.catalog.send(
        new BatchDescribeEntitiesCommand({
          EntityRequestList: entities.map((EntityId) => ({ Catalog, EntityId })),
        }),
      )
    const found = await batch([made.first ?? '', made.draft ?? '', 'offer-nothere'])
    expect(Object.keys(found.EntityDetails ?? {})).toEqual([made.first])
    expect(found.EntityDetails?.[made.first ?? '']).toMatchObject({
      EntityType: 'ResaleAuthorization@1.0',
      EntityIdentifier: `${made.first}@1`,
      DetailsDocument: { Status: 'Active' },
    })
    expect(Object.keys(found.Errors ?? {}).sort()).toEqual(['offer-nothere', made.draft ?? ''].sort())
    expect(found.Errors?.['offer-nothere']).toMatchObject({
      ErrorCode: 'RESOURCE_NOT_FOUND',
      ErrorMessage: 'The entity offer-nothere does not exist.',
    })
    await expect(batch(Array<string>(21).fill('offer-1'))).rejects.toEqual(refusedAs('ValidationException'))
    await expect(batch([])).rejects.toEqual(refusedAs('ValidationException'))
  })

  test('are described by id alone, and only to who may see them', async () => {
    const describeAs = (EntityId: string, clients = market.vendor) =>
      clients.catalog.send(new DescribeEntityCommand({ Catalog, EntityId }))
    await expect(describeAs(`${made.offer}@1`)).rejects.toEqual(refusedAs('ValidationException'))
    await expect(describeAs('offer-nothere')).rejects.toEqual(refusedAs('ResourceNotFoundException'))
    await expect(describeAs(made.offer ?? '', market.reseller)).rejects.toEqual(
      refusedAs('ResourceNotFoundException'),
    )
    await expect(describeAs('agmt-1')).rejects.toEqual(refusedAs('ResourceNotSupportedException'))
  })
})

describe('change sets', () => {
  const list = (more: object = {}) =>
    market.vendor.catalog.send(new ListChangeSetsCommand({ Catalog, ...more } as ListChangeSetsCommandInput))
  const filters = (...pairs: [string, ...string[]][]) => ({
    FilterList: pairs.map(([Name, ...ValueList]) => ({ Name, ValueList })),
  })
  const startTimes = async (more: object) =>
    ((await list(more)).ChangeSetSummaryList ?? []).map((item) => item.StartTime?.slice(11, 16))

  test('are listed by each filter, and by all of them together', async () => {
    expect(await startTimes({})).toEqual(['03:02', '02:01', '01:00', '00:00'])
    expect(await startTimes({ Sort: { SortBy: 'EndTime', SortOrder: 'ASCENDING' } })).toEqual([
      '00:00',
      '01:00',
      '02:01',
      '03:02',
    ])
    expect(await startTimes(filters(['EntityId', made.offer ?? '']))).toEqual(['01:00'])
    expect(await startTimes(filters(['AfterStartTime', '2026-11-01T02:00:00Z']))).toEqual(['03:02', '02:01'])
    const between: [string, string][] = [
      ['AfterEndTime', '2026-11-01T01:00:00Z'],
      ['BeforeEndTime', '2026-11-01T03:00:00Z'],
    ]
    expect(await startTimes(filters(...between))).toEqual(['02:01', '01:00'])
    expect(await startTimes(filters(['BeforeStartTime', '2026-11-01T00:00:00Z']))).toEqual([])
    expect(await startTimes(filters(['Status', 'FAILED', 'CANCELLED']))).toEqual([])
    expect(
      await startTimes(filters(['ChangeSetName', `Submitted by ${vendor}`], ['EntityId', productId])),
    ).toEqual(['00:00'])
  })

  test('come in pages of at most twenty', async () => {
    const first = await list({ MaxResults: 3 })
    const rest = await list({ MaxResults: 3, NextToken: first.NextToken })
    expect([first.ChangeSetSummaryList?.length, rest.ChangeSetSummaryList?.length]).toEqual([3, 1])
    expect(rest.NextToken).toBeUndefined()
  })

  const wrong: [string, object][] = [
    ['21 results', { MaxResults: 21 }],
    ['a filter that is none', filters(['Name', 'x'])],
    ['a status that is none', filters(['Status', 'DONE'])],
    ['two instants', filters(['AfterStartTime', '2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'])],
    ['a day for an instant', filters(['AfterStartTime', '2026-11-01'])],
    ['another order', { Sort: { SortBy: 'Status' } }],
    ['nine filters', filters(...Array<[string, string]>(9).fill(['Status', 'FAILED']))],
  ]
  test.each(wrong)('are not listed for %s', async (_name, request) => {
    await expect(list(request)).rejects.toEqual(refusedAs('ValidationException'))
  })

  test('are forgotten sixty days after they started', async () => {
    const before = await list(filters(['EntityId', made.offer ?? '']))
    const ChangeSetId = before.ChangeSetSummaryList?.[0]?.ChangeSetId ?? ''
    const find = () => market.vendor.catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }))
    expect((await find()).Status).toBe('SUCCEEDED')
    await market.to('2026-12-31T02:00:00Z')
    await expect(find()).rejects.toEqual(refusedAs('ResourceNotFoundException'))
    await start(market.vendor, [['UpdateInformation', `prod:${productId}`, { ProductTitle: 'Late' }]])
    expect(await startTimes({})).toEqual(['02:00', '03:02', '02:01'])
  })
})
