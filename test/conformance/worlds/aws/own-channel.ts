// The channel as AWS has it: authorizations of each kind, and what a reseller makes of them.
import type { AuthorizationDraft, ResellerOfferDraft } from '../../../../connectors/connector.ts'
import { decimal } from '../../../../src/core/decimal.ts'
import { money } from '../../../../src/core/money.ts'
import { claim, equal, given, holds, show } from '../../claims.ts'
import { authorized, facet, finished, listed, resold } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { BUYER } from './accounts.ts'
import { held, termOf } from './own-offers.ts'
import { setsTaken } from './taken.ts'

const usage = { calls: decimal('0.002'), exports: decimal('0.01') }
export const openEnded = { single_use: false, grants: [], instalments: [], usage_prices: usage }
const kinds: readonly [
  name: string,
  words: string,
  draft: Partial<AuthorizationDraft>,
  availability: object | null,
][] = [
  ['once', 'for one offer', {}, { AvailabilityEndDate: '2026-09-14', OffersMaxQuantity: 1 }],
  [
    'until',
    'until a day, for as many offers as come',
    { ...openEnded, expires_on: '2027-03-31' },
    { AvailabilityEndDate: '2027-03-31' },
  ],
  ['unlimited', 'without an end', { ...openEnded, expires_on: null }, null],
  [
    'list_price',
    'at list prices of several lengths',
    {
      single_use: false,
      grants: [],
      instalments: [],
      expires_on: '2027-03-31',
      rates: [
        { duration_months: 12, prices: { seats: decimal('100') } },
        { duration_months: 24, prices: { seats: decimal('180') } },
      ],
    },
    { AvailabilityEndDate: '2027-03-31' },
  ],
]

/** The last details of one change type that went through. */
export async function details(market: Market, type: string): Promise<unknown> {
  const sets = await setsTaken(market, () => true)
  const all = sets.flatMap(({ changes }) => changes).filter((change) => change.ChangeType === type)
  return all.at(-1)?.Details ?? null
}

export async function resell(
  market: Market,
  authorization_id: string,
  more: Partial<ResellerOfferDraft> = {},
  key = 'resell-1',
) {
  const { createOffer, check } = facet(market, 'syndication')
  const seat = await market.reseller()
  const draft = { ...market.drafts.resellerOffer(authorization_id), ...more }
  const change = await createOffer(seat, draft, key)
  return finished(market, change, (reference) => check(seat, reference))
}

export async function resoldBy(
  market: Market,
  authorization_id: string,
  more: Partial<ResellerOfferDraft> = {},
  key?: string,
) {
  const end = await resell(market, authorization_id, more, key)
  claim(end.status === 'succeeded', `The offer is made: ${show(end)}`)
  return given(end.target.offer_id, 'offer')
}

const readBySeller = async (market: Market, agreement_id: string) =>
  facet(market, 'agreements').read(await market.reseller(), agreement_id)

