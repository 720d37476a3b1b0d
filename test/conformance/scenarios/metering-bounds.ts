// Usage that is not ours to report, or not at this time.
import { HOUR_MS, plus } from '../../../src/core/time.ts'
import { equal, holds } from '../claims.ts'
import { facet, lastHour, running, sold, usageOf } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import { answers, claimRefused } from './usage.ts'

export const meteringBoundScenarios: Scenario[] = [
  {
    id: 'metering.window',
    title: 'The oldest hour inside the window is taken, the one before it is not',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await sold(market)
      await market.move({ by: 'P2DT20M' })
      const { window_ms } = market.expected.metering
      const oldest = new Date(Math.ceil((market.now().getTime() - window_ms + 1) / HOUR_MS) * HOUR_MS)
      const late = usageOf(market, deal, { id: 'late', hour: plus(oldest, -HOUR_MS) })
      await claimRefused(market, [late], market.expected.usage.too_old)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
      const inside = usageOf(market, deal, { hour: oldest })
      holds(await answers(market, [inside]), [{ status: 'accepted' }], 'The answers')
    },
  },
  {
    id: 'metering.long_ago',
    title: 'Usage of last week is refused, and nothing is taken',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await sold(market)
      await market.move({ by: 'P9D' })
      const old = usageOf(market, deal, { hour: lastHour(market, 7 * 24) })
      await claimRefused(market, [old], market.expected.usage.too_old)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.future',
    title: 'Usage of an hour that has not come is refused',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      const early = usageOf(market, deal, { hour: lastHour(market, -3) })
      await claimRefused(market, [early], market.expected.usage.future)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.month_cutoff',
    title: 'Usage of last month is taken until the cut-off and not after it',
    needs: ['metering', 'offers', 'month_cutoff'],
    async run(market) {
      const deal = await sold(market)
      const hour = new Date('2026-09-30T22:00:00Z')
      const cutoff =
        new Date('2026-10-01T00:00:00Z').getTime() + (market.expected.metering.month_cutoff_ms ?? 0)
      await market.move({ to: new Date(cutoff - 60_000).toISOString() })
      holds(await answers(market, [usageOf(market, deal, { hour })]), [{ status: 'accepted' }], 'The answers')
      await market.move({ to: new Date(cutoff + 60_000).toISOString() })
      const late = usageOf(market, deal, { id: 'late', hour: plus(hour, HOUR_MS) })
      await claimRefused(market, [late], market.expected.usage.too_old)
      equal((await market.seen.usage()).length, 1, 'The number of records at the cloud')
    },
  },
  {
    id: 'metering.unknown_dimension',
    title: 'A dimension that the product does not have is refused, and nothing is taken',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market), { dimension: 'unheard_of' })
      await claimRefused(market, [record], market.expected.usage.unknown_dimension)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.unknown_agreement',
    title: 'Usage of an agreement that nobody knows is refused',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market), market.expected.usage.unknown_names)
      await claimRefused(market, [record], market.expected.usage.unknown_agreement)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.foreign_agreement',
    title: 'Another seller cannot report usage of our buyer',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market))
      const stranger = await market.stranger()
      await claimRefused(market, [record], market.expected.usage.foreign_agreement, stranger)
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.after_end',
    title: 'After the end, earlier hours are taken for as long as the rules say, and no longer',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await sold(market)
      await market.move({ by: 'P1DT30M' })
      await market.deeds.cancel(deal.bought)
      await market.move({ by: 'PT5M' })
      const record = await facet(market, 'agreements').read(market.vendor, deal.bought.agreement_id)
      const until = record.ends_at
      const last = usageOf(market, deal, { hour: lastHour(market, 0), until })
      holds(await answers(market, [last]), [{ status: 'accepted' }], 'The answers')
      const earlier = usageOf(market, deal, { id: 'late', hour: lastHour(market), until })
      await market.move({
        to: plus(market.now(), market.expected.metering.after_end_ms + 60_000).toISOString(),
      })
      await claimRefused(market, [earlier], market.expected.usage.after_end)
      equal((await market.seen.usage()).length, 1, 'The number of records at the cloud')
    },
  },
  {
    id: 'metering.unpaid',
    title:
      'Usage of a buyer whom the cloud does not bill now waits or is refused, and is not lost in silence',
    needs: ['metering', 'offers', 'unpaid_usage'],
    async run(market) {
      const deal = await running(market)
      await market.deeds.suspend(deal.bought)
      const [answer] = await answers(market, [usageOf(market, deal)])
      holds(answer, market.expected.usage.unpaid, 'The answer')
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
]
