// The reseller's own side: its offer, and what is known of what it sold.
import { claim, equal, given, holds, show } from '../claims.ts'
import { activatedUnread, authorized, everything, facet, finished, resold } from '../deal.ts'
import type { Scenario } from '../scenario.ts'

export const resaleScenarios: Scenario[] = [
  {
    id: 'syndication.reseller_offer',
    title: "The reseller's offer is the wholesale price with the markup, to the cent",
    needs: ['syndication', 'agreements'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const offer_id = await resold(market, authorization_id)
      const bought = await market.deeds.acceptResold(offer_id)
      await activatedUnread(market, bought)
      await market.move({ to: '2026-09-21T12:00:00Z' })
      const charged = await market.seen.charges(bought.agreement_id)
      equal(charged, [{ what: 'fixed', amount: '67407' }], 'What the buyer is charged')
    },
  },
  {
    id: 'syndication.reseller_offer_again',
    title: "The reseller's offer asked for twice is one offer",
    needs: ['syndication', 'syndication.createOffer'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const offer_id = await resold(market, authorization_id)
      equal(await resold(market, authorization_id), offer_id, 'The offer')
      const seen = await market.seen.offers(market.expected.resold_offer_name)
      equal(
        seen.map(({ id, state }) => [id, state]),
        [[offer_id, 'live']],
        'The offers at the cloud',
      )
    },
  },
  {
    id: 'syndication.reseller_offer_read',
    title: "The reseller's offer names the permission it was made from",
    needs: ['syndication', 'offers'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const offer_id = await resold(market, authorization_id)
      const seer = await market.seesAuthorizations()
      const read = given(await facet(market, 'offers').read(seer, offer_id), 'offer')
      equal([read.state, read.authorization_id], ['live', authorization_id], 'The offer')
    },
  },
  {
    id: 'syndication.resold_agreement',
    title: 'The vendor reads what its reseller sold as its manufacturer',
    needs: ['syndication', 'agreements', 'manufacturer_reads'],
    async run(market) {
      const { authorization_id, product } = await authorized(market)
      const bought = await market.deeds.acceptResold(await resold(market, authorization_id))
      const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      holds(
        record,
        { role: 'manufacturer', authorization_id, product_id: product.product_id, state: 'pending' },
        'The agreement',
      )
    },
  },
  {
    id: 'syndication.reseller_agreement',
    title: 'The reseller pulls what it sold as its seller',
    needs: ['syndication', 'agreements', 'reseller_agreements'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const offer_id = await resold(market, authorization_id)
      const bought = await market.deeds.acceptResold(offer_id)
      const agreements = facet(market, 'agreements')
      const seat = await market.reseller()
      const pulled = await everything((from) => agreements.pull(seat, from), null)
      holds(
        pulled.items,
        [{ agreement_id: bought.agreement_id, role: 'seller', authorization_id, offer_id }],
        'What the reseller pulls',
      )
      const own = await everything((from) => agreements.pull(market.vendor, from), null)
      equal(own.items, [], 'What the vendor pulls')
    },
  },
  {
    id: 'syndication.other_buyer',
    title: 'An offer to a buyer whom the permission does not name is refused',
    needs: ['syndication', 'syndication.createOffer'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const { buyer, code } = market.expected.other_buyer
      const draft = { ...market.drafts.resellerOffer(authorization_id), buyer_account_ids: [buyer] }
      const seat = await market.reseller()
      const syndication = facet(market, 'syndication')
      const change = await syndication.createOffer(seat, draft, 'resell-1')
      const end = await finished(market, change, (reference) => syndication.check(seat, reference))
      claim(end.status === 'failed', `It fails: ${show(end)}`)
      holds(end.problems[0], { code, message: /\w/ }, 'The problem')
    },
  },
  {
    id: 'syndication.stranger',
    title: "A seller who was given nothing makes no offer of another's permission",
    needs: ['syndication', 'syndication.createOffer'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const stranger = await market.stranger()
      const syndication = facet(market, 'syndication')
      const outcome = await syndication
        .createOffer(stranger, market.drafts.resellerOffer(authorization_id), 'resell-1')
        .then((change) => finished(market, change, (reference) => syndication.check(stranger, reference)))
        .then(
          (end) => end.status,
          (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
        )
      claim(['failed', 'forbidden', 'not_found'].includes(String(outcome)), `It is refused: ${show(outcome)}`)
    },
  },
]
