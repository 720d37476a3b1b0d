// Messages from the cloud: believed when they prove themselves, and then only as a hint.
import type { InboundRequest } from '../../../connectors/connector.ts'
import { claim, equal, faultOf, given, holds, show } from '../claims.ts'
import { authorized, facet, resold } from '../deal.ts'
import { told, verified } from '../messages.ts'
import type { Scenario } from '../scenario.ts'

export const webhookScenarios: Scenario[] = [
  {
    id: 'webhooks.genuine',
    title: 'A genuine message is believed, and hints at its agreement',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request, bought } = await told(market)
      const message = await verified(market, request)
      claim(
        message.hints.some(
          (hint) => hint.kind === 'agreement_changed' && hint.agreement_id === bought.agreement_id,
        ),
        `It hints at the agreement: ${show(message.hints)}`,
      )
      claim(message.message_id !== '' && message.type !== '', 'It has an id and a type')
      claim([null, market.vendor.account_id].includes(message.account_id), 'It is for this account')
      const age_ms = market.now().getTime() - message.occurred_at.getTime()
      claim(age_ms >= 0 && age_ms < 3_600_000, `It says when it happened: ${show(message.occurred_at)}`)
    },
  },
  {
    id: 'webhooks.again',
    title: 'A second delivery of a message has the same id',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      const first = await verified(market, request)
      market.inbox.length = 0
      await market.messages.again(request)
      const second = await verified(market, given(market.inbox[0], 'second delivery'))
      equal(second.message_id, first.message_id, 'The id')
      equal(second.hints, first.hints, 'The hints')
    },
  },
  {
    id: 'webhooks.different',
    title: 'Two messages have two ids',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request, bought } = await told(market)
      const place = market.inbox.indexOf(request)
      await market.messages.cause(bought, 'second')
      const all = await Promise.all(market.inbox.slice(place).map((message) => verified(market, message)))
      const ids = all.map(({ message_id }) => message_id)
      claim(ids.length > 1, 'There are two messages')
      equal(new Set(ids).size, ids.length, 'The number of different ids')
    },
  },
  {
    id: 'webhooks.told',
    title: 'What the vendor may not read of a resold agreement is told by the message itself',
    needs: ['webhooks', 'syndication', 'told_agreements'],
    async run(market) {
      await market.messages.listen()
      const { authorization_id } = await authorized(market)
      const bought = await market.deeds.acceptResold(await resold(market, authorization_id))
      await market.move({ by: 'PT3M' })
      const about = market.inbox.filter((message) => market.messages.isAbout(message, bought.agreement_id))
      const messages = await Promise.all(about.map((request) => verified(market, request)))
      const hints = messages.flatMap(({ hints: all }) => all)
      const told = hints.find(
        (hint) =>
          hint.kind === 'agreement_changed' &&
          hint.agreement_id === bought.agreement_id &&
          hint.told?.authorization_id,
      )
      const seller = await market.reseller()
      holds(
        told,
        {
          told: {
            role: 'manufacturer',
            authorization_id,
            buyer_account_id: bought.buyer,
            seller_account_id: seller.account_id,
            state: 'active',
          },
        },
        'The hint',
      )
      await faultOf(
        () => facet(market, 'agreements').read(market.vendor, bought.agreement_id),
        market.expected.hidden_agreement.codes,
      )
    },
  },
  {
    id: 'webhooks.header_case',
    title: 'Names of headers are read in any case',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      const headers = Object.entries(request.headers).map(([name, value]) => [name.toUpperCase(), value])
      const loud: InboundRequest = { ...request, headers: Object.fromEntries(headers) }
      equal((await verified(market, loud)).message_id, (await verified(market, request)).message_id, 'The id')
    },
  },
  {
    id: 'webhooks.nothing_kept',
    title: 'What is kept of a message holds neither its proof nor the address of a person',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      const kept = JSON.stringify(await verified(market, request))
      claim(!kept.includes('bea@buyer.example'), 'No address is kept')
      const proof = request.headers.authorization?.split(' ')[1]
      claim(proof === undefined || !kept.includes(proof), 'The token is not kept')
    },
  },
  {
    id: 'webhooks.wish',
    title: "A buyer's wish is heard by message or by reading, with what the answer needs",
    needs: ['webhooks', 'agreements.answer'],
    async run(market) {
      await market.messages.listen()
      const product_id = await market.deeds.product()
      market.inbox.length = 0
      const { bought } = await market.deeds.wish(product_id)
      await market.move({ by: 'PT2S' })
      const messages = await Promise.all(market.inbox.map((request) => verified(market, request)))
      const hints = messages.flatMap((message) => message.hints)
      claim(
        hints.some((hint) => hint.kind === 'agreement_changed' && hint.agreement_id === bought.agreement_id),
        `The agreement is hinted at: ${show(hints)}`,
      )
      const hint = hints.find(({ kind }) => kind === 'change_wished')
      const agreements = facet(market, 'agreements')
      const record = await agreements.read(market.vendor, bought.agreement_id)
      const wish = given(hint?.kind === 'change_wished' ? hint.wish : record.wish, 'wish')
      equal([wish.agreement_id, wish.action], [bought.agreement_id, 'plan'], 'The wish')
      const change = await agreements.answer?.(market.vendor, wish, true, 'answer-1')
      claim(change?.status === 'succeeded', `The answer is taken: ${show(change)}`)
      await market.move({ by: 'PT1M' })
      equal(await market.seen.plan(bought.agreement_id), market.expected.wished_plan, 'The plan at the cloud')
    },
  },
  {
    id: 'webhooks.confirm',
    title: 'A subscription that asks to be confirmed is confirmed, and messages come',
    needs: ['webhooks.confirm'],
    async run(market) {
      const request = await market.messages.askToConfirm()
      const message = await verified(market, request)
      equal(
        message.hints.map(({ kind }) => kind),
        ['nothing'],
        'The hints',
      )
      const url = given(message.confirm_url, 'address to confirm at')
      equal(await market.messages.confirmed(), false, 'Whether it is confirmed before')
      await facet(market, 'webhooks').confirm?.(market.vendor, url)
      equal(await market.messages.confirmed(), true, 'Whether it is confirmed')
    },
  },
]
