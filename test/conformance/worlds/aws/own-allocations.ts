// A record's split by tags, as AWS takes it and as it does not.
import type { Allocation } from '../../../../connectors/connector.ts'
import { decimal } from '../../../../src/core/decimal.ts'
import { claim, equal, holds } from '../../claims.ts'
import { lastHour, running, usageOf } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { answers } from '../../scenarios/usage.ts'
import type { Market } from '../../world.ts'

type Held = { hour: string; quantity: number; allocations: { quantity: number; tags: object }[] }
const held = (market: Market) => market.control<Held[]>('/aws/accepted?kind=usage')

const part = (quantity: string, tags: Record<string, string> = {}): Allocation => ({
  tags,
  quantity: decimal(quantity),
})
const parts = [part('600', { zone: 'eu', team: 'search' }), part('300', { team: 'ads' }), part('100')]

/** Half a request's worth of parts of one unit each. */
const HALF = 1200
const many = Array.from({ length: HALF }, (_, index) =>
  part('1', { [`k${'x'.repeat(98)}`]: `${index}`.padEnd(250, '.'), y: 'z'.repeat(100) }),
)

export const allocationScenarios: readonly Scenario[] = [
  {
    id: 'metering.split',
    title: 'A record is split by tags, and the same again is taken once',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market), { allocations: parts })
      for (const time of ['first', 'second'])
        equal((await answers(market, [record]))[0]?.status, 'accepted', `The ${time} answer`)
      const [kept, ...more] = await held(market)
      equal(more, [], 'What else the cloud has')
      equal(
        kept?.allocations,
        [
          { quantity: 600, tags: { team: 'search', zone: 'eu' } },
          { quantity: 300, tags: { team: 'ads' } },
          { quantity: 100, tags: {} },
        ],
        'The split at the cloud',
      )
    },
  },
  {
    id: 'metering.split_otherwise',
    title: 'The same quantity split otherwise is another record for the same hour, and is refused',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market), { allocations: parts })
      await answers(market, [record])
      const others = [null, [part('1000', { team: 'ads' })]]
      for (const allocations of others)
        holds(
          await answers(market, [{ ...record, allocations }]),
          [{ status: 'refused', code: 'DuplicateRecord', message: /split/ }],
          'The answer',
        )
      equal((await held(market))[0]?.allocations.length, parts.length, 'The parts at the cloud')
    },
  },
  {
    id: 'metering.split_wrong',
    title: 'A split that AWS does not take is kept out with the reason, and does not hold up the others',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, 'v']))
      const wrong: [readonly Allocation[], RegExp][] = [
        [[], /1 to 2500/],
        [Array.from({ length: 2501 }, (_, index) => part('0', { team: `${index}` })), /1 to 2500/],
        [[part('999', { team: 'a' })], /add up/],
        [[part('1000.5', { team: 'a' }), part('-0.5')], /whole numbers/],
        [[part('500', { team: 'a' }), part('500', { team: 'a' })], /same set of tags/],
        [[part('500'), part('500')], /same set of tags/],
        [[part('1000', six)], /at most 5/],
        [[part('1000', { team: 'ä' })], /does not take the tags/],
        [[part('1000', { team: '' })], /does not take the tags/],
        [[part('1000', { ['k'.repeat(101)]: 'v' })], /does not take the tags/],
      ]
      const records = wrong.map(([allocations], index) =>
        usageOf(market, deal, { id: `usage_wrong_${index}`, allocations }),
      )
      const found = await answers(market, [...records, usageOf(market, deal)])
      for (const [index, [, message]] of wrong.entries())
        holds(
          found.find(({ id }) => id === `usage_wrong_${index}`),
          { status: 'refused', code: 'AllocationsNotTaken', message },
          'The answer',
        )
      holds(
        found.find(({ id }) => id === 'usage_1'),
        { status: 'accepted' },
        'The answer to the other',
      )
    },
  },
  {
    id: 'metering.split_large',
    title: 'Records whose parts fill more than a request go one after the other, and none is lost',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      await market.move({ by: 'PT4H' })
      const records = [1, 2, 3].map((back) =>
        usageOf(market, deal, {
          id: `usage_${back}`,
          hour: lastHour(market, back),
          quantity: decimal(HALF),
          allocations: many,
        }),
      )
      let left = records
      for (let turn = 0; turn < records.length && left.length > 0; turn += 1) {
        const found = await answers(market, left)
        claim(
          found.some(({ status }) => status === 'accepted'),
          'Each request takes at least one of them',
        )
        left = left.filter(({ id }) => found.find((one) => one.id === id)?.status !== 'accepted')
      }
      equal(
        (await held(market)).map(({ quantity, allocations }) => [quantity, allocations.length]),
        records.map(() => [HALF, HALF]),
        'The records at the cloud',
      )
      claim(
        market.calls.filter(({ call }) => call === 'BatchMeterUsage').length > 1,
        'It took several requests',
      )
    },
  },
]
