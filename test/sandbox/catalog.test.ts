import {
  BatchDescribeEntitiesCommand,
  CancelChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  ListChangeSetsCommand,
  ListEntitiesCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  StartChangeSetCommand,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  authorizationChanges,
  buyer,
  change,
  changesOf,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  problemsOf,
  publish,
  reseller,
  resellerOfferChanges,
} from './support.ts'

const Catalog = 'AWSMarketplace'
let market: Market
let productId = ''

beforeAll(async () => {
  market = await openMarket()
  // Tests start change sets faster than the cloud allows.
  for (const operation of ['StartChangeSet', 'DescribeChangeSet', 'ListEntities', 'DescribeEntity']) {
    await market.control('/throttles', { service: 'marketplace-catalog', operation, rate_per_second: null })
  }
  productId = (await publish(market)).productId
})
afterAll(() => market.server.stop())

async function document(id: string, clients = market.vendor) {
  const found = await clients.catalog.send(new DescribeEntityCommand({ Catalog, EntityId: id }))
  return { ...found, body: found.DetailsDocument as Record<string, unknown> }
}

describe('a product is published', () => {
  test('it is limited to its targeted accounts and has a product code', async () => {
    const { body, EntityIdentifier, EntityType } = await document(productId)
    expect(EntityIdentifier).toBe(`${productId}@1`)
    expect(EntityType).toBe('SaaSProduct@1.0')
    expect(body.Description).toMatchObject({ Visibility: 'Limited', ProductTitle: 'Ledger' })
    expect(body.Dimensions).toMatchObject([
      { Types: ['Entitled'] },
      { Types: ['Metered', 'ExternallyMetered'] },
    ])
  })

  test('it becomes public, and its revision rises', async () => {
    const done = await change(market, market.vendor, [
      ['UpdateVisibility', `prod:${productId}`, { TargetVisibility: 'Public' }],
    ])
    expect(done.Status).toBe('SUCCEEDED')
    const { body, EntityIdentifier } = await document(productId)
    expect(EntityIdentifier).toBe(`${productId}@2`)
    expect(body.Description).toMatchObject({ Visibility: 'Public' })
  })
})

describe('a change set lives', () => {
  test('from preparing over applying to succeeded', async () => {
    const ChangeSet = changesOf([['UpdateInformation', `prod:${productId}`, { ProductTitle: 'Ledger 2' }]])
    const started = await market.vendor.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }))
    const status = async () => {
      const ChangeSetId = started.ChangeSetId ?? ''
      const found = await market.vendor.catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }))
      return [found.Status, found.EndTime]
    }
    expect(await status()).toEqual(['PREPARING', undefined])
    const locked = market.vendor.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }))
    await expect(locked).rejects.toThrow(ResourceInUseException)
    await market.by('PT6S')
    expect((await status())[0]).toBe('APPLYING')
    const ChangeSetId = started.ChangeSetId ?? ''
    const late = market.vendor.catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId }))
    await expect(late).rejects.toThrow(ResourceInUseException)
    await market.by('PT30S')
    expect((await status())[0]).toBe('SUCCEEDED')
  })

  test('is cancelled while it prepares and then changes nothing', async () => {
    const ChangeSet = changesOf([['UpdateInformation', `prod:${productId}`, { ProductTitle: 'Never' }]])
    const started = await market.vendor.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }))
    const ChangeSetId = started.ChangeSetId ?? ''
    await market.vendor.catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId }))
    await market.by('PT1M')
    expect((await document(productId)).body.Description).toMatchObject({ ProductTitle: 'Ledger 2' })
    const cancelled = await market.vendor.catalog.send(
      new ListChangeSetsCommand({ Catalog, FilterList: [{ Name: 'Status', ValueList: ['CANCELLED'] }] }),
    )
    expect(cancelled.ChangeSetSummaryList?.map((item) => item.ChangeSetId)).toEqual([ChangeSetId])
  })

  test('the same token starts it once, and never another one', async () => {
    const request = (ProductTitle: string) =>
      new StartChangeSetCommand({
        Catalog,
        ClientRequestToken: 'token-1',
        ChangeSet: changesOf([['UpdateInformation', `prod:${productId}`, { ProductTitle }]]),
      })
    const first = await market.vendor.catalog.send(request('Ledger 3'))
    const again = await market.vendor.catalog.send(request('Ledger 3'))
    expect(again.ChangeSetId).toBe(first.ChangeSetId)
    await expect(market.vendor.catalog.send(request('Ledger 4'))).rejects.toThrow(ValidationException)
    await market.by('PT1M')
  })
})

