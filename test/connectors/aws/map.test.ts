import { describe, expect, test } from 'vitest'
import {
  fromAwsAgreement,
  fromAwsAgreementStatus,
} from '../../../connectors/aws/agreements/map-agreements.ts'
import { fromAwsChanges, toAwsListing, withoutRevision } from '../../../connectors/aws/map.ts'
import { fromAwsOfferState } from '../../../connectors/aws/offers.ts'
import { toAwsAuthorization, toAwsResellerOffer } from '../../../connectors/aws/selling/map-channel.ts'
import { toAwsOffer } from '../../../connectors/aws/selling/map-offers.ts'
import { marksOf } from '../../../connectors/aws/wire/changesets.ts'
import { plain } from '../../../connectors/aws/wire/plain.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import {
  authorization,
  buyerAccount,
  connectionOf,
  connectorWith,
  json,
  listing,
  privateOffer,
  resellerAccount,
  vendorAccount,
} from './support.ts'

type Sent = { ChangeType: string; Entity: { Type: string; Identifier?: string }; DetailsDocument: unknown }
const detailsOf = (changes: Sent[], type: string) =>
  changes.find((change) => change.ChangeType === type)?.DetailsDocument
const types = (changes: Sent[]) => changes.map((change) => change.ChangeType)

describe('a listing becomes one change set', () => {
  const changes = toAwsListing(listing, {}, vendorAccount)

  test('of the product and its public offer', () => {
    expect(types(changes)).toEqual([
      'CreateProduct',
      'UpdateInformation',
      'UpdateTargeting',
      'AddDeliveryOptions',
      'AddDimensions',
      'ReleaseProduct',
      'CreateOffer',
      'UpdateInformation',
      'UpdatePricingTerms',
      'UpdateLegalTerms',
      'UpdateSupportTerms',
      'UpdateRenewalTerms',
      'ReleaseOffer',
    ])
    expect(changes[1]?.Entity).toEqual({ Type: 'SaaSProduct@1.0', Identifier: '$Product.Entity.Identifier' })
    expect(detailsOf(changes, 'CreateOffer')).toEqual({ ProductId: '$Product.Entity.Identifier' })
    expect(detailsOf(changes, 'UpdateTargeting')).toEqual({
      PositiveTargeting: { BuyerAccounts: [vendorAccount] },
    })
  })

  test('with metered dimensions that the seller reports', () => {
    expect(detailsOf(changes, 'AddDimensions')).toMatchObject([
      { Key: 'seats', Types: ['Entitled'] },
      { Key: 'entries', Types: ['ExternallyMetered'] },
    ])
  })

  test('priced as a contract with consumption', () => {
    expect(detailsOf(changes, 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'UsageBasedPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [{ RateCard: [{ DimensionKey: 'entries', Price: '0.015' }] }],
        },
        {
          Type: 'ConfigurableUpfrontPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [
            {
              Selector: { Type: 'Duration', Value: 'P12M' },
              Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
              RateCard: [{ DimensionKey: 'seats', Price: '150' }],
            },
          ],
        },
      ],
    })
  })

  test('that is not renewed where it is paid by use', () => {
    const usage = toAwsListing({ ...listing, prices: { ...listing.prices, entitled: {} } }, {}, vendorAccount)
    expect(detailsOf(usage, 'UpdatePricingTerms')).toMatchObject({ PricingModel: 'Usage' })
    expect(types(usage)).not.toContain('UpdateRenewalTerms')
  })
})

