// Usage as AWS takes it: by licence, and by product code for products that are older.
import { decimal } from '../../../../src/core/decimal.ts'
import { equal, faultOf, given } from '../../claims.ts'
import { listed, running, type Sold, usageOf } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { answers } from '../../scenarios/usage.ts'
import type { Market } from '../../world.ts'
import { several } from './own-deals.ts'

/** The evening before products began to be metered by licence alone. */
const BEFORE_LICENCES = '2026-05-31T20:00:00Z'

/** A running agreement about a product that is older than that. */
async function soldOlder(market: Market): Promise<Sold> {
  await listed(market)
  await market.move({ to: '2026-06-01T08:00:00Z' })
  return running(market)
}

export const meteringScenarios: readonly Scenario[] = [
  {
    id: 'metering.two_licences',
    title: 'Usage of two agreements of one buyer goes in one batch, and each is charged its own',
    needs: ['metering', 'offers'],
    async run(market) {
      const [first, second] = await several(market, 2)
      await market.move({ by: 'PT4H' })
      const records = [
        usageOf(market, given(first, 'deal'), { id: 'usage_1', quantity: decimal('1000') }),
        usageOf(market, given(second, 'deal'), { id: 'usage_2', quantity: decimal('2000') }),
      ]
      const found = await answers(market, records)
      equal(
        found.map(({ status }) => status),
        ['accepted', 'accepted'],
        'The answers',
      )
      const calls = market.calls.filter(({ call }) => call === 'BatchMeterUsage')
      equal(calls.length, 1, 'The number of requests')
      await market.deeds.settleUsage()
      const charged = async (deal: Sold | undefined) =>
        (await market.seen.charges(given(deal, 'deal').bought.agreement_id)).filter(
          ({ what }) => what === 'usage',
        )
      equal(await charged(first), [{ what: 'usage', amount: '2' }], 'What the first is charged')
      equal(await charged(second), [{ what: 'usage', amount: '4' }], 'What the second is charged')
    },
  },
  {
    id: 'metering.never_mixed',
    title: 'Records by licence and by product code never share a request, and none is lost',
    needs: ['metering', 'offers'],
    starts: BEFORE_LICENCES,
    async run(market) {
      const deal = await soldOlder(market)
      const byLicence = usageOf(market, deal)
      const byCode = { ...usageOf(market, deal), id: 'usage_2', dimension: 'exports', license: null }
      const found = await answers(market, [byLicence, byCode])
      const statusOf = (id: string) => found.find((one) => one.id === id)?.status
      equal([statusOf('usage_1'), statusOf('usage_2')], ['accepted', 'unprocessed'], 'The answers')
      equal((await answers(market, [byCode]))[0]?.status, 'accepted', 'The answer to the other')
      equal((await market.seen.usage()).length, 2, 'The records at the cloud')
    },
  },
  {
    id: 'metering.older_product',
    title: 'An older product is metered by its product code, and the same again is taken once',
    needs: ['metering', 'offers'],
    starts: BEFORE_LICENCES,
    async run(market) {
      const record = { ...usageOf(market, await soldOlder(market)), license: null }
      for (const time of ['first', 'second'])
        equal((await answers(market, [record]))[0]?.status, 'accepted', `The ${time} answer`)
      equal((await market.seen.usage()).length, 1, 'The records at the cloud')
    },
  },
  {
    id: 'metering.newer_product',
    title: 'A product of June 2026 or later takes no product code, and that is told',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = { ...usageOf(market, await running(market)), license: null }
      const fault = await faultOf(() => answers(market, [record]), ['invalid'])
      equal(fault.cloudCode, 'InvalidProductCodeException', "The cloud's code")
      equal(await market.seen.usage(), [], 'The records at the cloud')
    },
  },
]