describe('a change set is refused at once', () => {
  const start = (changes: Parameters<typeof changesOf>[0]) =>
    market.vendor.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: changesOf(changes) }))

  test('for an unknown property, with the field named', async () => {
    const failed = start([['UpdateInformation', `prod:${productId}`, { Titel: 'x' }]])
    await expect(failed).rejects.toThrow(ValidationException)
    await expect(failed).rejects.toThrow(/Titel/)
    await expect(failed).rejects.toMatchObject({ $metadata: { httpStatusCode: 422 } })
  })

  test('for an entity that does not exist', async () => {
    const failed = start([['UpdateInformation', 'prod:prod-nothere', { ProductTitle: 'x' }]])
    await expect(failed).rejects.toThrow(ResourceNotFoundException)
  })

  test('for the entity of somebody else', async () => {
    const ChangeSet = changesOf([['UpdateInformation', `prod:${productId}`, { ProductTitle: 'x' }]])
    const failed = market.reseller.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }))
    await expect(failed).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })

  test('for a reference to a change that makes nothing', async () => {
    const failed = start([['CreateOffer', 'offer', { ProductId: '$Nothing.Entity.Identifier' }, 'O']])
    await expect(failed).rejects.toThrow(ValidationException)
  })
})

describe('a private offer', () => {
  test('is released in one change set and reads back normalised', async () => {
    const done = await change(market, market.vendor, privateOfferChanges(productId))
    expect(problemsOf(done)).toEqual([])
    const { body } = await document(madeBy(done, 'O'))
    expect(body.Rules).toContainEqual({
      Type: 'AvailabilityRule',
      AvailabilityEndDate: '2026-11-30T23:59:59.999Z',
    })
    const terms = body.Terms as { Type: string; Duration?: string; Schedule?: { ChargeDate: string }[] }[]
    const schedule = terms.find((term) => term.Type === 'PaymentScheduleTerm')
    expect(schedule?.Schedule?.[0]?.ChargeDate).toBe('2026-11-20T00:00:00.000Z')
    expect(terms.find((term) => term.Type === 'FixedUpfrontPricingTerm')?.Duration).toBeUndefined()
  })

  const schedule = (...Schedule: { ChargeDate: string; ChargeAmount: string }[]) => ({
    UpdatePaymentScheduleTerms: { Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: 'USD', Schedule }] },
  })
  const on = (ChargeDate: string) => ({ ChargeDate, ChargeAmount: '10.00' })
  const refusals: [string, Record<string, unknown>, string[]][] = [
    [
      'two instalments on one day',
      schedule(on('2027-01-20'), on('2027-01-20')),
      ['UpdatePaymentScheduleTerms: DUPLICATE_CHARGE_DATES'],
    ],
    [
      'an instalment in the past',
      schedule(on('2026-10-20')),
      ['UpdatePaymentScheduleTerms: INVALID_CHARGE_DATES'],
    ],
    [
      'an instalment after the agreement ends',
      schedule(on('2028-01-01')),
      ['UpdatePaymentScheduleTerms: INVALID_CHARGE_DATES'],
    ],
    [
      'two instalments before the availability ends',
      schedule(on('2026-11-10'), on('2026-11-20')),
      ['UpdatePaymentScheduleTerms: TOO_MANY_BACKDATED_CHARGES'],
    ],
    [
      'another currency in the schedule',
      {
        UpdatePaymentScheduleTerms: {
          Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: 'EUR', Schedule: [on('2027-01-20')] }],
        },
      },
      ['UpdatePaymentScheduleTerms: INCOMPATIBLE_CURRENCY_CODE'],
    ],
    [
      'no end of availability',
      { UpdateAvailability: undefined },
      ['ReleaseOffer: MISSING_AVAILABILITY_END_DATE'],
    ],
    ['no legal term', { UpdateLegalTerms: undefined }, ['ReleaseOffer: MISSING_MANDATORY_TERMS']],
    [
      'an unknown buyer',
      { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: ['999999999999'] } } },
      ['UpdateTargeting: INVALID_BUYER_ACCOUNTS'],
    ],
    [
      'a dimension the product lacks',
      {
        UpdatePaymentScheduleTerms: undefined,
        UpdatePricingTerms: {
          PricingModel: 'Usage',
          Terms: [
            {
              Type: 'UsageBasedPricingTerm',
              CurrencyCode: 'USD',
              RateCards: [{ RateCard: [{ DimensionKey: 'nothing', Price: '1' }] }],
            },
          ],
        },
      },
      ['UpdatePricingTerms: INVALID_RATE_CARD'],
    ],
  ]
  test.each(refusals)('fails for %s', async (_name, replace, problems) => {
    const done = await change(market, market.vendor, privateOfferChanges(productId, replace))
    expect(done).toMatchObject({ Status: 'FAILED', FailureCode: 'CLIENT_ERROR' })
    expect(problemsOf(done)).toEqual(problems)
  })

  test('keeps its price once released, but may be extended and withdrawn', async () => {
    const offerId = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
    const schedule = {
      Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: 'USD', Schedule: [on('2027-01-20')] }],
    }
    const changed = await change(market, market.vendor, [
      ['UpdatePaymentScheduleTerms', `offer:${offerId}`, schedule],
    ])
    expect(problemsOf(changed)).toEqual(['UpdatePaymentScheduleTerms: INCOMPATIBLE_TERMS'])
    const ended = await change(market, market.vendor, [
      ['UpdateAvailability', `offer:${offerId}`, { AvailabilityEndDate: '2026-10-01' }],
    ])
    expect(ended.Status).toBe('SUCCEEDED')
    const late = market.control(`/aws/buyers/${buyer}/accept`, { offer_id: offerId })
    await expect(late).rejects.toThrow(/409.*still available/)
  })
})

