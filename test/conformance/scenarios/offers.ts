// Private offers: made once, read, moved, withdrawn, refused in words.
import { claim, equal, given, holds, show } from '../claims.ts'
import { facet, finished, listed, offered } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'

/** Moves the last day of an offer and says how that ended. */
async function moved(market: Market, offer_id: string, day: string, key: string) {
  const offers = facet(market, 'offers')
  const change = await offers.expire(market.vendor, offer_id, day, key)
  return finished(market, change, (reference) => offers.check(market.vendor, reference))
}

async function anOffer(market: Market): Promise<{ offer_id: string; product_id: string }> {
  const { product_id } = await listed(market)
  return { offer_id: await offered(market, market.drafts.offer(product_id)), product_id }
}

export const offerScenarios: Scenario[] = [
  {
    id: 'offers.create',
    title: 'An offer of instalments and usage is made, and a buyer can take it until its last day',
    needs: ['offers'],
    async run(market) {
      const { offer_id } = await anOffer(market)
      claim(market.expected.offer_id.test(offer_id), `The id is one of the cloud's: ${offer_id}`)
      const seen = await market.seen.offers('Ledger for Acme')
      equal(seen, [{ id: offer_id, state: 'live', last_day: '2026-09-20' }], 'The offers at the cloud')
    },
  },
  {
    id: 'offers.usage_only',
    title: 'An offer of usage alone is made',
    needs: ['offers'],
    async run(market) {
      const { product_id } = await listed(market)
      const offer_id = await offered(market, market.drafts.usageOffer(product_id))
      const seen = await market.seen.offers('Ledger for Acme')
      equal(seen, [{ id: offer_id, state: 'live', last_day: '2026-09-20' }], 'The offers at the cloud')
    },
  },
  {
    id: 'offers.read',
    title: 'An offer reads back with its name, its buyer and its state',
    needs: ['offers'],
    async run(market) {
      const { offer_id, product_id } = await anOffer(market)
      const draft = market.drafts.offer(product_id)
      const read = given(await facet(market, 'offers').read(market.vendor, offer_id), 'offer')
      equal([read.offer_id, read.state], [offer_id, 'live'], 'The offer')
      equal(read.buyer_account_ids, draft.buyer_account_ids, 'The buyers')
      claim(read.name.startsWith(draft.name), `The name is ours: ${read.name}`)
      claim(read.evidence.received !== undefined, 'What was received is kept')
    },
  },
  {
    id: 'offers.create_again',
    title: 'The same draft with the same key is the same offer',
    needs: ['offers'],
    async run(market) {
      const { offer_id, product_id } = await anOffer(market)
      equal(await offered(market, market.drafts.offer(product_id)), offer_id, 'The offer')
      equal((await market.seen.offers('Ledger for Acme')).length, 1, 'The number of offers at the cloud')
    },
  },
  {
    id: 'offers.create_twice_at_once',
    title: 'The same draft sent twice before the first is seen is one offer',
    needs: ['offers'],
    async run(market) {
      const { product_id } = await listed(market)
      const offers = facet(market, 'offers')
      const draft = market.drafts.offer(product_id)
      const first = await offers.create(market.vendor, draft, 'offer-1')
      const second = await offers.create(market.vendor, draft, 'offer-1')
      const check = (reference: string) => offers.check(market.vendor, reference)
      const ends = [await finished(market, second, check), await finished(market, first, check)]
      const ids = ends.map((end) => (end.status === 'succeeded' ? end.target.offer_id : show(end)))
      equal(ids[0], ids[1], 'The two answers')
      const seen = await market.seen.offers('Ledger for Acme')
      equal(
        seen.map(({ id, state }) => [id, state]),
        [[ids[0], 'live']],
        'The offers at the cloud',
      )
    },
  },
  {
    id: 'offers.another',
    title: 'Another marker and key make another offer',
    needs: ['offers'],
    async run(market) {
      const { offer_id, product_id } = await anOffer(market)
      const draft = { ...market.drafts.offer(product_id), marker: 'offer_2' }
      const other = await offered(market, draft, 'offer-2')
      claim(other !== offer_id, 'The second offer has an id of its own')
      equal((await market.seen.offers('Ledger for Acme')).length, 2, 'The number of offers at the cloud')
    },
  },
  {
    id: 'offers.refused',
    title: 'What the cloud refuses is told in its words, and no buyer sees an offer',
    needs: ['offers'],
    async run(market) {
      const { product_id } = await listed(market)
      const { draft, code } = market.expected.refused_offer
      const offers = facet(market, 'offers')
      const change = await offers.create(market.vendor, draft(product_id), 'offer-1')
      const end = await finished(market, change, (reference) => offers.check(market.vendor, reference))
      claim(end.status === 'failed', `It fails: ${show(end)}`)
      holds(end.problems[0], { code, message: /\w/ }, 'The problem')
      const left = await market.seen.offers('Ledger for Acme')
      equal(
        left.filter(({ state }) => state === 'live'),
        [],
        'The live offers at the cloud',
      )
    },
  },
  {
    id: 'offers.impossible',
    title: 'What the cloud has no terms for is refused before it is sent, with the field',
    needs: ['offers'],
    async run(market) {
      const { product_id } = await listed(market)
      const { draft, code, field } = market.expected.impossible_offer
      const change = await facet(market, 'offers').create(market.vendor, draft(product_id), 'offer-1')
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code, field, plain: /\w/ }], 'The problems')
      equal(await market.seen.offers('Ledger for Acme'), [], 'The offers at the cloud')
    },
  },
  {
    id: 'offers.unknown_option',
    title: 'An option that nobody knows is refused by its name and never ignored',
    needs: ['offers'],
    async run(market) {
      const { product_id } = await listed(market)
      const draft = market.drafts.offer(product_id)
      const odd = { ...draft, options: { ...draft.options, colour: 'red' } }
      const change = await facet(market, 'offers').create(market.vendor, odd, 'offer-1')
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      claim(show(change.problems).includes('colour'), `The option is named: ${show(change.problems)}`)
    },
  },
  {
    id: 'offers.move_last_day',
    title: 'The last day is moved ahead, and the cloud has the new one',
    needs: ['offers'],
    async run(market) {
      const { offer_id } = await anOffer(market)
      const end = await moved(market, offer_id, '2026-09-25', 'move-1')
      claim(end.status === 'succeeded', `It is moved: ${show(end)}`)
      equal(end.target, { offer_id }, 'The target')
      const seen = await market.seen.offers('Ledger for Acme')
      equal(seen, [{ id: offer_id, state: 'live', last_day: '2026-09-25' }], 'The offers at the cloud')
    },
  },
  {
    id: 'offers.withdraw',
    title: 'A day that has passed withdraws the offer, and once more changes nothing',
    needs: ['offers'],
    async run(market) {
      const { offer_id } = await anOffer(market)
      for (const key of ['withdraw-1', 'withdraw-1']) {
        const end = await moved(market, offer_id, '2026-08-31', key)
        claim(end.status === 'succeeded', `It is withdrawn: ${show(end)}`)
        const read = await facet(market, 'offers').read(market.vendor, offer_id)
        equal(read?.state, market.expected.withdrawn, 'The state')
      }
      const seen = await market.seen.offers('Ledger for Acme')
      claim(
        seen.every(({ state }) => state !== 'live'),
        `No buyer can take it: ${show(seen)}`,
      )
    },
  },
  {
    id: 'offers.expire',
    title: 'An offer nobody took is over after its last day',
    needs: ['offers'],
    async run(market) {
      const { offer_id } = await anOffer(market)
      await market.move({ to: '2026-09-20T22:00:00Z' })
      const offers = facet(market, 'offers')
      equal((await offers.read(market.vendor, offer_id))?.state, 'live', 'The state on its last day')
      await market.move({ to: '2026-09-21T12:00:00Z' })
      equal((await offers.read(market.vendor, offer_id))?.state, 'expired', 'The state on the day after')
    },
  },
  {
    id: 'offers.accepted',
    title:
      'An offer that was taken says so, where the cloud does, and its last day stays as the cloud allows',
    needs: ['offers', 'agreements'],
    async run(market) {
      const { offer_id } = await anOffer(market)
      await market.deeds.accept(offer_id)
      const read = await facet(market, 'offers').read(market.vendor, offer_id)
      equal(read?.state, market.expected.accepted, 'The state')
      const end = await moved(market, offer_id, '2026-08-31', 'withdraw-1')
      const code = end.status === 'failed' ? end.problems[0]?.code : null
      equal(code ?? null, market.expected.expire_accepted, 'The answer to taking it back')
    },
  },
  {
    id: 'offers.read_unknown',
    title: 'An offer that nobody knows is none',
    needs: ['offers'],
    async run({ connector, vendor, expected }) {
      const read = await given(connector.offers, 'facet').read(vendor, expected.unknown_offer)
      equal(read, undefined, 'The offer')
    },
  },
  {
    id: 'offers.read_foreign',
    title: 'Another seller does not see our offer',
    needs: ['offers'],
    async run(market) {
      const { offer_id } = await anOffer(market)
      const other = await market.stranger()
      const outcome = await facet(market, 'offers')
        .read(other, offer_id)
        .then(
          (read) => read?.name ?? 'nothing',
          (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
        )
      claim(outcome === 'nothing' || outcome === 'forbidden', `It is hidden: ${show(outcome)}`)
    },
  },
]
