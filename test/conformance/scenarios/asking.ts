// What a seller asks about a running agreement: that it ends, that the buyer pays more, that money goes back.
import type { AgreementRequest, Change } from '../../../connectors/connector.ts'
import { money } from '../../../src/core/money.ts'
import { claim, equal, given, holds, show } from '../claims.ts'
import { facet, listed, offered, sold } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Bought, Market } from '../world.ts'

export const words = 'As agreed on the phone.'

export async function ask(market: Market, request: AgreementRequest, key = 'ask-1'): Promise<Change> {
  const change = await facet(market, 'requests').send(market.vendor, request, key)
  await market.move({ by: 'PT1M' })
  return change
}

const toEnd = ({ agreement_id }: Bought, reason = 'TEST_AGREEMENT'): AgreementRequest => ({
  kind: 'cancellation',
  agreement_id,
  reason,
  words,
})

async function open(market: Market, request: AgreementRequest): Promise<string> {
  const change = await ask(market, request)
  claim(change.status === 'accepted', `It is asked: ${show(change)}`)
  claim((change.again_ms ?? 0) > 0, 'It is said when to ask again')
  const waiting = await facet(market, 'requests').check(market.vendor, change.reference)
  equal(waiting.status, 'accepted', 'How it stands while nobody decided')
  return change.reference
}

export const end = (market: Market, reference: string) =>
  facet(market, 'requests').check(market.vendor, reference)

async function stateOf(market: Market, { agreement_id }: Bought) {
  await market.move({ by: 'PT1M' })
  return (await facet(market, 'agreements').read(market.vendor, agreement_id)).state
}

/** A buyer who agreed that there may be further payments. */
async function payable(market: Market): Promise<Bought> {
  const { product_id } = await listed(market)
  const bought = await market.deeds.acceptPayable(await offered(market, market.drafts.offer(product_id)))
  await market.move({ by: 'PT1M' })
  return bought
}

const payment = ({ agreement_id }: Bought): AgreementRequest => ({
  kind: 'payment',
  agreement_id,
  name: 'Workshop',
  amount: money('USD', 1_200_50n),
  words,
})

const decisions: readonly [name: string, yes: boolean, problem: string | null, state: string][] = [
  ['granted', true, null, 'cancelled'],
  ['declined', false, 'declined', 'active'],
]

