// What of offers and resale only AWS knows: how it is written there, and what is refused before it is sent.
import { describe, expect, test } from 'vitest'
import { fromAwsAgreement } from '../../../connectors/aws/agreements/map-agreements.ts'
import { examineOffer } from '../../../connectors/aws/selling/examine.ts'
import {
  examineAuthorization,
  examineResellerOffer,
} from '../../../connectors/aws/selling/examine-channel.ts'
import { toAwsAuthorization, toAwsResellerOffer } from '../../../connectors/aws/selling/map-channel.ts'
import { toAwsOffer } from '../../../connectors/aws/selling/map-offers.ts'
import {
  authorizationOptionFields,
  offerOptionFields,
} from '../../../connectors/aws/selling/option-fields.ts'
import { optionShapes, readOptions } from '../../../connectors/aws/selling/options.ts'
import type { OfferDraft } from '../../../connectors/connector.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { formatMoney, money } from '../../../src/core/money.ts'
import { authorization, buyerAccount, privateOffer } from './support.ts'

const today = '2026-09-01'
type Sent = { ChangeType: string; DetailsDocument: unknown }
const detailsOf = (changes: Sent[], type: string) =>
  changes.find((change) => change.ChangeType === type)?.DetailsDocument
const types = (changes: Sent[]) => changes.map((change) => change.ChangeType)
const rulesOf = ({ findings }: { findings: { rule: string }[] }) => findings.map(({ rule }) => rule)

const listed: OfferDraft = {
  ...privateOffer,
  grants: [],
  instalments: [],
  usage_prices: {},
  rates: [
    { duration_months: 12, prices: { seats: decimal('150') } },
    { duration_months: 24, prices: { seats: decimal('250.5') } },
  ],
}
const trial: OfferDraft = {
  ...privateOffer,
  buyer_account_ids: [],
  instalments: [],
  usage_prices: {},
  trial_days: 20,
}
const resold = {
  authorization_id: 'resaleauthz-1',
  name: 'n',
  description: 'd',
  buyer_account_ids: [buyerAccount],
  markup_percent: decimal('12.5'),
  expires_on: '2026-09-15',
  marker: 'm',
}

