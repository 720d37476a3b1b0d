// Replacement offers out of a seed, against a small model of the rules. Source of the rules: developer guide, agreement-based
// offers: an agreement that runs is replaced by a contract in its currency, for its buyer, from its acceptance to a day.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accept, type Market, madeBy, problemsOf, vendor } from '../support.ts'
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

const RUNS = 100
let market: Market
let productId = ''
const agreements: Record<string, string> = { unknown: 'agmt-nothere' }
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
  const bought = async () => accept(market, madeBy(await offerChange(market, privateOffer(productId)), 'O'))
  for (const name of ['running', 'cancelled']) agreements[name] = (await bought()).agreement_id
  await market.control('/aws/buyers/300000000003/cancel', { agreement_id: agreements.cancelled })
})
afterAll(() => market.server.stop())

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
const replacing = fc.record({
  of: mostly('running', 'cancelled', 'unknown'),
  price: mostly('fixed', 'with usage', 'usage', 'euro'),
  period: mostly('until', 'none', 'length', 'both days', 'past'),
  buyer: mostly('nobody', 'another'),
  earlier: mostly(false, true),
  /** The last payment, of two. */
  last: mostly('2027-06-20', '2027-12-31', '2028-01-01'),
})
type Replacing = typeof replacing extends fc.Arbitrary<infer One> ? One : never

const END = '2027-12-31'

/** The model. What an agreement that does not run leads to beyond its own code is nobody's rule. */
function verdict({ of, price, period, buyer, earlier, last }: Replacing): string[] {
  if (of !== 'running') return ['CreateReplacementOffer: INCOMPATIBLE_AGREEMENT']
  const single: [boolean, string][] = [
    [price === 'usage', 'UpdatePricingTerms: INCOMPATIBLE_AGREEMENT'],
    [price === 'euro', 'UpdatePricingTerms: INCOMPATIBLE_CURRENCY_CODE'],
    [period === 'both days', 'UpdateValidityTerms: INCOMPATIBLE_AGREEMENT_START_DATE'],
    [period === 'past', 'UpdateValidityTerms: INVALID_AGREEMENT_END_DATE'],
    [buyer === 'another', 'UpdateTargeting: INCOMPATIBLE_BUYER_ACCOUNTS'],
    [earlier, 'UpdateInformation: INCOMPATIBLE_PRE_EXISTING_AGREEMENT'],
  ]
  const found = single.flatMap(([broken, code]) => (broken ? [code] : []))
  // Whether terms fit each other is looked at once each of them is fine.
  if (found.length > 0) return found
  const together: [boolean, string][] = [
    [period === 'none' || period === 'length', 'ReleaseOffer: MISSING_AGREEMENT_END_DATE'],
    [period === 'until' && last > END, 'UpdatePaymentScheduleTerms: INVALID_CHARGE_DATES'],
  ]
  return together.flatMap(([broken, code]) => (broken ? [code] : []))
}

const periods: Record<string, OfferBody['UpdateValidityTerms']> = {
  until: validity({ AgreementEndDate: END }),
  none: undefined,
  length: validity({ AgreementDuration: 'P24M' }),
  'both days': validity({ AgreementStartDate: '2026-12-01', AgreementEndDate: END }),
  past: validity({ AgreementEndDate: '2026-10-31' }),
}

function bodyOf({ of, price, period, buyer, earlier, last }: Replacing): OfferBody {
  const { CreateOffer: _, UpdateTargeting: __, ...rest } = privateOffer(productId)
  const currency = price === 'euro' ? 'EUR' : 'USD'
  const terms = [fixedTerm(currency), ...(price === 'with usage' ? [usageTerm()] : [])]
  const prices =
    price === 'usage'
      ? { ...pricing('Usage', usageTerm()), UpdatePaymentScheduleTerms: undefined }
      : {
          ...pricing('Contract', ...terms),
          UpdatePaymentScheduleTerms: schedule([on('2026-12-20', '100.00'), on(last, '0.01')], currency),
        }
  const PreExistingAgreement = { AcquisitionChannel: 'AwsMarketplace', PricingModel: 'Contract' }
  return {
    ...rest,
    ...prices,
    CreateReplacementOffer: { AgreementId: agreements[of] ?? '' },
    UpdateInformation: { Name: 'n', Description: 'd', ...(earlier ? { PreExistingAgreement } : {}) },
    UpdateValidityTerms: periods[period],
    ...(buyer === 'another' ? { UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [vendor] } } } : {}),
  }
}

test(`of ${RUNS} replacement offers each is released or refused as the model says`, async () => {
  const met = new Set<string>()
  const property = fc.asyncProperty(replacing, async (one) => {
    const done = await offerChange(market, bodyOf(one))
    const expected = verdict(one)
    const problems = [...new Set(problemsOf(done))]
    if (one.of === 'running') expect(problems.sort()).toEqual([...expected].sort())
    else expect(problems).toEqual(expect.arrayContaining(expected))
    expect(done.Status).toBe(expected.length === 0 ? 'SUCCEEDED' : 'FAILED')
    for (const code of expected.length === 0 ? ['SUCCEEDED'] : expected) met.add(code)
  })
  await fc.assert(property, { seed: 9, numRuns: RUNS })
  expect(met.size).toBe(10)
}, 120_000)
