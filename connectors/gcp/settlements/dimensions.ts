/** What the SKUs of the reports are called by usage: the metrics they are priced by. */
import type { Connection, DimensionNames } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { isFaultOf } from '../faults.ts'
import { dimensionOf, metricTypes, readServices, readSkus } from '../selling/catalog.ts'
import { lastOf } from '../wire/names.ts'

/** Also SKUs that are priced no more: reports are about the past. Without a right to read them there are none. */
export async function readDimensions(gcp: Gcp, connection: Connection): Promise<DimensionNames> {
  if (!connection.settings.project) return {}
  const known = [...metricTypes(connection).keys()]
  const names: Record<string, string> = {}
  try {
    for (const { name: service } of await readServices(gcp, connection)) {
      for (const sku of await readSkus(gcp, connection, lastOf(service))) {
        const metrics = (sku.skuPriceTimeline ?? []).flatMap(
          ({ managedServiceMetricUsageFee }) => managedServiceMetricUsageFee?.canonicalMetric ?? [],
        )
        const metric = metrics.at(-1)
        if (metric !== undefined) names[lastOf(sku.name)] = dimensionOf(metric, known)
      }
    }
  } catch (error) {
    if (isFaultOf(error, 'forbidden', 'not_found')) return {}
    throw error
  }
  return names
}
