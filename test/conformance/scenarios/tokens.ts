// Registration tokens: with which a buyer comes to us, and with which anybody may come.
import { claim, equal, faultOf, given } from '../claims.ts'
import { accepted, facet } from '../deal.ts'
import type { Scenario } from '../scenario.ts'

export const tokenScenarios: Scenario[] = [
  {
    id: 'agreements.resolve',
    title: 'A token names its buyer and the agreement, and is not kept',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought, record } = await accepted(market)
      const token = await market.deeds.token(bought)
      const registration = await facet(market, 'agreements').resolve(market.vendor, token)
      equal(registration.buyer_account_id, record.buyer_account_id, 'The buyer')
      const named = registration.agreement_id ?? registration.license ?? null
      claim(
        named !== null && [bought.agreement_id, record.license].includes(named),
        `The token leads to the agreement: ${named}`,
      )
      claim(!JSON.stringify(registration).includes(token), 'The token is not kept')
    },
  },
  {
    id: 'agreements.resolve_place',
    title: 'It is known where the browser carries the token',
    needs: ['agreements'],
    async run({ connector, expected }) {
      equal(given(connector.agreements, 'facet').registration, expected.registration, 'The place')
    },
  },
  {
    id: 'agreements.resolve_forged',
    title: 'A token that nobody gave is invalid input, and no failure of ours',
    needs: ['agreements'],
    async run(market) {
      const { resolve } = facet(market, 'agreements')
      for (const token of ['no-token', 'none é\n', '', 'a.b.c'])
        await faultOf(() => resolve(market.vendor, token), ['invalid'])
    },
  },
  {
    id: 'agreements.resolve_changed',
    title: 'A token with one sign changed is refused',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await accepted(market)
      const token = await market.deeds.token(bought)
      const place = Math.floor(token.length / 2)
      const sign = token[place] === 'A' ? 'B' : 'A'
      const changed = `${token.slice(0, place)}${sign}${token.slice(place + 1)}`
      await faultOf(() => facet(market, 'agreements').resolve(market.vendor, changed), ['invalid'])
    },
  },
  {
    id: 'agreements.resolve_foreign',
    title: "A token of another seller's buyer is refused",
    needs: ['agreements'],
    async run(market) {
      const token = await market.deeds.foreignToken()
      await faultOf(
        () => facet(market, 'agreements').resolve(market.vendor, token),
        ['invalid', 'forbidden', 'not_found'],
      )
    },
  },
  {
    id: 'agreements.resolve_old',
    title: 'A token that lived its time is refused',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await accepted(market)
      const token = await market.deeds.token(bought)
      await market.deeds.outliveToken()
      await faultOf(() => facet(market, 'agreements').resolve(market.vendor, token), ['invalid'])
    },
  },
]
