// A scenario: written once against the contract, run in every cloud's world that has what it needs.
import type { Connector } from '../../connectors/connector.ts'
import type { Market, Peculiarity, World } from './world.ts'

export const facets = [
  'listings',
  'offers',
  'syndication',
  'agreements',
  'requests',
  'metering',
  'settlements',
  'webhooks',
] as const
export type FacetName = (typeof facets)[number]

/** A facet, an optional method of the contract, or a method that is not left to a person. */
export type Capability =
  | FacetName
  | 'agreements.activate'
  | 'agreements.answer'
  | 'agreements.entitlements'
  | 'webhooks.confirm'
  | 'listings.publish'
  | 'listings.update'
  | 'listings.setVisibility'
  | 'listings.compare'
  | 'listings.by_hand'
  | 'syndication.authorize'
  | 'syndication.createOffer'
  | 'syndication.restrict'
  | 'syndication.by_hand'

export type Scenario = {
  /** Begins with the facet, "offers.create". */
  id: string
  /** What holds, as a sentence. */
  title: string
  needs?: readonly (Capability | Peculiarity)[]
  /** The first instant of its sandbox, where it is another than that of all. */
  starts?: string
  run(market: Market): Promise<void>
}

/** Why a cloud cannot be asked this at all; undefined when it can. */
export function lacking({ needs = [] }: Scenario, world: World, connector: Connector): string | undefined {
  for (const need of needs) {
    if (isPeculiarity(need, world)) return world.lacks[need]
    if (isCapability(need) && !has(connector, need)) return reasonOf(need, connector)
  }
  return undefined
}

function isPeculiarity(need: string, world: World): need is Peculiarity {
  return Object.hasOwn(world.lacks, need)
}

function isCapability(need: string): need is Capability {
  return facets.some((facet) => need === facet || need.startsWith(`${facet}.`))
}

function reasonOf(capability: Capability, connector: Connector): string {
  const [facet = '', method = ''] = capability.split('.')
  if (capability.endsWith('.by_hand')) return 'The cloud has an interface for it'
  const by_hand: Record<string, readonly string[] | undefined> = {
    listings: connector.listings?.by_hand,
    syndication: connector.syndication?.by_hand,
  }
  return by_hand[facet]?.includes(method)
    ? 'A person does it: the cloud has no interface for it'
    : `The connector has no ${capability}`
}

function has({ listings, syndication, agreements, webhooks, ...rest }: Connector, need: Capability): boolean {
  switch (need) {
    case 'listings.publish':
      return listings !== undefined && listings.by_hand?.includes('publish') !== true
    case 'listings.update':
      return listings?.update !== undefined
    case 'listings.setVisibility':
      return listings?.setVisibility !== undefined
    case 'listings.compare':
      return listings?.compare !== undefined
    case 'listings.by_hand':
      return listings?.by_hand !== undefined
    case 'syndication.authorize':
      return syndication !== undefined && syndication.by_hand?.includes('authorize') !== true
    case 'syndication.createOffer':
      return syndication !== undefined && syndication.by_hand?.includes('createOffer') !== true
    case 'syndication.restrict':
      return syndication !== undefined && syndication.by_hand?.includes('restrict') !== true
    case 'syndication.by_hand':
      return syndication?.by_hand !== undefined
    case 'agreements.activate':
      return agreements?.activate !== undefined
    case 'agreements.answer':
      return agreements?.answer !== undefined
    case 'agreements.entitlements':
      return agreements?.entitlements !== undefined
    case 'webhooks.confirm':
      return webhooks?.confirm !== undefined
    default:
      return { listings, syndication, agreements, webhooks, ...rest }[need] !== undefined
  }
}

/** The facet a scenario belongs to, for the table. */
export function facetOf({ id }: Scenario): string {
  return id.split('.')[0] ?? ''
}
