import { DescribeEntityCommand } from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accept, change, type Market, madeBy, problemsOf } from '../support.ts'
import {
  fixedTerm,
  type OfferBody,
  offerChange,
  on,
  openCatalog,
  pricing,
  privateOffer,
  publishProduct,
  schedule,
  usageTerm,
  validity,
} from './offer-world.ts'

let market: Market
let productId = ''
let agreementId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
  const offerId = madeBy(await offerChange(market, privateOffer(productId)), 'O')
  agreementId = (await accept(market, offerId)).agreement_id
})
afterAll(() => market.server.stop())

function replacement(): OfferBody {
  const { CreateOffer: _, UpdateTargeting: __, ...rest } = privateOffer(productId)
  return {
    ...rest,
    CreateReplacementOffer: { AgreementId: agreementId, Name: 'More seats' },
    UpdatePaymentScheduleTerms: schedule([on('2026-12-20', '900.00')]),
    UpdateValidityTerms: validity({ AgreementEndDate: '2027-12-31' }),
  }
}

describe('a replacement offer is refused', () => {
  const refusals: [string, () => OfferBody][] = [
    ['ReleaseOffer: MISSING_AGREEMENT_END_DATE', () => ({ UpdateValidityTerms: undefined })],
    [
      'ReleaseOffer: MISSING_AGREEMENT_END_DATE',
      () => ({ UpdateValidityTerms: validity({ AgreementDuration: 'P12M' }) }),
    ],
    [
      'UpdateValidityTerms: INCOMPATIBLE_AGREEMENT_START_DATE',
      () => ({
        UpdateValidityTerms: validity({ AgreementStartDate: '2026-12-01', AgreementEndDate: '2027-12-31' }),
      }),
    ],
    [
      'UpdatePricingTerms: INCOMPATIBLE_AGREEMENT',
      () => ({ ...pricing('Usage', usageTerm()), UpdatePaymentScheduleTerms: undefined }),
    ],
    [
      'UpdatePricingTerms: INCOMPATIBLE_CURRENCY_CODE',
      () => ({
        ...pricing('Contract', fixedTerm('EUR')),
        UpdatePaymentScheduleTerms: schedule([on('2026-12-20')], 'EUR'),
      }),
    ],
    [
      'UpdateTargeting: INCOMPATIBLE_BUYER_ACCOUNTS',
      () => ({ UpdateTargeting: { PositiveTargeting: { BuyerAccounts: ['100000000001'] } } }),
    ],
    [
      'UpdateInformation: INCOMPATIBLE_PRE_EXISTING_AGREEMENT',
      () => ({
        UpdateInformation: {
          Name: 'n',
          Description: 'd',
          PreExistingAgreement: { AcquisitionChannel: 'AwsMarketplace', PricingModel: 'Contract' },
        },
      }),
    ],
    [
      'CreateReplacementOffer: INCOMPATIBLE_AGREEMENT',
      () => ({ CreateReplacementOffer: { AgreementId: 'agmt-nothere' } }),
    ],
  ]
  test.each(refusals)('with %s', async (problem, broken) => {
    const done = await offerChange(market, { ...replacement(), ...broken() })
    expect(problemsOf(done).filter((found) => !found.endsWith('INVALID_UPDATE_REQUEST'))).toEqual([problem])
  })
})

test('a replacement offer is released, replaces its agreement, and does so once', async () => {
  const done = await offerChange(market, replacement())
  expect(problemsOf(done)).toEqual([])
  const offerId = madeBy(done, 'O')
  const { DetailsDocument } = await market.vendor.catalog.send(
    new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId: offerId }),
  )
  expect(DetailsDocument).toMatchObject({
    Name: 'Deal',
    State: 'Released',
    Terms: expect.arrayContaining([{ Type: 'ValidityTerm', AgreementEndDate: '2027-12-31T23:59:59.999Z' }]),
  })
  const accepted = await accept(market, offerId)
  const rows = await market.control<{ id: string; status: string; intent: string; ends_at: number }[]>(
    '/aws/accepted?kind=agreements',
  )
  const of = (id: string) => rows.find((row) => row.id === id)
  expect(of(agreementId)).toMatchObject({ status: 'REPLACED' })
  expect(of(accepted.agreement_id)).toMatchObject({
    status: 'ACTIVE',
    intent: 'REPLACE',
    initial_agreement_id: agreementId,
    value: '900.00',
    ends_at: Date.parse('2027-12-31T23:59:59.999Z'),
  })
  const again = await offerChange(market, replacement())
  expect(problemsOf(again)).toContain('CreateReplacementOffer: INCOMPATIBLE_AGREEMENT')
})

test('nothing new is offered of a restricted product', async () => {
  const restricted = await publishProduct(market)
  const hidden = await change(market, market.vendor, [
    [
      'UpdateVisibility',
      `prod:${restricted}`,
      { TargetVisibility: 'Restricted', ReplacementProductId: productId },
    ],
  ])
  expect(problemsOf(hidden)).toEqual([])
  const done = await offerChange(market, { CreateOffer: { ProductId: restricted } })
  expect(problemsOf(done)).toEqual(['CreateOffer: INCOMPATIBLE_PRODUCT'])
})