describe('a private offer', () => {
  test('has its money in the schedule, to the cent, and the usage price with all its digits', () => {
    const changes = toAwsOffer(privateOffer, {})
    expect(detailsOf(changes, 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'FixedUpfrontPricingTerm',
          CurrencyCode: 'USD',
          Price: '0',
          Duration: 'P12M',
          Grants: [{ DimensionKey: 'seats', MaxQuantity: 100 }],
        },
        {
          Type: 'UsageBasedPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [{ RateCard: [{ DimensionKey: 'entries', Price: '0.00012345' }] }],
        },
      ],
    })
    expect(detailsOf(changes, 'UpdatePaymentScheduleTerms')).toEqual({
      Terms: [
        {
          Type: 'PaymentScheduleTerm',
          CurrencyCode: 'USD',
          Schedule: [
            { ChargeDate: '2026-10-01', ChargeAmount: '60000.00' },
            { ChargeDate: '2027-01-01', ChargeAmount: '60000.50' },
          ],
        },
      ],
    })
    expect(detailsOf(changes, 'UpdateLegalTerms')).toMatchObject({
      Terms: [{ Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] }],
    })
  })

  test('of usage alone has no schedule', () => {
    const changes = toAwsOffer({ ...privateOffer, grants: [], instalments: [] }, {})
    expect(detailsOf(changes, 'UpdatePricingTerms')).toMatchObject({
      PricingModel: 'Usage',
      Terms: [{ Type: 'UsageBasedPricingTerm' }],
    })
    expect(types(changes)).not.toContain('UpdatePaymentScheduleTerms')
  })

  test('that replaces an agreement names its last day and no buyers', () => {
    const replacement = { ...privateOffer, replaces_agreement_id: 'agmt-1' }
    const changes = toAwsOffer(replacement, { ends_on: '2028-01-31' })
    expect(detailsOf(changes, 'CreateReplacementOffer')).toEqual({ AgreementId: 'agmt-1' })
    expect(detailsOf(changes, 'UpdateValidityTerms')).toEqual({
      Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2028-01-31' }],
    })
    expect(types(changes)).not.toContain('UpdateTargeting')
  })

  test('in yen is written without decimals', () => {
    const yen = {
      ...privateOffer,
      currency: 'JPY',
      instalments: [{ due_on: '2026-10-01', amount: money('JPY', 90_000n) }],
    }
    expect(JSON.stringify(toAwsOffer(yen, {}))).toContain('"ChargeAmount":"90000"')
  })

  test.each([
    ['MISSING_GRANTS', { grants: [] }],
    ['MISSING_INSTALMENTS', { instalments: [] }],
    ['MISSING_PRICES', { grants: [], instalments: [], usage_prices: {} }],
    ['INVALID_OPTIONS', { options: { replace_agreement: 'agmt-1' } }],
  ])('with %s is not sent', async (code, more) => {
    const { connector, requests } = connectorWith(() => json({}))
    const change = await connector.offers?.create(connectionOf(), { ...privateOffer, ...more }, 'op_1')
    expect(change).toMatchObject({ status: 'failed', problems: [{ code, plain: expect.any(String) }] })
    expect(requests).toEqual([])
  })
})

const resellerOffer = {
  authorization_id: 'resaleauthz-1',
  name: 'n',
  description: 'd',
  buyer_account_ids: [buyerAccount],
  markup_percent: decimal('12.5'),
  expires_on: '2026-09-15',
  marker: 'm',
}

describe('an authorization', () => {
  test('carries wholesale prices and, once only, a quantity of one', () => {
    const changes = toAwsAuthorization(authorization, {})
    expect(detailsOf(changes, 'CreateResaleAuthorization')).toMatchObject({
      ResellerAccountId: resellerAccount,
    })
    expect(detailsOf(changes, 'UpdatePricingTerms')).toMatchObject({
      Terms: [{ Type: 'ResaleFixedUpfrontPricingTerm' }, { Type: 'ResaleUsageBasedPricingTerm' }],
    })
    expect(detailsOf(changes, 'UpdatePaymentScheduleTerms')).toMatchObject({
      Terms: [{ Type: 'ResalePaymentScheduleTerm' }],
    })
    expect(detailsOf(changes, 'UpdateAvailability')).toEqual({
      AvailabilityEndDate: '2026-09-20',
      OffersMaxQuantity: 1,
    })
    expect(detailsOf(changes, 'UpdateLegalTerms')).toEqual({
      Terms: [
        { Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardEula' }] },
        { Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] },
      ],
    })
  })

  test('for any buyer, many times, names neither', () => {
    const changes = toAwsAuthorization({ ...authorization, buyer_account_ids: [], single_use: false }, {})
    expect(types(changes)).not.toContain('UpdateBuyerTargetingTerms')
    expect(detailsOf(changes, 'UpdateAvailability')).toEqual({ AvailabilityEndDate: '2026-09-20' })
  })

  test('becomes an offer with an exact markup', () => {
    const changes = toAwsResellerOffer({ ...resellerOffer, duration_months: 24 }, {})
    expect(detailsOf(changes, 'UpdateMarkup')).toEqual({ Percentage: '12.5' })
    expect(detailsOf(changes, 'UpdateValidityTerms')).toMatchObject({
      Terms: [{ AgreementDuration: 'P24M' }],
    })
  })
})