export const askingScenarios: Scenario[] = [
  ...decisions.map(
    ([name, yes, problem, state]): Scenario => ({
      id: `requests.cancellation_${name}`,
      title: `A buyer who is asked to end the agreement decides: it is ${name}`,
      needs: ['requests', 'offers'],
      async run(market) {
        const { bought } = await sold(market)
        const reference = await open(market, toEnd(bought))
        await market.deeds.decide(bought, reference, yes)
        const change = await end(market, reference)
        equal(change.status, problem === null ? 'succeeded' : 'failed', 'How it ended')
        if (change.status === 'failed')
          holds(change.problems, [{ code: problem, plain: /\w/ }], 'The problems')
        equal(await stateOf(market, bought), state, 'The agreement')
      },
    }),
  ),
  {
    id: 'requests.cancellation_silence',
    title: 'Without an answer it counts as granted after the days that the contract says',
    needs: ['requests', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const reference = await open(market, toEnd(bought))
      const days = given(facet(market, 'requests').cancellation_granted_after_days, 'number of days')
      await market.move({ by: `PT${days * 24 - 2}H` })
      equal((await end(market, reference)).status, 'accepted', 'How it stands shortly before')
      await market.move({ by: 'PT3H' })
      equal((await end(market, reference)).status, 'succeeded', 'How it ended')
      equal(await stateOf(market, bought), 'cancelled', 'The agreement')
    },
  },
  {
    id: 'requests.cancellation_withdrawn',
    title: 'What nobody decided is taken back, and once more changes nothing',
    needs: ['requests', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const reference = await open(market, toEnd(bought))
      const { withdraw } = facet(market, 'requests')
      for (const time of ['first', 'second']) {
        const change = await withdraw(market.vendor, reference, 'A mistake', 'withdraw-1')
        equal(change.status, 'succeeded', `The ${time} withdrawal`)
      }
      const change = await end(market, reference)
      claim(change.status === 'failed', `It is over: ${show(change)}`)
      holds(change.problems, [{ code: 'withdrawn' }], 'The problems')
      equal(await stateOf(market, bought), 'active', 'The agreement')
    },
  },
  {
    id: 'requests.again',
    title: 'The same request with the same key is asked once, and a second one beside it is refused',
    needs: ['requests', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const reference = await open(market, toEnd(bought))
      const again = await ask(market, toEnd(bought))
      holds(again, { status: 'accepted', reference }, 'The same again')
      const other = await ask(market, toEnd(bought, 'PRODUCT_DISCONTINUED'), 'ask-2')
      claim(other.status === 'failed', `Another beside it is refused: ${show(other)}`)
      holds(other.problems, [{ code: 'ConflictException', plain: /\w/ }], 'The problems')
    },
  },
  {
    id: 'requests.unknown_reason',
    title: 'A reason that the cloud does not take is refused before it is sent',
    needs: ['requests'],
    async run(market) {
      const change = await ask(market, toEnd({ agreement_id: 'agmt-1', buyer: '' }, 'BECAUSE'))
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code: 'INVALID_REASON', field: 'reason', plain: /\w/ }], 'The problems')
      equal(market.calls.length, 0, 'The number of requests')
    },
  },
  {
    id: 'requests.reasons',
    title: 'Every reason that is offered is one that the cloud takes',
    needs: ['requests', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const { reasons, withdraw } = facet(market, 'requests')
      for (const { code } of reasons.cancellation) {
        const change = await ask(market, toEnd(bought, code), `ask-${code}`)
        claim(change.status === 'accepted', `${code} is taken: ${show(change)}`)
        await withdraw(market.vendor, change.reference, 'A mistake', `withdraw-${code}`)
      }
      equal(reasons.cancellation.length, 8, 'The number of reasons to end an agreement')
      equal(reasons.refund.length, 7, 'The number of reasons to give money back')
    },
  },
  ...decisions.map(
    ([name, yes, problem]): Scenario => ({
      id: `requests.payment_${name}`,
      title: `A buyer who is asked for a further payment decides: it is ${name}`,
      needs: ['requests', 'offers'],
      async run(market) {
        const bought = await payable(market)
        const reference = await open(market, payment(bought))
        await market.deeds.decide(bought, reference, yes)
        const change = await end(market, reference)
        equal(change.status, yes ? 'succeeded' : 'failed', 'How it ended')
        if (change.status === 'failed')
          holds(change.problems, [{ code: problem, plain: /\w/ }], 'The problems')
        const charges = await market.seen.charges(bought.agreement_id)
        equal(charges.filter(({ amount }) => amount === '1200.5').length, yes ? 1 : 0, 'The charges of it')
      },
    }),
  ),
  {
    id: 'requests.payment_withdrawn',
    title: 'A payment that nobody approved is taken back',
    needs: ['requests', 'offers'],
    async run(market) {
      const bought = await payable(market)
      const reference = await open(market, payment(bought))
      const { withdraw } = facet(market, 'requests')
      equal(
        (await withdraw(market.vendor, reference, '', 'withdraw-1')).status,
        'succeeded',
        'It is taken back',
      )
      equal((await end(market, reference)).status, 'failed', 'How it ended')
    },
  },
  {
    id: 'requests.payment_impossible',
    title: 'An agreement without such a term is told so, and nothing is asked',
    needs: ['requests', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const change = await ask(market, payment(bought))
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code: 'MISSING_VARIABLE_PAYMENT_TERM', plain: /\w/ }], 'The problems')
    },
  },
]
