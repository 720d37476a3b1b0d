// What AWS refuses of an offer set when it is released, each with its own code.
import { StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog'
import type { OfferDraft } from '../../../../connectors/connector.ts'
import { money } from '../../../../src/core/money.ts'
import { claim, equal, holds, show } from '../../claims.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { openAccount } from './accounts.ts'
import { catalogOf, emptySet, offerOfSet, released, shownSet, twoProducts } from './own-set-steps.ts'

const SECOND_BUYER = '500000000005'

/** A solution of the seller's, made at AWS and joined to the set there: we make none. */
async function draftSolution(market: Market, offer_set_id: string): Promise<void> {
  const id = '$Solution.Entity.Identifier'
  const change = (ChangeType: string, Type: string, Details: object, Identifier?: string) => ({
    ChangeType,
    Entity: { Type, ...(Identifier === undefined ? {} : { Identifier }) },
    ...(ChangeType === 'CreateSolution' ? { ChangeName: 'Solution' } : {}),
    Details: JSON.stringify(Details),
  })
  const ChangeSet = [
    change('CreateSolution', 'Solution@1.0', { Name: 'Ledger, whole', Title: 'Ledger, whole' }),
    change('AssociateSolution', 'OfferSet@1.0', { SolutionId: id }, offer_set_id),
  ]
  await catalogOf(market).send(new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet }))
  await market.move({ by: 'PT1M' })
  holds(await shownSet(market, offer_set_id), { SolutionId: /^soln-/ }, 'The solution of the set')
}

/** Made, filled, spoiled in one way, and released: what AWS answers. */
type Spoiled = {
  name: string
  words: string
  code: string
  /** Which product the second offer sells, and what else is different about it. */
  second: 'same' | 'other'
  more?(market: Market): Promise<Partial<OfferDraft>>
  /** What happens between the offers and the release. */
  before?(market: Market, set: { offer_set_id: string; offer_ids: string[] }): Promise<void>
}
const inEuro = {
  currency: 'EUR',
  usage_prices: {},
  instalments: [{ due_on: '2026-09-15', amount: money('EUR', 100_00n) }],
}
const refusals: readonly Spoiled[] = [
  { name: 'one_product', words: 'of one product twice', code: 'TOO_MANY_OFFERS_PER_PRODUCT', second: 'same' },
  {
    name: 'several_buyers',
    words: 'for different buyers',
    code: 'INCONSISTENT_OFFER_TARGETING_RULE',
    second: 'other',
    async more(market) {
      await openAccount(market, SECOND_BUYER, 'buyer')
      return { buyer_account_ids: [SECOND_BUYER] }
    },
  },
  {
    name: 'last_days',
    words: 'that can be accepted until different days',
    code: 'INCONSISTENT_OFFER_AVAILABILITY_END_DATE',
    second: 'other',
    more: async () => ({ expires_on: '2026-09-21' }),
  },
  {
    name: 'currencies',
    words: 'in two currencies',
    code: 'INCONSISTENT_OFFER_CURRENCY_CODE',
    second: 'other',
    more: async () => inEuro,
  },
  {
    name: 'trial',
    words: 'of which one is for everybody',
    code: 'INCOMPATIBLE_OFFER_TARGETING_RULE',
    second: 'other',
    more: async () => ({ trial_days: 14, buyer_account_ids: [], instalments: [], usage_prices: {} }),
  },
  {
    name: 'expired',
    words: 'whose last day is over',
    code: 'EXPIRED_OFFERS',
    second: 'other',
    before: (market) => market.move({ to: '2026-09-22T12:00:00Z' }),
  },
  {
    name: 'solution',
    words: 'with a solution that nobody sees yet',
    code: 'INCOMPATIBLE_SOLUTION_STATE',
    second: 'other',
    before: (market, { offer_set_id }) => draftSolution(market, offer_set_id),
  },
  {
    name: 'released_already',
    words: 'that was released already',
    code: 'INVALID_UPDATE_REQUEST',
    second: 'other',
    async before(market, set) {
      equal((await released(market, set)).status, 'succeeded', 'The first release')
    },
  },
]

export const setRefusalScenarios: readonly Scenario[] = refusals.map(
  ({ name, words, code, second, more, before }): Scenario => ({
    id: `offers.set_refused.${name}`,
    title: `A set of offers ${words} is not released, and the reason is told in plain words`,
    needs: ['offers'],
    async run(market) {
      const [one, other] = await twoProducts(market)
      const offer_set_id = await emptySet(market)
      const first = await offerOfSet(market, offer_set_id, one)
      const wrong = { ...(await more?.(market)), marker: 'offer_2' }
      const offer_ids = [
        first,
        await offerOfSet(market, offer_set_id, second === 'same' ? one : other, wrong),
      ]
      await before?.(market, { offer_set_id, offer_ids })
      const end = await released(market, { offer_set_id, offer_ids }, 'release-2')
      claim(end.status === 'failed', `It is refused: ${show(end)}`)
      claim(
        end.problems.some((problem) => problem.code === code && /\w/.test(problem.plain ?? '')),
        `${code} is told in plain words: ${show(end.problems)}`,
      )
      const state = name === 'released_already' ? 'Released' : 'Draft'
      const offers = name === 'released_already' ? 2 : 0
      const shown = await shownSet(market, offer_set_id)
      holds(shown, { State: state, AssociatedOffers: { length: offers } }, 'The set')
    },
  }),
)
