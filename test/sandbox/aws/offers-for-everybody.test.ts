import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyer, type Change, change, type Market, madeBy, problemsOf } from '../support.ts'
import {
  card,
  configurableTerm,
  fixedTerm,
  type OfferBody,
  offerChange,
  on,
  openCatalog,
  pricing,
  privateOffer,
  publicOffer,
  publishProduct,
  releaseProduct,
  renewing,
  schedule,
  usageTerm,
} from './offer-world.ts'

let market: Market
beforeAll(async () => {
  market = await openCatalog()
})
afterAll(() => market.server.stop())

const freeTrial = (Duration: string, DimensionKey: string) => ({
  Type: 'FreeTrialPricingTerm',
  Duration,
  Grants: [{ DimensionKey }],
})
const trial = (Duration: string, key = 'seats', model = 'Free') => pricing(model, freeTrial(Duration, key))
const update = (type: string, offerId: string, details: unknown): Change[] => [
  [type, `offer:${offerId}`, details],
]

describe('an offer for everybody', () => {
  const forms: [string, OfferBody][] = [
    ['is released', {}],
    ['is pay as you go', pricing('Usage', usageTerm())],
    ['is a free trial', trial('P20D')],
    ['is a free trial of usage', trial('P31D', 'calls', 'Usage')],
    ['is paid by use after a free trial', pricing('Usage', usageTerm(), freeTrial('P7D', 'calls'))],
    ['is in yen for up to three years', pricing('Contract', configurableTerm([card('P36M')], 'JPY'))],
    ['renews without a word about the price', renewing({})],
    ['is for some countries', { UpdateTargeting: { PositiveTargeting: { CountryCodes: ['US', 'DE'] } } }],
    ['is for all countries but one', { UpdateTargeting: { NegativeTargeting: { CountryCodes: ['FR'] } } }],
  ]
  test.each(forms)('%s', async (_name, form) => {
    const productId = await releaseProduct(market)
    const done = await offerChange(market, { ...publicOffer(productId), ...form })
    expect(problemsOf(done)).toEqual([])
  })

  const net = { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P30D' }] }
  const elsewhere = { PreExistingAgreement: { AcquisitionChannel: 'External', PricingModel: 'Contract' } }
  const refusals: [string, OfferBody][] = [
    ['UpdatePricingTerms: INVALID_DURATION', trial('P4D')],
    ['UpdatePricingTerms: INVALID_DURATION', trial('P32D')],
    [
      'UpdatePricingTerms: INCOMPATIBLE_SELECTOR_DURATION',
      pricing('Contract', configurableTerm([card('P6M')])),
    ],
    ['UpdateNetPaymentTerms: INCOMPATIBLE_TERMS', { UpdateNetPaymentTerms: net }],
    ['UpdateInformation: INCOMPATIBLE_PRE_EXISTING_AGREEMENT', { UpdateInformation: elsewhere }],
    [
      'ReleaseOffer: MISSING_BUYER_ACCOUNTS',
      {
        ...pricing('Contract', fixedTerm()),
        UpdatePaymentScheduleTerms: schedule([on('2026-12-01')]),
      },
    ],
  ]
  test.each(refusals)('is refused with %s', async (problem, broken) => {
    const productId = await releaseProduct(market)
    const done = await offerChange(market, { ...publicOffer(productId), ...broken })
    expect(problemsOf(done)).toEqual([problem])
  })

  test('is one of its product, with a free trial beside it', async () => {
    const productId = await publishProduct(market)
    expect(problemsOf(await offerChange(market, publicOffer(productId)))).toEqual([
      'ReleaseOffer: TOO_MANY_OFFERS',
    ])
    const free = await offerChange(market, { ...publicOffer(productId), ...trial('P5D') })
    expect(problemsOf(free)).toEqual([])
  })

  test('goes up in price after 90 days again, and never up and down at once', async () => {
    const productId = await releaseProduct(market)
    const offerId = madeBy(await offerChange(market, publicOffer(productId)), 'O')
    const priced = async (month: string, year: string) => {
      const { UpdatePricingTerms } = pricing(
        'Contract',
        configurableTerm([card('P1M', month), card('P12M', year)]),
        usageTerm(),
      )
      return problemsOf(
        await change(market, market.vendor, update('UpdatePricingTerms', offerId, UpdatePricingTerms)),
      )
    }
    expect(await priced('16', '149')).toEqual(['UpdatePricingTerms: INVALID_PRICE_CHANGE'])
    expect(await priced('16', '150')).toEqual([])
    expect(await priced('17', '150')).toEqual(['UpdatePricingTerms: INVALID_PRICE_CHANGE'])
    expect(await priced('14', '140')).toEqual([])
  })

  test('takes nothing that is for private offers once it is out', async () => {
    const productId = await releaseProduct(market)
    const offerId = madeBy(await offerChange(market, publicOffer(productId)), 'O')
    const refused: [string, unknown][] = [
      ['UpdateNetPaymentTerms', net],
      ['UpdatePricingTerms', pricing('Contract', fixedTerm()).UpdatePricingTerms],
      ['UpdatePaymentScheduleTerms', schedule([on('2026-12-01')])],
    ]
    for (const [type, details] of refused) {
      const done = await change(market, market.vendor, update(type, offerId, details))
      expect(problemsOf(done)).toEqual([`${type}: INCOMPATIBLE_TERMS`])
    }
    const targeted = (details: unknown) =>
      change(market, market.vendor, update('UpdateTargeting', offerId, details))
    const toBuyers = await targeted({ PositiveTargeting: { BuyerAccounts: [buyer] } })
    expect(problemsOf(toBuyers)).toEqual(['UpdateTargeting: INCOMPATIBLE_TARGETING'])
    const toCountries = await targeted({ PositiveTargeting: { CountryCodes: ['US', 'ES', 'FR', 'AU'] } })
    expect(problemsOf(toCountries)).toEqual([])
  })
})

describe('once a private offer is out', () => {
  let offerId = ''
  beforeAll(async () => {
    offerId = madeBy(await offerChange(market, privateOffer(await publishProduct(market))), 'O')
  })
  const terms = privateOffer('')
  const sealed: [string, unknown, string][] = [
    ['UpdatePricingTerms', terms.UpdatePricingTerms, 'INCOMPATIBLE_TERMS'],
    ['UpdatePaymentScheduleTerms', terms.UpdatePaymentScheduleTerms, 'INCOMPATIBLE_TERMS'],
    ['UpdateLegalTerms', terms.UpdateLegalTerms, 'INCOMPATIBLE_TERMS'],
    ['UpdateSupportTerms', { Terms: [] }, 'INCOMPATIBLE_TERMS'],
    ['UpdateRenewalTerms', { Terms: [] }, 'INCOMPATIBLE_TERMS'],
    ['UpdateNetPaymentTerms', { Terms: [] }, 'INCOMPATIBLE_TERMS'],
    ['UpdateTargeting', terms.UpdateTargeting, 'INCOMPATIBLE_TARGETING'],
    ['ReleaseOffer', {}, 'INVALID_UPDATE_REQUEST'],
    [
      'UpdateValidityTerms',
      { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P3M' }] },
      'INCOMPATIBLE_TERMS',
    ],
    [
      'UpdateInformation',
      { PreExistingAgreement: { AcquisitionChannel: 'External', PricingModel: 'Byol' } },
      'INCOMPATIBLE_PRE_EXISTING_AGREEMENT',
    ],
  ]
  test.each(sealed)('%s is refused', async (type, details, code) => {
    const done = await change(market, market.vendor, update(type, offerId, details))
    expect(problemsOf(done)).toEqual([`${type}: ${code}`])
  })

  const open: [string, unknown][] = [
    ['UpdateInformation', { Name: 'Another name' }],
    ['UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P13M' }] }],
    ['UpdateAvailability', { AvailabilityEndDate: '2026-12-31' }],
    ['UpdateAvailability', { AvailabilityEndDate: '2026-10-31' }],
  ]
  test.each(open)('%s is taken (%#)', async (type, details) => {
    const done = await change(market, market.vendor, update(type, offerId, details))
    expect(problemsOf(done)).toEqual([])
  })
})
