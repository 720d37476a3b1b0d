// Offers of a reseller under an authorization. Source of the rules: developer guide, channel partner private offers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accept, buyer, change, type Keys, type Market, madeBy } from '../support.ts'
import {
  authorizationOf,
  channelOfferOf,
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
const second = '300000000004'
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
  await market.control<Keys>('/aws/accounts', { account_id: second, name: 'Second Corp', role: 'buyer' })
})
afterAll(() => market.server.stop())

const { usage, fixed, configurable, pricing } = parts
const usageOnly = modes['without an end, for usage'] ?? {}

async function given(mode: Details, swaps: Details = {}): Promise<string> {
  return madeBy(await change(market, market.vendor, authorizationOf(productId, mode, swaps)), 'A')
}

async function resell(mode: Details, swaps: Details, authorization: Details = {}): Promise<string[]> {
  const id = await given(mode, authorization)
  return outcome(market, market.reseller, channelOfferOf(id, swaps))
}

async function offerOf(authorizationId: string, swaps: Details = {}) {
  const done = await change(market, market.reseller, channelOfferOf(authorizationId, swaps))
  return madeBy(done, 'O')
}

const own = (...items: [string, string][]) => ({
  Terms: [
    {
      Type: 'PaymentScheduleTerm',
      CurrencyCode: 'USD',
      Schedule: items.map(([ChargeDate, ChargeAmount]) => ({ ChargeDate, ChargeAmount })),
    },
  ],
})
const net = (...periods: string[]) => ({
  Terms: periods.map((PaymentDuePeriod) => ({ Type: 'NetPaymentTerm', PaymentDuePeriod })),
})
const sixty = {
  UpdateNetPaymentTerms: { Terms: [{ Type: 'ResaleNetPaymentTerm', PaymentDuePeriod: 'P60D' }] },
}
const validity = (more: object) => ({ UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', ...more }] } })
const upfront = (more: object = {}) => ({
  ...fixed,
  Type: 'FixedUpfrontPricingTerm',
  Price: '0',
  ...more,
})
const alone = { UpdateMarkup: undefined }
const latest = {
  UpdateBuyerValidityTerms: {
    Terms: [{ Type: 'BuyerValidityTerm', MaximumAgreementStartDate: '2027-02-28' }],
  },
}

describe('taken', () => {
  const good: [string, Details, Details, Details?][] = [
    ...Object.entries(modes).map(([name, mode]): [string, Details, Details] => [name, mode, {}]),
    ['at wholesale prices, without a markup', oneTime, alone],
    ['with a markup of nine decimals', oneTime, { UpdateMarkup: { Percentage: '12.123456789' } }],
    [
      'with instalments of its own',
      oneTime,
      { ...alone, UpdatePaymentScheduleTerms: own(['2026-12-10', '200.00'], ['2027-03-10', '999.99']) },
    ],
    ['with a shorter payment period', listPrices, { UpdateNetPaymentTerms: net('P30D') }, sixty],
    ['for the duration of the authorization', oneTime, validity({ AgreementDuration: 'P12M' })],
    [
      'with instalments in place of list prices',
      listPrices,
      {
        ...alone,
        UpdatePricingTerms: pricing(upfront()),
        UpdatePaymentScheduleTerms: own(['2026-12-10', '1000.00'], ['2027-03-10', '500.00']),
      },
    ],
  ]
  test.each(good)('%s', async (_name, mode, swaps, authorization) => {
    expect(await resell(mode, swaps, authorization)).toEqual(['SUCCEEDED'])
  })
})

describe('refused', () => {
  const against = (type: string) => [`${type}: INCOMPATIBLE_RESALE_AUTHORIZATION`]
  const bad: [string, Details, Details, string[], Details?][] = [
    [
      'another buyer than the authorization names',
      oneTime,
      { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [second] } } },
      against('UpdateTargeting'),
    ],
    [
      'instalments on other days',
      oneTime,
      { ...alone, UpdatePaymentScheduleTerms: own(['2026-12-11', '200.00'], ['2027-03-10', '250.00']) },
      against('UpdatePaymentScheduleTerms'),
    ],
    [
      'an instalment below wholesale, though the total is above',
      oneTime,
      { ...alone, UpdatePaymentScheduleTerms: own(['2026-12-10', '199.99'], ['2027-03-10', '999.00']) },
      against('UpdatePaymentScheduleTerms'),
    ],
    [
      'a markup beside instalments of its own',
      oneTime,
      { UpdatePaymentScheduleTerms: own(['2026-12-10', '200.00'], ['2027-03-10', '250.00']) },
      ['UpdateMarkup: INCOMPATIBLE_TERMS', 'UpdatePaymentScheduleTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'instalments in place of usage',
      usageOnly,
      { ...alone, UpdatePaymentScheduleTerms: own(['2026-12-10', '1']) },
      [...against('UpdatePaymentScheduleTerms')],
    ],
    [
      'a longer payment period',
      listPrices,
      { UpdateNetPaymentTerms: net('P90D') },
      against('UpdateNetPaymentTerms'),
      sixty,
    ],
    [
      'a payment period nobody gave',
      listPrices,
      { UpdateNetPaymentTerms: net('P15D') },
      against('UpdateNetPaymentTerms'),
    ],
    [
      'no payment period any more',
      listPrices,
      { UpdateNetPaymentTerms: net() },
      against('UpdateNetPaymentTerms'),
      sixty,
    ],
    ['another duration', oneTime, validity({ AgreementDuration: 'P24M' }), against('UpdateValidityTerms')],
    [
      'a start after the latest',
      listPrices,
      validity({ AgreementStartDate: '2027-03-01', AgreementEndDate: '2028-02-29' }),
      against('UpdateValidityTerms'),
      latest,
    ],
    [
      'prices of its own beside the markup',
      listPrices,
      { UpdatePricingTerms: pricing(upfront()) },
      ['UpdatePricingTerms: INCOMPATIBLE_TERMS'],
    ],
    [
      'list prices of its own',
      listPrices,
      {
        ...alone,
        UpdatePricingTerms: pricing({ ...configurable('P12M'), Type: 'ConfigurableUpfrontPricingTerm' }),
      },
      against('UpdatePricingTerms'),
    ],
    [
      'another duration of its own price',
      listPrices,
      {
        ...alone,
        UpdatePricingTerms: pricing(upfront({ Duration: 'P18M' })),
        UpdatePaymentScheduleTerms: own(['2026-12-10', '9999.00']),
      },
      against('UpdatePricingTerms'),
    ],
    [
      'instalments below what the list asks',
      listPrices,
      {
        ...alone,
        UpdatePricingTerms: pricing(upfront()),
        UpdatePaymentScheduleTerms: own(['2026-12-10', '1499.99']),
      },
      against('UpdatePaymentScheduleTerms'),
    ],
  ]
  test.each(bad)('%s', async (_name, mode, swaps, problems, authorization) => {
    const found = await resell(mode, swaps, authorization)
    expect(found.filter((problem) => !problem.startsWith('ReleaseOffer: MISSING'))).toEqual(problems)
  })

  test('an authorization that is used, gone by, taken back or for somebody else', async () => {
    const refused = 'CreateOfferUsingResaleAuthorization: INCOMPATIBLE_RESALE_AUTHORIZATION'
    const once = await given(oneTime)
    await offerOf(once)
    expect(await outcome(market, market.reseller, channelOfferOf(once))).toContain(refused)
    const back = await given(usageOnly)
    await change(market, market.vendor, [['RestrictResaleAuthorization', `resaleauthz:${back}`, {}]])
    expect(await outcome(market, market.reseller, channelOfferOf(back))).toContain(refused)
    const foreign = await given(usageOnly)
    expect(await outcome(market, market.vendor, channelOfferOf(foreign))).toContain(refused)
  })

  test('a markup of an offer that no authorization stands behind', async () => {
    const found = await outcome(market, market.vendor, [
      ['CreateOffer', 'offer', { ProductId: productId, Name: 'Own' }, 'O'],
      ['UpdateMarkup', 'offer:$O.Entity.Identifier', { Percentage: '5' }],
    ])
    expect(found).toEqual(['UpdateMarkup: INVALID_MARKUP_PERCENTAGE'])
  })

  test.each(['-5', '5%', '5.', '1.1234567890', ''])('the percentage "%s"', async (Percentage) => {
    expect(await resell(oneTime, { UpdateMarkup: { Percentage } })).toEqual(['422 ValidationException'])
  })
})

describe('the draft', () => {
  const draft = { UpdateMarkup: undefined, UpdateTargeting: undefined, ReleaseOffer: undefined }
  const scheduleOf = async (offerId: string) => {
    const { body } = await documentOf(market.reseller, offerId)
    const amounts = body.Terms.find(({ Type }) => Type === 'PaymentScheduleTerm')?.Schedule
    return { percentage: body.MarkupPercentage, amounts, body }
  }
  const amounts = (...values: string[]) =>
    ['2026-12-10', '2027-03-10'].map((day, index) => ({
      ChargeDate: `${day}T00:00:00.000Z`,
      ChargeAmount: values[index],
    }))

  test("begins with the authorization's terms and buyers, and counts as its use", async () => {
    const id = await given(oneTime, sixty)
    const offerId = await offerOf(id, draft)
    const { body, amounts: wholesale } = await scheduleOf(offerId)
    expect(wholesale).toEqual(amounts('200.00', '250.00'))
    expect(body).toMatchObject({ ResaleAuthorizationId: id, MarkupPercentage: null, State: 'Draft' })
    expect(body.Rules).toContainEqual({
      Type: 'TargetingRule',
      PositiveTargeting: { BuyerAccounts: [buyer] },
    })
    expect(body.Terms.map(({ Type }) => Type).sort()).toEqual([
      'FixedUpfrontPricingTerm',
      'LegalTerm',
      'NetPaymentTerm',
      'PaymentScheduleTerm',
      'UsageBasedPricingTerm',
    ])
    expect((await documentOf(market.vendor, id)).body.OfferDetails).toEqual({
      OfferCreatedCount: 1,
      OfferExtendedStatus: 'Completed-Used',
    })
  })

  test('takes one markup after another, each on the wholesale price, rounded once', async () => {
    const offerId = await offerOf(await given(oneTime), draft)
    const mark = (Percentage: string) =>
      outcome(market, market.reseller, [['UpdateMarkup', `offer:${offerId}`, { Percentage }]])
    expect(await mark('100')).toEqual(['SUCCEEDED'])
    expect((await scheduleOf(offerId)).amounts).toEqual(amounts('400.00', '500.00'))
    // 200 × 1.0325025 = 206.5005, 250 × 1.0325025 = 258.125625.
    expect(await mark('3.25025')).toEqual(['SUCCEEDED'])
    expect(await scheduleOf(offerId)).toMatchObject({
      percentage: '3.25025',
      amounts: amounts('206.50', '258.13'),
    })
    const instalments = own(['2026-12-10', '300.00'], ['2027-03-10', '300.00'])
    const schedule = () =>
      outcome(market, market.reseller, [['UpdatePaymentScheduleTerms', `offer:${offerId}`, instalments]])
    expect(await schedule()).toEqual(['UpdatePaymentScheduleTerms: INCOMPATIBLE_MARKUP_PERCENTAGE'])
    expect(await mark('0')).toEqual(['SUCCEEDED'])
    expect(await schedule()).toEqual(['SUCCEEDED'])
    expect((await scheduleOf(offerId)).amounts).toEqual(amounts('300.00', '300.00'))
    expect(await mark('5')).toEqual(['UpdateMarkup: INCOMPATIBLE_TERMS'])
  })

  test('of instalments in place of list prices takes no markup any more', async () => {
    const offerId = await offerOf(await given(listPrices), {
      ...draft,
      UpdatePricingTerms: pricing(upfront()),
      UpdatePaymentScheduleTerms: own(['2026-12-10', '1500.00']),
    })
    const mark = [['UpdateMarkup', `offer:${offerId}`, { Percentage: '5' }]] as [string, string, object][]
    expect(await outcome(market, market.reseller, mark)).toEqual([
      'UpdateMarkup: INCOMPATIBLE_RESALE_AUTHORIZATION',
    ])
  })

  test('keeps its markup once it is released', async () => {
    const offerId = await offerOf(await given(oneTime))
    expect(
      await outcome(market, market.reseller, [['UpdateMarkup', `offer:${offerId}`, { Percentage: '6' }]]),
    ).toEqual(['UpdateMarkup: INCOMPATIBLE_MARKUP'])
  })
})

describe('a replacement of a resold agreement', () => {
  test('is for its buyer, and made of an authorization that fits', async () => {
    const agreement = await accept(market, await offerOf(await given(oneTime)))
    const AgreementId = agreement.agreement_id
    const replace = (ResaleAuthorizationId: string, more: Details = {}) =>
      outcome(
        market,
        market.reseller,
        channelOfferOf(ResaleAuthorizationId, {
          CreateOfferUsingResaleAuthorization: undefined,
          CreateReplacementOfferUsingResaleAuthorization: { ResaleAuthorizationId, AgreementId },
          UpdateTargeting: undefined,
          ...more,
        }),
      )
    const ends = validity({ AgreementEndDate: '2027-11-01' })
    const elsewhere = await given(oneTime, {
      UpdateBuyerTargetingTerms: {
        Terms: [{ Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: [second] } }],
      },
    })
    expect(await replace(elsewhere, ends)).toContain(
      'CreateReplacementOfferUsingResaleAuthorization: INCOMPATIBLE_RESALE_AUTHORIZATION',
    )
    const fitting = await given(oneTime)
    const targeting = { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [buyer] } } }
    expect(await replace(fitting, { ...ends, ...targeting })).toEqual([
      'UpdateTargeting: INCOMPATIBLE_TARGETING',
    ])
    expect(await replace(fitting)).toEqual(['ReleaseOffer: MISSING_AGREEMENT_END_DATE'])
    expect(await replace(fitting, ends)).toEqual(['SUCCEEDED'])
    const plain = await outcome(market, market.reseller, [
      ['CreateReplacementOffer', 'offer', { AgreementId, Name: 'Plain' }, 'O'],
    ])
    expect(plain).toEqual(['CreateReplacementOffer: INCOMPATIBLE_AGREEMENT'])
    const nobody = { ResaleAuthorizationId: fitting, AgreementId: 'agmt-nothere' }
    expect(await replace(fitting, { CreateReplacementOfferUsingResaleAuthorization: nobody })).toEqual([
      '422 ValidationException',
    ])
  })
})

test('wholesale usage is resold with the markup inside, to the eighth place', async () => {
  const offerId = await offerOf(
    await given({ UpdatePricingTerms: { PricingModel: 'Usage', Terms: [usage('0.00000125')] } }),
  )
  const { body } = await documentOf(market.reseller, offerId)
  expect(body.Terms.find(({ Type }) => Type === 'UsageBasedPricingTerm')?.RateCards).toEqual([
    { RateCard: [{ DimensionKey: 'calls', Price: '0.00000131' }] },
  ])
})
