// Offer sets: made in three steps, read back, taken by the buyer, and refused with AWS's own codes.
import type { OfferDraft } from '../../../../connectors/connector.ts'
import { claim, equal, faultOf, given, holds, show } from '../../claims.ts'
import { facet, finished, listed } from '../../deal.ts'
import { verify } from '../../messages.ts'
import type { Scenario } from '../../scenario.ts'
import { held, taken } from './own-offers.ts'
import {
  emptySet,
  filledSet,
  offerOfSet,
  released,
  setDraft,
  setsOf,
  shownSet,
  twoProducts,
} from './own-set-steps.ts'
import { setsTaken } from './taken.ts'

export const offerSetScenarios: readonly Scenario[] = [
  {
    id: 'offers.set',
    title: 'A set is made empty, its offers are made for it, and it is released with all of them',
    needs: ['offers'],
    async run(market) {
      const products = await twoProducts(market)
      const offer_set_id = await emptySet(market)
      holds(
        await shownSet(market, offer_set_id),
        {
          State: 'Draft',
          Name: setDraft.name,
          BuyerNotes: setDraft.buyer_notes,
          AssociatedOffers: { length: 0 },
        },
        'The empty set',
      )
      const offer_ids = [
        await offerOfSet(market, offer_set_id, products[0]),
        await offerOfSet(market, offer_set_id, products[1]),
      ]
      const end = await released(market, { offer_set_id, offer_ids })
      claim(end.status === 'succeeded', `It is released: ${show(end)}`)
      equal(end.target.offer_set_id, offer_set_id, 'What the release names')
      const AssociatedOffers = offer_ids.map((OfferId) => ({ OfferId }))
      holds(await shownSet(market, offer_set_id), { State: 'Released', AssociatedOffers }, 'The set')
    },
  },
  {
    id: 'offers.set_taken',
    title: 'The buyer takes the offers of a set, and each becomes an agreement of its own product',
    needs: ['offers', 'agreements'],
    async run(market) {
      const products = await twoProducts(market)
      const set = await filledSet(market, products)
      equal((await released(market, set)).status, 'succeeded', 'The release')
      const bought = []
      for (const offer_id of set.offer_ids) bought.push(await taken(market, offer_id))
      equal(
        bought.map(({ state, product_id }) => [state, product_id]),
        products.map((product_id) => ['active', product_id]),
        'The agreements',
      )
    },
  },
  {
    id: 'offers.set_told',
    title: 'The event of a released set hints at each of its offers',
    needs: ['offers', 'webhooks'],
    async run(market) {
      await market.messages.listen()
      const set = await filledSet(market, await twoProducts(market))
      await released(market, set)
      const request = given(
        market.inbox.find(({ body }) => body.includes('OfferSet Released')),
        'message about the set',
      )
      const answer = await verify(market, request)
      claim(answer.ok, `It is believed: ${show(answer)}`)
      equal(
        answer.message.hints.map((hint) => (hint.kind === 'offer_changed' ? hint.offer_id : hint.kind)),
        set.offer_ids,
        'What it hints at',
      )
    },
  },
  {
    id: 'offers.set_again',
    title: 'A set that is made and released twice by one key is one set, released once',
    needs: ['offers'],
    async run(market) {
      const set = await filledSet(market, await twoProducts(market))
      equal(await emptySet(market), set.offer_set_id, 'The set')
      equal((await released(market, set)).status, 'succeeded', 'The release')
      equal((await released(market, set)).status, 'succeeded', 'The same release')
      const taken = await setsTaken(market, ({ changes }) =>
        changes.some(({ ChangeType }) => ChangeType === 'ReleaseOfferSet'),
      )
      equal(taken.length, 1, 'The number of releases')
    },
  },
  {
    id: 'offers.set_strangers_offer',
    title: 'An offer that was not made for the set stays outside, and so do the others',
    needs: ['offers'],
    async run(market) {
      const [one, other] = await twoProducts(market)
      const set = await filledSet(market, [one])
      const elsewhere = await emptySet(market, 'set-2', { name: 'Another' })
      const foreign = await offerOfSet(market, elsewhere, other)
      const end = await released(market, { ...set, offer_ids: [...set.offer_ids, foreign] })
      claim(end.status === 'failed', `It is refused: ${show(end)}`)
      holds(
        end.problems[0],
        { code: 'INCOMPATIBLE_OFFER_SET_REFERENCE', field: 'AssociateOffers', plain: /made for this set/ },
        'The problem',
      )
      holds(
        await shownSet(market, set.offer_set_id),
        { State: 'Draft', AssociatedOffers: { length: 0 } },
        'The set',
      )
      equal((await held(market, given(set.offer_ids[0], 'offer'))).state, 'Released', 'The offer of its own')
    },
  },
  {
    id: 'offers.set_number',
    title: 'A set of one offer, or of more than its most, is refused',
    needs: ['offers'],
    async run(market) {
      const { rules } = setsOf(market)
      const { product_id } = await listed(market)
      const set = await filledSet(market, [product_id])
      const alone = await released(market, set)
      claim(alone.status === 'failed', `One is refused: ${show(alone)}`)
      holds(
        alone.problems,
        [{ code: 'MISSING_OFFERS', field: 'ReleaseOfferSet', plain: /at least two/ }],
        'One',
      )
      const many = Array.from({ length: rules.offers_max + 1 }, (_, number) => `offer-number${number}`)
      const tooMany = await released(market, { ...set, offer_ids: many }, 'release-2')
      claim(tooMany.status === 'failed', `Too many are refused: ${show(tooMany)}`)
      holds(tooMany.problems[0], { code: 'ValidationException', plain: /\w/ }, 'Too many')
    },
  },
  {
    id: 'offers.set_words',
    title: 'The longest name and notes of the rules are taken, and one letter more is refused',
    needs: ['offers'],
    async run(market) {
      const { rules, create, check } = setsOf(market)
      const longest = { name: 'n'.repeat(rules.name_max), buyer_notes: 'b'.repeat(rules.notes_max) }
      const id = await emptySet(market, 'longest', longest)
      holds(await shownSet(market, id), { Name: longest.name, BuyerNotes: longest.buyer_notes }, 'The set')
      for (const more of [{ name: `${longest.name}n` }, { buyer_notes: `${longest.buyer_notes}b` }]) {
        const change = await create(market.vendor, { ...longest, ...more }, `long ${Object.keys(more)[0]}`)
        const end = await finished(market, change, (reference) => check(market.vendor, reference))
        claim(end.status === 'failed', `${Object.keys(more)[0]} is refused: ${show(end)}`)
        equal(end.problems[0]?.code, 'ValidationException', 'The code')
      }
    },
  },
  {
    id: 'offers.set_foreign',
    title: "Nobody releases another seller's set",
    needs: ['offers'],
    async run(market) {
      const set = await filledSet(market, await twoProducts(market))
      const stranger = await market.stranger()
      await faultOf(() => setsOf(market).release(stranger, set, 'release-1'), ['forbidden', 'not_found'])
      holds(await shownSet(market, set.offer_set_id), { State: 'Draft' }, 'The set')
    },
  },
  {
    id: 'offers.set_impossible',
    title: 'What cannot be made for a set is found before anything is sent',
    needs: ['offers'],
    async run(market) {
      const { examine } = facet(market, 'offers')
      const draft = { ...market.drafts.offer('prod-1'), offer_set_id: 'offerset-1' }
      const wrong: [Partial<OfferDraft>, string][] = [
        [{ options: { offer_set_id: 'offerset-2' } }, 'options.offer_set_id'],
        [{ replaces_agreement_id: 'agmt-1', options: { ends_on: '2028-03-31' } }, 'replaces_agreement_id'],
        [{ trial_days: 14, instalments: [], usage_prices: {} }, 'trial_days'],
      ]
      for (const [more, field] of wrong) {
        const { findings = [] } = examine?.({ ...draft, ...more }, '2026-09-01') ?? {}
        equal(
          findings.map((one) => [one.field, one.fix !== '']),
          [[field, true]],
          `What is found of ${show(more)}`,
        )
      }
      equal(market.calls.length, 0, 'The number of requests')
    },
  },
]
