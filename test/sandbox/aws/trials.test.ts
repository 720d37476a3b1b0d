// Free trials: one by itself, one a buyer subscribes from, one that goes over into paid use. Sources: the model's
// FreeTrialPricingTerm, the developer guide's example of replacing a SaaS free trial, the seller guide's pages on events.
import { DescribeAgreementCommand, GetAgreementTermsCommand } from '@aws-sdk/client-marketplace-agreement'
import { GetEntitlementsCommand } from '@aws-sdk/client-marketplace-entitlement-service'
import { BatchMeterUsageCommand } from '@aws-sdk/client-marketplace-metering'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accept, buyer, type Market, madeBy, vendor } from '../support.ts'
import {
  type OfferBody,
  offerChange,
  openCatalog,
  pricing,
  privateOffer,
  publicOffer,
  releaseProduct,
} from './offer-world.ts'

let market: Market
let productId = ''
let trialId = ''
let paidId = ''
const trialTerm = (...Grants: { DimensionKey: string; MaxQuantity?: number }[]) => ({
  Type: 'FreeTrialPricingTerm',
  Duration: 'P14D',
  Grants,
})
const rate = (Price: string) => ({
  Type: 'UsageBasedPricingTerm',
  CurrencyCode: 'USD',
  RateCards: [{ RateCard: [{ DimensionKey: 'calls', Price }] }],
})
beforeAll(async () => {
  market = await openCatalog()
  productId = await releaseProduct(market)
  paidId = madeBy(await offerChange(market, publicOffer(productId)), 'O')
  const trial: OfferBody = {
    ...publicOffer(productId),
    ...pricing('Free', trialTerm({ DimensionKey: 'seats', MaxQuantity: 2 }, { DimensionKey: 'calls' })),
  }
  trialId = madeBy(await offerChange(market, trial), 'O')
})
afterAll(() => market.server.stop())

const describeAgreement = (agreementId: string) =>
  market.vendor.agreement.send(new DescribeAgreementCommand({ agreementId }))
type Told = {
  detail_type: string
  event: {
    detail: { agreement?: { id?: string; intent?: string; status?: string }; product?: { code: string } }
  }
}
const told = async (agreement_id: string) =>
  (await market.control<Told[]>(`/aws/events?account_id=${vendor}`))
    .filter(({ event }) => event.detail.agreement?.id === agreement_id)
    .map(({ detail_type, event }) => [detail_type, event.detail.agreement?.intent].filter(Boolean).join(' '))
const invoices = async (agreement_id: string) =>
  (await market.control<{ agreement_id: string; amount: string }[]>(`/aws/invoices?account_id=${buyer}`))
    .filter((one) => one.agreement_id === agreement_id)
    .map(({ amount }) => amount)

/** Meters calls in this hour, and goes on to the next. */
async function use(LicenseArn: string, Quantity: number): Promise<void> {
  const { now } = await market.control<{ now: string }>('/clock')
  const record = {
    Timestamp: new Date(now),
    CustomerAWSAccountId: buyer,
    LicenseArn,
    Dimension: 'calls',
    Quantity,
  }
  const answer = await market.vendor.metering.send(new BatchMeterUsageCommand({ UsageRecords: [record] }))
  expect(answer.Results?.[0]?.Status).toBe('Success')
  await market.by('PT1H')
}
async function entitled(LICENSE_ARN: string): Promise<Record<string, number | undefined>> {
  const all = await market.control<Told[]>(`/aws/events?account_id=${vendor}`)
  const code = all.find(({ event }) => event.detail.product?.code)?.event.detail.product?.code ?? ''
  const found = await market.vendor.entitlement.send(
    new GetEntitlementsCommand({ ProductCode: code, Filter: { LICENSE_ARN: [LICENSE_ARN] } }),
  )
  return Object.fromEntries(
    (found.Entitlements ?? []).map(({ Dimension = '', Value }) => [Dimension, Value?.IntegerValue]),
  )
}

