// Resale authorizations as AWS takes and refuses them. Source of the rules: developer guide, resale authorizations.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyer, change, type Market, madeBy, problemsOf, reseller, vendor } from '../support.ts'
import {
  authorizationOf,
  type Details,
  documentOf,
  listPrices,
  modes,
  oneTime,
  openChannel,
  outcome,
  parts,
} from './support.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
})
afterAll(() => market.server.stop())

const give = (mode: Details, swaps: Details = {}) =>
  outcome(market, market.vendor, authorizationOf(productId, mode, swaps))
const { usage, fixed, configurable, pricing, schedule, documents } = parts
const custom = (Url: string) => ({ Type: 'BuyerLegalTerm', Documents: [{ Type: 'CustomEula', Url }] })
const bucket = 'https://my-bucket.s3.us-east-1.amazonaws.com/eula.pdf'
const agreement = { PreExistingBuyerAgreement: { AcquisitionChannel: 'External', PricingModel: 'Byol' } }

describe('taken', () => {
  const good: [string, Details, Details][] = [
    ...Object.entries(modes).map(([name, mode]): [string, Details, Details] => [name, mode, {}]),
    [
      'with nulls where nothing is said',
      listPrices,
      {
        UpdateInformation: { Name: null, Description: null, PreExistingBuyerAgreement: null },
        UpdateBuyerTargetingTerms: { Terms: null },
        UpdateAvailability: { AvailabilityEndDate: null, OffersMaxQuantity: null },
      },
    ],
    [
      'of a bulk request, for a distributor',
      listPrices,
      {
        CreateResaleAuthorization: {
          get ProductId() {
            return productId
          },
          Name: 'RA',
          Description: 'words',
          ResellerAccountId: reseller,
          BulkRequestId: '84977023-5093-4a66-8b24-ef2c5a2f8b1f',
          ResellerRole: 'Distributor',
        },
      },
    ],
    [
      'with the own documents of both',
      oneTime,
      {
        UpdateLegalTerms: {
          Terms: [
            custom(bucket),
            { Type: 'ResaleLegalTerm', Documents: [{ Type: 'CustomResellerContract', Url: bucket }] },
          ],
        },
      },
    ],
    ['as a renewal', oneTime, { UpdateInformation: { Name: 'Renewed', ...agreement } }],
    [
      'with a net payment term and a latest start',
      listPrices,
      {
        UpdateNetPaymentTerms: { Terms: [{ Type: 'ResaleNetPaymentTerm', PaymentDuePeriod: 'P60D' }] },
        UpdateBuyerValidityTerms: {
          Terms: [{ Type: 'BuyerValidityTerm', MaximumAgreementStartDate: '2027-02-28' }],
        },
      },
    ],
    [
      'with the highest amount and an amount that ends in a point',
      oneTime,
      {
        UpdatePaymentScheduleTerms: schedule(['2026-12-10', '100000000.00'], ['2027-03-10', '5.']),
      },
    ],
  ]
  test.each(good)('%s', async (_name, mode, swaps) => {
    expect(await give(mode, swaps)).toEqual(['SUCCEEDED'])
  })
})

