// Renewals whose increase is a range, and every kind of term as an agreement shows it. Sources: the models of the catalog
// and of the agreement service, the seller guide's page on events.
import { GetAgreementTermsCommand, SearchAgreementsCommand } from '@aws-sdk/client-marketplace-agreement'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accept, type Market, madeBy, vendor } from '../support.ts'
import {
  halves,
  noSchedule,
  type OfferBody,
  offerChange,
  on,
  openCatalog,
  type PricingTerm,
  pricing,
  privateOffer,
  publishProduct,
  range,
  renewing,
  schedule,
  usageTerm,
} from './offer-world.ts'

let market: Market
let productId = ''
beforeEach(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterEach(() => market.server.stop())

async function accepted(body: OfferBody, more = {}): Promise<string> {
  const made = await offerChange(market, { ...privateOffer(productId), ...body })
  return (await accept(market, madeBy(made, 'O'), more)).agreement_id
}
async function termsOf(agreementId: string) {
  const found = await market.vendor.agreement.send(new GetAgreementTermsCommand({ agreementId }))
  return found.acceptedTerms ?? []
}
type Told = {
  detail_type: string
  event: { detail: { renewalSummary?: { tcv?: string; currency?: string } } }
}
const finalized = async () =>
  (await market.control<Told[]>(`/aws/events?account_id=${vendor}`))
    .filter(({ detail_type }) => detail_type.includes('Renewal Terms Finalized'))
    .map(({ event }) => event.detail.renewalSummary)
const choose = (agreement_id: string, percent: string) =>
  market.control('/aws/renewal-increases', { agreement_id, percent })
const increase = () => ({
  ...renewing({
    PriceIncrease: range('1.50', '5.00', '2.00'),
    AdjustmentDeadline: 'P60D',
    LockoutPeriod: 'P30D',
    TermTemplates: halves,
  }),
  UpdatePaymentScheduleTerms: schedule([on('2026-11-20', '600.00'), on('2027-02-20', '400.00')]),
})

async function renewed(agreement_id: string) {
  await market.to('2027-11-10T00:00:00Z')
  const filters = [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    { name: 'Status', values: ['ACTIVE'] },
    { name: 'InitialAgreementId', values: [agreement_id] },
  ]
  const found = await market.vendor.agreement.send(
    new SearchAgreementsCommand({ catalog: 'AWSMarketplace', filters }),
  )
  return termsOf(found.agreementViewSummaries?.[0]?.agreementId ?? '')
}
const amounts = (terms: Awaited<ReturnType<typeof termsOf>>) =>
  terms.flatMap((term) => term.paymentScheduleTerm?.schedule ?? []).map(({ chargeAmount }) => chargeAmount)

test('a range is read back with its bounds, and its default holds when nobody chooses', async () => {
  const id = await accepted(increase(), { auto_renew: true })
  const terms = (await termsOf(id)).flatMap((term) => term.renewalTerm ?? [])
  expect(terms).toMatchObject([
    {
      adjustmentDeadline: 'P60D',
      lockoutPeriod: 'P30D',
      priceIncrease: { percentageRange: { minValue: '1.50', maxValue: '5.00', defaultValue: '2.00' } },
      configuration: { enableAutoRenew: true },
    },
  ])
  await market.to('2027-08-31T00:00:00Z')
  expect(await finalized()).toEqual([])
  await market.to('2027-09-03T00:00:00Z')
  expect(await finalized()).toMatchObject([{ tcv: '1020.00', currency: 'USD' }])
  expect(amounts(await renewed(id))).toEqual(['510.00', '510.00'])
})

test('the seller chooses within the range until the adjustment deadline, once for each renewal', async () => {
  const id = await accepted(increase(), { auto_renew: true })
  await expect(choose(id, '5.01')).rejects.toThrow('is within 1.50 and 5.00')
  await expect(choose(id, '1.49')).rejects.toThrow('is within 1.50 and 5.00')
  await choose(id, '4.5')
  await market.to('2027-09-03T00:00:00Z')
  expect(await finalized()).toMatchObject([{ tcv: '1045.00' }])
  await expect(choose(id, '2')).rejects.toThrow('has not reached its adjustment deadline')
  const next = await renewed(id)
  expect(amounts(next)).toEqual(['522.50', '522.50'])
  // The next renewal begins with the default of its term again.
  await market.to('2028-09-03T00:00:00Z')
  expect((await finalized()).at(-1)).toMatchObject({ tcv: '1065.90' })
})

test('without a range there is nothing to choose', async () => {
  const id = await accepted({})
  await expect(choose(id, '2')).rejects.toThrow('leaves a range of increases')
})

const byol = { Type: 'ByolPricingTerm' }
const recurring = {
  Type: 'RecurringPaymentTerm',
  CurrencyCode: 'USD',
  BillingPeriod: 'Monthly',
  Price: '49.500',
} as PricingTerm
const trial = {
  Type: 'FreeTrialPricingTerm',
  Duration: 'P14D',
  Grants: [{ DimensionKey: 'calls', MaxQuantity: 9 }],
}

test.each([
  ['byolPricingTerm', pricing('Byol', byol), { type: 'ByolPricingTerm' }],
  [
    'recurringPaymentTerm',
    pricing('Usage', usageTerm(), recurring),
    { type: 'RecurringPaymentTerm', currencyCode: 'USD', billingPeriod: 'Monthly', price: '49.500' },
  ],
  [
    'freeTrialPricingTerm',
    pricing('Usage', usageTerm(), trial),
    { type: 'FreeTrialPricingTerm', duration: 'P14D', grants: [{ dimensionKey: 'calls', maxQuantity: 9 }] },
  ],
] as const)('%s is read back as it was accepted', async (key, priced, shown) => {
  const terms = await termsOf(await accepted({ ...priced, ...noSchedule }))
  const found = terms.flatMap((term) => Object.entries(term)).filter(([name]) => name === key)
  expect(found).toMatchObject([[key, shown]])
})
