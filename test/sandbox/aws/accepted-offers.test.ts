import { DescribeAgreementCommand, GetAgreementTermsCommand } from '@aws-sdk/client-marketplace-agreement'
import { DescribeEntityCommand } from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accept, change, type Market, madeBy, problemsOf } from '../support.ts'
import {
  atSamePrice,
  card,
  contract,
  halves,
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
  validity,
} from './offer-world.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterAll(() => market.server.stop())

async function readOffer(id: string) {
  const { agreement: _, catalog } = market.vendor
  const found = await catalog.send(new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId: id }))
  return { identifier: found.EntityIdentifier, document: found.DetailsDocument as Record<string, unknown> }
}

/** Releases an offer, lets its buyer accept it, and reads the agreement as its seller does. */
async function agreementOf(body: OfferBody, configuration?: object) {
  const offerId = madeBy(await offerChange(market, body), 'O')
  const accepted_at = (await market.control<{ now: string }>('/clock')).now
  const { agreement_id: agreementId } = await accept(market, offerId, configuration ? { configuration } : {})
  const { agreement } = market.vendor
  const described = await agreement.send(new DescribeAgreementCommand({ agreementId }))
  const { acceptedTerms = [] } = await agreement.send(new GetAgreementTermsCommand({ agreementId }))
  return {
    accepted_at,
    starts: described.startTime?.toISOString(),
    ends: described.endTime?.toISOString(),
    charges: described.estimatedCharges,
    terms: acceptedTerms.map((term) => Object.keys(term)[0]),
    term: (name: string) =>
      acceptedTerms.flatMap((term) => Object.entries(term)).find(([key]) => key === name)?.[1],
  }
}
const later = (from: string, years: number) => `${Number(from.slice(0, 4)) + years}${from.slice(4)}`

