// Whatever valid authorization a seed gives: it becomes active, its reseller sees it and sells it with the markup to
// the cent; and with one rule broken it fails for that rule alone.
import { ListEntitiesCommand } from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { change, type Market, madeBy } from '../support.ts'
import { breaks, diceOf, type Made, made } from './generated.ts'
import { authorizationOf, Catalog, channelOfferOf, documentOf, openChannel, outcome } from './support.ts'

const runs = 60
let market: Market
let productId = ''
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
  await market.control('/clock', { mode: 'stopped' })
})
afterAll(() => market.server.stop())

/** units × (100 + markup) ÷ 100, rounded half up; the markup is counted in billionths of a percent. */
function marked(units: number, markup: string): string {
  const [whole = '', places = ''] = markup.split('.')
  const billionths = BigInt(whole || '0') * 10n ** 9n + BigInt(places.padEnd(9, '0'))
  const scale = 100n * 10n ** 9n
  const cents = (BigInt(units) * (scale + billionths) * 2n + scale) / (scale * 2n)
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
}

async function sell(one: Made, authorizationId: string): Promise<void> {
  const list = new ListEntitiesCommand({
    Catalog,
    EntityType: 'ResaleAuthorization',
    OwnershipType: 'SHARED',
    EntityTypeFilters: { ResaleAuthorizationFilters: { EntityId: { ValueList: [authorizationId] } } },
  })
  const shared = await market.reseller.catalog.send(list)
  expect(shared.EntitySummaryList?.[0]?.ResaleAuthorizationSummary?.Status).toBe('Active')
  const swaps = {
    UpdateMarkup: { Percentage: one.markup },
    UpdateAvailability: { AvailabilityEndDate: one.last_day },
  }
  const done = await change(market, market.reseller, channelOfferOf(authorizationId, swaps))
  const { body } = await documentOf(market.reseller, madeBy(done, 'O'))
  expect(body.State).toBe('Released')
  const schedule = body.Terms.find(({ Type }) => Type === 'PaymentScheduleTerm')?.Schedule
  const amounts = ((schedule ?? []) as { ChargeAmount: string }[]).map((item) =>
    Number(item.ChargeAmount).toFixed(2),
  )
  expect(amounts).toEqual(one.instalments.map(({ units }) => marked(units, one.markup)))
}

test.each(Array.from({ length: runs }, (_, index) => index + 1))('seed %i', async (seed) => {
  const one = made(seed)
  const done = await change(market, market.vendor, authorizationOf(productId, one.details))
  const authorizationId = madeBy(done, 'A')
  await sell(one, authorizationId)
  const second = await outcome(
    market,
    market.reseller,
    channelOfferOf(authorizationId, { UpdateAvailability: { AvailabilityEndDate: one.last_day } }),
  )
  const used = 'CreateOfferUsingResaleAuthorization: INCOMPATIBLE_RESALE_AUTHORIZATION'
  expect(second.includes(used)).toBe(one.mode === 'one offer')
  const possible = breaks.filter(([, applies]) => applies(one))
  const broken = possible[diceOf(seed * 7919).below(possible.length)]
  if (!broken) throw new Error('nothing to break')
  const [rule, , swaps, code] = broken
  const refused = await outcome(market, market.vendor, authorizationOf(productId, one.details, swaps(one)))
  expect([rule, refused]).toEqual([rule, [code]])
})

test('the seeds meet every mode and break every rule', () => {
  const modes = new Set<string>()
  const rules = new Set<string>()
  for (let seed = 1; seed <= runs; seed += 1) {
    const one = made(seed)
    modes.add(one.mode)
    const possible = breaks.filter(([, applies]) => applies(one))
    rules.add(possible[diceOf(seed * 7919).below(possible.length)]?.[0] ?? '')
  }
  expect([...modes].sort()).toEqual(['one offer', 'unlimited', 'until a date'])
  expect([...rules].sort()).toEqual(breaks.map(([rule]) => rule).sort())
})