describe('an offer', () => {
  test('to choose from has a price list for each length, and says nothing of its own length', () => {
    const changes = toAwsOffer(listed, {})
    const allowed = { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' }
    expect(detailsOf(changes, 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'ConfigurableUpfrontPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [
            {
              Selector: { Type: 'Duration', Value: 'P12M' },
              Constraints: allowed,
              RateCard: [{ DimensionKey: 'seats', Price: '150' }],
            },
            {
              Selector: { Type: 'Duration', Value: 'P24M' },
              Constraints: allowed,
              RateCard: [{ DimensionKey: 'seats', Price: '250.5' }],
            },
          ],
        },
      ],
    })
    expect(types(changes)).not.toContain('UpdateValidityTerms')
    expect(types(changes)).not.toContain('UpdatePaymentScheduleTerms')
    expect(JSON.stringify(toAwsOffer(listed, { choice: 'one' }))).toContain(
      '"MultipleDimensionSelection":"Disallowed","QuantityConfiguration":"Disallowed"',
    )
  })

  test('to try for free is a public one', () => {
    const changes = toAwsOffer(trial, {})
    expect(detailsOf(changes, 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Free',
      Terms: [
        {
          Type: 'FreeTrialPricingTerm',
          Duration: 'P20D',
          Grants: [{ DimensionKey: 'seats', MaxQuantity: 100 }],
        },
      ],
    })
    for (const type of ['UpdateTargeting', 'UpdateValidityTerms']) expect(types(changes)).not.toContain(type)
  })

  test('begins and ends on days of its own, is paid within days of its own, and has a text of its own', () => {
    const changes = toAwsOffer(privateOffer, {
      starts_on: '2026-10-01',
      ends_on: '2027-09-30',
      net_payment_days: 60,
      eula: 'https://example.com/terms.pdf',
    })
    expect(detailsOf(changes, 'UpdateValidityTerms')).toEqual({
      Terms: [{ Type: 'ValidityTerm', AgreementStartDate: '2026-10-01', AgreementEndDate: '2027-09-30' }],
    })
    expect(detailsOf(changes, 'UpdateNetPaymentTerms')).toEqual({
      Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P60D' }],
    })
    expect(detailsOf(changes, 'UpdateLegalTerms')).toEqual({
      Terms: [
        { Type: 'LegalTerm', Documents: [{ Type: 'CustomEula', Url: 'https://example.com/terms.pdf' }] },
      ],
    })
  })

  test('renews itself at a rise, and is then paid in the same parts, which make a hundred', () => {
    const thirds = ['2026-10-01', '2027-01-01', '2027-04-01'].map((due_on) => ({
      due_on,
      amount: money('USD', 10_000_00n),
    }))
    const changes = toAwsOffer(
      { ...privateOffer, instalments: thirds },
      { renewal: { price_increase_percent: '7.5', lockout_days: 10, maximum: 2 } },
    )
    expect(detailsOf(changes, 'UpdateRenewalTerms')).toEqual({
      Terms: [
        {
          Type: 'RenewalTerm',
          LockoutPeriod: 'P10D',
          MaxRenewals: 2,
          PriceIncrease: { Type: 'FixedPercentage', Value: '7.50' },
          TermTemplates: [
            {
              Type: 'PaymentScheduleTermTemplate',
              Schedule: [
                { ChargeDateOffset: 'P0M', ChargePercentage: '33.33' },
                { ChargeDateOffset: 'P3M', ChargePercentage: '33.33' },
                { ChargeDateOffset: 'P6M', ChargePercentage: '33.34' },
              ],
            },
          ],
        },
      ],
    })
    const range = { lowest_percent: '0', usual_percent: '3', highest_percent: '5', adjustment_days: 30 }
    expect(detailsOf(toAwsOffer(listed, { renewal: range }), 'UpdateRenewalTerms')).toEqual({
      Terms: [
        {
          Type: 'RenewalTerm',
          AdjustmentDeadline: 'P30D',
          PriceIncrease: {
            Type: 'PercentageRange',
            Range: { MinValue: '0.00', MaxValue: '5.00', DefaultValue: '3.00' },
          },
        },
      ],
    })
  })

  test.each([
    [{ starts_on: '2026-10-01' }, privateOffer, ['start-without-end']],
    [{ starts_on: '2026-09-20', ends_on: '2027-09-19' }, privateOffer, ['start-before-expiry']],
    [{ starts_on: '2026-10-01', ends_on: '2026-10-01' }, privateOffer, ['end-before-start']],
    [{ ends_on: '2026-09-01' }, privateOffer, ['end-before-start']],
    [{}, { ...privateOffer, replaces_agreement_id: 'agmt-1' }, ['replacement-end']],
    [{ ends_on: '2027-09-01' }, listed, ['option-does-not-fit']],
    [{ choice: 'one' }, privateOffer, ['choice-of-nothing']],
    [{ net_payment_days: 30 }, trial, ['option-does-not-fit']],
    [{ net_payment_days: 31 }, privateOffer, ['option']],
    [{ replaces: 'agmt-1' }, privateOffer, ['option']],
    [{ eula: 'ftp://example.com/a.pdf' }, privateOffer, ['option']],
    [{ renewal: {} }, privateOffer, ['increase-missing']],
    [{ renewal: { price_increase_percent: '100.5' } }, privateOffer, ['option']],
    [{ renewal: { price_increase_percent: '1', lowest_percent: '0' } }, privateOffer, ['increase-twice']],
    [{ renewal: { lowest_percent: '0', adjustment_days: 3 } }, privateOffer, ['increase-range']],
    [
      { renewal: { lowest_percent: '5', usual_percent: '3', highest_percent: '6' } },
      privateOffer,
      ['increase-range', 'adjustment-missing'],
    ],
    [
      {
        renewal: {
          lowest_percent: '0',
          usual_percent: '1',
          highest_percent: '2',
          lockout_days: 20,
          adjustment_days: 20,
        },
      },
      privateOffer,
      ['adjustment-in-lockout'],
    ],
    [
      { renewal: { price_increase_percent: '1', adjustment_days: 10 } },
      privateOffer,
      ['adjustment-of-nothing'],
    ],
    [
      { starts_on: '2026-10-01', ends_on: '2027-09-30' },
      { ...privateOffer, replaces_agreement_id: 'agmt-1' },
      ['option-does-not-fit'],
    ],
    [
      { renewal: { price_increase_percent: '1' } },
      { ...privateOffer, grants: [], instalments: [] },
      ['renewal-of-usage'],
    ],
    [{ starts_on: '2026-10-01', ends_on: '2027-09-30', net_payment_days: 15 }, privateOffer, []],
  ] as [object, OfferDraft, string[]][])(
    'with %j is found wrong before it is sent',
    (options, draft, rules) => {
      const examined = examineOffer({ ...draft, options: { ...options } }, today)
      expect(rulesOf(examined)).toEqual(rules)
      for (const { reason, fix, field } of examined.findings)
        expect([reason, fix, field].every((text) => text.length > 3)).toBe(true)
    },
  )
})