describe('a resale authorization', () => {
  let authorizationId = ''

  test('is seen by the reseller once it is released', async () => {
    const done = await change(market, market.vendor, authorizationChanges(productId))
    expect(problemsOf(done)).toEqual([])
    authorizationId = madeBy(done, 'A')
    const shared = await market.reseller.catalog.send(
      new ListEntitiesCommand({ Catalog, EntityType: 'ResaleAuthorization', OwnershipType: 'SHARED' }),
    )
    expect(shared.EntitySummaryList).toMatchObject([
      {
        EntityId: authorizationId,
        ResaleAuthorizationSummary: {
          Status: 'Active',
          ResellerAccountID: reseller,
          OfferExtendedStatus: 'Not Started',
        },
      },
    ])
  })

  test("becomes the reseller's offer with the markup inside every price", async () => {
    const done = await change(market, market.reseller, resellerOfferChanges(authorizationId))
    expect(problemsOf(done)).toEqual([])
    const { body } = await document(madeBy(done, 'O'), market.reseller)
    expect(body.MarkupPercentage).toBe('5.0')
    expect(body.Terms).toContainEqual({
      Type: 'PaymentScheduleTerm',
      CurrencyCode: 'USD',
      Schedule: [
        { ChargeDate: '2026-12-10T00:00:00.000Z', ChargeAmount: '210.00' },
        { ChargeDate: '2027-03-10T00:00:00.000Z', ChargeAmount: '262.50' },
      ],
    })
  })

  test('serves one offer only when it is for one', async () => {
    const again = await change(market, market.reseller, resellerOfferChanges(authorizationId))
    expect(problemsOf(again)).toContain(
      'CreateOfferUsingResaleAuthorization: INCOMPATIBLE_RESALE_AUTHORIZATION',
    )
  })

  test('is not for another seller', async () => {
    const other = await change(market, market.vendor, resellerOfferChanges(authorizationId))
    expect(problemsOf(other)).toContain(
      'CreateOfferUsingResaleAuthorization: INCOMPATIBLE_RESALE_AUTHORIZATION',
    )
  })

  test('is restricted for good', async () => {
    const restrict = () =>
      change(market, market.vendor, [['RestrictResaleAuthorization', `resaleauthz:${authorizationId}`, {}]])
    expect((await restrict()).Status).toBe('SUCCEEDED')
    expect(problemsOf(await restrict())).toEqual(['RestrictResaleAuthorization: INCOMPATIBLE_STATUS'])
  })
})

test('entities are listed by filter, in pages, and described in batches', async () => {
  const list = (more: object) =>
    market.vendor.catalog.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer', ...more }))
  const released = await list({
    EntityTypeFilters: {
      OfferFilters: { State: { ValueList: ['Released'] }, ProductId: { ValueList: [productId] } },
    },
  })
  const all = released.EntitySummaryList ?? []
  expect(all.length).toBeGreaterThan(2)
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await list({
      MaxResults: 1,
      NextToken,
      EntityTypeSort: { OfferSort: { SortBy: 'EntityId', SortOrder: 'ASCENDING' } },
    })
    seen.push(...(page.EntitySummaryList ?? []).flatMap((item) => item.EntityId ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  expect(seen).toEqual([...seen].sort())
  const batch = await market.vendor.catalog.send(
    new BatchDescribeEntitiesCommand({
      EntityRequestList: [productId, 'prod-nothere'].map((EntityId) => ({ Catalog, EntityId })),
    }),
  )
  expect(Object.keys(batch.EntityDetails ?? {})).toEqual([productId])
  expect(batch.Errors?.['prod-nothere']?.ErrorCode).toBe('RESOURCE_NOT_FOUND')
})