test('a trial grants what it says, costs nothing, is read back, and expires on its last day', async () => {
  const { agreement_id, license_arn } = await accept(market, trialId)
  await market.by('PT2M')
  expect(await entitled(license_arn)).toEqual({ seats: 2, calls: 1 })
  const { acceptedTerms } = await market.vendor.agreement.send(
    new GetAgreementTermsCommand({ agreementId: agreement_id }),
  )
  expect(acceptedTerms?.flatMap((term) => term.freeTrialPricingTerm ?? [])).toMatchObject([
    { duration: 'P14D', grants: [{ dimensionKey: 'seats', maxQuantity: 2 }, { dimensionKey: 'calls' }] },
  ])
  await use(license_arn, 1_000)
  await market.by('P14D')
  expect(await describeAgreement(agreement_id)).toMatchObject({ status: 'EXPIRED' })
  await market.by('P40D')
  expect(await invoices(agreement_id)).toEqual([])
  expect(await entitled(license_arn)).toEqual({})
})

test('a buyer that subscribes has its trial replaced by the paid agreement, with news of both', async () => {
  const trial = await accept(market, trialId)
  await market.by('P3D')
  const paid = await accept(market, paidId, {
    replaces: trial.agreement_id,
    configuration: { selector: 'P12M', dimensions: { seats: 4 } },
  })
  await market.by('PT2M')
  expect(await describeAgreement(trial.agreement_id)).toMatchObject({ status: 'REPLACED' })
  expect(await describeAgreement(paid.agreement_id)).toMatchObject({
    status: 'ACTIVE',
    estimatedCharges: { agreementValue: '600.00' },
  })
  expect(paid.license_arn).not.toBe(trial.license_arn)
  expect(await told(trial.agreement_id)).toEqual([
    'Purchase Agreement Created - Proposer NEW',
    'License Updated - Proposer',
    'Purchase Agreement Ended - Proposer',
    'License Deprovisioned - Proposer',
  ])
  expect(await told(paid.agreement_id)).toEqual([
    'Purchase Agreement Created - Proposer REPLACE',
    'License Updated - Proposer',
  ])
  expect(await invoices(paid.agreement_id)).toEqual(['600.00'])
  const again = accept(market, paidId, { replaces: trial.agreement_id })
  await expect(again).rejects.toThrow('is a running free trial of the same product')
  await expect(accept(market, trialId, { replaces: paid.agreement_id })).rejects.toThrow('409')
})

test('use is free as far as the trial grants it, and paid from its end on', async () => {
  const { UpdatePaymentScheduleTerms: _s, UpdateValidityTerms: _v, ...body } = privateOffer(productId)
  const offer: OfferBody = {
    ...body,
    ...pricing('Usage', rate('0.10'), trialTerm({ DimensionKey: 'calls', MaxQuantity: 100 })),
    UpdateAvailability: { AvailabilityEndDate: '2027-12-31' },
  }
  await market.to('2027-03-25T00:00:00Z')
  const { agreement_id, license_arn } = await accept(market, madeBy(await offerChange(market, offer), 'O'))
  await market.by('PT2M')
  expect(await entitled(license_arn)).toEqual({ calls: 100 })
  await use(license_arn, 60)
  await market.to('2027-04-02T00:00:00Z')
  // 40 of these are the last of what the trial grants.
  await use(license_arn, 70)
  const before = await told(agreement_id)
  await market.to('2027-04-08T12:00:00Z')
  expect((await told(agreement_id)).slice(before.length)).toEqual([
    'Purchase Agreement Amended - Proposer AMEND',
    'License Updated - Proposer',
  ])
  expect(await entitled(license_arn)).toEqual({})
  expect(await describeAgreement(agreement_id)).toMatchObject({ status: 'ACTIVE' })
  await use(license_arn, 5)
  await market.to('2027-05-04T00:00:00Z')
  // Nothing for March; 30 above the grant and 5 after the trial for April.
  expect(await invoices(agreement_id)).toEqual(['3.50'])
})