describe('an accepted offer becomes an agreement', () => {
  test('of a year in instalments, with what was said about renewing and paying', async () => {
    const found = await agreementOf({
      ...privateOffer(productId),
      ...renewing({
        PriceIncrease: atSamePrice,
        TermTemplates: halves,
        LockoutPeriod: 'P30D',
        MaxRenewals: 2,
      }),
      UpdateNetPaymentTerms: { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P60D' }] },
      UpdateSupportTerms: { Terms: [{ Type: 'SupportTerm', RefundPolicy: 'None' }] },
    })
    expect(found.starts).toBe(found.accepted_at)
    expect(found.ends).toBe(later(found.accepted_at, 1))
    expect(found.charges).toMatchObject({ currencyCode: 'USD', agreementValue: '1000.01' })
    expect(found.terms.toSorted()).toEqual([
      'fixedUpfrontPricingTerm',
      'legalTerm',
      'netPaymentTerm',
      'paymentScheduleTerm',
      'renewalTerm',
      'supportTerm',
      'usageBasedPricingTerm',
      'validityTerm',
    ])
    expect(found.term('netPaymentTerm')).toMatchObject({ paymentDuePeriod: 'P60D' })
    expect(found.term('renewalTerm')).toMatchObject({ lockoutPeriod: 'P30D', maxRenewals: 2 })
  })

  test('that starts and ends on the days of the offer', async () => {
    const found = await agreementOf({
      ...privateOffer(productId),
      UpdateValidityTerms: validity({ AgreementStartDate: '2026-12-15', AgreementEndDate: '2027-12-14' }),
      UpdatePaymentScheduleTerms: schedule([on('2026-12-20', '12.50')]),
    })
    expect([found.starts, found.ends]).toEqual(['2026-12-15T00:00:00.000Z', '2027-12-14T23:59:59.999Z'])
    expect(found.charges).toMatchObject({ agreementValue: '12.50' })
  })

  test('of the length and the quantities that the buyer chose', async () => {
    const { UpdateAvailability: _, ...body } = privateOffer(productId)
    const found = await agreementOf(
      {
        ...body,
        ...contract(card('P1M', '15.25'), card('P36M', '400')),
        UpdateAvailability: { AvailabilityEndDate: '2026-11-30' },
      },
      { selector: 'P36M', dimensions: { seats: 3 } },
    )
    expect(found.ends).toBe(later(found.accepted_at, 3))
    expect(found.charges).toMatchObject({ agreementValue: '1200.00' })
    expect(found.term('configurableUpfrontPricingTerm')).toMatchObject({
      configuration: { selectorValue: 'P36M' },
    })
  })

  test('of a month, paid by use', async () => {
    const found = await agreementOf({
      ...privateOffer(productId),
      ...pricing('Usage', usageTerm()),
      UpdatePaymentScheduleTerms: undefined,
      UpdateValidityTerms: validity({ AgreementDuration: 'P30D' }),
    })
    expect(Date.parse(found.ends ?? '') - Date.parse(found.starts ?? '')).toBe(30 * 86_400_000)
    expect(found.charges).toMatchObject({ agreementValue: '0.00' })
  })

  test('that costs nothing while it is tried', async () => {
    const tried = await releaseProduct(market)
    const found = await agreementOf({
      ...publicOffer(tried),
      ...pricing('Free', {
        Type: 'FreeTrialPricingTerm',
        Duration: 'P20D',
        Grants: [{ DimensionKey: 'seats', MaxQuantity: 5 }],
      }),
    })
    expect(Date.parse(found.ends ?? '') - Date.parse(found.starts ?? '')).toBe(20 * 86_400_000)
    expect(found.charges).toMatchObject({ agreementValue: '0.00' })
    expect(found.terms).toContain('freeTrialPricingTerm')
  })
})

describe('an offer is read back', () => {
  test('with its dates as instants, its rules, and nulls for what was never said', async () => {
    const done = await offerChange(market, {
      ...privateOffer(productId),
      ...renewing({ PriceIncrease: atSamePrice, TermTemplates: halves }),
      UpdateValidityTerms: validity({ AgreementStartDate: '2026-12-15', AgreementEndDate: '2027-12-14' }),
      UpdateCustomerVerificationTerms: {
        Terms: [{ Type: 'CustomerVerificationTerm', ApprovalStrategy: 'WaitForApproval' }],
      },
    })
    const { identifier, document } = await readOffer(madeBy(done, 'O'))
    expect(identifier).toMatch(/@1$/)
    expect(document).toMatchObject({ MarkupPercentage: null, PreExistingAgreement: null, State: 'Released' })
    expect(document.Rules).toEqual([
      { Type: 'TargetingRule', PositiveTargeting: { BuyerAccounts: ['300000000003'] } },
      { Type: 'AvailabilityRule', AvailabilityEndDate: '2026-11-30T23:59:59.999Z' },
    ])
    expect(document.Terms).toEqual(
      expect.arrayContaining([
        {
          Type: 'ValidityTerm',
          AgreementStartDate: '2026-12-15T00:00:00.000Z',
          AgreementEndDate: '2027-12-14T23:59:59.999Z',
        },
        { Type: 'RenewalTerm', PriceIncrease: atSamePrice, TermTemplates: halves },
        { Type: 'CustomerVerificationTerm', ApprovalStrategy: 'WaitForApproval' },
      ]),
    )
  })

  test('with countries, where its agreement comes from, and a revision more for each change', async () => {
    const everywhere = await releaseProduct(market)
    const body = publicOffer(everywhere)
    const draft = madeBy(
      await offerChange(market, {
        ...body,
        ReleaseOffer: undefined,
        UpdateTargeting: { NegativeTargeting: { CountryCodes: ['FR', 'DE'] } },
        UpdateInformation: { PreExistingAgreement: { AcquisitionChannel: 'External', PricingModel: 'Byol' } },
      }),
      'O',
    )
    const { document } = await readOffer(draft)
    expect(document).toMatchObject({
      Name: null,
      State: 'Draft',
      PreExistingAgreement: { AcquisitionChannel: 'External', PricingModel: 'Byol' },
      Rules: [{ Type: 'TargetingRule', NegativeTargeting: { CountryCodes: ['FR', 'DE'] } }],
    })
    const removed = await change(market, market.vendor, [
      ['UpdateTargeting', `offer:${draft}`, {}],
      ['UpdateInformation', `offer:${draft}`, { Name: 'Draft' }],
    ])
    expect(problemsOf(removed)).toEqual([])
    const again = await readOffer(draft)
    expect(again.identifier).toBe(`${draft}@2`)
    expect(again.document).toMatchObject({ Name: 'Draft', Rules: [] })
  })
})
