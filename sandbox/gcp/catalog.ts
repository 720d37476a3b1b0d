import { decimal, format } from '../money.ts'
import { iso } from '../time.ts'
import { notFound } from './errors.ts'
import type { JsonObject, Listing, Metric, Plan } from './model.ts'
import { producerParent, serviceNameOf, standardOffers } from './names.ts'
import { moneyOf } from './offer-values.ts'
import { paged } from './paging.ts'
import type { ProducerCall } from './producer.ts'
import { timeFilter } from './time-filter.ts'
import type { World } from './world.ts'

// Services, standard offers, SKUs and SKU groups: what a person set up in the portal, to be read only.

function ownListings(world: World, call: ProducerCall): Listing[] {
  return world.listings.all().filter((listing) => listing.provider === call.provider.account_id)
}

function ownListing(world: World, call: ProducerCall): Listing {
  const found = world.listings.get(call.id)
  if (found?.provider === call.provider.account_id) return found
  throw notFound(serviceNameOf(call.provider, call.id))
}

function serviceJson(call: ProducerCall, listing: Listing): JsonObject {
  return { name: serviceNameOf(call.provider, listing.service_name), title: listing.title }
}

export function listServices(world: World, call: ProducerCall): JsonObject {
  const { items, next } = paged(ownListings(world, call), call.query, 500, 500)
  return { services: items.map((listing) => serviceJson(call, listing)), ...next }
}

export function getService(world: World, call: ProducerCall): JsonObject {
  return serviceJson(call, ownListing(world, call))
}

type Standard = ReturnType<typeof standardOffers>[number]

function standardJson(call: ProducerCall, listing: Listing, { id, plan, months }: Standard, full: boolean) {
  const service = serviceNameOf(call.provider, listing.service_name)
  const skus = listing.metrics.map((metric) => `${service}/skus/${metric.sku}`)
  const at = iso(listing.created_at)
  return {
    name: `${service}/standardOffers/${id}`,
    createTime: at,
    updateTime: at,
    effectiveTime: at,
    serviceLevel: plan.plan,
    ...(full ? { serviceLevelTitle: plan.title } : {}),
    ...(months === 0 ? {} : { termDurationMonths: months }),
    priceModel: {
      ...(plan.monthly_fee === undefined ? {} : { flatFee: { sku: `${service}/skus/${plan.fee_sku}` } }),
      ...(plan.usage && skus.length > 0 ? { usage: { skuList: { skus } } } : {}),
    },
  }
}

export function listStandardOffers(world: World, call: ProducerCall): JsonObject {
  const listing = ownListing(world, call)
  const test = timeFilter(call.query.get('filter') ?? '', ['effective_time', 'expire_time'])
  const all = test({ effective_time: listing.created_at, expire_time: undefined })
    ? standardOffers(listing)
    : []
  const { items, next } = paged(all, call.query, 500, 500)
  return { standardOffers: items.map((item) => standardJson(call, listing, item, false)), ...next }
}

export function getStandardOffer(world: World, call: ProducerCall): JsonObject {
  const listing = ownListing(world, call)
  const found = standardOffers(listing).find((item) => item.id === call.child)
  if (!found) {
    throw notFound(`${serviceNameOf(call.provider, listing.service_name)}/standardOffers/${call.child}`)
  }
  const view = call.query.get('view') ?? ''
  return standardJson(call, listing, found, view === '2' || view === 'STANDARD_OFFER_VIEW_FULL')
}

/** Google writes the path of a metric's name with a capital. */
function canonicalMetric(listing: Listing, metric: Metric): string {
  return `${listing.service_name}/${metric.name.charAt(0).toUpperCase()}${metric.name.slice(1)}`
}

function usageSku(call: ProducerCall, listing: Listing, metric: Metric): JsonObject {
  const price = moneyOf(decimal(metric.price))
  const tieredPrice = {
    unit: metric.unit,
    unitDescription: metric.unit,
    priceUnitCount: { value: '1' },
    priceTiers: [{ startAmount: { value: '0' }, price }],
  }
  return {
    name: `${serviceNameOf(call.provider, listing.service_name)}/skus/${metric.sku}`,
    description: `${listing.title}: ${metric.name}`,
    skuPriceTimeline: [
      {
        effectiveTime: iso(listing.created_at),
        managedServiceMetricUsageFee: { canonicalMetric: canonicalMetric(listing, metric), tieredPrice },
      },
    ],
  }
}

function feeSku(call: ProducerCall, listing: Listing, plan: Plan): JsonObject {
  const pricePerUnit = moneyOf(decimal(format(decimal(plan.monthly_fee ?? '0'))))
  return {
    name: `${serviceNameOf(call.provider, listing.service_name)}/skus/${plan.fee_sku}`,
    description: `${listing.title}: ${plan.title}`,
    skuPriceTimeline: [
      { effectiveTime: iso(listing.created_at), flatSubscriptionFee: { unit: 'mo', pricePerUnit } },
    ],
  }
}

function skus(call: ProducerCall, listing: Listing): JsonObject[] {
  const fees = listing.plans.filter((plan) => plan.monthly_fee !== undefined)
  return [
    ...fees.map((plan) => feeSku(call, listing, plan)),
    ...listing.metrics.map((metric) => usageSku(call, listing, metric)),
  ]
}

export function listSkus(world: World, call: ProducerCall): JsonObject {
  const { items, next } = paged(skus(call, ownListing(world, call)), call.query, 500, 500)
  return { skus: items, ...next }
}

export function getSku(world: World, call: ProducerCall): JsonObject {
  const listing = ownListing(world, call)
  const name = `${serviceNameOf(call.provider, listing.service_name)}/skus/${call.child}`
  const found = skus(call, listing).find((sku) => sku.name === name)
  if (!found) throw notFound(name)
  return found
}

/** One group for each metered product, with the SKUs of its metrics. */
function groups(world: World, call: ProducerCall): JsonObject[] {
  return ownListings(world, call)
    .filter((listing) => listing.metrics.length > 0)
    .map((listing) => ({
      name: `${producerParent(call.provider)}/skuGroups/${listing.solution_id}`,
      skus: listing.metrics.map(
        (metric) => `${serviceNameOf(call.provider, listing.service_name)}/skus/${metric.sku}`,
      ),
    }))
}

export function listSkuGroups(world: World, call: ProducerCall): JsonObject {
  const { items, next } = paged(groups(world, call), call.query, 500, 500)
  return { skuGroups: items, ...next }
}

export function getSkuGroup(world: World, call: ProducerCall): JsonObject {
  const name = `${producerParent(call.provider)}/skuGroups/${call.id}`
  const found = groups(world, call).find((group) => group.name === name)
  if (!found) throw notFound(name)
  return found
}
