// The limits that the checker applies before anything is sent: the cloud takes what they allow, to the last digit.
import type { OfferDraft } from '../../../connectors/connector.ts'
import { decimal, formatDecimal, multiply } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import { DAY_MS, dateOf, plus } from '../../../src/core/time.ts'
import { claim, equal, show } from '../claims.ts'
import { activatedUnread, facet, finished, listed, offered, usageOf } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'
import { answers } from './usage.ts'

const rulesOf = (market: Market) => facet(market, 'offers').rules

async function draftOf(market: Market): Promise<OfferDraft> {
  return market.drafts.offer((await listed(market)).product_id)
}

/** The amount for a million calls at this price, by the cloud's own invoice. */
async function chargedFor(market: Market, draft: OfferDraft, offer_id: string): Promise<string[]> {
  const bought = await market.deeds.accept(offer_id)
  await activatedUnread(market, bought)
  await market.move({ by: 'PT4H' })
  const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
  const product = { product_id: draft.product_id, product_code: null }
  const usage = usageOf(market, { product, offer_id, bought, record }, { quantity: decimal('1000000') })
  const [answer] = await answers(market, [usage])
  claim(answer?.status === 'accepted', `The usage is taken: ${show(answer)}`)
  await market.move({ to: '2026-10-04T00:00:00Z' })
  const charges = await market.seen.charges(bought.agreement_id)
  return charges.filter(({ what }) => what === 'usage').map(({ amount }) => amount)
}

function withPrice(draft: OfferDraft, price: string): OfferDraft {
  return { ...draft, usage_prices: { ...draft.usage_prices, calls: decimal(price) } }
}

export const offerRuleScenarios: Scenario[] = [
  {
    id: 'offers.rules_buyer',
    title: "The form of a buyer's account is the cloud's",
    needs: ['offers'],
    async run(market) {
      const pattern = new RegExp(rulesOf(market).buyer_account_pattern)
      const { buyer_account_ids } = market.drafts.offer('product')
      for (const id of buyer_account_ids) claim(pattern.test(id), `${id} is the account of a buyer`)
      for (const id of ['', 'acme', '12', `${buyer_account_ids[0]} `, `${buyer_account_ids[0]}0`])
        claim(!pattern.test(id), `"${id}" is not the account of a buyer`)
    },
  },
  {
    id: 'offers.rules_name',
    title: 'A name of the greatest length is taken whole',
    needs: ['offers'],
    async run(market) {
      const name = 'N'.repeat(rulesOf(market).name_max)
      const offer_id = await offered(market, { ...(await draftOf(market)), name })
      equal(
        (await market.seen.offers(name)).map(({ id }) => id),
        [offer_id],
        'The offers of that name at the cloud',
      )
    },
  },
  {
    id: 'offers.rules_instalments',
    title: 'As many instalments as the rules allow are taken, over the longest duration',
    needs: ['offers'],
    async run(market) {
      const { instalments_max, duration_months_max } = rulesOf(market)
      const apart_ms = Math.floor((duration_months_max * 30) / instalments_max - 1) * DAY_MS
      const instalments = Array.from({ length: instalments_max }, (_, index) => ({
        due_on: index === 0 ? '2026-09-15' : dateOf(plus(new Date('2026-09-25T12:00:00Z'), index * apart_ms)),
        amount: money('USD', 1_000_00n),
      }))
      const draft = { ...(await draftOf(market)), instalments, duration_months: duration_months_max }
      const offer_id = await offered(market, draft)
      const bought = await market.deeds.accept(offer_id)
      await activatedUnread(market, bought)
      await market.move({ to: '2026-12-24T12:00:00Z' })
      const due = instalments.filter(({ due_on }) => due_on <= '2026-12-24')
      equal(
        (await market.seen.charges(bought.agreement_id)).map(({ amount }) => amount),
        due.map(() => '1000'),
        'What the buyer is charged this year',
      )
    },
  },
  {
    id: 'offers.rules_currencies',
    title: 'An offer in each currency of the rules is taken',
    needs: ['offers'],
    async run(market) {
      const { currencies } = rulesOf(market)
      claim(currencies.includes('USD'), 'There are US dollars')
      const draft = await draftOf(market)
      for (const [index, currency] of currencies.entries()) {
        const instalments = draft.instalments.map((item) => ({
          ...item,
          amount: money(currency, 6_000_000n),
        }))
        const marker = `offer_${index}`
        await offered(market, { ...draft, marker, currency, instalments, usage_prices: {} }, marker)
      }
      equal(
        (await market.seen.offers(draft.name)).length,
        currencies.length,
        'The number of offers at the cloud',
      )
    },
  },
  {
    id: 'offers.rules_other_currency',
    title: 'An offer in a currency outside the rules is refused, and no buyer sees it',
    needs: ['offers'],
    async run(market) {
      claim(!rulesOf(market).currencies.includes('CHF'), 'Swiss francs are outside the rules')
      const draft = await draftOf(market)
      const instalments = draft.instalments.map((item) => ({ ...item, amount: money('CHF', 6_000_000n) }))
      const odd = { ...draft, currency: 'CHF', instalments, usage_prices: {} }
      const offers = facet(market, 'offers')
      const change = await offers.create(market.vendor, odd, 'offer-1')
      const end = await finished(market, change, (reference) => offers.check(market.vendor, reference))
      claim(end.status === 'failed' && end.problems.length > 0, `It is refused: ${show(end)}`)
      const seen = await market.seen.offers(draft.name)
      claim(!seen.some(({ state }) => state === 'live'), `No buyer sees it: ${show(seen)}`)
    },
  },
  {
    id: 'offers.rules_fine_price',
    title: 'A price with all the digits the cloud can hold is charged to the last one',
    needs: ['offers', 'metering', 'agreements'],
    async run(market) {
      const { price, charged } = market.expected.finest_price
      const digits = price.split('.')[1]?.length ?? 0
      claim(digits <= rulesOf(market).usage_price_digits, 'The rules allow its digits')
      const draft = withPrice(await draftOf(market), price)
      equal(await chargedFor(market, draft, await offered(market, draft)), [charged], 'What is charged')
    },
  },
  {
    id: 'offers.rules_too_fine_price',
    title: 'A price that is too fine is refused or charged exactly, and never rounded in silence',
    needs: ['offers', 'metering', 'agreements'],
    async run(market) {
      const price = '0.002000001'
      const draft = withPrice(await draftOf(market), price)
      const offers = facet(market, 'offers')
      const change = await offers.create(market.vendor, draft, 'offer-1')
      const end = await finished(market, change, (reference) => offers.check(market.vendor, reference))
      if (end.status === 'failed') {
        claim(end.problems.length > 0, 'It is said why')
        return
      }
      claim(end.status === 'succeeded', `It is made or refused: ${show(end)}`)
      const exact = formatDecimal(multiply(decimal(price), decimal('1000000')))
      // Amounts are paid in cents; the price itself must not lose a digit before that.
      const cents = formatDecimal(decimal(Number(exact).toFixed(2)))
      equal(await chargedFor(market, draft, end.target.offer_id ?? ''), [cents], 'What is charged')
    },
  },
]
