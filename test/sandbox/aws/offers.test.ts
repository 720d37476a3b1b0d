import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { change, type Market, madeBy, problemsOf, twoInstalments } from '../support.ts'
import {
  atSamePrice,
  card,
  contract,
  document,
  fixedTerm,
  halves,
  noSchedule,
  type OfferBody,
  offerChange,
  on,
  openCatalog,
  pricing,
  privateOffer,
  publishProduct,
  range,
  renewing,
  schedule,
  usageTerm,
  validity,
} from './offer-world.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterAll(() => market.server.stop())

describe('a private offer is released', () => {
  const forms: [string, OfferBody][] = [
    ['in instalments, with usage', {}],
    [
      'in euros',
      {
        ...pricing('Contract', fixedTerm('EUR')),
        UpdatePaymentScheduleTerms: schedule(twoInstalments, 'EUR'),
      },
    ],
    [
      'with instalments in the past of nothing but the last day',
      { UpdatePaymentScheduleTerms: schedule([on('2026-11-01')]) },
    ],
    [
      'as a subscription',
      {
        ...pricing('Usage', usageTerm()),
        ...noSchedule,
        UpdateValidityTerms: validity({ AgreementDuration: 'P30D' }),
      },
    ],
    ['as a choice of contracts', contract(card('P1M'), card('P7M'), card('P5Y'))],
    [
      'for licences that were bought elsewhere',
      { ...pricing('Byol', { Type: 'ByolPricingTerm' }), ...noSchedule },
    ],
    [
      'with a price beside such licences',
      {
        ...pricing('Contract', { ...fixedTerm(), Price: '99.999' }, { Type: 'ByolPricingTerm' }),
        ...noSchedule,
      },
    ],
    [
      'starting later',
      { UpdateValidityTerms: validity({ AgreementStartDate: '2026-12-01', AgreementEndDate: '2027-11-30' }) },
    ],
    [
      'until a day',
      { UpdateValidityTerms: validity({ AgreementDuration: null, AgreementEndDate: '2028-02-29' }) },
    ],
    ['with its own length only', { UpdateValidityTerms: undefined }],
    [
      'with a custom document',
      { UpdateLegalTerms: document({ Type: 'CustomEula', Url: 'https://bucket.s3.amazonaws.com/eula.pdf' }) },
    ],
    [
      'with the newest standard document',
      { UpdateLegalTerms: document({ Type: 'StandardEula', Url: null }) },
    ],
    [
      'with the older standard document',
      { UpdateLegalTerms: document({ Type: 'StandardEula', Version: '2019-04-24' }) },
    ],
    [
      'with a document for data',
      { UpdateLegalTerms: document({ Type: 'StandardDsa', Version: '2019-12-12' }) },
    ],
    [
      'with days to pay',
      { UpdateNetPaymentTerms: { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P45D' }] } },
    ],
    [
      'with refunds',
      { UpdateSupportTerms: { Terms: [{ Type: 'SupportTerm', RefundPolicy: '30 days © ' }] } },
    ],
    [
      'with an approval of its buyers',
      {
        UpdateCustomerVerificationTerms: {
          Terms: [
            {
              Type: 'CustomerVerificationTerm',
              ApprovalStrategy: 'AutoApproveOnExpiration',
              ExpirationDuration: 'P10D',
            },
          ],
        },
      },
    ],
    [
      'renewing at the same price',
      renewing({ PriceIncrease: atSamePrice, TermTemplates: halves, MaxRenewals: 3 }),
    ],
    [
      'renewing within a range',
      renewing({
        PriceIncrease: range('1.00', '10.00', '3.5'),
        LockoutPeriod: 'P30D',
        AdjustmentDeadline: 'P60D',
        TermTemplates: halves,
      }),
    ],
    [
      'with all that was removed again',
      {
        UpdateRenewalTerms: { Terms: [] },
        UpdateNetPaymentTerms: { Terms: [] },
        UpdateSupportTerms: { Terms: [] },
      },
    ],
    [
      'from an agreement elsewhere',
      {
        UpdateInformation: {
          Name: 'n',
          Description: 'd',
          PreExistingAgreement: { AcquisitionChannel: 'External', PricingModel: 'Contract' },
        },
      },
    ],
  ]
  test.each(forms)('%s', async (_name, form) => {
    const done = await offerChange(market, { ...privateOffer(productId), ...form })
    expect(problemsOf(done)).toEqual([])
    expect(done.Status).toBe('SUCCEEDED')
  })
})

test('a private offer needs a public offer before it, and a product', async () => {
  const other = madeBy(await change(market, market.vendor, [['CreateProduct', 'prod', {}, 'P']]), 'P')
  const early = await offerChange(market, privateOffer(other))
  expect(problemsOf(early)).toEqual([
    'UpdateTargeting: INCOMPATIBLE_PRODUCT',
    ...['INVALID_GRANTS', 'INVALID_RATE_CARD'].map((code) => `UpdatePricingTerms: ${code}`),
  ])
  await expect(offerChange(market, privateOffer('prod-nothere'))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})