describe('refused at once', () => {
  const create = (more: object) => ({
    CreateResaleAuthorization: { ProductId: productId, Name: 'RA', ResellerAccountId: reseller, ...more },
  })
  const terms = (...Terms: object[]) => ({ UpdateLegalTerms: { Terms } })
  const bad: [string, () => Details][] = [
    ['a name that starts with a space', () => create({ Name: ' RA' })],
    ['a name of 101 characters', () => create({ Name: 'n'.repeat(101) })],
    ['an account id of 11 digits', () => create({ ResellerAccountId: '12345678901' })],
    ['an unknown property', () => create({ Markup: '5' })],
    ['a bulk request that is no UUID', () => create({ BulkRequestId: 'bulk-1' })],
    ['a role that is none', () => create({ ResellerRole: 'Reseller' })],
    ['two offers', () => ({ UpdateAvailability: { OffersMaxQuantity: 2 } })],
    ['a day that does not exist', () => ({ UpdateAvailability: { AvailabilityEndDate: '2027-02-29' } })],
    [
      'an amount with three places',
      () => ({
        UpdatePaymentScheduleTerms: schedule(['2026-12-10', '1.001']),
      }),
    ],
    [
      'an amount above the highest',
      () => ({
        UpdatePaymentScheduleTerms: schedule(['2026-12-10', '100000000.01']),
      }),
    ],
    [
      '61 instalments',
      () => ({
        UpdatePaymentScheduleTerms: schedule(
          ...Array.from({ length: 61 }, (_, day): [string, string] => [
            new Date(Date.UTC(2026, 11, 10 + day)).toISOString().slice(0, 10),
            '1',
          ]),
        ),
      }),
    ],
    ['a price with nine places', () => ({ UpdatePricingTerms: pricing(fixed, usage('0.000000001')) })],
    ['a currency of offers only', () => ({ UpdatePricingTerms: pricing({ ...fixed, CurrencyCode: 'CAD' }) })],
    ['a pricing model of offers only', () => ({ UpdatePricingTerms: { PricingModel: 'Byol', Terms: [] } })],
    [
      'a grant without a quantity',
      () => ({
        UpdatePricingTerms: pricing({ ...fixed, Grants: [{ DimensionKey: 'seats' }] }),
      }),
    ],
    ['a fixed term without a price', () => ({ UpdatePricingTerms: pricing({ ...fixed, Price: null }) })],
    ['a term given twice', () => ({ UpdatePricingTerms: pricing(fixed, fixed) })],
    [
      'rate cards in a fixed term',
      () => ({
        UpdatePricingTerms: pricing({ ...fixed, RateCards: usage().RateCards }),
      }),
    ],
    ['a legal term without documents', () => terms({ Type: 'BuyerLegalTerm' })],
    [
      "a reseller's contract for the buyer",
      () => terms({ Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] }),
    ],
    [
      'an own document without an address',
      () => terms({ Type: 'BuyerLegalTerm', Documents: [{ Type: 'CustomEula' }] }),
    ],
    [
      'a version of a document',
      () => terms({ Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] }),
    ],
    [
      '26 buyers',
      () => ({
        UpdateBuyerTargetingTerms: {
          Terms: [
            { Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: Array(26).fill(buyer) } },
          ],
        },
      }),
    ],
    [
      'a payment period that is none',
      () => ({
        UpdateNetPaymentTerms: { Terms: [{ Type: 'ResaleNetPaymentTerm', PaymentDuePeriod: 'P61D' }] },
      }),
    ],
    ['something in a release', () => ({ ReleaseResaleAuthorization: { Now: true } })],
  ]
  test.each(bad)('%s', async (_name, swaps) => {
    expect(await give(oneTime, swaps())).toEqual(['422 ValidationException'])
  })

  test('a product that is still a draft does not exist yet', async () => {
    const draft = madeBy(await change(market, market.vendor, [['CreateProduct', 'prod', {}, 'P']]), 'P')
    const changes = authorizationOf(draft, listPrices)
    expect(await outcome(market, market.vendor, changes)).toEqual(['404 ResourceNotFoundException'])
  })
})

