// Usage: taken once, exactly, and answered record by record.
import { decimal } from '../../../src/core/decimal.ts'
import { claim, equal, given, holds, text } from '../claims.ts'
import { activatedUnread, facet, listed, offered, running, usageOf } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import { answers } from './usage.ts'

const one = { dimension: 'calls', quantity: '1000' }

export const meteringScenarios: Scenario[] = [
  {
    id: 'metering.rules',
    title: "The rules as data are the cloud's",
    needs: ['metering'],
    async run({ connector, expected }) {
      equal(given(connector.metering, 'facet').rules, expected.metering, 'The rules')
    },
  },
  {
    id: 'metering.accepted',
    title: 'A record is taken, and the cloud has its quantity under its dimension and hour',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market))
      const [answer] = await answers(market, [record])
      holds(answer, { id: 'usage_1', status: 'accepted', duplicate: false }, 'The answer')
      claim(answer?.status === 'accepted' && answer.cloud_record_id !== '', 'The cloud has an id for it')
      equal(
        await market.seen.usage(),
        [{ ...one, hour: record.hour.toISOString() }],
        'The usage at the cloud',
      )
    },
  },
  {
    id: 'metering.exact',
    title: 'A quantity that is hard to hold arrives as it was sent',
    needs: ['metering', 'offers'],
    async run(market) {
      const quantity = decimal(market.expected.usage.exact)
      const record = usageOf(market, await running(market), { quantity })
      holds(await answers(market, [record]), [{ status: 'accepted' }], 'The answers')
      equal((await market.seen.usage())[0]?.quantity, text(quantity), 'The quantity at the cloud')
    },
  },
  {
    id: 'metering.charged',
    title: 'What was used is charged at the price of the offer',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      await answers(market, [usageOf(market, deal)])
      await market.move({ to: '2026-10-04T00:00:00Z' })
      const charges = await market.seen.charges(deal.bought.agreement_id)
      equal(
        charges.filter(({ what }) => what === 'usage'),
        [{ what: 'usage', amount: '2' }],
        'What the buyer is charged for usage',
      )
    },
  },
  {
    id: 'metering.duplicate',
    title: 'The identical record again is taken once',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market))
      await answers(market, [record])
      const [again] = await answers(market, [record])
      const { tells_duplicate } = market.expected.usage
      holds(again, { status: 'accepted', duplicate: tells_duplicate }, 'The answer')
      equal((await market.seen.usage()).length, 1, 'The number of records at the cloud')
    },
  },
  {
    id: 'metering.same_hour',
    title: "A second quantity for the hour is refused, or adds up, as the cloud's grain says",
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      await answers(market, [usageOf(market, deal)])
      const second = usageOf(market, deal, { id: 'usage_2', quantity: decimal('500') })
      const [answer] = await answers(market, [second])
      const held = (await market.seen.usage()).map(({ quantity }) => quantity).sort()
      if (market.expected.metering.grain === 'additive') {
        holds(answer, { id: 'usage_2', status: 'accepted' }, 'The answer')
        equal(held, ['1000', '500'], 'The quantities at the cloud')
      } else {
        const { other_quantity } = market.expected.usage
        holds(answer, { id: 'usage_2', status: 'refused', code: other_quantity, message: /\w/ }, 'The answer')
        equal(held, ['1000'], 'The quantities at the cloud')
      }
    },
  },
  {
    id: 'metering.wrong_quantity',
    title: 'A quantity that the metric cannot hold is refused alone and not sent',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      const { quantity, code } = market.expected.usage.wrong_quantity
      const bad = usageOf(market, deal, { id: 'bad', quantity: decimal(quantity) })
      const found = await answers(market, [bad, usageOf(market, deal)])
      const byId = Object.fromEntries(found.map((answer) => [answer.id, answer]))
      holds(
        byId,
        { bad: { status: 'refused', code, message: /\w/ }, usage_1: { status: 'accepted' } },
        'The answers',
      )
      equal((await market.seen.usage()).length, 1, 'The number of records at the cloud')
    },
  },
  {
    id: 'metering.negative',
    title: 'A quantity below zero is refused and not sent',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market), { quantity: decimal('-1') })
      holds(await answers(market, [record]), [{ status: 'refused', message: /\w/ }], 'The answers')
      equal(await market.seen.usage(), [], 'The usage at the cloud')
    },
  },
  {
    id: 'metering.zero',
    title: 'Zero is taken or refused as the rules say',
    needs: ['metering', 'offers'],
    async run(market) {
      const record = usageOf(market, await running(market), { quantity: decimal('0') })
      const [answer] = await answers(market, [record])
      const { zero } = market.expected.usage
      holds(
        answer,
        zero === null ? { status: 'accepted' } : { status: 'refused', code: zero, message: /\w/ },
        'The answer',
      )
      equal(zero === null, market.expected.metering.zero_allowed, 'What the rules say of zero')
    },
  },
  {
    id: 'metering.nameless',
    title: 'A record that does not say whose usage it is, is refused and not sent',
    needs: ['metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      const { record, code } = market.expected.usage.nameless
      const sent = market.calls.length
      const found = await answers(market, [record(usageOf(market, deal))])
      holds(found, [{ id: 'usage_1', status: 'refused', code, message: /\w/ }], 'The answers')
      equal(market.calls.length, sent, 'The number of requests')
    },
  },
  {
    id: 'metering.usage_only',
    title: 'Usage of an agreement without instalments is taken',
    needs: ['metering', 'offers'],
    async run(market) {
      const product = await listed(market)
      const offer_id = await offered(market, market.drafts.usageOffer(product.product_id))
      const bought = await market.deeds.accept(offer_id)
      const agreements = facet(market, 'agreements')
      await activatedUnread(market, bought)
      await market.move({ by: 'PT4H' })
      const record = await agreements.read(market.vendor, bought.agreement_id)
      const usage = usageOf(market, { product, offer_id, bought, record })
      holds(await answers(market, [usage]), [{ status: 'accepted' }], 'The answers')
    },
  },
]
