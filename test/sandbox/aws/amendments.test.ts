// A buyer takes more units of a contract whose quantities it chose. Sources: the model of the agreement service (AMEND),
// the buyer guide's page on modifying a contract, the seller guide's pages on events.
import { DescribeAgreementCommand, GetAgreementTermsCommand } from '@aws-sdk/client-marketplace-agreement'
import { GetEntitlementsCommand } from '@aws-sdk/client-marketplace-entitlement-service'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  accept,
  authorizationChanges,
  buyer,
  type Change,
  change,
  type Market,
  madeBy,
  openMarket,
  publish,
  reseller,
  resellerOfferChanges,
  vendor,
} from '../support.ts'

let market: Market
let productId = ''
let publicOfferId = ''
beforeEach(async () => {
  market = await openMarket()
  ;({ productId, publicOfferId } = await publish(market))
})
afterEach(() => market.server.stop())

const bought = { configuration: { selector: 'P12M', dimensions: { seats: 2 } } }
const amend = (agreement_id: string, dimensions: object) =>
  market.control<{ agreement_id: string; value: string }>(`/aws/buyers/${buyer}/amend`, {
    agreement_id,
    dimensions,
  })
type Invoice = {
  agreement_id: string
  kind: string
  amount: string
  lines: { description: string; amount: string; quantity?: string; wholesale_amount?: string; fee: string }[]
}
const invoices = (agreement_id: string) =>
  market
    .control<Invoice[]>(`/aws/invoices?account_id=${buyer}`)
    .then((all) => all.filter((one) => one.agreement_id === agreement_id))
type Told = {
  detail_type: string
  event: { detail: { agreement?: Record<string, unknown>; product?: { code: string } } }
}
const told = (account: string) => market.control<Told[]>(`/aws/events?account_id=${account}`)

test('half way through the term, three more seats cost half of their price, and the agreement goes on', async () => {
  const { agreement_id, license_arn } = await accept(market, publicOfferId, bought)
  await market.to('2027-05-03T12:00:00Z')
  const before = (await told(vendor)).length
  expect(await amend(agreement_id, { seats: 5 })).toMatchObject({ agreement_id, value: '524.38' })
  await market.by('PT2M')

  // 182 of 365 days are left, the day of the change counted: 3 × 150 × 182 / 365.
  const [, added] = await invoices(agreement_id)
  expect(added).toMatchObject({ kind: 'UPFRONT', amount: '224.38' })
  expect(added?.lines).toMatchObject([{ description: '3 more of seats', quantity: '3' }])

  const { agreement, entitlement } = market.vendor
  const described = await agreement.send(new DescribeAgreementCommand({ agreementId: agreement_id }))
  expect(described).toMatchObject({ status: 'ACTIVE', estimatedCharges: { agreementValue: '524.38' } })
  expect(described.endTime?.toISOString()).toBe('2027-11-01T00:00:40.000Z')
  const { acceptedTerms } = await agreement.send(new GetAgreementTermsCommand({ agreementId: agreement_id }))
  const chosen = acceptedTerms?.find((term) => term.configurableUpfrontPricingTerm)
  expect(chosen?.configurableUpfrontPricingTerm?.configuration?.dimensions).toEqual([
    { dimensionKey: 'seats', dimensionValue: 5 },
  ])
  const { product } = (await told(vendor)).at(-1)?.event.detail ?? {}
  const found = await entitlement.send(new GetEntitlementsCommand({ ProductCode: product?.code ?? '' }))
  expect(found.Entitlements).toMatchObject([
    { Dimension: 'seats', Value: { IntegerValue: 5 }, LicenseArn: license_arn },
  ])
  const news = (await told(vendor)).slice(before)
  expect(news.map(({ detail_type }) => detail_type)).toEqual([
    'Purchase Agreement Amended - Proposer',
    'License Updated - Proposer',
  ])
  expect(news[0]?.event.detail.agreement).toMatchObject({
    id: agreement_id,
    intent: 'AMEND',
    status: 'ACTIVE',
  })
})

test('at once after the acceptance the added units cost their whole price', async () => {
  const { agreement_id } = await accept(market, publicOfferId, bought)
  await amend(agreement_id, { seats: 3 })
  expect((await invoices(agreement_id)).map(({ amount }) => amount).sort()).toEqual(['150.00', '300.00'])
})

test.each([
  [{ seats: 1 }, 422, 'is at least the 2 bought already'],
  [{ seats: 2 }, 422, 'adds at least one unit'],
  [{ calls: 3 }, 422, 'is priced by the offer'],
  [{ seats: 2.5 }, 422, ''],
])('%o is refused, and nothing changes', async (dimensions, status, rule) => {
  const { agreement_id } = await accept(market, publicOfferId, bought)
  await market.by('PT2M')
  const count = (await told(vendor)).length
  await expect(amend(agreement_id, dimensions)).rejects.toThrow(`${status}`)
  await expect(amend(agreement_id, dimensions)).rejects.toThrow(rule)
  await market.by('PT2M')
  expect((await told(vendor)).length).toBe(count)
  expect(await invoices(agreement_id)).toHaveLength(1)
})

test('an agreement with granted quantities, or one that is over, is not amended', async () => {
  const { agreement_id } = await accept(market, publicOfferId, bought)
  await market.control(`/aws/buyers/${buyer}/cancel`, { agreement_id })
  await expect(amend(agreement_id, { seats: 5 })).rejects.toThrow('is active')
  const resold = await change(market, market.vendor, authorizationChanges(productId))
  const offer = await change(market, market.reseller, resellerOfferChanges(madeBy(resold, 'A')))
  const fixed = await accept(market, madeBy(offer, 'O'))
  await expect(amend(fixed.agreement_id, { seats: 20 })).rejects.toThrow(
    'has quantities that its buyer chose',
  )
})

test('a resold contract adds to both sides: what the buyer pays and what the vendor gets of it', async () => {
  const listPrices = authorizationChanges(productId)
    .filter(([type]) => type !== 'UpdatePaymentScheduleTerms')
    .map(([type, entity, details, name]): Change => {
      if (type === 'UpdateAvailability') return [type, entity, { AvailabilityEndDate: '2026-11-30' }, name]
      if (type !== 'UpdatePricingTerms') return [type, entity, details, name]
      const card = {
        Selector: { Type: 'Duration', Value: 'P12M' },
        RateCard: [{ DimensionKey: 'seats', Price: '100' }],
        Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
      }
      const term = { Type: 'ResaleConfigurableUpfrontPricingTerm', CurrencyCode: 'USD', RateCards: [card] }
      return [type, entity, { PricingModel: 'Contract', Terms: [term] }, name]
    })
  const opened = await change(market, market.vendor, listPrices)
  const made = await change(market, market.reseller, resellerOfferChanges(madeBy(opened, 'A'), '10.0'))
  const { agreement_id } = await accept(market, madeBy(made, 'O'), bought)
  await amend(agreement_id, { seats: 4 })
  const [, added] = await invoices(agreement_id)
  expect(added?.lines).toMatchObject([{ amount: '220.00', wholesale_amount: '200.00' }])
  await market.by('PT2M')
  const amended = (all: Told[]) => all.filter(({ detail_type }) => detail_type.includes('Amended'))
  expect(amended(await told(vendor)).map(({ detail_type }) => detail_type)).toEqual([
    'Purchase Agreement Amended - Manufacturer',
  ])
  expect(amended(await told(reseller))).toHaveLength(1)
})
