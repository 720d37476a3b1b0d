// How a bug is planted in front of a connector, as one would make it inside.
import type {
  Agreements,
  Cloud,
  Connector,
  Listings,
  Metering,
  Offers,
  Requests,
  Settlements,
  Syndication,
  Webhooks,
} from '../../../connectors/connector.ts'

export type Planted = {
  bug: string
  /** Scenarios that must fail with it. */
  caught_by: readonly string[]
  /** Clouds where the bug can be; all of them unless it is said. */
  clouds?: readonly Cloud[]
  plant(connector: Connector): Connector
}

type Facets = {
  listings: Listings
  offers: Offers
  syndication: Syndication
  agreements: Agreements
  requests: Requests
  metering: Metering
  settlements: Settlements
  webhooks: Webhooks
}

/** The connector with some methods of one facet replaced. */
export function within<Name extends keyof Facets>(
  name: Name,
  change: (real: Facets[Name]) => Partial<Facets[Name]>,
): Planted['plant'] {
  return (connector) => {
    const real: Connector[Name] = connector[name]
    if (real === undefined) return connector
    // Looked up by its name, the facet is of its own type, which the compiler does not follow.
    const facet = real as Facets[Name]
    return { ...connector, [name]: { ...facet, ...change(facet) } }
  }
}

let doubles = 0

/** Another number with each call. */
export function anotherNumber(): number {
  doubles += 1
  return doubles
}
