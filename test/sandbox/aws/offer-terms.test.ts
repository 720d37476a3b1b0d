import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, type Market, problemsOf } from '../support.ts'
import {
  buyers,
  document,
  noSchedule,
  type OfferBody,
  offerChange,
  on,
  openCatalog,
  privateOffer,
  publishProduct,
  schedule,
  validity,
} from './offer-world.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterAll(() => market.server.stop())

const refusals: Record<string, [code: string, broken: OfferBody][]> = {
  ReleaseOffer: [
    ['MISSING_MANDATORY_TERMS', noSchedule],
    ['MISSING_MANDATORY_TERMS', { UpdateLegalTerms: undefined }],
    ['MISSING_NAME', { UpdateInformation: { Name: null, Description: 'd' } }],
    ['MISSING_DESCRIPTION', { UpdateInformation: { Name: 'n' } }],
    ['MISSING_AVAILABILITY_END_DATE', { UpdateAvailability: undefined }],
  ],
  UpdateAvailability: [
    ['INVALID_AVAILABILITY_END_DATE', { UpdateAvailability: { AvailabilityEndDate: '2026-10-31' } }],
  ],
  UpdateValidityTerms: [
    ['INVALID_AGREEMENT_TIME_INTERVAL', { UpdateValidityTerms: validity({}) }],
    [
      'INVALID_AGREEMENT_TIME_INTERVAL',
      { UpdateValidityTerms: validity({ AgreementDuration: 'P12M', AgreementEndDate: '2027-11-30' }) },
    ],
    [
      'INVALID_AGREEMENT_TIME_INTERVAL',
      { UpdateValidityTerms: validity({ AgreementDuration: 'P12M', AgreementStartDate: '2026-12-01' }) },
    ],
    [
      'INVALID_AGREEMENT_TIME_INTERVAL',
      { UpdateValidityTerms: validity({ AgreementStartDate: '2027-12-01', AgreementEndDate: '2027-11-30' }) },
    ],
    [
      'INVALID_AGREEMENT_TIME_INTERVAL',
      { UpdateValidityTerms: validity({ AgreementEndDate: '2031-11-02' }) },
    ],
    ['INVALID_AGREEMENT_DURATION', { UpdateValidityTerms: validity({ AgreementDuration: 'P0M' }) }],
    ['INVALID_AGREEMENT_DURATION', { UpdateValidityTerms: validity({ AgreementDuration: 'P6Y' }) }],
    ['INVALID_AGREEMENT_END_DATE', { UpdateValidityTerms: validity({ AgreementEndDate: '2026-10-31' }) }],
    [
      'INVALID_AGREEMENT_START_DATE',
      { UpdateValidityTerms: validity({ AgreementStartDate: '2026-10-31', AgreementEndDate: '2027-11-30' }) },
    ],
    [
      'INCOMPATIBLE_AGREEMENT_START_DATE',
      { UpdateValidityTerms: validity({ AgreementStartDate: '2026-11-30', AgreementEndDate: '2027-11-30' }) },
    ],
    [
      'INCOMPATIBLE_AGREEMENT_END_DATE',
      {
        UpdatePaymentScheduleTerms: schedule([on('2026-11-10')]),
        UpdateValidityTerms: validity({ AgreementEndDate: '2026-11-30' }),
      },
    ],
  ],
  UpdateTargeting: [
    ['INVALID_BUYER_ACCOUNTS', buyers('999999999999')],
    ['INVALID_BUYER_ACCOUNTS', buyers('nobody')],
    ['INVALID_TARGETING', { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: null } } }],
    [
      'INCOMPATIBLE_TARGETING',
      { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [buyer], CountryCodes: ['US'] } } },
    ],
    [
      'INCOMPATIBLE_COUNTRY_CODES',
      {
        UpdateTargeting: {
          PositiveTargeting: { CountryCodes: ['US'] },
          NegativeTargeting: { CountryCodes: ['FR'] },
        },
      },
    ],
    ['INVALID_COUNTRY_CODES', { UpdateTargeting: { NegativeTargeting: { CountryCodes: ['ZZ'] } } }],
    ['TOO_MANY_BUYER_ACCOUNTS', buyers(...Array.from({ length: 27 }, () => buyer))],
  ],
  UpdateLegalTerms: [
    ['INVALID_LEGAL_DOCUMENTS', { UpdateLegalTerms: document({ Type: 'CustomEula' }) }],
    [
      'INVALID_LEGAL_DOCUMENTS',
      { UpdateLegalTerms: document({ Type: 'StandardEula', Version: '2019-12-12' }) },
    ],
    [
      'INVALID_LEGAL_DOCUMENTS',
      { UpdateLegalTerms: document({ Type: 'StandardEula', Url: 'https://e.example.com/eula.pdf' }) },
    ],
  ],
  UpdateNetPaymentTerms: [
    [
      'INVALID_PAYMENT_DUE_PERIOD',
      { UpdateNetPaymentTerms: { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P20D' }] } },
    ],
  ],
}

const rows = Object.entries(refusals).flatMap(([type, cases]) =>
  cases.map(([code, broken]): [string, OfferBody] => [`${type}: ${code}`, broken]),
)
test.each(rows)('%s (%#)', async (problem, broken) => {
  const done = await offerChange(market, { ...privateOffer(productId), ...broken })
  expect(done).toMatchObject({ Status: 'FAILED', FailureCode: 'CLIENT_ERROR' })
  expect([...new Set(problemsOf(done))]).toEqual([problem])
})
