// Messages that are not to be believed: forged, another's, too old, or none at all.
import { claim, equal, faultOf, given, show } from '../claims.ts'
import { facet } from '../deal.ts'
import { told, verified, verify } from '../messages.ts'
import type { Scenario } from '../scenario.ts'
import type { Forgery } from '../world.ts'

const forgeries: Record<Forgery, string> = {
  unproved: 'A message without a proof is refused',
  signature: 'A message whose signature was changed is refused',
  content: 'A message whose signed content was changed is refused',
  key: "A message signed with the sender's own key is refused",
  algorithm: 'A message that names another algorithm is refused',
}

export const forgeryScenarios: Scenario[] = [
  ...Object.entries(forgeries).map(
    ([name, title]): Scenario => ({
      id: `webhooks.forged_${name}`,
      title,
      needs: ['webhooks', 'offers'],
      async run(market) {
        const { request } = await told(market)
        // The names are the keys of the table above.
        const forged = await market.messages.forged[name as Forgery](request)
        const answer = await verify(market, forged)
        claim(!answer.ok, `It is refused: ${show(answer)}`)
        claim(/^[A-Z].{8,}/.test(answer.reason), `It is said why: ${answer.reason}`)
        await verified(market, request)
      },
    }),
  ),
  {
    id: 'webhooks.foreign',
    title: 'A genuine message for one seller is refused by the connection of another',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      const stranger = market.messages.beside(await market.stranger(), market.vendor)
      const answer = await verify(market, request, stranger)
      claim(!answer.ok, `It is refused: ${show(answer)}`)
      claim(/^[A-Z].{8,}/.test(answer.reason), `It is said why: ${answer.reason}`)
    },
  },
  {
    id: 'webhooks.audience',
    title: 'A genuine message for another audience is refused',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      const answer = await verify(market, request, market.messages.elsewhere(market.vendor))
      claim(!answer.ok, `It is refused: ${show(answer)}`)
    },
  },
  {
    id: 'webhooks.unknown_agreement',
    title: 'A message about an agreement that nobody knows leads to nothing when the truth is read',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      const message = await verified(market, await market.messages.unknown(request))
      const hint = message.hints.find(({ kind }) => kind === 'agreement_changed')
      claim(hint?.kind === 'agreement_changed', `It hints at an agreement: ${show(message.hints)}`)
      const { codes } = market.expected.hidden_agreement
      await faultOf(() => facet(market, 'agreements').read(market.vendor, hint.agreement_id), codes)
    },
  },
  {
    id: 'webhooks.old',
    title: 'A recording of an old message is refused',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      await market.messages.outlive()
      const answer = await verify(market, request)
      claim(!answer.ok, `It is refused: ${show(answer)}`)
    },
  },
  {
    id: 'webhooks.no_keys',
    title:
      "When the cloud's keys cannot be had, that is a failure and no refusal: the message may come again",
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market, { proved: false })
      market.network.cut()
      await faultOf(() => verify(market, request), ['connection_lost', 'unavailable', 'timeout'])
      market.network.mend()
      await verified(market, request)
    },
  },
  {
    id: 'webhooks.junk',
    title: 'What is no message is refused, whoever sent it',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      for (const body of ['hello', '[]', 'null', '', '7', `{"more":"${'x'.repeat(600_000)}"}`]) {
        const answer = await verify(market, { ...request, body })
        claim(!answer.ok, `"${body.slice(0, 20)}" is refused: ${show(answer)}`)
      }
    },
  },
  {
    id: 'webhooks.confirm_elsewhere',
    title: "No address but the cloud's own is visited",
    needs: ['webhooks.confirm'],
    async run(market) {
      const request = await market.messages.askToConfirm()
      const url = new URL(given((await verified(market, request)).confirm_url, 'address to confirm at'))
      let visits = 0
      for (const host of ['evil.example', `${url.hostname}.evil.example`]) {
        const elsewhere = `https://${host}/${url.search}`
        market.network.answer(elsewhere, () => {
          visits += 1
          return new Response('ok')
        })
        await faultOf(
          async () => facet(market, 'webhooks').confirm?.(market.vendor, elsewhere),
          ['forbidden'],
        )
      }
      equal(visits, 0, 'The number of visits')
    },
  },
]