describe('an authorization', () => {
  test.each([
    [{ single_use: true }, { AvailabilityEndDate: '2026-09-20', OffersMaxQuantity: 1 }],
    [{ single_use: false }, { AvailabilityEndDate: '2026-09-20' }],
    [{ single_use: true, expires_on: null }, { OffersMaxQuantity: 1 }],
    [{ single_use: false, expires_on: null }, undefined],
  ])('with %j is available as AWS has it', (more, details) => {
    expect(detailsOf(toAwsAuthorization({ ...authorization, ...more }, {}), 'UpdateAvailability')).toEqual(
      details,
    )
  })

  test('by list price, to be paid within days, by a distributor, until a first day', () => {
    const { rates, grants, instalments, usage_prices } = listed
    const changes = toAwsAuthorization(
      { ...authorization, ...(rates && { rates }), grants, instalments, usage_prices },
      { net_payment_days: 45, reseller_role: 'Distributor', latest_start_on: '2027-01-31' },
    )
    expect(detailsOf(changes, 'CreateResaleAuthorization')).toMatchObject({ ResellerRole: 'Distributor' })
    expect(detailsOf(changes, 'UpdatePricingTerms')).toMatchObject({
      Terms: [{ Type: 'ResaleConfigurableUpfrontPricingTerm', RateCards: [{}, {}] }],
    })
    expect(detailsOf(changes, 'UpdateNetPaymentTerms')).toEqual({
      Terms: [{ Type: 'ResaleNetPaymentTerm', PaymentDuePeriod: 'P45D' }],
    })
    expect(detailsOf(changes, 'UpdateBuyerValidityTerms')).toEqual({
      Terms: [{ Type: 'BuyerValidityTerm', MaximumAgreementStartDate: '2027-01-31' }],
    })
  })

  test('for more buyers, with a longer name or a first day in the past is refused', () => {
    const buyers = Array.from({ length: 26 }, (_, index) => String(300000000000 + index))
    const draft = { ...authorization, buyer_account_ids: buyers, name: 'n'.repeat(101) }
    const options = { latest_start_on: '2026-08-31' }
    expect(rulesOf(examineAuthorization({ ...draft, options }, today))).toEqual([
      'latest-start-past',
      'name-too-long',
      'too-many-buyers',
    ])
    expect(rulesOf(examineAuthorization(authorization, today))).toEqual([])
    for (const more of [{ single_use: false }, { expires_on: null }]) {
      const examined = examineAuthorization({ ...authorization, ...more }, today)
      expect(rulesOf(examined)).toEqual(['instalments-once'])
      const byUsage = { ...authorization, ...more, grants: [], instalments: [] }
      expect(rulesOf(examineAuthorization(byUsage, today))).toEqual([])
    }
  })
})

