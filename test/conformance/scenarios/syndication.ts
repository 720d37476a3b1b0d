// Selling through a reseller: the vendor's permission, what the reseller sees of it, and the offer made from it.
import type { Change, Connection, SharedAuthorization } from '../../../connectors/connector.ts'
import { claim, equal, holds, show } from '../claims.ts'
import { authorized, claimWholeTask, everything, facet, finished, listed, resold } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'

/** Authorizations that are new to this account since the cursor. */
async function shared(market: Market, connection: Connection, cursor: string | null) {
  const syndication = facet(market, 'syndication')
  return everything<SharedAuthorization>((from) => syndication.pullShared(connection, from), cursor)
}

export const syndicationScenarios: Scenario[] = [
  {
    id: 'syndication.authorize',
    title: 'A reseller is given a permission at wholesale prices, and the cloud has it once',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      equal(await market.seen.authorizations(), [authorization_id], 'The authorizations at the cloud')
    },
  },
  {
    id: 'syndication.authorize_again',
    title: 'The same permission with the same key is the same permission',
    needs: ['syndication', 'syndication.createOffer'],
    async run(market) {
      const { authorization_id, product } = await authorized(market)
      const syndication = facet(market, 'syndication')
      const draft = market.drafts.authorization(product.product_id, await market.reseller())
      const again = await syndication.authorize(market.vendor, draft, 'authorize-1')
      const end = await finished(market, again, (reference) => syndication.check(market.vendor, reference))
      equal(end.status === 'succeeded' && end.target.authorization_id, authorization_id, 'The authorization')
      equal(await market.seen.authorizations(), [authorization_id], 'The authorizations at the cloud')
    },
  },
  {
    id: 'syndication.shared',
    title: 'The permission is seen with its product and state, and handed on once',
    needs: ['syndication'],
    async run(market) {
      const seer = await market.seesAuthorizations()
      const none = await shared(market, seer, null)
      equal(none.items, [], 'What there is before')
      const { authorization_id, product } = await authorized(market)
      const { vendor_account_id, names_product, only_when_used } = market.expected.shared
      if (only_when_used) await resold(market, authorization_id)
      const found = await shared(market, seer, none.next)
      holds(
        found.items,
        [
          {
            authorization_id,
            vendor_account_id,
            state: 'active',
            ...(names_product ? { product_id: product.product_id } : {}),
          },
        ],
        'What is seen',
      )
      equal((await shared(market, seer, found.next)).items, [], 'What is new after that')
    },
  },
  {
    id: 'syndication.shared_before_use',
    title: 'The reseller sees a permission before it is used',
    needs: ['syndication', 'reseller_seat'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const found = await shared(market, await market.reseller(), null)
      holds(found.items, [{ authorization_id, state: 'active' }], 'What is seen')
    },
  },
  {
    id: 'syndication.hidden',
    title: 'A seller who was given nothing sees nothing',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      await resold(market, authorization_id)
      const found = await shared(market, await market.stranger(), null)
      equal(found.items, [], 'What a stranger sees')
    },
  },
  {
    id: 'syndication.restrict',
    title: 'A permission that was taken back is seen to be',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market, { single_use: false })
      const end = await restricted(market, authorization_id)
      claim(end.status === 'human' || end.status === 'succeeded', `It is taken back: ${show(end)}`)
      if (end.status === 'human') {
        claimWholeTask(end.task)
        claim(show(end.task).includes(authorization_id), `The task names it: ${show(end.task)}`)
        market.by_hand.push({ facet: 'syndication', task: end.task })
        await market.deeds.restrict(authorization_id)
      }
      claim(await market.seen.restricted(authorization_id), 'The cloud says that it was taken back')
    },
  },
  {
    id: 'syndication.restrict_seen',
    title: 'The reseller hears that a permission was taken back',
    needs: ['syndication', 'reseller_seat', 'restriction_seen'],
    async run(market) {
      const { authorization_id } = await authorized(market, { single_use: false })
      const seat = await market.reseller()
      const before = await shared(market, seat, null)
      await restricted(market, authorization_id)
      const after = await shared(market, seat, before.next)
      holds(after.items, [{ authorization_id, state: 'restricted' }], 'What is new')
    },
  },
  {
    id: 'syndication.restrict_again',
    title: 'Taking back a permission twice with one key is done once',
    needs: ['syndication', 'syndication.createOffer'],
    async run(market) {
      const { authorization_id } = await authorized(market, { single_use: false })
      for (const time of ['first', 'second']) {
        const end = await restricted(market, authorization_id)
        claim(end.status === 'succeeded', `The ${time} time succeeds: ${show(end)}`)
      }
    },
  },
  {
    id: 'syndication.unknown_reseller',
    title: 'A reseller that the cloud does not know is refused in its words',
    needs: ['syndication', 'syndication.createOffer'],
    async run(market) {
      const { product_id } = await listed(market)
      const { account_id, code } = market.expected.unknown_reseller
      const reseller = await market.reseller()
      const draft = { ...market.drafts.authorization(product_id, reseller), reseller_account_id: account_id }
      const syndication = facet(market, 'syndication')
      const change = await syndication.authorize(market.vendor, draft, 'authorize-1')
      const end = await finished(market, change, (reference) => syndication.check(market.vendor, reference))
      claim(end.status === 'failed', `It fails: ${show(end)}`)
      holds(end.problems[0], { code, message: /\w/ }, 'The problem')
    },
  },
  {
    id: 'syndication.by_hand',
    title: 'What a person must do is a whole task that names the parties and the terms',
    needs: ['syndication.by_hand'],
    async run(market) {
      const { vendor, drafts } = market
      const { product_id } = await listed(market)
      const syndication = facet(market, 'syndication')
      const draft = drafts.authorization(product_id, await market.reseller())
      const offer = drafts.resellerOffer('plan-1')
      const asked: [string, Change, string[]][] = [
        [
          'authorize',
          await syndication.authorize(vendor, draft, 'k'),
          [draft.reseller_account_id, draft.expires_on ?? '', draft.marker],
        ],
        ['restrict', await syndication.restrict(vendor, 'plan-1', 'k'), ['plan-1']],
        [
          'createOffer',
          await syndication.createOffer(vendor, offer, 'k'),
          ['plan-1', '12.345', offer.expires_on, ...offer.buyer_account_ids],
        ],
        ['check', await syndication.check(vendor, 'plan-1'), ['plan-1']],
      ]
      for (const [method, change, words] of asked) {
        claim(change.status === 'human', `${method} is a person's: ${show(change)}`)
        claimWholeTask(change.task)
        for (const word of words) claim(show(change.task).includes(word), `${method} names ${word}`)
        market.by_hand.push({ facet: 'syndication', task: change.task })
      }
      equal(
        [...(syndication.by_hand ?? [])].sort(),
        ['authorize', 'createOffer', 'restrict'],
        'What the connector says is by hand',
      )
    },
  },
]

async function restricted(market: Market, authorization_id: string): Promise<Change> {
  const syndication = facet(market, 'syndication')
  const change = await syndication.restrict(market.vendor, authorization_id, 'restrict-1')
  return finished(market, change, (reference) => syndication.check(market.vendor, reference))
}