export const channelScenarios: readonly Scenario[] = [
  ...kinds.map(
    ([name, words, draft, availability]): Scenario => ({
      id: `syndication.${name}`,
      title: `A reseller is given a permission ${words}, sees it, and sells by it`,
      needs: ['syndication'],
      async run(market) {
        const { authorization_id } = await authorized(market, draft)
        const sent = await details(market, 'UpdateAvailability')
        const own = await setsTaken(market, ({ changes }) =>
          changes.some(({ ChangeType }) => ChangeType === 'CreateResaleAuthorization'),
        )
        const types = own.flatMap(({ changes }) => changes).map(({ ChangeType }) => ChangeType)
        equal(
          types.includes('UpdateAvailability'),
          availability !== null,
          'Whether its availability is bounded',
        )
        if (availability !== null) equal(sent, availability, 'Its availability')
        const seat = await market.reseller()
        const { items } = await facet(market, 'syndication').pullShared(seat, null)
        holds(items, [{ authorization_id, state: 'active' }], 'What the reseller sees')
        const offer_id = await resoldBy(market, authorization_id)
        equal((await held(market, offer_id)).state, 'Released', 'The offer')
        const second = await resell(market, authorization_id, { name: 'Once more' }, 'resell-2')
        equal(second.status, name === 'once' ? 'failed' : 'succeeded', 'A second offer')
      },
    }),
  ),
  {
    id: 'syndication.markup_of_list_prices',
    title: 'A markup raises every list price, and the buyer chooses among the raised ones',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market, given(kinds[3], 'kind')[2])
      const offer_id = await resoldBy(market, authorization_id, { markup_percent: decimal('10') })
      const configuration = { selector: 'P24M', dimensions: { seats: 2 } }
      const path = `/aws/buyers/${BUYER}/accept`
      const { agreement_id } = await market.control<{ agreement_id: string }>(path, {
        offer_id,
        configuration,
      })
      await market.move({ by: 'PT1M' })
      const record = await readBySeller(market, agreement_id)
      equal(
        record.instalments.map(({ amount }) => amount.amount),
        [396_00n],
        'What the buyer pays',
      )
    },
  },
  {
    id: 'syndication.own_schedule',
    title: "A reseller's own schedule is what the buyer pays, and the vendor gets its wholesale price",
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const own_schedule = {
        currency: 'USD',
        instalments: [
          { due_on: '2026-09-15', amount: money('USD', 70_000_00n) },
          { due_on: '2027-01-01', amount: money('USD', 65_000_00n) },
        ],
      }
      const offer_id = await resoldBy(market, authorization_id, { own_schedule })
      equal(
        (
          termOf(await held(market, offer_id), 'PaymentScheduleTerm').Schedule as { ChargeAmount: string }[]
        ).map(({ ChargeAmount }) => Number(ChargeAmount)),
        [70_000, 65_000],
        'The schedule',
      )
      const bought = await market.deeds.acceptResold(offer_id)
      await market.move({ to: '2026-09-16T12:00:00Z' })
      equal(
        await market.seen.charges(bought.agreement_id),
        [{ what: 'fixed', amount: '70000' }],
        'The charges',
      )
    },
  },
  {
    id: 'syndication.restricted_use',
    title: 'A permission that was taken back makes no more offers, and what was offered stays',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market, { ...openEnded, expires_on: null })
      const offer_id = await resold(market, authorization_id)
      const { restrict, check } = facet(market, 'syndication')
      const change = await restrict(market.vendor, authorization_id, 'restrict-1')
      const end = await finished(market, change, (reference) => check(market.vendor, reference))
      equal(end.status, 'succeeded', 'Taking it back')
      const late = await resell(market, authorization_id, { name: 'Too late' }, 'resell-2')
      claim(late.status === 'failed', `No more offers: ${show(late)}`)
      equal((await held(market, offer_id)).state, 'Released', 'The offer of before')
    },
  },
  {
    id: 'syndication.replacement',
    title: "A reseller's agreement is replaced by a new offer of an authorization",
    needs: ['syndication'],
    async run(market) {
      const { authorization_id, product } = await authorized(market)
      const bought = await market.deeds.acceptResold(await resold(market, authorization_id))
      await market.move({ by: 'PT1M' })
      const { authorize, check } = facet(market, 'syndication')
      const draft = market.drafts.authorization(product.product_id, await market.reseller())
      const change = await authorize(
        market.vendor,
        { ...draft, name: 'The next', marker: 'auth_2' },
        'authorize-2',
      )
      const end = await finished(market, change, (reference) => check(market.vendor, reference))
      const next =
        end.status === 'succeeded' ? given(end.target.authorization_id, 'authorization') : show(end)
      const offer_id = await resoldBy(
        market,
        next,
        { name: 'The next', replaces_agreement_id: bought.agreement_id, options: { ends_on: '2028-03-31' } },
        'resell-2',
      )
      const again = await market.deeds.acceptResold(offer_id)
      await market.move({ by: 'PT1M' })
      equal((await readBySeller(market, bought.agreement_id)).state, 'replaced', 'The old agreement')
      equal((await readBySeller(market, again.agreement_id)).state, 'active', 'The new agreement')
    },
  },
  {
    id: 'syndication.any_buyer',
    title: 'A permission that names no buyer is good for any',
    needs: ['syndication'],
    async run(market) {
      const { product_id } = await listed(market)
      claim(product_id !== '', 'There is a product')
      const { authorization_id } = await authorized(market, { buyer_account_ids: [] })
      const offer_id = await resoldBy(market, authorization_id)
      const { agreement_id } = await market.deeds.acceptResold(offer_id)
      await market.move({ by: 'PT1M' })
      equal((await readBySeller(market, agreement_id)).buyer_account_id, BUYER, 'The buyer')
    },
  },
]
