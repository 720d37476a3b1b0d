/** What a product is at Google: its SKUs and standard offers, read whole. They are written in Producer Portal only. */
import type { Connection } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { lastOf, parentOf, serviceName } from '../wire/names.ts'
import type { Service, Sku, StandardOffer } from '../wire/producer-replies.ts'

const PAGE_MAX = 500
/** Pages of one product; more than this is not a list that ends. */
const PAGES_MAX = 20

type Page<T> = { items: T[] | null | undefined; next: string | null | undefined }

async function readAll<T>(page: (token: { pageToken?: string }) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = []
  let pageToken: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const { items, next } = await page(pageToken === undefined ? {} : { pageToken })
    found.push(...(items ?? []))
    if (!next) break
    pageToken = next
  }
  return found
}

export function readSkus(gcp: Gcp, connection: Connection, product_id: string): Promise<Sku[]> {
  const parent = serviceName(connection, product_id)
  return readAll(async (token) => {
    const answer = await gcp.producer(connection, 'ListSkus', (client, options) =>
      client('listSkus', { parent, pageSize: PAGE_MAX, ...token }, options),
    )
    return { items: answer.skus, next: answer.nextPageToken }
  })
}

/** Every product of the project. */
export function readServices(gcp: Gcp, connection: Connection): Promise<Service[]> {
  const parent = parentOf(connection)
  return readAll(async (token) => {
    const answer = await gcp.producer(connection, 'ListServices', (client, options) =>
      client('listServices', { parent, pageSize: PAGE_MAX, ...token }, options),
    )
    return { items: answer.services, next: answer.nextPageToken }
  })
}

/** The standard offers that are still on sale. */
export async function readStandardOffers(
  gcp: Gcp,
  connection: Connection,
  product_id: string,
): Promise<StandardOffer[]> {
  const parent = serviceName(connection, product_id)
  const found = await readAll(async (token) => {
    const answer = await gcp.producer(connection, 'ListStandardOffers', (client, options) =>
      client('listStandardOffers', { parent, pageSize: PAGE_MAX, ...token }, options),
    )
    return { items: answer.standardOffers, next: answer.nextPageToken }
  })
  const now = gcp.parts.clocks.business.now().getTime()
  return found.filter((offer) => !offer.expireTime || Date.parse(offer.expireTime) > now)
}

export function readStandardOffer(gcp: Gcp, connection: Connection, name: string): Promise<StandardOffer> {
  return gcp.producer(connection, 'GetStandardOffer', (client, options) =>
    client('getStandardOffer', { name, view: 'FULL' }, options),
  )
}

/** The price of a SKU that holds at an instant, or undefined where it has none. */
export function priceAt(sku: Sku, now: Date) {
  const begun = (sku.skuPriceTimeline ?? []).filter(
    (price) => !price.effectiveTime || Date.parse(price.effectiveTime) <= now.getTime(),
  )
  const instant = (price: { effectiveTime?: string | null | undefined }) =>
    price.effectiveTime ? Date.parse(price.effectiveTime) : Number.NEGATIVE_INFINITY
  const current = begun.toSorted((left, right) => instant(left) - instant(right)).at(-1)
  return current === undefined || current.inactive ? undefined : current
}

/**
 * The metric as usage is reported under it. Google's canonical form writes the first letter of the metric large,
 * whatever the service's configuration says, so a name that the connection's settings know stands as it is there.
 */
export function dimensionOf(canonicalMetric: string, known: readonly string[]): string {
  const metric = lastOf(canonicalMetric)
  return known.find((name) => sameMetric(name, metric)) ?? lowered(metric)
}

export function sameMetric(left: string, right: string): boolean {
  return lowered(left) === lowered(right)
}

function lowered(metric: string): string {
  return metric.charAt(0).toLowerCase() + metric.slice(1)
}

/** The metrics that the connection's settings know, "requests:int64, stored_gib:double". */
export function metricTypes(connection: Connection): Map<string, 'int64' | 'double'> {
  const pairs = (connection.settings.metric_types ?? '').split(/[\s,]+/).filter((item) => item !== '')
  return new Map(
    pairs.map((pair) => {
      const [name = '', type = ''] = pair.split(':')
      return [name, type.toLowerCase() === 'double' ? 'double' : 'int64']
    }),
  )
}
