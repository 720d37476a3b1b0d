// Usage by requests: full ones, too full ones, half-processed ones, and those that never arrive.
import { decimal } from '../../../src/core/decimal.ts'
import { claim, equal, faultOf, holds, show } from '../claims.ts'
import { lastHour, running, usageOf } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import { answers, claimRefused } from './usage.ts'

export const meteringBatchScenarios: Scenario[] = [
  {
    id: 'metering.full_batch',
    title: 'As many records as the rules allow go in one request, each answered by its id',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      await market.move({ by: 'PT20H' })
      const records = batchOf(market, deal, market.expected.metering.batch_max)
      const found = await answers(market, records)
      equal(
        found.map(({ id, status }) => `${id} ${status}`).sort(),
        records.map(({ id }) => `${id} accepted`).sort(),
        'The answers',
      )
      equal((await market.seen.usage()).length, records.length, 'The number of records at the cloud')
    },
  },
  {
    id: 'metering.beyond_batch',
    title: 'One record more than the rules allow is refused, and nothing is taken',
    needs: ['metering', 'offers', 'batch_limit'],
    async run(market) {
      const deal = await running(market)
      await market.move({ by: 'PT20H' })
      const records = batchOf(market, deal, market.expected.metering.batch_max + 1)
      await claimRefused(market, records, market.expected.usage.beyond_batch)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.unprocessed',
    title: 'What the cloud did not look at is told, and sent again it is taken once',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      const records = [
        usageOf(market, deal),
        usageOf(market, deal, { id: 'usage_2', dimension: 'exports', quantity: decimal('7') }),
      ]
      await market.deeds.halveBatches()
      const first = await answers(market, records)
      equal(
        first.map(({ id, status }) => `${id} ${status}`).sort(),
        ['usage_1 accepted', 'usage_2 unprocessed'],
        'The answers',
      )
      const again = await answers(market, records)
      equal(
        again.map(({ id, status }) => `${id} ${status}`).sort(),
        ['usage_1 accepted', 'usage_2 accepted'],
        'The answers after that',
      )
      const held = (await market.seen.usage()).map(({ dimension, quantity }) => `${dimension} ${quantity}`)
      equal(held.sort(), ['calls 1000', 'exports 7'], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.nothing',
    title: 'Nothing to report asks nobody',
    needs: ['metering'],
    async run(market) {
      equal(await answers(market, []), [], 'The answers')
      equal(market.calls.length, 0, 'The number of requests')
    },
  },
  {
    id: 'metering.broken_batch',
    title: 'A request that never got there may be sent again as it is',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      market.network.cut()
      const records = [usageOf(market, deal, { hour: lastHour(market) })]
      const fault = await faultOf(() => answers(market, records), ['connection_lost'])
      claim(!show(fault.message).includes('undefined'), 'The fault says what happened')
      market.network.mend()
      holds(await answers(market, records), [{ status: 'accepted' }], 'The answers')
      equal((await market.seen.usage()).length, 1, 'The number of records at the cloud')
    },
  },
]

function batchOf(market: Parameters<typeof usageOf>[0], deal: Parameters<typeof usageOf>[1], count: number) {
  const additive = market.expected.metering.grain === 'additive'
  return Array.from({ length: count }, (_, index) =>
    usageOf(market, deal, {
      id: `usage_${index}`,
      dimension: index % 2 === 0 ? 'calls' : 'exports',
      hour: lastHour(market, additive ? 1 : 1 + Math.floor(index / 2)),
      quantity: decimal(String(index + 1)),
    }),
  )
}