describe("a reseller's offer", () => {
  test('with a schedule of its own has no markup', () => {
    const { currency, instalments } = privateOffer
    const own_schedule = { currency, instalments }
    const draft = { ...resold, own_schedule, duration_months: 12 }
    const changes = toAwsResellerOffer(draft, { net_payment_days: 30 })
    expect(types(changes)).toEqual([
      'CreateOfferUsingResaleAuthorization',
      'UpdateInformation',
      'UpdatePaymentScheduleTerms',
      'UpdateTargeting',
      'UpdateValidityTerms',
      'UpdateNetPaymentTerms',
      'UpdateAvailability',
      'ReleaseOffer',
    ])
    expect(detailsOf(changes, 'UpdatePaymentScheduleTerms')).toMatchObject({
      Terms: [{ Type: 'PaymentScheduleTerm', Schedule: [{ ChargeAmount: '60000.00' }, {}] }],
    })
  })

  test('for a fixed choice of a price list has that choice, and pays it by its schedule', () => {
    const { currency, instalments } = privateOffer
    const chosen = { duration_months: 24, grants: [{ dimension: 'seats', quantity: 7 }] }
    const draft = { ...resold, own_schedule: { currency, instalments, chosen }, duration_months: 24 }
    const changes = toAwsResellerOffer(draft, {})
    expect(types(changes).slice(2, 5)).toEqual([
      'UpdatePricingTerms',
      'UpdatePaymentScheduleTerms',
      'UpdateTargeting',
    ])
    expect(detailsOf(changes, 'UpdatePricingTerms')).toEqual({
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'FixedUpfrontPricingTerm',
          CurrencyCode: currency,
          Price: '0',
          Duration: 'P24M',
          Grants: [{ DimensionKey: 'seats', MaxQuantity: 7 }],
        },
      ],
    })
    const nothing = {
      ...draft,
      own_schedule: { currency, instalments: [], chosen: { ...chosen, grants: [] } },
    }
    expect(examineResellerOffer(nothing, today).findings.map(({ rule, field }) => [rule, field])).toEqual([
      ['missing-instalments', 'own_schedule.instalments'],
      ['missing-grants', 'own_schedule.chosen.grants'],
    ])
  })

  test('in the place of an agreement names it and the last day, and no buyers', () => {
    const draft = { ...resold, replaces_agreement_id: 'agmt-1' }
    const changes = toAwsResellerOffer(draft, { ends_on: '2027-12-31' })
    expect(detailsOf(changes, 'CreateReplacementOfferUsingResaleAuthorization')).toEqual({
      ResaleAuthorizationId: 'resaleauthz-1',
      AgreementId: 'agmt-1',
    })
    expect(detailsOf(changes, 'UpdateValidityTerms')).toEqual({
      Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2027-12-31' }],
    })
    expect(types(changes)).not.toContain('UpdateTargeting')
    expect(rulesOf(examineResellerOffer(draft, today))).toEqual(['replacement-end'])
    expect(rulesOf(examineResellerOffer({ ...resold, options: { renewal: {} } }, today))).toEqual(['option'])
  })
})

test('every option that a form asks for is one that is read', () => {
  const value = { date: '2027-01-31', number: 5, text: '5', choice: '', yes: true }
  for (const [shape, fields] of [
    [optionShapes.offer, offerOptionFields],
    [optionShapes.authorization, authorizationOptionFields],
  ] as const) {
    for (const { name, holds, choices } of fields) {
      const number = name === 'net_payment_days' ? Number(choices?.[0]) : undefined
      const typed = number ?? choices?.[0] ?? (/eula|contract/.test(name) ? 'standard' : value[holds])
      const [outer = '', inner] = name.split('.')
      const options = { [outer]: inner === undefined ? typed : { [inner]: typed } }
      expect([name, readOptions<unknown>(shape, options).ok]).toEqual([name, true])
    }
  }
})

describe('an agreement', () => {
  const agreement = {
    agreementId: 'agmt-1',
    acceptanceTime: new Date('2026-09-10T08:00:00Z'),
    proposer: { accountId: '1' },
    acceptor: { accountId: '2' },
    status: 'ACTIVE' as const,
  }
  const read = (terms: Parameters<typeof fromAwsAgreement>[1]) => {
    const { instalments, grants, chosen_months } = fromAwsAgreement(agreement, terms, '1', {})
    const due = instalments.map(({ due_on, amount }) => [due_on, formatMoney(amount)])
    return { due, grants, chosen_months }
  }

  test('tells what the buyer chose, and what that costs at once', () => {
    const choice = {
      type: 'ConfigurableUpfrontPricingTerm',
      currencyCode: 'USD',
      rateCards: [
        { selector: { value: 'P12M' }, rateCard: [{ dimensionKey: 'seats', price: '150' }] },
        { selector: { value: 'P24M' }, rateCard: [{ dimensionKey: 'seats', price: '250.5' }] },
      ],
      configuration: { selectorValue: 'P24M', dimensions: [{ dimensionKey: 'seats', dimensionValue: 3 }] },
    }
    expect(read([{ configurableUpfrontPricingTerm: choice }])).toEqual({
      due: [['2026-09-10', '751.50']],
      grants: [{ dimension: 'seats', quantity: 3 }],
      chosen_months: 24,
    })
  })

  test('with a fixed price and no schedule is paid at once, with one by its schedule', () => {
    const fixed = { currencyCode: 'USD', price: '99.5', grants: [] }
    expect(read([{ fixedUpfrontPricingTerm: fixed }]).due).toEqual([['2026-09-10', '99.50']])
    const schedule = [{ chargeDate: new Date('2026-10-01T00:00:00Z'), chargeAmount: '30.00' }]
    const scheduled = { currencyCode: 'USD', schedule }
    const terms = [{ fixedUpfrontPricingTerm: { ...fixed, price: '0' } }, { paymentScheduleTerm: scheduled }]
    expect(read(terms).due).toEqual([['2026-10-01', '30.00']])
  })
})
