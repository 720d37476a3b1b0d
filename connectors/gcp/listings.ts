/** Products: written by people in Producer Portal, read here to tell what is on sale and which dimensions it has. */
import type { ListedDimension, Listings, ReadListing } from '../connector.ts'
import type { Gcp } from './clients.ts'
import { dimensionOf, metricTypes, priceAt, readSkus, readStandardOffers } from './selling/catalog.ts'
import { listingTask, stillHuman } from './selling/human.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { lastOf, serviceName } from './wire/names.ts'
import type { Sku } from './wire/producer-replies.ts'

export function gcpListings(gcp: Gcp): Listings {
  return {
    resolution: 'read_back',
    by_hand: ['publish'],
    async publish(connection, draft) {
      const read = readOptions(optionShapes.none, draft.options)
      if (!read.ok) return { status: 'failed', problems: read.problems, evidence: {} }
      return listingTask(draft, connection.settings.service_name)
    },
    check: async (_, reference) => stillHuman(reference),
    async read(connection, product_id): Promise<ReadListing> {
      const request = { name: serviceName(connection, product_id) }
      const service = await gcp.producer(connection, 'GetService', (client, options) =>
        client('getService', request, options),
      )
      const skus = await readSkus(gcp, connection, product_id)
      const standardOffers = await readStandardOffers(gcp, connection, product_id)
      const now = gcp.parts.clocks.business.now()
      const known = [...metricTypes(connection).keys()]
      return {
        product_id: lastOf(product_id),
        // Google tells no state of a product; one that can be bought today is public.
        state: standardOffers.length > 0 ? 'public' : 'unknown',
        dimensions: skus.flatMap((sku) => fromGcpSku(sku, now, known) ?? []),
        evidence: gcp.evidence(request, { service, skus, standardOffers }),
      }
    },
  }
}

/** A SKU as a dimension; undefined for one without a price today, or of a kind that no usage is reported for. */
export function fromGcpSku(sku: Sku, now: Date, known: readonly string[]): ListedDimension | undefined {
  const price = priceAt(sku, now)
  const name = sku.description ?? lastOf(sku.name)
  const metered = price?.managedServiceMetricUsageFee
  if (metered?.canonicalMetric) {
    return {
      key: dimensionOf(metered.canonicalMetric, known),
      name,
      description: metered.tieredPrice?.unitDescription ?? name,
      unit: metered.tieredPrice?.unit ?? '',
      kind: 'metered',
    }
  }
  const flat = price?.flatSubscriptionFee
  if (!flat) return undefined
  return { key: lastOf(sku.name), name, description: name, unit: flat.unit ?? '', kind: 'entitled' }
}
