import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Market, problemsOf } from '../support.ts'
import { breaks } from './offer-breaks.ts'
import { createDice, generateOffer } from './offer-generator.ts'
import { offerChange, openCatalog, publishProduct } from './offer-world.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await publishProduct(market)
})
afterAll(() => market.server.stop())

const seeds = Array.from({ length: 80 }, (_, index) => index + 1)

test('generated offers have every form', () => {
  const offers = seeds.map((seed) => generateOffer(seed, productId))
  const forms = offers.map((offer) => offer.UpdatePricingTerms?.Terms.map((term) => term.Type).join('+'))
  expect(new Set(forms)).toEqual(
    new Set([
      'FixedUpfrontPricingTerm',
      'UsageBasedPricingTerm+FixedUpfrontPricingTerm',
      'ConfigurableUpfrontPricingTerm',
      'UsageBasedPricingTerm+ConfigurableUpfrontPricingTerm',
      'UsageBasedPricingTerm',
      'ByolPricingTerm',
    ]),
  )
  const unbroken = breaks.filter(([, broken]) => offers.every((offer) => broken(offer) === undefined))
  expect(unbroken).toEqual([])
})

test.each(seeds)('a generated offer is released (seed %i)', async (seed) => {
  const done = await offerChange(market, generateOffer(seed, productId))
  expect(problemsOf(done)).toEqual([])
  expect(done.Status).toBe('SUCCEEDED')
})

test.each(breaks)('%s is what breaks it (%#)', async (problem, broken) => {
  const able = seeds.flatMap((seed) => {
    const offer = generateOffer(seed, productId)
    const change = broken(offer)
    return change ? [{ seed, body: { ...offer, ...change } }] : []
  })
  const dice = createDice(able.length)
  for (let turn = 0; turn < 5; turn++) {
    const found = able[dice.below(able.length)]
    const done = await offerChange(market, found?.body ?? {})
    expect([...new Set(problemsOf(done))], `seed ${found?.seed}`).toEqual([problem])
  }
})