describe('a change set', () => {
  test('has the same token and name for the same key, within the limits of AWS', async () => {
    const key = `op_${'x'.repeat(200)}/ü`
    const marks = await marksOf('reseller-offer', key)
    expect(await marksOf('reseller-offer', key)).toEqual(marks)
    expect(marks.token).toMatch(/^[!-~]{1,64}$/)
    expect(marks.name).toMatch(/^[\w\s+=.:@-]{1,100}$/)
    expect((await marksOf('offer', key)).token).not.toBe(marks.token)
  })

  test('names what it made without revisions', () => {
    expect(
      fromAwsChanges([
        { ChangeType: 'CreateProduct', Entity: { Type: 'SaaSProduct@1.0', Identifier: 'prod-1@1' } },
        { ChangeType: 'ReleaseOffer', Entity: { Type: 'Offer@1.0', Identifier: 'offer-1@12' } },
        { ChangeType: 'Odd', Entity: { Type: 'Thing@1.0', Identifier: 'thing-1' } },
      ]),
    ).toEqual({ product_id: 'prod-1', offer_id: 'offer-1' })
    expect(withoutRevision('offer-a@b@3')).toBe('offer-a@b')
  })

  test('that failed without a reason still says something', async () => {
    const { connector } = connectorWith(() =>
      json({
        ChangeSetId: 'c',
        Status: 'FAILED',
        FailureCode: 'SERVER_FAULT',
        FailureDescription: 'Oops',
        ChangeSet: [],
      }),
    )
    expect(await connector.offers?.check(connectionOf(), 'c')).toMatchObject({
      status: 'failed',
      problems: [{ code: 'SERVER_FAULT', message: 'Oops', plain: expect.stringContaining('Try again') }],
    })
  })

  test('an error code means what its change type makes of it', () => {
    expect(plain('CreateOffer', 'INCOMPATIBLE_PRODUCT')).toContain('Publish the listing first')
    expect(plain('UpdateTargeting', 'INCOMPATIBLE_PRODUCT')).not.toContain('Publish the listing first')
    expect(plain('ReleaseOffer', 'constructor')).toBeUndefined()
  })
})

describe('an offer', () => {
  const now = new Date('2026-09-10T12:00:00Z')
  const until = (AvailabilityEndDate: string) => ({ State: 'Released', Rules: [{ AvailabilityEndDate }] })
  test.each([
    ['draft', { State: 'Draft' }],
    ['live', { State: 'Released' }],
    ['live', until('2026-09-10')],
    ['live', until('2026-09-10T23:59:59.999Z')],
    ['expired', until('2026-09-09')],
    ['unknown', until('soon')],
    ['unknown', { State: 'Paused' }],
  ] as const)('is %s', (state, offer) => {
    expect(fromAwsOfferState(offer as Parameters<typeof fromAwsOfferState>[0], now)).toBe(state)
  })
})

describe('an agreement', () => {
  const described = {
    agreementId: 'agmt-1',
    acceptor: { accountId: buyerAccount },
    proposer: { accountId: resellerAccount },
    status: 'ACTIVE' as const,
    endTime: new Date('9999-01-01T00:00:00Z'),
    estimatedCharges: { currencyCode: 'USD' as const, agreementValue: '120000.50' },
  }

  test('is seen from the account that asks', () => {
    expect(fromAwsAgreement(described, [], resellerAccount, {}).role).toBe('seller')
    expect(fromAwsAgreement(described, [], vendorAccount, {}).role).toBe('manufacturer')
  })

  test('by use has no end', () => {
    expect(fromAwsAgreement(described, [], vendorAccount, {}).ends_at).toBeNull()
  })

  test('on a public offer grants what the buyer chose', () => {
    const term = {
      configurableUpfrontPricingTerm: {
        configuration: { selectorValue: 'P12M', dimensions: [{ dimensionKey: 'seats', dimensionValue: 5 }] },
      },
    }
    expect(fromAwsAgreement(described, [term], vendorAccount, {}).grants).toEqual([
      { dimension: 'seats', quantity: 5 },
    ])
  })

  test('whose schedule has a fraction of a cent cannot be read', () => {
    const term = {
      paymentScheduleTerm: {
        currencyCode: 'USD' as const,
        schedule: [{ chargeDate: new Date('2026-10-01'), chargeAmount: '10.005' }],
      },
    }
    expect(() => fromAwsAgreement(described, [term], vendorAccount, {})).toThrow(/readable payment schedule/)
  })

  test.each([
    ['RENEWED', 'replaced'],
    ['TERMINATED', 'ended'],
    ['ROLLED_BACK', 'cancelled'],
    ['PENDING_SOMETHING', 'unknown'],
  ])('in state %s is %s', (status, state) => {
    expect(fromAwsAgreementStatus(status)).toBe(state)
  })
})
