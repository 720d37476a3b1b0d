// What the seller tells the cloud of an agreement: that it is ready, and whether a buyer's wish is granted.
import type { AgreementWish, Change } from '../../../connectors/connector.ts'
import { claim, equal, given, holds, show } from '../claims.ts'
import { accepted, activated, activationOf, facet } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'

async function answered(market: Market, wish: AgreementWish, accept: boolean): Promise<Change> {
  const { answer } = facet(market, 'agreements')
  return given(answer, 'method answer')(market.vendor, wish, accept, 'answer-1')
}

async function wished(market: Market) {
  return market.deeds.wish(await market.deeds.product())
}

export const activationScenarios: Scenario[] = [
  {
    id: 'agreements.activate',
    title: 'A buyer waits for the seller, and is active once the seller is ready',
    needs: ['agreements.activate', 'offers'],
    async run(market) {
      const { bought, record } = await accepted(market)
      equal(record.state, 'pending', 'The state before')
      equal(await market.seen.active(bought.agreement_id), false, 'Whether it runs at the cloud before')
      await activated(market, record)
      equal(await market.seen.active(bought.agreement_id), true, 'Whether it runs at the cloud')
      const after = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      equal(after.state, 'active', 'The state after')
    },
  },
  {
    id: 'agreements.activate_again',
    title: 'Activating twice is one activation',
    needs: ['agreements.activate', 'offers'],
    async run(market) {
      const { bought, record } = await accepted(market)
      await activated(market, record)
      await activated(market, record)
      await market.move({ to: '2026-09-21T12:00:00Z' })
      equal(
        await market.seen.charges(bought.agreement_id),
        [{ what: 'fixed', amount: '60000' }],
        'What the buyer is charged',
      )
    },
  },
  {
    id: 'agreements.activate_ended',
    title: 'What ended before it was activated is told, and not activated',
    needs: ['agreements.activate', 'offers'],
    async run(market) {
      const { bought, record } = await accepted(market)
      await market.deeds.cancel(bought)
      await market.move({ by: 'PT1M' })
      const { activate } = facet(market, 'agreements')
      const change = await activate?.(market.vendor, activationOf(record), 'activate-1')
      claim(change?.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code: market.expected.activate_ended, plain: /\w/ }], 'The problems')
      equal(await market.seen.active(bought.agreement_id), false, 'Whether it runs at the cloud')
    },
  },
  {
    id: 'agreements.activate_charges',
    title: 'The buyer is charged nothing before the seller is ready',
    needs: ['agreements.activate', 'offers'],
    async run(market) {
      const { bought } = await accepted(market)
      await market.move({ by: 'P3D' })
      equal(await market.seen.charges(bought.agreement_id), [], 'What the buyer is charged')
    },
  },
  {
    id: 'agreements.answer_yes',
    title: 'A buyer who asks for another plan gets it when the seller says yes, and yes twice is yes',
    needs: ['agreements.answer'],
    async run(market) {
      const { bought, wish } = await wished(market)
      for (const time of ['first', 'second']) {
        const change = await answered(market, wish, true)
        claim(change.status === 'succeeded', `The ${time} yes is taken: ${show(change)}`)
      }
      await market.move({ by: 'PT1M' })
      equal(await market.seen.plan(bought.agreement_id), market.expected.wished_plan, 'The plan at the cloud')
      const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      equal([record.state, record.plan], ['active', wish.plan], 'The agreement')
    },
  },
  {
    id: 'agreements.answer_no',
    title: 'A buyer who asks for another plan keeps the old one when the seller says no',
    needs: ['agreements.answer'],
    async run(market) {
      const { bought, wish } = await wished(market)
      const before = await market.seen.plan(bought.agreement_id)
      for (const time of ['first', 'second']) {
        const change = await answered(market, wish, false)
        claim(change.status === 'succeeded', `The ${time} no is taken: ${show(change)}`)
      }
      await market.move({ by: 'PT1M' })
      equal(await market.seen.plan(bought.agreement_id), before, 'The plan at the cloud')
    },
  },
  {
    id: 'agreements.answer_changed_mind',
    title: 'What was answered stays: another answer is refused in words',
    needs: ['agreements.answer'],
    async run(market) {
      const { bought, wish } = await wished(market)
      const before = await market.seen.plan(bought.agreement_id)
      await answered(market, wish, false)
      const change = await answered(market, wish, true)
      claim(change.status === 'failed', `Yes after no is refused: ${show(change)}`)
      holds(change.problems, [{ code: market.expected.answered_already, plain: /\w/ }], 'The problems')
      await market.move({ by: 'PT1M' })
      equal(await market.seen.plan(bought.agreement_id), before, 'The plan at the cloud')
    },
  },
  {
    id: 'agreements.answer_other',
    title: 'A wish for something else than the buyer asked is not granted',
    needs: ['agreements.answer'],
    async run(market) {
      const { bought, wish } = await wished(market)
      const before = await market.seen.plan(bought.agreement_id)
      const change = await answered(market, { ...wish, plan: 'platinum' }, true)
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code: market.expected.another_wish, plain: /\w/ }], 'The problems')
      equal(await market.seen.plan(bought.agreement_id), before, 'The plan at the cloud')
    },
  },
  {
    id: 'agreements.answer_nobody_asked',
    title: 'A wish that nobody had is not granted',
    needs: ['agreements.answer', 'offers'],
    async run(market) {
      const { bought, record } = await accepted(market)
      await activated(market, record)
      const before = await market.seen.plan(bought.agreement_id)
      const wish: AgreementWish = {
        agreement_id: bought.agreement_id,
        wish_id: '99999999-9999-4999-8999-999999999999',
        action: 'plan',
        plan: 'platinum',
        quantity: null,
      }
      const change = await answered(market, wish, true)
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code: market.expected.nobody_asked, plain: /\w/ }], 'The problems')
      equal(await market.seen.plan(bought.agreement_id), before, 'The plan at the cloud')
    },
  },
]
