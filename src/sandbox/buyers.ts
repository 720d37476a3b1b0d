// Acting as a buyer of the sandbox: accepting, signing up, cancelling, leaving bills open.
import type { Cloud } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import { isOver } from '../agreements/model.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { findOffer } from '../offers/index.ts'
import { linkOf, played } from './link.ts'
import type { Buyer, Visit } from './market.ts'
import { openMarkets } from './model.ts'

/** What came of it: the cloud's id of the agreement, and whether the buyer got through the sign-up page. */
export type Accepted = {
  offer_id: string
  cloud: Cloud
  buyer_account_id: string
  cloud_agreement_id: string
  signed_up: boolean
  /** Why the sign-up page did not let the buyer through. */
  problem: string | null
}

/**
 * The buyer of one of the tenant's offers accepts it and comes to the vendor's sign-up page. Again, it finds the
 * acceptance and signs up once more. Throws not-found, and conflict for an offer that nobody can accept now.
 */
export async function acceptOffer(
  context: Context,
  organisation_id: string,
  wanted: { offer_id: string; buyer_account_id?: string | undefined },
): Promise<Accepted> {
  const { offer, cloud } = await context.store.inTenant(organisation_id, async (scope) => {
    const found = await findOffer(scope, wanted.offer_id)
    return { offer: found, cloud: (await connections.findShown(scope, found.connection_id)).cloud }
  })
  if ((offer.state !== 'live' && offer.state !== 'accepted') || offer.cloud_offer_id === null) {
    const fix = offer.state === 'publishing' ? ' Let time pass until the cloud has made it.' : ''
    throw new Refusal('conflict', `The offer is ${offer.state}: only a live one can be accepted.${fix}`)
  }
  const buyer = wanted.buyer_account_id ?? offer.buyer_account_ids[0]
  if (buyer === undefined || !offer.buyer_account_ids.includes(buyer)) {
    const known = offer.buyer_account_ids.join(', ')
    throw invalid('buyer_account_id', 'is not a buyer of this offer', `It was made for ${known}`)
  }
  const market = openMarkets(linkOf(context).control)[cloud]
  const { cloud_offer_id } = offer
  const cloud_agreement_id = await played(() => market.accept(buyer, cloud_offer_id))
  const problem = await signUp(context, await played(() => market.visit(buyer, cloud_agreement_id)))
  const accepted = { offer_id: offer.id, cloud, buyer_account_id: buyer, cloud_agreement_id }
  return { ...accepted, signed_up: problem === null, problem }
}

/** The buyer comes to the sign-up page whose address the cloud gave it; answers what went wrong there. */
async function signUp(context: Context, { address, token }: Visit): Promise<string | null> {
  // The page is ours wherever we listen now: a listing of an earlier start names another port.
  const connection_id = /\/sign-up\/([^/?#]+)/.exec(new URL(address).pathname)?.[1]
  const seller =
    connection_id === undefined ? undefined : await connections.tenantOf(context.store, connection_id)
  if (connection_id === undefined || seller === undefined)
    return `${address} is no sign-up page of this service.`
  try {
    await agreements.signUp(context, seller, connection_id, token)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

/** Whoever bought it cancels one of the tenant's agreements. Throws not-found, and conflict for one that is over. */
export async function cancelAgreement(
  context: Context,
  organisation_id: string,
  agreement_id: string,
): Promise<{ agreement_id: string; cloud_agreement_id: string }> {
  const found = await context.store.inTenant(organisation_id, (scope) => agreements.find(scope, agreement_id))
  if (found === undefined) throw new Refusal('not-found', `There is no agreement ${agreement_id}.`)
  if (isOver(found.state)) throw new Refusal('conflict', `The agreement is ${found.state} already.`)
  const market = openMarkets(linkOf(context).control)[found.cloud]
  await played(() => market.cancel(found.cloud_agreement_id))
  return { agreement_id, cloud_agreement_id: found.cloud_agreement_id }
}

/** All buyers of the sandbox, of every cloud. They are everybody's: a cloud's customers belong to no seller. */
export async function readBuyers(context: Pick<Context, 'sandbox'>): Promise<Buyer[]> {
  const markets = Object.values(openMarkets(linkOf(context).control))
  const found = await Promise.all(markets.map((market) => played(() => market.buyers())))
  return found.flat()
}

/** A buyer stops paying its bills, or pays again and everything that is overdue. Throws not-found. */
export async function setPaying(
  context: Pick<Context, 'sandbox'>,
  { cloud, account_id, pays }: { cloud: Cloud; account_id: string; pays: boolean },
): Promise<Buyer> {
  const buyer = (await readBuyers(context)).find(
    (one) => one.cloud === cloud && one.account_id === account_id,
  )
  if (buyer === undefined) throw new Refusal('not-found', `There is no buyer ${account_id} on ${cloud}.`)
  const market = openMarkets(linkOf(context).control)[cloud]
  await played(() => market.pays(account_id, pays))
  return { ...buyer, pays }
}

/** Registers a buyer with a cloud of the sandbox. */
export async function addBuyer(
  context: Pick<Context, 'sandbox'>,
  { cloud, name }: { cloud: Cloud; name: string },
): Promise<Buyer> {
  const market = openMarkets(linkOf(context).control)[cloud]
  return { cloud, pays: true, ...(await played(() => market.buyer(name))) }
}
