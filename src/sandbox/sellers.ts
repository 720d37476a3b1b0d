// Acting as who runs a seller account: registering it and connecting it, and doing by hand what a cloud has no
// interface for.
import { type Cloud, clouds } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { find } from '../operations/index.ts'
import { findOrganisation } from '../organisations/index.ts'
import { linkOf, played } from './link.ts'
import type { Done, ListingRequest, Seller, SellerKind } from './market.ts'
import { openMarkets } from './model.ts'

const UNIQUE_DIGITS = 8

/** A seller account of the sandbox, and the connection to it as it will be written down. */
export type Registered = { cloud: Cloud; name: string } & Seller

/** The clouds on which a kind of organisation can have a connection. */
export function connectable(context: Pick<Context, 'sandbox'>, kind: SellerKind): Cloud[] {
  const markets = openMarkets(linkOf(context).control)
  return clouds.filter((cloud) => markets[cloud].sellers.includes(kind))
}

/** Registers a fresh seller account for an organisation. Throws invalid-input where the cloud has no interface for it. */
export async function register(
  context: Pick<Context, 'store' | 'sandbox' | 'random' | 'config'>,
  organisation_id: string,
  cloud: Cloud,
): Promise<Registered> {
  if (context.config.public_url === undefined) {
    const fix =
      'Set SYNDIC_PUBLIC_URL to the address at which the sandbox reaches this service, and start it again'
    throw new Refusal('conflict', `The clouds send their messages to this service. ${fix}.`)
  }
  const organisation = await findOrganisation(context.store, organisation_id)
  if (organisation === undefined)
    throw new Refusal('not-found', `There is no organisation ${organisation_id}.`)
  const { kind, name } = organisation
  const unique = Array.from(context.random.bytes(UNIQUE_DIGITS), (byte) => byte % 10).join('')
  const market = openMarkets(linkOf(context).control)[cloud]
  if (!market.sellers.includes(kind)) {
    const fix = "Its resellers work in the cloud's own pages; choose another cloud"
    throw invalid('cloud', `gives a ${kind} no interface`, fix)
  }
  const seller = await played(() => market.seller(kind, { name, unique }))
  return { ...seller, cloud, name: `${name} on ${market.name}` }
}

/** Tells the cloud where a connected seller wants its messages, and tries the connection. */
export async function introduce(
  context: Context,
  organisation_id: string,
  connection_id: string,
  { cloud, ...seller }: Registered,
): Promise<void> {
  const { public_url } = context.config
  const market = openMarkets(linkOf(context).control)[cloud]
  await played(() => market.listen(seller, `${public_url}/v1/webhooks/${connection_id}`))
  await connections.testAndKeep(context, organisation_id, connection_id)
}

/** The kind of step that the sandbox can do for a person, where a cloud has pages for it and no interface. */
export const PLAYED_BY_HAND = 'listing.publish'

/**
 * Does in the cloud's own pages what a step asks for; answers what to bring back. Throws not-found, and conflict for a
 * step that does not wait for a person or that the sandbox has no pages for.
 */
export async function doByHand(context: Context, organisation_id: string, id: string): Promise<Done> {
  const { operation, connection } = await context.store.inTenant(organisation_id, async (scope) => {
    const found = await find(scope, id)
    if (found === undefined) throw new Refusal('not-found', `There is no operation ${id}.`)
    return { operation: found, connection: await connections.findShown(scope, found.connection_id) }
  })
  if (operation.state !== 'waiting_for_person') {
    throw new Refusal('conflict', `Operation ${id} is ${operation.state}: it does not wait for a person.`)
  }
  const { cloud } = connection
  const { publish } = openMarkets(linkOf(context).control)[cloud]
  if (publish === undefined || operation.kind !== PLAYED_BY_HAND) {
    const fix = 'Do it through its control API, then complete the operation'
    throw new Refusal('conflict', `The sandbox does not do this step for you. ${fix}.`)
  }
  // The request of this kind of operation is a listing's draft: the room of the listings wrote it.
  return played(() => publish(connection, operation.request as ListingRequest))
}
