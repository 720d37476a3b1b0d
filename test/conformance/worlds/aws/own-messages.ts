// Messages of AWS: every event of a deal hints at what changed, the older topics are heard, and forgeries by the thousand.
import { awsConnector } from '../../../../connectors/aws/index.ts'
import type { InboundRequest } from '../../../../connectors/connector.ts'
import { selfSigned } from '../../../../sandbox/certificate.ts'
import { money } from '../../../../src/core/money.ts'
import { seededRandom } from '../../../../src/core/random.ts'
import { type Envelope, forgeries } from '../../../support/sns-forgeries.ts'
import { claim, equal, given, show } from '../../claims.ts'
import { facet, sold } from '../../deal.ts'
import { told, verified, verify } from '../../messages.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { BUYER, VENDOR } from './accounts.ts'

const FORGERIES = 1_000

/** What each event hints at; of its roles only the name before them counts. */
const hinted: Readonly<Record<string, string>> = {
  'Change Set Succeeded': 'change_finished',
  'Offer Released': 'offer_changed',
  'Purchase Agreement Created': 'agreement_changed',
  'Purchase Agreement Ended': 'agreement_changed',
  'License Updated': 'agreement_changed',
  'License Deprovisioned': 'agreement_changed',
  'Purchase Agreement Billing Adjustment Completed': 'change_finished',
  'Agreement Cancellation Request Pending Approval': 'change_finished',
  'Agreement Cancellation Request Approved': 'change_finished',
  'Disbursement Paused': 'disbursement_paused',
}

/** A deal that meets everything: money back, a pay-out that fails, and an end that was asked for. */
async function everythingHappens(market: Market): Promise<string[]> {
  await market.messages.listen()
  await market.control(`/aws/accounts/${VENDOR}`, { bank_refuses: true }, 'PATCH')
  const { bought } = await sold(market)
  const { agreement_id } = bought
  await market.move({ to: '2026-09-16T12:00:00Z' })
  const requests = facet(market, 'requests')
  const [invoice] = await requests.invoices(market.vendor, agreement_id)
  const amount = money('USD', 100n)
  const { invoice_id } = given(invoice, 'invoice')
  const references: string[] = []
  const ask = async (request: Parameters<typeof requests.send>[1]) => {
    const change = await requests.send(market.vendor, request, request.kind)
    claim(change.status === 'accepted', `It is asked: ${show(change)}`)
    references.push(change.reference)
    return change.reference
  }
  await ask({ kind: 'refund', agreement_id, invoice_id, amount, reason: 'OTHER', words: 'As agreed' })
  await market.move({ to: '2026-11-20T12:00:00Z' })
  const asked = await ask({ kind: 'cancellation', agreement_id, reason: 'TEST_AGREEMENT', words: null })
  await market.move({ by: 'PT2M' })
  await market.deeds.decide(bought, asked, true)
  await market.move({ by: 'PT5M' })
  return references
}

/** Hears each message when it was sent: between two looks of a scenario months may go by. */
function hearing({ server, network, clocks, vendor }: Market) {
  let present = new Date(0)
  const connector = awsConnector({
    config: { region: 'us-east-1', endpoints: server.urls.aws },
    fetch: network.fetch,
    clocks: { wall: clocks.wall, business: { now: () => present } },
    random: seededRandom(1),
  })
  return async (request: InboundRequest) => {
    // What the sandbox wrote: an object whose texts are all that is used.
    present = new Date((JSON.parse(request.body) as Envelope).Timestamp ?? '')
    const answer = await given(connector.webhooks, 'facet webhooks').verify(vendor, request)
    claim(answer.ok, `It is believed: ${show(answer)}`)
    return answer.message
  }
}

export const messageScenarios: readonly Scenario[] = [
  {
    id: 'webhooks.events',
    title: 'Every event of a deal is believed, and hints at what changed',
    needs: ['webhooks', 'requests', 'offers'],
    async run(market) {
      const references = await everythingHappens(market)
      const found = new Map<string, Set<string>>()
      const named = new Set<string>()
      const hears = hearing(market)
      for (const request of market.inbox) {
        const { type, hints } = await hears(request)
        if (/Confirmation$/.test(type)) continue
        const name = type.replace(/ - (Proposer|Manufacturer|Acceptor)$/, '')
        found.set(name, new Set([...(found.get(name) ?? []), ...hints.map(({ kind }) => kind)]))
        for (const hint of hints) if (hint.kind === 'change_finished') named.add(hint.reference)
      }
      for (const [name, kind] of Object.entries(hinted)) {
        claim(found.get(name)?.has(kind) === true, `${name} hints at ${kind}: ${show([...found.keys()])}`)
      }
      for (const reference of references) claim(named.has(reference), `${reference} is named by an event`)
    },
  },
  {
    id: 'webhooks.older_topics',
    title: 'The older topics of a product are heard where the connection names them, and nowhere else',
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { product } = await sold(market)
      const { topic_arn } = await market.control<{ topic_arn: string }>('/aws/topics', {
        account_id: VENDOR,
        product_code: product.product_code,
        topic: 'subscription',
        url: 'https://vendor.example/webhooks',
      })
      const listening = { ...market.vendor, settings: { ...market.vendor.settings, topic_arn } }
      const asked = await verify(market, given(market.inbox.at(-1), 'confirmation'), listening)
      claim(asked.ok && asked.message.confirm_url !== undefined, `It asks to be confirmed: ${show(asked)}`)
      await facet(market, 'webhooks').confirm?.(listening, asked.message.confirm_url)
      const { agreement_id } = (await facet(market, 'agreements').pull(market.vendor, null)).items[0] ?? {}
      await market.deeds.cancel({ agreement_id: given(agreement_id, 'agreement'), buyer: BUYER })
      await market.move({ by: 'PT2H' })
      const types: string[] = []
      for (const request of market.inbox.filter(({ body }) => body.includes('unsubscribe'))) {
        const own = await verify(market, request)
        claim(!own.ok, `Without the topic it is refused: ${show(own)}`)
        types.push(/unsubscribe-\w+/.exec(request.body)?.[0] ?? '')
      }
      equal(types, ['unsubscribe-pending', 'unsubscribe-success'], 'The messages')
    },
  },
  {
    id: 'webhooks.forged_thousand',
    title: `Of ${FORGERIES} forged messages none is believed, and the genuine one still is`,
    needs: ['webhooks', 'offers'],
    async run(market) {
      const { request } = await told(market)
      // What the sandbox wrote: an object whose texts are all that is used.
      const genuine = JSON.parse(request.body) as Envelope
      const { private_key } = selfSigned('sns.amazonaws.com')
      const forger = { genuine: [genuine], private_key }
      for (const { what, body } of forgeries(forger, 11, FORGERIES)) {
        const answer = await verify(market, { ...request, body })
        claim(!answer.ok, `${what} is refused: ${show(answer)}`)
      }
      await verified(market, request)
    },
  },
]