describe('refused in the end', () => {
  const buyers = (...BuyerAccounts: string[]) => ({
    Terms: [{ Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts } }],
  })
  const latest = (MaximumAgreementStartDate: string) => ({
    UpdateBuyerValidityTerms: { Terms: [{ Type: 'BuyerValidityTerm', MaximumAgreementStartDate }] },
  })
  const rates = (...RateCard: object[]) => ({ ...usage(), RateCards: [{ RateCard }] })
  const bad: [string, Details, Details, string[]][] = [
    [
      'instalments for many offers',
      oneTime,
      {
        UpdateAvailability: { AvailabilityEndDate: '2026-11-30' },
      },
      ['UpdatePaymentScheduleTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'instalments without a last day',
      oneTime,
      {
        UpdateAvailability: { OffersMaxQuantity: 1 },
      },
      ['UpdatePaymentScheduleTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'a last day on a charge date',
      oneTime,
      {
        UpdateAvailability: { AvailabilityEndDate: '2026-12-10', OffersMaxQuantity: 1 },
      },
      ['UpdateAvailability: INVALID_AVAILABILITY_END_DATE'],
    ],
    [
      'a last day in the past',
      listPrices,
      {
        UpdateAvailability: { AvailabilityEndDate: '2026-10-31' },
      },
      ['UpdateAvailability: INVALID_AVAILABILITY_END_DATE'],
    ],
    [
      'two instalments on one day',
      oneTime,
      {
        UpdatePaymentScheduleTerms: schedule(['2026-12-10', '1'], ['2026-12-10', '2']),
      },
      ['UpdatePaymentScheduleTerms: DUPLICATE_CHARGE_DATES'],
    ],
    [
      'an instalment after the contract',
      oneTime,
      {
        UpdatePaymentScheduleTerms: schedule(['2026-12-10', '1'], ['2027-11-02', '2']),
      },
      ['UpdatePaymentScheduleTerms: INVALID_CHARGE_DATES'],
    ],
    [
      'instalments without a fixed term',
      listPrices,
      {
        UpdatePaymentScheduleTerms: oneTime.UpdatePaymentScheduleTerms,
        UpdateAvailability: oneTime.UpdateAvailability,
      },
      ['ReleaseResaleAuthorization: INCOMPATIBLE_PRICING_TERM'],
    ],
    [
      'a fixed term without instalments',
      oneTime,
      {
        UpdatePaymentScheduleTerms: undefined,
      },
      ['ReleaseResaleAuthorization: INCOMPATIBLE_PRICING_TERM'],
    ],
    [
      'a fixed price',
      oneTime,
      { UpdatePricingTerms: pricing({ ...fixed, Price: '10' }, usage()) },
      ['UpdatePricingTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'a fixed term without a duration',
      oneTime,
      {
        UpdatePricingTerms: pricing({ ...fixed, Duration: null }, usage()),
      },
      ['UpdatePricingTerms: MISSING_DURATION'],
    ],
    [
      'a contract of six years',
      oneTime,
      {
        UpdatePricingTerms: pricing({ ...fixed, Duration: 'P6Y' }, usage()),
      },
      ['UpdatePricingTerms: INVALID_DURATION'],
    ],
    [
      'both kinds of upfront prices',
      oneTime,
      {
        UpdatePricingTerms: pricing(fixed, configurable('P12M')),
      },
      ['UpdatePricingTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'an upfront price for usage',
      listPrices,
      {
        UpdatePricingTerms: { PricingModel: 'Usage', Terms: [configurable('P12M')] },
      },
      ['UpdatePricingTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'one duration twice',
      listPrices,
      { UpdatePricingTerms: pricing(configurable('P12M', 'P12M')) },
      ['UpdatePricingTerms: DUPLICATE_SELECTORS'],
    ],
    [
      'a duration of a week',
      listPrices,
      { UpdatePricingTerms: pricing(configurable('P7D')) },
      ['UpdatePricingTerms: INVALID_SELECTOR_DURATION_VALUE'],
    ],
    [
      'a dimension that is none',
      listPrices,
      {
        UpdatePricingTerms: pricing({ ...fixed, Grants: [{ DimensionKey: 'none', MaxQuantity: 1 }] }),
        UpdatePaymentScheduleTerms: oneTime.UpdatePaymentScheduleTerms,
        UpdateAvailability: oneTime.UpdateAvailability,
      },
      ['UpdatePricingTerms: INCOMPATIBLE_PRODUCT'],
    ],
    [
      'a rate for what is not metered',
      listPrices,
      {
        UpdatePricingTerms: pricing(
          configurable('P12M'),
          rates({ DimensionKey: 'calls', Price: '1' }, { DimensionKey: 'seats', Price: '1' }),
        ),
      },
      ['UpdatePricingTerms: INVALID_RATE_CARD'],
    ],
    [
      'a dimension priced twice',
      listPrices,
      {
        UpdatePricingTerms: pricing(
          configurable('P12M'),
          rates({ DimensionKey: 'calls', Price: '1' }, { DimensionKey: 'calls', Price: '2' }),
        ),
      },
      ['UpdatePricingTerms: DUPLICATE_DIMENSION_KEYS'],
    ],
    [
      'usage in another currency',
      listPrices,
      {
        UpdatePricingTerms: pricing(
          { ...configurable('P12M'), CurrencyCode: 'EUR' },
          { ...usage(), CurrencyCode: 'EUR' },
        ),
      },
      ['UpdatePricingTerms: INVALID_CURRENCY_CODE'],
    ],
    [
      'two currencies',
      listPrices,
      {
        UpdatePricingTerms: pricing({ ...configurable('P12M'), CurrencyCode: 'EUR' }, usage()),
      },
      ['UpdatePricingTerms: INVALID_CURRENCY_CODE'],
    ],
    [
      'instalments in another currency',
      oneTime,
      {
        UpdatePricingTerms: pricing({ ...fixed, CurrencyCode: 'EUR' }),
      },
      ['UpdatePaymentScheduleTerms: INVALID_CURRENCY_CODE'],
    ],
    [
      'no prices',
      listPrices,
      { UpdatePricingTerms: undefined },
      ['ReleaseResaleAuthorization: MISSING_MANDATORY_TERMS'],
    ],
    [
      'no terms for the buyer',
      listPrices,
      { UpdateLegalTerms: undefined },
      ['ReleaseResaleAuthorization: MISSING_MANDATORY_TERMS'],
    ],
    [
      'a document that is not in S3',
      listPrices,
      {
        UpdateLegalTerms: { Terms: [custom('https://vendor.example.com/eula.pdf')] },
      },
      ['UpdateLegalTerms: INVALID_BUYER_LEGAL_DOCUMENTS'],
    ],
    [
      "a reseller's document that is not in S3",
      listPrices,
      {
        UpdateLegalTerms: {
          Terms: [
            documents.buyer,
            {
              Type: 'ResaleLegalTerm',
              Documents: [{ Type: 'CustomResellerContract', Url: 'https://s3.example.com/x.pdf' }],
            },
          ],
        },
      },
      ['UpdateLegalTerms: INVALID_RESALE_LEGAL_DOCUMENTS'],
    ],
    [
      'a latest start in the past',
      listPrices,
      latest('2026-10-31'),
      ['UpdateBuyerValidityTerms: INVALID_MAXIMUM_AGREEMENT_START_DATE'],
    ],
    [
      'a latest start after three years',
      listPrices,
      latest('2029-11-02'),
      ['UpdateBuyerValidityTerms: INVALID_MAXIMUM_AGREEMENT_START_DATE'],
    ],
    [
      'a renewal for nobody',
      oneTime,
      {
        UpdateInformation: agreement,
        UpdateBuyerTargetingTerms: undefined,
      },
      ['UpdateInformation: INCOMPATIBLE_BUYER_TARGETING'],
    ],
    [
      'a buyer who does not exist',
      oneTime,
      { UpdateBuyerTargetingTerms: buyers('999999999999') },
      ['UpdateBuyerTargetingTerms: INCOMPATIBLE_BUYER_TARGETING'],
    ],
  ]
  test.each(bad)('%s', async (_name, mode, swaps, problems) => {
    expect(await give(mode, swaps)).toEqual(problems)
  })

  test('a reseller that is the vendor itself, or only a buyer', async () => {
    for (const ResellerAccountId of [vendor, buyer]) {
      const swaps = { CreateResaleAuthorization: { ProductId: productId, Name: 'RA', ResellerAccountId } }
      expect(await give(listPrices, swaps)).toContain('CreateResaleAuthorization: INVALID_RESELLER_ACCOUNT')
    }
  })
})

describe('given', () => {
  test('it reads back as instants, with its rules and its use, revision by revision', async () => {
    const swaps = {
      UpdateInformation: { Description: 'words', ...agreement },
      UpdateBuyerValidityTerms: {
        Terms: [{ Type: 'BuyerValidityTerm', MaximumAgreementStartDate: '2027-02-28' }],
      },
      ReleaseResaleAuthorization: undefined,
    }
    const draft = await change(market, market.vendor, authorizationOf(productId, oneTime, swaps))
    const id = madeBy(draft, 'A')
    const hidden = documentOf(market.reseller, id)
    await expect(hidden).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    const release = await change(market, market.vendor, [
      ['ReleaseResaleAuthorization', `resaleauthz:${id}`, {}],
    ])
    expect(problemsOf(release)).toEqual([])
    const { body, EntityIdentifier } = await documentOf(market.reseller, id)
    expect(EntityIdentifier).toBe(`${id}@2`)
    expect(body).toMatchObject({
      Status: 'Active',
      ProductName: 'Ledger',
      ManufacturerAccountId: vendor,
      ManufacturerLegalName: 'Vendor Inc',
      PreExistingBuyerAgreement: { AcquisitionChannel: 'External', PricingModel: 'Byol' },
      OfferDetails: { OfferExtendedStatus: 'Not Started', OfferCreatedCount: 0 },
      Rules: [
        {
          Type: 'AvailabilityRule',
          Usage: 'Limited',
          AvailabilityEndDate: '2026-11-30T23:59:59.999Z',
          OffersMaxQuantity: 1,
        },
        { Type: 'PartnerTargetingRule', ResellerAccountId: reseller, ResellerLegalName: 'Reseller LLC' },
      ],
    })
    const term = (type: string) => body.Terms.find(({ Type }) => Type === type)
    expect(term('ResaleFixedUpfrontPricingTerm')?.Duration).toBe('P12M')
    expect(term('BuyerValidityTerm')?.MaximumAgreementStartDate).toBe('2027-02-28T23:59:59.999Z')
    expect(term('ResalePaymentScheduleTerm')?.Schedule).toEqual([
      { ChargeDate: '2026-12-10T00:00:00.000Z', ChargeAmount: '200.00' },
      { ChargeDate: '2027-03-10T00:00:00.000Z', ChargeAmount: '250.00' },
    ])
    expect(term('BuyerTargetingTerm')?.PositiveTargeting).toEqual({
      BuyerAccounts: [{ AwsAccountId: buyer, LegalName: 'Buyer Corp' }],
    })
  })

  test('nothing of it changes any more but its last day, and a restriction is for good', async () => {
    const id = madeBy(await change(market, market.vendor, authorizationOf(productId, listPrices)), 'A')
    const does = (type: string, details: object) =>
      outcome(market, market.vendor, [[type, `resaleauthz:${id}`, details]])
    expect(await does('UpdateInformation', { Name: 'Other' })).toEqual([
      'UpdateInformation: INCOMPATIBLE_STATUS',
    ])
    expect(await does('UpdateNetPaymentTerms', { Terms: [] })).toEqual([
      'UpdateNetPaymentTerms: INCOMPATIBLE_STATUS',
    ])
    expect(await does('ReleaseResaleAuthorization', {})).toEqual([
      'ReleaseResaleAuthorization: INCOMPATIBLE_STATUS',
    ])
    expect(await does('UpdateAvailability', { AvailabilityEndDate: '2027-01-31' })).toEqual(['SUCCEEDED'])
    expect(await does('RestrictResaleAuthorization', {})).toEqual(['SUCCEEDED'])
    expect(await does('RestrictResaleAuthorization', {})).toEqual([
      'RestrictResaleAuthorization: INCOMPATIBLE_STATUS',
    ])
    expect(await does('UpdateAvailability', { AvailabilityEndDate: '2027-02-28' })).toEqual([
      'UpdateAvailability: INCOMPATIBLE_STATUS',
    ])
    expect((await documentOf(market.reseller, id)).body.Status).toBe('Restricted')
  })

  test('an instalment without a fixed term is told where it was given', async () => {
    const swaps = { ...oneTime, UpdatePricingTerms: undefined, ReleaseResaleAuthorization: undefined }
    expect(await give(oneTime, swaps)).toEqual(['UpdatePaymentScheduleTerms: MISSING_MANDATORY_TERMS'])
  })
})
