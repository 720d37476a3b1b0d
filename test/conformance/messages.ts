// Messages of the cloud as they arrive, for the scenarios about them.
import type { Connection, InboundRequest, Verification, Verified } from '../../connectors/connector.ts'
import { Broken, given, show } from './claims.ts'
import { facet, sold } from './deal.ts'
import type { Bought, Market } from './world.ts'

export function verify(
  market: Market,
  request: InboundRequest,
  connection: Connection = market.vendor,
): Promise<Verification> {
  return facet(market, 'webhooks').verify(connection, request)
}

export async function verified(market: Market, request: InboundRequest): Promise<Verified> {
  const answer = await verify(market, request)
  if (!answer.ok) throw new Broken(`The message should be believed: ${answer.reason}`)
  return answer.message
}

/** A deal, and the cloud's message about it. With `proved` false the connector has not yet met any message. */
export async function told(
  market: Market,
  { proved = true } = {},
): Promise<{ request: InboundRequest; bought: Bought }> {
  if (proved || !market.messages.asks_first) await market.messages.listen()
  else await market.messages.listenUnheard()
  const { bought } = await sold(market)
  await market.messages.cause(bought, 'first')
  const { agreement_id } = bought
  const request = given(
    market.inbox.find((message) => market.messages.isAbout(message, agreement_id)),
    `message about ${agreement_id} among ${show(market.inbox.length)}`,
  )
  return { request, bought }
}
