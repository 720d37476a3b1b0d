// Acting as who runs a seller account: registering it and connecting it, and doing by hand what a cloud has no
// interface for.
import { type Cloud, clouds } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { findOrganisation } from '../organisations/index.ts'
import { linkOf, played } from './link.ts'
import type { Done, ListingRequest, Seller } from './market.ts'
import { openMarkets } from './model.ts'

const UNIQUE_DIGITS = 8

/** What each cloud is called in the names of connections. */
const NAMES: Readonly<Record<Cloud, string>> = {
  aws: 'AWS Marketplace',
  azure: 'Microsoft marketplace',
  gcp: 'Google Cloud Marketplace',
}

/** A seller account of the sandbox, and the connection to it as it will be written down. */
export type Registered = { cloud: Cloud; name: string } & Seller

/** The clouds on which a kind of organisation can have a connection. */
export function connectable(kind: 'vendor' | 'reseller'): Cloud[] {
  return clouds.filter((cloud) => kind === 'vendor' || cloud !== 'gcp')
}

/** Registers a fresh seller account for an organisation. Throws invalid-input where the cloud has no interface for it. */
export async function register(
  context: Pick<Context, 'store' | 'sandbox' | 'random'>,
  organisation_id: string,
  cloud: Cloud,
): Promise<Registered> {
  const organisation = await findOrganisation(context.store, organisation_id)
  if (organisation === undefined)
    throw new Refusal('not-found', `There is no organisation ${organisation_id}.`)
  const { kind, name } = organisation
  const unique = Array.from(context.random.bytes(UNIQUE_DIGITS), (byte) => byte % 10).join('')
  const market = openMarkets(linkOf(context).control)[cloud]
  const seller = await played(() => market.seller(kind, { name, unique }))
  if (seller === undefined) {
    const fix = "Its resellers work in the cloud's own pages; choose another cloud"
    throw invalid('cloud', `gives a ${kind} no interface`, fix)
  }
  return { ...seller, cloud, name: `${name} on ${NAMES[cloud]}` }
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

/** Throws conflict where the clouds cannot reach this service. */
export function requireAddress({ config }: Pick<Context, 'config'>): void {
  if (config.public_url !== undefined) return
  const fix =
    'Set SYNDIC_PUBLIC_URL to the address at which the sandbox reaches this service, and start it again'
  throw new Refusal('conflict', `The clouds send their messages to this service. ${fix}.`)
}

/** A step that waits for a person and that the sandbox knows how to do. */
export type Task = { connection_id: string; kind: string; request: unknown }

/** Whether a step can be done for the person: listings, where the cloud has pages for them and no interface. */
export function canBePlayed({ kind, cloud }: { kind: string; cloud: string }): boolean {
  return kind === 'listing.publish' && cloud === 'gcp'
}

/** Does in the cloud's own pages what a step asks for; answers what to bring back. Throws conflict for any other step. */
export async function doByHand(context: Context, organisation_id: string, task: Task): Promise<Done> {
  const shown = await context.store.inTenant(organisation_id, (scope) =>
    connections.findShown(scope, task.connection_id),
  )
  const market = openMarkets(linkOf(context).control)[shown.cloud]
  if (market.publish === undefined || !canBePlayed({ kind: task.kind, cloud: shown.cloud })) {
    throw new Refusal(
      'conflict',
      'The sandbox does not do this step: do it through its control API, and complete it.',
    )
  }
  // The request of this kind of operation is a listing's draft; the room of the listings wrote it.
  const request = task.request as ListingRequest
  const { publish } = market
  return played(() => publish(shown, request))
}
