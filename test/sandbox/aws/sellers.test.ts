// What AWS asks of a seller and of its documents, told as errors of the change they stop. Source: developer guide, error
// codes of offers and of resale authorizations.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  authorizationChanges,
  type Change,
  change,
  type Market,
  madeBy,
  privateOfferChanges,
  problemsOf,
  vendor,
} from '../support.ts'
import { offerChange, pricing, publicOffer } from './offer-world.ts'
import { openChannel } from './support.ts'

let market: Market
let productId = ''
const url = 'https://legal.s3.us-east-1.amazonaws.com/terms.pdf'
const misses = (...list: string[]) => market.control(`/aws/accounts/${vendor}`, { misses: list }, 'PATCH')
const found = (finding: string | null) => market.control('/aws/legal-documents', { url, found: finding })
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
})
afterEach(async () => {
  await misses()
  await found(null)
})
afterAll(() => market.server.stop())

const offered = async (replace = {}) => change(market, market.vendor, privateOfferChanges(productId, replace))

test.each([
  [
    'payment_settings',
    [
      'UpdatePricingTerms: INCOMPATIBLE_PAYMENT_SETTINGS',
      'UpdatePaymentScheduleTerms: INCOMPATIBLE_PAYMENT_SETTINGS',
    ],
  ],
  [
    'verification',
    [
      'UpdatePricingTerms: INCOMPATIBLE_SELLER_VERIFICATION',
      'UpdatePaymentScheduleTerms: INCOMPATIBLE_SELLER_VERIFICATION',
    ],
  ],
  ['tax_information', ['ReleaseOffer: INVALID_TAX_INFORMATION']],
])('a seller that misses its %s offers nothing for money', async (what, problems) => {
  await misses(what)
  expect(problemsOf(await offered())).toEqual(problems)
  await misses()
  expect((await offered()).Status).toBe('SUCCEEDED')
})

test('a draft priced before is stopped at its release, and nothing stops what is free', async () => {
  const offerId = madeBy(await offered({ ReleaseOffer: undefined }), 'O')
  await misses('payment_settings', 'verification', 'tax_information')
  const released = await change(market, market.vendor, [['ReleaseOffer', `offer:${offerId}`, {}]])
  expect(problemsOf(released)).toEqual([
    'ReleaseOffer: INCOMPATIBLE_PAYMENT_SETTINGS',
    'ReleaseOffer: INCOMPATIBLE_SELLER_VERIFICATION',
    'ReleaseOffer: INVALID_TAX_INFORMATION',
  ])
  const trial = { Type: 'FreeTrialPricingTerm', Duration: 'P14D', Grants: [{ DimensionKey: 'seats' }] }
  const free = await offerChange(market, { ...publicOffer(productId), ...pricing('Free', trial) })
  expect(free.Status).toBe('SUCCEEDED')
})

test('wholesale prices ask for the same, without the tax papers', async () => {
  await misses('payment_settings', 'verification', 'tax_information')
  expect(problemsOf(await change(market, market.vendor, authorizationChanges(productId)))).toEqual([
    'UpdatePricingTerms: INCOMPATIBLE_PAYMENT_SETTINGS',
    'UpdatePricingTerms: INCOMPATIBLE_SELLER_VERIFICATION',
  ])
})

test.each([
  ['unreachable', 'INVALID_LEGAL_DOCUMENTS', 'cannot be reached'],
  ['not_pdf', 'INVALID_LEGAL_DOCUMENTS', 'is not a PDF'],
  ['too_large', 'LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE', 'is larger than AWS takes'],
])('a document that is %s is refused with %s', async (finding, code, words) => {
  const custom = {
    UpdateLegalTerms: { Terms: [{ Type: 'LegalTerm', Documents: [{ Type: 'CustomEula', Url: url }] }] },
  }
  await found(finding)
  const refused = await offered(custom)
  expect(problemsOf(refused)).toEqual([`UpdateLegalTerms: ${code}`])
  const errors = refused.ChangeSet?.flatMap(({ ErrorDetailList }) => ErrorDetailList ?? [])
  expect(errors?.[0]?.ErrorMessage).toContain(words)
  await found(null)
  expect((await offered(custom)).Status).toBe('SUCCEEDED')
})

test("the buyer's and the reseller's documents of an authorization are told apart", async () => {
  const legal = {
    Terms: [
      { Type: 'BuyerLegalTerm', Documents: [{ Type: 'CustomEula', Url: url }] },
      { Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] },
    ],
  }
  await found('not_pdf')
  const changes = authorizationChanges(productId).map(
    ([type, entity, details, name]): Change => [
      type,
      entity,
      type === 'UpdateLegalTerms' ? legal : details,
      name,
    ],
  )
  expect(problemsOf(await change(market, market.vendor, changes))).toEqual([
    'UpdateLegalTerms: INVALID_BUYER_LEGAL_DOCUMENTS',
  ])
})
